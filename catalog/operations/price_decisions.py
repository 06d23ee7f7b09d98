"""
Decide about proposed prices before they take effect: all of a proposal or some of it, as proposed, later or lower.

Approved prices follow those that are in force: the old period ends the day before, in the transaction of the decision. A
price that would have begun that very day is what is approved from its beginning.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import DataError, IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog import permissions
from catalog.events import Event
from catalog.models import Price, PriceProposal, ProposedPrice
from catalog.operations.price_news import put_away_answered, tell_of_answer
from catalog.operations.price_proposals import (
    PriceHasChanged,
    ReasonOfPricesMissing,
    TooLateForPrices,
    check_follows,
    require_current,
)
from catalog.states import PRICE_PROPOSAL_TRANSITIONS, PriceProposalStatus
from core.errors import DomainError, InvalidInput, WrongState
from core.money import to_unit_price
from core.states import move
from core.transactions import operation
from core.verdicts import require
from organizations.models import User


class NoPriceChosen(InvalidInput):
    """A decision is about some prices of the proposal."""

    code = "price_proposal_nothing_chosen"
    sentence = _("Välj minst ett av förslagets priser.")


class EarlierThanProposed(InvalidInput):
    """Nobody pays a higher price sooner than the supplier asks for."""

    code = "price_proposal_earlier_than_proposed"
    sentence = _("Priserna kan inte börja före den dag som leverantören har begärt.")


class NoRiseAllowed(InvalidInput):
    """A largest rise is a rise; who allows none says no."""

    code = "price_proposal_most_percent_out_of_range"
    sentence = _(
        "Den största höjningen ska vara mer än 0 procent. Avslå förslaget om priserna inte ska höjas."
    )


class NewerProposal(WrongState):
    """The same price is proposed anew, and that is what is to be decided."""

    code = "price_proposal_is_outdated"
    sentence = _("%(item)s har ett nyare prisförslag. Besluta om det, eller avslå det först.")


class PricesOverlap(WrongState):
    """Another period of one of the prices is there already on the same terms."""

    code = "price_proposal_overlaps"
    sentence = _("Ett av priserna har redan en annan period i prisregistret som går in i den nya.")


class NewPriceIsOver(WrongState):
    """A price holds on the day that it begins."""

    code = "price_proposal_price_is_over"
    sentence = _("Det nya priset på %(item)s skulle bara gälla till och med %(day)s. Avslå det.")


@dataclass(slots=True)
class Outcome:
    """What became of several proposals."""

    decided: list[PriceProposal] = field(default_factory=list)
    refused: list[tuple[PriceProposal, DomainError]] = field(default_factory=list)


@operation
def approve_prices(
    *,
    proposal: PriceProposal,
    by: User,
    at: datetime,
    reason: str = "",
    rows: Collection[int] | None = None,
    from_date: date | None = None,
    most_percent: Decimal | None = None,
) -> PriceProposal:
    """
    Approve new prices: each old one ends the day before, and the new one has what was left of its period.

    :param rows: the ids of the prices that it is about, all unless said; the others go on waiting.
    :param from_date: a later day than the proposed; needed when that has come.
    :param most_percent: no price rises by more; needs a reason.
    :returns: the proposal, or the part of it that was decided.
    :raises NotPermitted: she does not answer for the agreement, or has registered the proposal.
    :raises WrongState: it is decided, a price has changed or is proposed anew since, or the agreement is over.
    :raises InvalidInput: the day has come or is too early, nothing is chosen, or the reason is missing.
    """
    return _approve(
        proposal, by=by, at=at, reason=reason, rows=rows, from_date=from_date, most_percent=most_percent
    )


@operation
def reject_prices(
    *,
    proposal: PriceProposal,
    reason: str,
    by: User,
    at: datetime,
    rows: Collection[int] | None = None,
) -> PriceProposal:
    """
    Say no to new prices; the proposal, or the part of it that was chosen, stays as history.

    :raises NotPermitted: she does not answer for the agreement, or has registered the proposal.
    :raises WrongState: it is decided.
    :raises ReasonOfPricesMissing: no reason is given.
    """
    return _reject(proposal, by=by, at=at, reason=reason, rows=rows)


@operation
def decide_prices(
    *, proposals: Sequence[PriceProposal], is_yes: bool, reason: str, by: User, at: datetime
) -> Outcome:
    """
    Decide about several proposals alike. One that cannot be decided so stays as it is, and holds none of the others up.

    Of those that were registered at once the last day comes first: a price list can raise a price twice, and what begins later leaves
    room for what begins before it.

    :raises ReasonOfPricesMissing: no reason is given for a no.
    """
    if not is_yes and not reason.strip():
        raise ReasonOfPricesMissing
    outcome, decide = Outcome(), _approve if is_yes else _reject
    list(PriceProposal.objects.locked().filter(pk__in=[each.pk for each in proposals]).order_by("pk"))
    for proposal in sorted(proposals, key=_decision_order):
        try:
            with transaction.atomic():
                outcome.decided.append(decide(proposal, by=by, at=at, reason=reason))
        except DomainError as refusal:
            outcome.refused.append((proposal, refusal))
    return outcome


def _decision_order(proposal: PriceProposal) -> tuple[datetime, int, int]:
    return proposal.registered_at, -proposal.from_date.toordinal(), proposal.pk


def _approve(
    proposal: PriceProposal,
    *,
    by: User,
    at: datetime,
    reason: str,
    rows: Collection[int] | None = None,
    from_date: date | None = None,
    most_percent: Decimal | None = None,
) -> PriceProposal:
    proposal = _permitted(proposal, by=by, at=at)
    move(proposal, to=PriceProposalStatus.APPROVED, transitions=PRICE_PROPOSAL_TRANSITIONS)
    begins = from_date or proposal.from_date
    if begins < proposal.from_date:
        raise EarlierThanProposed
    if begins <= timezone.localdate(at):
        raise TooLateForPrices
    if most_percent is not None and not (most_percent.is_finite() and most_percent > 0):
        raise NoRiseAllowed
    if most_percent is not None and not reason.strip():
        raise ReasonOfPricesMissing
    require_current(proposal.agreement, begins)
    proposal.agreed_from_date = begins if begins > proposal.from_date else None
    chosen = _chosen(proposal, rows)
    _require_newest(proposal, chosen)
    if most_percent is not None:
        _cap_prices(chosen, most_percent)
    _follow(chosen, begins)
    return keep_decision(proposal, rows, by=by, at=at, reason=reason, event=Event.PRICE_APPROVED)


def _reject(
    proposal: PriceProposal, *, by: User, at: datetime, reason: str, rows: Collection[int] | None = None
) -> PriceProposal:
    proposal = _permitted(proposal, by=by, at=at)
    if not reason.strip():
        raise ReasonOfPricesMissing
    move(proposal, to=PriceProposalStatus.REJECTED, transitions=PRICE_PROPOSAL_TRANSITIONS)
    return keep_decision(proposal, rows, by=by, at=at, reason=reason, event=Event.PRICE_REJECTED)


def _permitted(proposal: PriceProposal, *, by: User, at: datetime) -> PriceProposal:
    proposal = PriceProposal.objects.locked().select_related("agreement").get(pk=proposal.pk)
    require(permissions.can_decide_prices(by, proposal, at=at))
    return proposal


def _chosen(proposal: PriceProposal, rows: Collection[int] | None) -> list[ProposedPrice]:
    every = proposal.rows.select_related("price__item").order_by("price_id")
    chosen = list(every if rows is None else every.filter(pk__in=rows))
    if not chosen:
        raise NoPriceChosen
    return chosen


def _require_newest(proposal: PriceProposal, chosen: Sequence[ProposedPrice]) -> None:
    newer = ProposedPrice.objects.filter(
        price__in=[row.price_id for row in chosen],
        proposal__status=PriceProposalStatus.PROPOSED,
        proposal__registered_at__gt=proposal.registered_at,
    )
    if (first := newer.select_related("price__item").order_by("pk").first()) is not None:
        raise NewerProposal(item=first.price.item.names)


def _cap_prices(chosen: Sequence[ProposedPrice], most_percent: Decimal) -> None:
    lowered = []
    for row in chosen:
        most = to_unit_price(row.old_price * (1 + most_percent / 100))
        if row.new_price > most:
            row.agreed_price = most
            lowered.append(row)
    ProposedPrice.objects.bulk_update(lowered, ["agreed_price"], batch_size=1000)


def _follow(chosen: Sequence[ProposedPrice], begins: date) -> None:
    """Let each price be followed by its new one, or become that where it has not begun."""
    locked = {
        price.pk: price
        for price in Price.objects.select_for_update(of=("self",), no_key=True)
        .select_related("item")
        .filter(pk__in=[row.price_id for row in chosen])
        .order_by("pk")
    }
    _require_no_later_price([price for price in locked.values() if _has_ended(price, begins)], begins)
    ending, following, becoming = [], [], []
    for row in chosen:
        price = locked[row.price_id]
        check_follows(row, price, begins)
        if row.through_date is not None and row.through_date < begins:
            raise NewPriceIsOver(item=price.item.names, day=row.through_date)
        if price.valid_during.lower == begins:
            becoming.append(_approved_price(price, row, begins))
        else:
            if begins in price.valid_during:
                ending.append(price.pk)
            following.append(_approved_price(price.copy_during(price.valid_during), row, begins))
    day = models.Func(models.F("valid_during"), function="lower", output_field=models.DateField())
    closed = models.Func(
        day, models.Value(begins), function="daterange", output_field=Price._meta.get_field("valid_during")
    )
    try:
        with transaction.atomic():
            Price.objects.filter(pk__in=ending).update(valid_during=closed)
            Price.objects.bulk_update(
                becoming, ["unit_price", "units_per_order_unit", "lead_days", "valid_during"], batch_size=1000
            )
            Price.objects.bulk_create(following, batch_size=1000)
    except (DataError, IntegrityError) as error:
        raise PricesOverlap from error


def _has_ended(price: Price, begins: date) -> bool:
    return price.valid_during.upper is not None and price.valid_during.upper <= begins


def _require_no_later_price(ended: Sequence[Price], begins: date) -> None:
    """
    See to it that nothing has followed prices that ended before.

    :raises PriceHasChanged: another price has, on the same terms.
    """
    if not ended:
        return
    later = Price.objects.filter(
        item__in=[price.item_id for price in ended], valid_during__overlap=DateRange(begins, None)
    )
    followed = {_terms_of(price) for price in later}
    for price in ended:
        if _terms_of(price) in followed:
            raise PriceHasChanged(item=price.item.names)


def _terms_of(price: Price) -> tuple[object, ...]:
    return price.item_id, price.agreement_id, price.supplier_id, price.order_unit, price.minimum_quantity


def _approved_price(price: Price, row: ProposedPrice, begins: date) -> Price:
    """The price as it was approved, from the day on."""
    upper = price.valid_during.upper
    if row.through_date is not None:
        upper = row.through_date + timedelta(days=1)
    elif upper is not None and upper <= begins:
        upper = None
    price.unit_price = row.final_price
    price.valid_during = DateRange(begins, upper)
    if row.units_per_order_unit is not None:
        price.units_per_order_unit = row.units_per_order_unit
    if row.lead_days is not None:
        price.lead_days = row.lead_days
    return price


def keep_decision(
    proposal: PriceProposal,
    rows: Collection[int] | None,
    *,
    by: User,
    at: datetime,
    reason: str,
    event: Event,
) -> PriceProposal:
    """
    Keep what became of a proposal inside an operation, on it or on the part of it that the prices were chosen from.

    The others go on waiting; whoever registered it is told.

    :param proposal: locked, in its new state.
    """
    proposal.decided_by, proposal.decided_at, proposal.decision_reason = by, at, reason.strip()
    chosen = proposal.rows.filter(pk__in=rows) if rows is not None else proposal.rows.all()
    if proposal.rows.exclude(pk__in=chosen.values("pk")).exists():
        if not (ids := list(chosen.values_list("pk", flat=True))):
            raise NoPriceChosen
        proposal.split_from_id, proposal.pk = proposal.pk, None
        proposal.save(force_insert=True)
        ProposedPrice.objects.filter(pk__in=ids).update(proposal=proposal)
    else:
        proposal.save(
            update_fields=["status", "decided_by", "decided_at", "decision_reason", "agreed_from_date"]
        )
    trail.record(
        event,
        subject=proposal,
        by=by,
        at=at,
        agreement=proposal.agreement.number,
        comment=reason.strip(),
    )
    put_away_answered(proposal, at=at)
    tell_of_answer(proposal, by=by, at=at)
    return proposal
