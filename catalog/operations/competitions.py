"""A renewed competition is started, and what its suppliers answer is registered."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, CallOffMethod, Supplier
from agreements.permissions import can_manage_agreement
from audit import trail
from catalog.bidding import priced_amount
from catalog.events import Event
from catalog.models import BidPrice, CompetitionBid, CompetitionItem, Item, RenewedCompetition
from catalog.operations.bid_prices import OfferedPrice, checked_prices, written_prices
from catalog.operations.competition_news import tell_of_start
from catalog.states import BidOutcome, CompetitionStatus
from core.diary import normalised
from core.errors import InvalidInput, WrongState
from core.money import ZERO, to_amount, to_quantity
from core.transactions import operation
from core.verdicts import require
from organizations.models import User

MOST_ITEMS = 500
MOST_PRICES = 2000
"""In a bid, where suppliers sell items in several packs."""
MOST_OF_AN_ITEM = Decimal(1_000_000_000)
LARGEST_BID = Decimal(10_000_000_000)
NO_ITEMS: Mapping[Item, Decimal] = {}
ANSWERS = (BidOutcome.BID, BidOutcome.DECLINED, BidOutcome.NO_ANSWER)
"""What can be registered of one of the invited."""


class NoCompetitionHere(WrongState):
    """Competitions are held under agreements in force that are called off by them."""

    code = "no_competition_here"
    sentence = _(
        "Avtalet %(agreement)s har inte förnyad konkurrensutsättning, eller gäller inte i dag. Ändra avropsformen i"
        " registret om den är fel."
    )


class SubjectMissing(InvalidInput):
    """A competition is about something."""

    code = "competition_subject_missing"
    sentence = _("Ange vad konkurrensutsättningen gäller.")


class DiaryNumberIsNone(InvalidInput):
    """A diary number is written in one of two ways."""

    code = "competition_diary_number"
    sentence = _("Skriv diarienumret som RS 2021/123.")


class NoTimeToBid(InvalidInput):
    """Those who are invited have time to bid, and are invited before it is registered (LOU 7:8)."""

    code = "competition_gives_no_time"
    sentence = _("Inbjudan ska ha skickats senast i dag, och sista dagen för anbud ska komma efter den.")


class CompetitionIsStarted(WrongState):
    """One about the same is open under the agreement."""

    code = "competition_is_started"
    sentence = _("En konkurrensutsättning om ”%(subject)s” pågår redan i avtalet.")


class TooManyItems(InvalidInput):
    """More items than anybody reads."""

    code = "competition_too_many_items"
    sentence = _("En konkurrensutsättning kan gälla högst %(most)s artiklar.")


class AskedForNone(InvalidInput):
    """So many of each item are asked for that a bid's prices can be reckoned together."""

    code = "competition_asks_for_none"
    sentence = _("Ange hur många av %(item)s ni frågar efter, fler än 0.")


class ItemsUnknown(InvalidInput):
    """What it is about are items by their numbers."""

    code = "competition_items_unknown"
    sentence = _("Artikelnumren finns inte: %(numbers)s.")


class CompetitionIsDecided(WrongState):
    """What is decided stays."""

    code = "competition_is_decided"
    sentence = _("Konkurrensutsättningen är redan avgjord och går inte att ändra.")


class NotInvited(InvalidInput):
    """The suppliers of the agreement were invited, and nobody else bids."""

    code = "competition_not_invited"
    sentence = _("%(supplier)s är inte inbjuden.")


class NotASupplierOfIt(InvalidInput):
    """Those who are invited are suppliers of the agreement, and each is invited once."""

    code = "competition_not_to_invite"
    sentence = _("%(supplier)s är redan inbjuden, eller är inte leverantör i avtalet.")


class InvitedTooLate(InvalidInput):
    """Whoever is invited after the others is so no earlier than they, and has time to bid (LOU 7:8)."""

    code = "competition_invited_too_late"
    sentence = _(
        "Inbjudan ska ha skickats mellan %(first)s och i dag, och före sista dagen för anbud, %(last)s. Hinner leverantören inte"
        " lämna anbud, avbryt och starta en ny konkurrensutsättning."
    )


class BidsAreSealed(WrongState):
    """Bids are opened when the time to bid is over (LOU 7:8)."""

    code = "competition_bids_are_sealed"
    sentence = _("Anbuden öppnas när anbudstiden är slut, dagen efter %(day)s.")


