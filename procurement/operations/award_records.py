"""Document direct awards: the duty comes with the order, and whoever answers for the category carries it out."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import ThresholdKind
from agreements.thresholds import amount_in_force
from audit import trail
from categories.models import Category
from core.bulk import insert_rows
from core.diary import normalised
from core.errors import InvalidInput, WrongState
from core.money import ZERO, to_amount
from core.transactions import operation
from core.verdicts import require
from organizations.models import Authority, User
from procurement import permissions
from procurement.award_records import AwardFacts, Bid, due_date, in_words, is_documented, missing_fields
from procurement.events import Event
from procurement.models import (
    AwardBid,
    AwardRecord,
    DecisionRule,
    LineDecision,
    PurchaseOrder,
    RequisitionLine,
)
from procurement.models.awards import WRITTEN
from procurement.operations.deciding import APPROVALS
from procurement.operations.putting_away import put_away_for

MOST_BIDS = 30


class RecordLacks(WrongState):
    """A record is complete when everything is written."""

    code = "award_record_lacks"
    sentence = _(
        "Dokumentationen är inte klar. Den saknar %(missing)s. Det du har skrivit går att spara så länge."
    )


class DiaryNumberUnknown(InvalidInput):
    """A diary number has one of two notations."""

    code = "award_diary_number_unknown"
    sentence = _("Skriv diarienumret som RS 2020/653 eller RS 653-2020.")


class TooManyBids(InvalidInput):
    """More suppliers than anybody asks."""

    code = "award_bids_too_many"
    sentence = _("Skriv högst %(most)s leverantörer.")


Ordered = tuple[PurchaseOrder, Sequence[RequisitionLine]]
"""An order that is made, with its lines at hand, and the requisition lines that it is of."""


def open_records(placed_orders: Sequence[Ordered], *, at: datetime) -> list[AwardRecord]:
    """
    Open a record for each order under no agreement that comes to the amount from which it is documented.

    Used inside the operation that makes the orders. One question when any is under no agreement, and four statements more when
    any is to be documented.
    """
    outside = [each for each in placed_orders if each[0].agreement_id is None]
    if not outside:
        return []
    day = timezone.localdate(at)
    largest = {
        order.pk: max(lines, key=lambda line: line.approved_amount or ZERO) for order, lines in outside
    }
    categories = {line.category_id for line in largest.values()}
    amounts = _amounts({pk for pk in categories if pk is not None}, at=at)
    totals = {order.pk: sum((line.amount for line in order.shown_lines), ZERO) for order, _lines in outside}
    due = [
        (order, lines)
        for order, lines in outside
        if is_documented(totals[order.pk], amounts.get(largest[order.pk].category_id or 0))
    ]
    if not due:
        return []
    authorities = _authorities([order for order, _lines in due])
    exceptions = _exceptions([line for _order, lines in due for line in lines])
    records = []
    for order, lines in due:
        exception = next((exceptions[line.pk] for line in lines if line.pk in exceptions), ("", ""))
        authority, line = authorities[order.delivery_place_id], largest[order.pk]
        records.append(
            AwardRecord(
                order=order,
                line=line,
                authority_name=authority.name,
                authority_org_number=authority.org_number,
                supplier_name=order.supplier.name,
                supplier_org_number=order.supplier.org_number,
                contract_date=day,
                due_date=due_date(day),
                amount=totals[order.pk],
                exception_ground=exception[0],
                subject=", ".join(each.description for each in order.shown_lines)[:300],
                estimated_amount=totals[order.pk],
                reasons=exception[1],
            )
        )
    insert_rows(records)
    return records


@operation
def document(
    *, record: AwardRecord, facts: AwardFacts, is_complete: bool, by: User, at: datetime
) -> AwardRecord:
    """
    Write the documentation of a direct award, as far as it is known, or complete it.

    :raises NotPermitted: she does not answer for the category.
    :raises AwardIsDocumented: it is complete.
    :raises DiaryNumberUnknown: the diary number is none.
    :raises RecordLacks: it is to be complete, and something is not written.
    """
    record = (
        AwardRecord.objects.select_for_update(of=("self",), no_key=True)
        .select_related("line__category")
        .get(pk=record.pk)
    )
    require(permissions.can_document(by, record, at=at))
    if len(facts.bids) > MOST_BIDS:
        raise TooManyBids(most=MOST_BIDS)
    holes = missing_fields(facts)
    if is_complete and holes:
        raise RecordLacks(missing=in_words(holes))
    for name in WRITTEN:
        setattr(record, name, getattr(facts, name))
    record.diary_number = _diary_number(facts.diary_number)
    _replace_bids(record, facts.bids)
    if is_complete:
        record.completed_at, record.completed_by = at, by
    record.save(update_fields=[*WRITTEN, "completed_at", "completed_by"])
    trail.record(
        Event.AWARD_COMPLETED if is_complete else Event.AWARD_DOCUMENTED,
        subject=record,
        by=by,
        at=at,
        diary_number=record.diary_number,
        competition=record.competition,
        amount=str(to_amount(facts.estimated_amount or ZERO)),
        supplier=record.supplier_name,
        count=len(facts.bids),
    )
    if is_complete:
        put_away_for([by.pk], at=at)
    return record


def _replace_bids(record: AwardRecord, bids: Sequence[Bid]) -> None:
    record.bids.all().delete()
    insert_rows(
        [
            AwardBid(
                record=record,
                position=position,
                supplier_name=bid.supplier_name,
                org_number=bid.org_number,
                was_asked=bid.was_asked,
                amount=bid.amount,
            )
            for position, bid in enumerate(bids, 1)
        ]
    )


def _diary_number(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return normalised(text)
    except ValueError:
        raise DiaryNumberUnknown from None


def _amounts(categories: set[int], *, at: datetime) -> dict[int, Decimal | None]:
    """From which amount an award is documented that day, by category."""
    limit = amount_in_force(ThresholdKind.DOCUMENTATION, timezone.localdate(at))
    return dict(Category.objects.filter(pk__in=categories).annotate(limit=limit).values_list("pk", "limit"))


def _authorities(orders: Sequence[PurchaseOrder]) -> dict[int, Authority]:
    """The contracting authority, by the delivery place."""
    places = {order.delivery_place_id for order in orders}
    path = "administrations__departments__delivery_places"
    authorities = Authority.objects.filter(**{f"{path}__in": places}).annotate(place=F(path))
    return {each.place: each for each in authorities}


def _exceptions(lines: Sequence[RequisitionLine]) -> dict[int, tuple[str, str]]:
    """
    On what ground lines passed the direct-award limit, and why, by their ids: as whoever approved them last has said.

    A price that has fallen since is nobody's decision. What was said of an approval that was taken back does not count.
    """
    decisions = LineDecision.objects.filter(line__in=[line.pk for line in lines], kind__in=APPROVALS)
    latest = {
        line: (ground, reason)
        for line, ground, reason in decisions.exclude(rule=DecisionRule.TERMS)
        .order_by("pk")
        .values_list("line", "exception_ground", "exception_reason")
    }
    return {line: (ground, reason) for line, (ground, reason) in latest.items() if ground}
