"""
Propose new prices under an agreement, and decide them before they take effect.

Approved prices follow those that are in force: the old period ends the day before, in the transaction of the decision. A
manager's own corrections of single rows in the register are no proposals: they say what was wrong.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, PriceClause
from agreements.states import AgreementStatus
from attachments.detection import AcceptedFile
from attachments.operations import attach
from audit import trail
from catalog import permissions
from catalog.events import Event
from catalog.models import Price, PriceProposal, PriceProposalFile, ProposedPrice
from catalog.operations.price_news import put_away_answered, tell_of_answer, tell_of_waiting
from catalog.states import PRICE_PROPOSAL_TRANSITIONS, PriceProposalStatus
from catalog.volumes import Volume
from core.errors import DomainError, InvalidInput, WrongState
from core.money import ZERO, line_amount, to_quantity, to_unit_price
from core.states import move
from core.transactions import operation
from core.verdicts import require
from organizations.models import User

LARGEST_PRICE = Decimal(100_000_000)
MOST_ROWS = 10_000


class NothingProposed(InvalidInput):
    """A proposal raises some price."""

    code = "price_proposal_raises_nothing"
    sentence = _("Förslaget höjer inget pris. Sänkningar skrivs in direkt i prisregistret.")


class TooManyPrices(InvalidInput):
    """More prices than anybody looks through."""

    code = "price_proposal_too_large"
    sentence = _("Förslaget har fler än %(most)s priser. Dela upp det.")


class PriceIsNoPrice(InvalidInput):
    """A price is above nought and not absurd."""

    code = "price_proposal_price_out_of_range"
    sentence = _("Priset på %(item)s ska vara större än 0 och högst 100 miljoner.")


class ReasonOfPricesMissing(InvalidInput):
    """A proposal and a rejection say why."""

    code = "price_proposal_reason_missing"
    sentence = _("Skriv varför.")


class PriceOfAnotherAgreement(InvalidInput):
    """A proposal is about the prices of one supplier under one agreement."""

    code = "price_of_another_agreement"
    sentence = _("Alla priser i förslaget ska gälla samma avtal och leverantör.")


class TooLateForPrices(InvalidInput):
    """New prices are decided before they take effect."""

    code = "price_proposal_too_late"
    sentence = _("Priserna kan gälla tidigast från dagen efter beslutet.")


class PricesAreFixed(DomainError):
    """The agreement's prices stand as long as it does."""

    code = "prices_are_fixed"
    sentence = _("Avtalet %(agreement)s har fast pris, så priserna kan inte höjas.")


class PriceHasChanged(WrongState):
    """What the proposal follows is no longer what it was."""

    code = "price_has_changed"
    sentence = _("Priset på %(item)s har ändrats sedan förslaget registrerades. Registrera det på nytt.")


class AgreementIsOver(WrongState):
    """Prices follow under an agreement that goes on."""

    code = "price_proposal_agreement_is_over"
    sentence = _("Avtalet %(agreement)s gäller inte den dag som priserna ska börja.")


@operation
def propose_prices(
    *,
    agreement: Agreement,
    prices: Mapping[Price, Decimal],
    from_date: date,
    reason: str,
    volumes: Mapping[int, Volume],
    by: User,
    at: datetime,
    files: Sequence[AcceptedFile] = (),
) -> PriceProposal:
    """
    Register new prices of an agreement's supplier, with what each would cost in a year.

    The effect of a price is the difference times the order units bought in the last twelve months, rounded to öre. The same
    proposal again, while the first waits, is the first: a double press gives one.

    :param prices: the prices that are in force when the new ones begin, and what each becomes.
    :param volumes: what was bought in the last twelve months, by the items' ids.
    :param files: the supplier's letter and the like.
    :raises NotPermitted: she does not answer for the agreement's category.
    :raises InvalidInput: nothing rises, a price or the day cannot be, or no reason is given.
    :raises PricesAreFixed: the agreement lets no price move.
    """
    agreement = Agreement.objects.locked().select_related("category").get(pk=agreement.pk)
    require(permissions.can_propose_prices(by, agreement, at=at))
    if agreement.price_clause == PriceClause.FIXED:
        raise PricesAreFixed(agreement=agreement.number)
    if not reason.strip():
        raise ReasonOfPricesMissing
    if from_date <= timezone.localdate(at):
        raise TooLateForPrices
    if len(prices) > MOST_ROWS:
        raise TooManyPrices(most=MOST_ROWS)
    require_current(agreement, from_date)
    if {(price.agreement_id, price.supplier_id) for price in prices} - {
        (agreement.pk, price.supplier_id) for price in list(prices)[:1]
    }:
        raise PriceOfAnotherAgreement
    rows = proposed_rows(prices, volumes)
    if not any(row.new_price > row.old_price for row in rows):
        raise NothingProposed
    for row in rows:
        check_follows(row, row.price, from_date)
    if (waiting := _pending_duplicate(agreement, rows, from_date, reason.strip(), by)) is not None:
        return waiting
    proposal = PriceProposal(agreement=agreement, from_date=from_date, reason=reason.strip())
    register(proposal, rows, by=by, at=at)
    PriceProposalFile.objects.bulk_create(
        PriceProposalFile(proposal=proposal, attachment=each) for each in attach(files=files, by=by, at=at)
    )
    return proposal


