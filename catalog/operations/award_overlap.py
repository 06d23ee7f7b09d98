"""
What becomes of raises of a supplier's prices when it wins a competition with others (ADR 0058).

A raise follows what holds on its day. One before the award's first day is of the old price, and holds until then. One that waits
and would begin among the award's days has nothing to raise, and lapses; one after them is of the price that is resumed. One that is
approved stands: where it would have begun among the days it begins after them, and where it would have ended too it never holds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.models import Supplier
from audit import trail
from catalog.events import Event
from catalog.models import Price, PriceProposal, ProposedPrice, RenewedCompetition
from catalog.operations.price_decisions import keep_decision
from catalog.operations.price_news import tell_of_giving_way
from catalog.states import PRICE_PROPOSAL_TRANSITIONS, PriceProposalStatus
from core import formatting
from core.states import move
from organizations.models import User

Terms = tuple[int, str, object]
"""An item, an order unit and from which quantity: of one agreement and supplier."""


@dataclass(frozen=True, slots=True)
class AwardOverlap:
    """Prices that the days of an award meet, as they were before it."""

    award: DateRange
    ids: frozenset[int]
    begun_among: Mapping[tuple[Terms, date], date | None]
    """Of those that would have begun among the days, by their terms and first day: the day after their last."""

    @classmethod
    def of(cls, prices: Sequence[Price], award: DateRange) -> Self:
        """Note them down before they give way."""
        begun = {
            (_terms_of(each), each.valid_during.lower): each.valid_during.upper
            for each in prices
            if each.valid_during.lower is not None and each.valid_during.lower >= award.lower
        }
        return cls(award, frozenset(each.pk for each in prices), begun)

    def begins(self, terms: Terms, day: date) -> date | None:
        """The day that a price which would have begun among the days begins instead; None when it never holds."""
        upper = self.begun_among[terms, day]
        return self.award.upper if upper is None or upper > self.award.upper else None


def lock_proposals(agreement_id: int, supplier_id: int) -> list[PriceProposal]:
    """Lock what is proposed of a supplier's prices under an agreement and waits, before its prices are locked."""
    waiting = PriceProposal.objects.undecided().filter(agreement=agreement_id, supplier=supplier_id)
    return list(waiting.locked().select_related("agreement").order_by("pk"))


def adjust_proposals(
    waiting: Sequence[PriceProposal],
    overlap: AwardOverlap,
    resumed: Mapping[int, Price],
    competition: RenewedCompetition,
    *,
    supplier: Supplier,
    by: User,
    at: datetime,
) -> None:
    """
    Let raises of prices that have given way follow them, lapse or begin later; whoever registered them is told.

    :param waiting: the supplier's proposals that wait, locked.
    :param resumed: the rest of prices that hold again after the award, by the ids of those that they are the rest of.
    """
    rows = list(
        ProposedPrice.objects.filter(proposal__in=waiting, price__in=overlap.ids)
        .select_related("proposal")
        .order_by("pk")
    )
    resumed_rows = []
    for row in rows:
        if row.proposal.from_date >= overlap.award.upper and row.price_id in resumed:
            row.price = resumed[row.price_id]
            resumed_rows.append(row)
    ProposedPrice.objects.bulk_update(resumed_rows, ["price"], batch_size=1000)
    for proposal in waiting:
        if proposal.from_date in overlap.award:
            chosen = [row.pk for row in rows if row.proposal_id == proposal.pk]
            _lapse(proposal, chosen, competition, supplier=supplier, by=by, at=at)
    for proposal, begins in _approved(overlap, competition.agreement_id, supplier):
        trail.record(
            Event.PRICE_GIVES_WAY,
            subject=proposal,
            by=by,
            at=at,
            renewed_competition=competition.subject,
            from_date=begins.isoformat() if begins else "",
        )
        tell_of_giving_way(proposal, begins=begins, by=by, at=at)


def _lapse(
    proposal: PriceProposal,
    rows: Collection[int],
    competition: RenewedCompetition,
    *,
    supplier: Supplier,
    by: User,
    at: datetime,
) -> None:
    """Let rows of a proposal lapse, with the reason in Swedish for ever; those of other items go on waiting."""
    if not rows:
        return
    award = competition.award_during
    assert award is not None  # noqa: S101, it has been awarded
    with translation.override("sv"):
        reason = _(
            "%(supplier)s vann %(subject)s, och anbudets pris gäller från %(first)s till och med %(last)s."
        ) % {
            "supplier": supplier.name,
            "subject": competition.subject,
            "first": formatting.iso(award.lower),
            "last": formatting.iso(competition.through_date),
        }
    move(proposal, to=PriceProposalStatus.LAPSED, transitions=PRICE_PROPOSAL_TRANSITIONS)
    keep_decision(proposal, rows, by=by, at=at, reason=reason, event=Event.PRICE_LAPSED)


def _approved(
    overlap: AwardOverlap, agreement_id: int, supplier: Supplier
) -> Iterator[tuple[PriceProposal, date | None]]:
    """The approved proposals whose prices would have begun among the days, each with the day that they begin instead: one query, or none."""
    if not overlap.begun_among:
        return
    rows = (
        ProposedPrice.objects.filter(
            proposal__status=PriceProposalStatus.APPROVED,
            proposal__agreement=agreement_id,
            proposal__supplier=supplier,
            price__item__in={item for (item, _unit, _least), _day in overlap.begun_among},
        )
        .select_related("proposal__agreement", "price")
        .order_by("proposal", "pk")
    )
    day_by_proposal = dict[PriceProposal, date]()
    for row in rows:
        terms, day = _terms_of(row.price), row.proposal.begins
        if (terms, day) in overlap.begun_among:
            day_by_proposal[row.proposal] = max(
                day_by_proposal.get(row.proposal, day), overlap.begins(terms, day) or day
            )
    for proposal, latest in day_by_proposal.items():
        yield proposal, latest if latest > proposal.begins else None


def _terms_of(price: Price) -> Terms:
    return price.item_id, price.order_unit, price.minimum_quantity
