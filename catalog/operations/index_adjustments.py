"""Propose the prices that an agreement's index clause gives; the clock does it, and people decide as of any other proposal."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agreements.index_days import ask_by, is_due, month_for, next_date
from agreements.indexing import Adjustment, adjustment
from agreements.indices import known_series
from agreements.models import Agreement, IndexClause, Supplier
from catalog.indexing import base_months, is_proposed, prices_to_adjust
from catalog.models import IndexAdjustment, PriceProposal
from catalog.operations.price_proposals import proposed_rows, register
from catalog.volumes import Volume
from core import formatting
from core.transactions import operation

Volumes = Callable[[Collection[int]], Mapping[int, Volume]]


@operation
def propose_by_index(
    *, clause: IndexClause, supplier: Supplier, from_date: date, volumes: Volumes, at: datetime
) -> PriceProposal | None:
    """
    Propose what an index clause gives for every price of one of the agreement's suppliers; rises and falls.

    Called again it changes nothing: a day has one proposal that was not withdrawn.

    :param volumes: what was bought of items in the last twelve months.
    :returns: the proposal, or None when the day is not the clause's next one, is not due or has its proposal, or no price changes.
    :raises IndexMonthMissing: a month of the index is not known.
    """
    day = timezone.localdate(at)
    agreement = Agreement.objects.locked().get(pk=clause.agreement_id)
    clause = IndexClause.objects.locked().select_related("series").get(pk=clause.pk)
    clause.agreement = agreement
    is_next = from_date == next_date(clause, day) and is_due(clause, from_date, day)
    if not is_next or is_proposed(clause, supplier.pk, from_date):
        return None
    change = adjustment(
        clause,
        known_series([clause.series_id], day=day)[clause.series_id],
        base_month=base_months([clause]).get((clause.pk, supplier.pk), clause.base_month),
        month=month_for(clause, from_date),
    )
    prices = prices_to_adjust(clause, from_date).filter(supplier=supplier).select_related("item", "supplier")
    new = {price: change.price(price.unit_price) for price in prices.order_by("pk")}
    rows = proposed_rows(new, volumes({price.item_id for price in new})) if change.applied else []
    if not rows:
        return None
    proposal = PriceProposal(
        agreement=agreement,
        index_clause=clause,
        from_date=from_date,
        reason=how_computed(clause, change, from_date),
    )
    register(proposal, rows, by=None, at=at)
    IndexAdjustment.objects.create(
        proposal=proposal,
        base_month=change.base.month,
        base_value=change.base.value,
        month=change.now.month,
        value=change.now.value,
        links=[
            {"code": each.code, "month": each.month.isoformat(), "old": str(each.old), "new": str(each.new)}
            for each in change.links
        ],
        change_percent=change.given_percent,
        percent=change.percent,
    )
    return proposal


def how_computed(clause: IndexClause, change: Adjustment, from_date: date) -> str:
    """How prices were computed, in Swedish sentences with the numbers, as the proposal's reason for ever."""
    with translation.override("sv"):
        sentences = [
            _("%(index)s gick från %(base)s i %(base_month)s till %(now)s i %(month)s.")
            % {
                "index": clause.series,
                "base": formatting.unit_price(change.base.value),
                "base_month": formatting.month(change.base.month),
                "now": formatting.unit_price(change.now.value),
                "month": formatting.month(change.now.month),
            }
        ]
        sentences += [
            _("Serien fortsätter som %(code)s med ny bas: %(old)s är %(new)s där i %(month)s.")
            % {
                "code": each.code,
                "old": formatting.unit_price(each.old),
                "new": formatting.unit_price(each.new),
                "month": formatting.month(each.month),
            }
            for each in change.links
        ]
        sentences.append(
            _("%(share)s av priset följer, vilket ger %(percent)s.")
            % {
                "share": formatting.percent(clause.share_percent, 0),
                "percent": formatting.percent(change.given_percent, 2, signed=True),
            }
        )
        if change.is_capped:
            sentences.append(
                _("Klausulen höjer med högst %(cap)s.") % {"cap": formatting.percent(change.percent, 2)}
            )
        sentences.append(
            _("Den som vill ha ändringen ska begära den senast %(day)s.")
            % {"day": formatting.iso(ask_by(clause, from_date))}
        )
        return " ".join(sentences)