def _pending_duplicate(
    agreement: Agreement, rows: Sequence[ProposedPrice], from_date: date, reason: str, by: User
) -> PriceProposal | None:
    """What the same person has registered word for word and nobody has decided; the agreement is locked."""
    new_prices = {(row.price_id, row.new_price) for row in rows}
    same = PriceProposal.objects.undecided().filter(
        agreement=agreement,
        supplier=rows[0].price.supplier_id,
        from_date=from_date,
        reason=reason,
        registered_by=by,
    )
    waiting = same.prefetch_related("rows").order_by("pk")
    return next(
        (
            each
            for each in waiting
            if {(row.price_id, row.new_price) for row in each.rows.all()} == new_prices
        ),
        None,
    )


def proposed_rows(prices: Mapping[Price, Decimal], volumes: Mapping[int, Volume]) -> list[ProposedPrice]:
    """
    Those prices that become something else, each with what it would cost in a year.

    What was bought of an item is counted once, on its smallest quantity in its own order unit where there are several.

    :raises PriceIsNoPrice: one is not above nought, or absurd.
    """
    changing = {
        price: new
        for price, new in prices.items()
        if to_unit_price(_checked_price(price, new)) != price.unit_price
    }
    counted_prices = {_smallest_quantity(same) for same in _by_item(changing).values()}
    return [
        _row(price, new, volumes.get(price.item_id, Volume()) if price in counted_prices else Volume())
        for price, new in changing.items()
    ]


def register(
    proposal: PriceProposal, rows: Sequence[ProposedPrice], *, by: User | None, at: datetime
) -> PriceProposal:
    """
    Write a proposal with its prices to the register and the trail, inside an operation.

    :param by: whoever registers it; None when it comes of an index clause.
    """
    proposal.supplier = rows[0].price.supplier
    proposal.registered_by, proposal.registered_at = by, at
    proposal.save(force_insert=True)
    for row in rows:
        row.proposal = proposal
    ProposedPrice.objects.bulk_create(rows)
    trail.record(
        Event.PRICE_PROPOSED,
        subject=proposal,
        by=by,
        at=at,
        agreement=proposal.agreement.number,
        amount=str(annual_effect(rows)),
        comment=proposal.reason,
    )
    tell_of_waiting([proposal], by=by, at=at)
    return proposal


@operation
def withdraw_prices(*, proposal: PriceProposal, by: User, at: datetime, reason: str = "") -> PriceProposal:
    """
    Take a proposal back that is not decided.

    :raises NotPermitted: she does not answer for the agreement's category.
    :raises WrongState: it is decided.
    """
    proposal = PriceProposal.objects.locked().select_related("agreement").get(pk=proposal.pk)
    require(permissions.can_propose_prices(by, proposal.agreement, at=at))
    move(proposal, to=PriceProposalStatus.WITHDRAWN, transitions=PRICE_PROPOSAL_TRANSITIONS)
    proposal.decided_by, proposal.decided_at, proposal.decision_reason = by, at, reason.strip()
    proposal.save(update_fields=["status", "decided_by", "decided_at", "decision_reason"])
    trail.record(
        Event.PRICE_WITHDRAWN,
        subject=proposal,
        by=by,
        at=at,
        agreement=proposal.agreement.number,
        comment=reason.strip(),
    )
    put_away_answered(proposal, at=at)
    tell_of_answer(proposal, by=by, at=at)
    return proposal


def _checked_price(price: Price, new: Decimal) -> Decimal:
    if not new.is_finite() or not 0 < new <= LARGEST_PRICE or to_unit_price(new) == 0:
        raise PriceIsNoPrice(item=price.item.names)
    return new


def _by_item(prices: Iterable[Price]) -> dict[int, list[Price]]:
    by_item: dict[int, list[Price]] = defaultdict(list)
    for price in prices:
        by_item[price.item_id].append(price)
    return by_item


def _smallest_quantity(prices: Sequence[Price]) -> Price:
    return min(prices, key=lambda price: (price.order_unit, price.minimum_quantity, price.pk))


def _row(price: Price, new: Decimal, volume: Volume) -> ProposedPrice:
    new = to_unit_price(new)
    quantity = max(
        to_quantity(volume.base_units / (price.units_per_order_unit or Decimal(1))), to_quantity(ZERO)
    )
    return ProposedPrice(
        price=price,
        old_price=price.unit_price,
        new_price=new,
        annual_quantity=quantity,
        department_count=volume.departments,
        annual_effect=line_amount(new - price.unit_price, quantity),
    )


def require_current(agreement: Agreement, from_date: date) -> None:
    """
    See to it that the agreement holds on the day that new prices begin.

    :raises AgreementIsOver: it has been ended, or its last day comes before.
    """
    if not is_current(agreement, from_date):
        raise AgreementIsOver(agreement=agreement.number)


def is_current(agreement: Agreement, day: date) -> bool:
    """Whether the agreement holds on a day, and has not been ended."""
    return agreement.status != AgreementStatus.ENDED and day in agreement.valid_during


def check_follows(row: ProposedPrice, price: Price, from_date: date) -> None:
    """
    See to it that the price is what the proposal says, and holds on the day that the new one begins, or has ended before.

    :raises PriceHasChanged: it does not.
    """
    upper = price.valid_during.upper
    has_ended = upper is not None and upper <= from_date
    if price.unit_price != row.old_price or not (has_ended or from_date in price.valid_during):
        raise PriceHasChanged(item=price.item.names)


def annual_effect(rows: Sequence[ProposedPrice]) -> Decimal:
    """What a proposal would cost in a year, in kronor."""
    return sum((row.annual_effect for row in rows), ZERO)