class BidAmountWrong(InvalidInput):
    """A bid has an amount, or a price of each item that it follows from; what is no bid has neither."""

    code = "competition_bid_amount"
    sentence = _(
        "Ange anbudets belopp, större än 0, eller ett pris på varje artikel. Den som inte har lämnat anbud har varken belopp"
        " eller priser."
    )


@operation
def start_competition(
    *,
    agreement: Agreement,
    subject: str,
    invited_date: date,
    bids_by_date: date,
    items: Mapping[Item, Decimal] = NO_ITEMS,
    diary_number: str = "",
    by: User,
    at: datetime,
) -> RenewedCompetition:
    """
    Register that the suppliers of an agreement have been invited to bid; every one of them is.

    :param items: what it is about, and how many of each item's own order units are asked for; none for needs in words.
    :raises NotPermitted: she does not answer for the agreement.
    :raises WrongState: the agreement is not called off so, or not in force; one about the same is open.
    :raises InvalidInput: subject, days, diary number or items cannot be.
    """
    agreement = Agreement.objects.locked().select_related("category", "owner").get(pk=agreement.pk)
    require(can_manage_agreement(by, agreement, at=at))
    day = timezone.localdate(at)
    if agreement.call_off_method != CallOffMethod.MINI_COMPETITION or not agreement.is_orderable_on(day):
        raise NoCompetitionHere(agreement=agreement.number)
    if not subject.strip():
        raise SubjectMissing
    if invited_date > day or bids_by_date <= invited_date:
        raise NoTimeToBid
    if agreement.competitions.filter(subject=subject.strip(), status=CompetitionStatus.OPEN).exists():
        raise CompetitionIsStarted(subject=subject.strip())
    if len(items) > MOST_ITEMS:
        raise TooManyItems(most=MOST_ITEMS)
    quantity_by_item = {item: _checked_quantity(item, quantity) for item, quantity in items.items()}
    competition = RenewedCompetition(
        agreement=agreement,
        subject=subject.strip(),
        diary_number=_diary_number(diary_number),
        invited_date=invited_date,
        bids_by_date=bids_by_date,
        started_by=by,
        started_at=at,
    )
    competition.save(force_insert=True)
    CompetitionItem.objects.bulk_create(
        CompetitionItem(competition=competition, item=item, quantity=quantity_by_item[item])
        for item in sorted(quantity_by_item, key=lambda each: each.pk)
    )
    invited = competition.bids.in_order().values_list("supplier__name", flat=True)
    trail.record(
        Event.COMPETITION_STARTED,
        subject=agreement,
        by=by,
        at=at,
        renewed_competition=competition.subject,
        invited=", ".join(invited),
        through=bids_by_date.isoformat(),
    )
    tell_of_start(competition, by=by, at=at)
    return competition


@operation
def invite_supplier(
    *, competition: RenewedCompetition, supplier: Supplier, invited_date: date, by: User, at: datetime
) -> RenewedCompetition:
    """
    Register that a supplier that joined the agreement after the invitation has been invited too.

    :raises NotPermitted: she does not answer for the agreement.
    :raises CompetitionIsDecided: it is awarded or called off already.
    :raises InvalidInput: it is no supplier of the agreement, is invited already, or has no time to bid.
    """
    competition = locked_competition(competition, by=by, at=at)
    if supplier not in competition.read_uninvited():
        raise NotASupplierOfIt(supplier=supplier.name)
    first, last = competition.invited_date, competition.bids_by_date
    if not first <= invited_date <= timezone.localdate(at) or invited_date >= last:
        raise InvitedTooLate(first=first, last=last)
    CompetitionBid(competition=competition, supplier=supplier, invited_date=invited_date).save(
        force_insert=True
    )
    trail.record(
        Event.SUPPLIER_INVITED,
        subject=competition.agreement,
        by=by,
        at=at,
        renewed_competition=competition.subject,
        supplier=supplier.name,
        invited_date=invited_date.isoformat(),
    )
    return competition


@operation
def register_bid(
    *,
    competition: RenewedCompetition,
    supplier: Supplier,
    outcome: str,
    amount: Decimal | None = None,
    prices: Sequence[OfferedPrice] = (),
    by: User,
    at: datetime,
) -> RenewedCompetition:
    """
    Register what one of the invited answered; until it is decided, the answer can be registered anew.

    A bid is not opened before the time to bid is over; that somebody declines may be registered at once.

    :param amount: what the supplier wants for the whole, as it has written it. Without one it is what the asked volume costs at its
        prices, each item in the pack that is cheapest.
    :param prices: what each item costs; a bid without a price of each can be registered, and cannot win.
    :raises NotPermitted: she does not answer for the agreement.
    :raises WrongState: it is decided, or the bids are sealed still.
    :raises InvalidInput: the supplier is not invited, a price cannot be, or a bid has neither an amount nor every price.
    """
    competition = locked_competition(competition, by=by, at=at)
    answer = BidOutcome(outcome)
    bid = competition.bids.select_related("supplier").filter(supplier=supplier).first()
    if bid is None:
        raise NotInvited(supplier=supplier.name)
    if answer not in ANSWERS or (answer != BidOutcome.BID and (amount is not None or prices)):
        raise BidAmountWrong
    if answer != BidOutcome.DECLINED:
        check_time_is_over(competition, at)
    bid.competition = competition
    offered = checked_prices(bid, prices)
    bid.outcome, bid.amount = answer, None
    if answer == BidOutcome.BID:
        bid.amount = _amount_of(competition, amount, offered)
    bid.registered_by, bid.registered_at = by, at
    bid.prices.all().delete()
    bid.save(update_fields=["outcome", "amount", "registered_by", "registered_at"])
    BidPrice.objects.bulk_create(offered)
    trail.record(
        Event.BID_REGISTERED,
        subject=competition.agreement,
        by=by,
        at=at,
        renewed_competition=competition.subject,
        supplier=bid.supplier.name,
        outcome=answer.value,
        amount="" if bid.amount is None else str(bid.amount),
        bid_prices=written_prices(offered),
    )
    return competition


def _amount_of(
    competition: RenewedCompetition, amount: Decimal | None, offered: Sequence[BidPrice]
) -> Decimal:
    """
    A bid's amount: as it is written, or what it costs at its prices.

    :raises BidAmountWrong: there is neither, or it is nought or absurd.
    """
    if amount is None and offered:
        amount = priced_amount(competition.items.select_related("item"), offered)
    if amount is None or not amount.is_finite() or not 0 < to_amount(amount) <= LARGEST_BID:
        raise BidAmountWrong
    return to_amount(amount)


def locked_competition(competition: RenewedCompetition, *, by: User, at: datetime) -> RenewedCompetition:
    """
    Lock a competition that she may act on, and see to it that it is open.

    :raises NotPermitted: she does not answer for the agreement.
    :raises CompetitionIsDecided: it is awarded or called off already.
    """
    competition = (
        RenewedCompetition.objects.locked()
        .select_related("agreement__category", "agreement__owner")
        .get(pk=competition.pk)
    )
    require(can_manage_agreement(by, competition.agreement, at=at))
    if not competition.is_open:
        raise CompetitionIsDecided
    return competition


def check_time_is_over(competition: RenewedCompetition, at: datetime) -> None:
    """
    See to it that bids may be opened.

    :raises BidsAreSealed: there is time left to bid.
    """
    if timezone.localdate(at) <= competition.bids_by_date:
        raise BidsAreSealed(day=competition.bids_by_date)


def _diary_number(text: str) -> str:
    try:
        return normalised(text) if text.strip() else ""
    except ValueError as error:
        raise DiaryNumberIsNone from error


def _checked_quantity(item: Item, quantity: Decimal) -> Decimal:
    if not quantity.is_finite() or not 0 < to_quantity(quantity) <= MOST_OF_AN_ITEM:
        raise AskedForNone(item=item.names)
    return to_quantity(quantity)


def quantities_by_item(pairs: Iterable[tuple[str, Decimal]]) -> dict[Item, Decimal]:
    """
    Find what is asked for by its numbers, with how many of each: one query. What is named twice is asked for together.

    :raises ItemsUnknown: with those that are no item's.
    """
    quantity_by_number: dict[str, Decimal] = {}
    for number, quantity in pairs:
        quantity_by_number[number] = quantity_by_number.get(number, ZERO) + quantity
    items = items_numbered(list(quantity_by_number))
    return {items[number]: quantity for number, quantity in quantity_by_number.items()}


def items_numbered(numbers: Sequence[str]) -> Mapping[str, Item]:
    """
    Find items by their numbers: one query.

    :raises ItemsUnknown: with those that are no item's.
    """
    item_by_number = {item.number: item for item in Item.objects.filter(number__in=numbers).order_by("pk")}
    unknown = [number for number in numbers if number not in item_by_number]
    if unknown:
        raise ItemsUnknown(numbers=", ".join(unknown[:10]))
    return item_by_number
