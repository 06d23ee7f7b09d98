"""
The prices of bids: checked when they are registered, and the agreement's prices when the bid has won.

What the winner costs for the same items on the days of the award gives way: it ends the day before, and is resumed after the last
day. A competition is locked before prices are, and prices as their register is, so that no list is written meanwhile.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from catalog.models import BidPrice, CompetitionBid, Item, Price, ProposedPrice, RenewedCompetition
from catalog.operations.award_overlap import AwardOverlap, adjust_proposals, lock_proposals
from catalog.operations.price_proposals import LARGEST_PRICE, PriceIsNoPrice
from catalog.refusals import PackMissing
from core import units
from core.errors import InvalidInput, WrongState
from core.money import to_quantity, to_unit_price
from organizations.models import User
from registers.operations.writing import lock_register
from registers.unreadable import UnknownUnit

PRICES = "prices"
"""The register of prices, as it is locked."""
LARGEST_PACK = Decimal(1_000_000)


class PriceOfAnotherItem(InvalidInput):
    """A bid has prices of what the competition is about."""

    code = "competition_price_of_another_item"
    sentence = _("Konkurrensutsättningen gäller inte %(item)s.")


class PricedTwice(InvalidInput):
    """An item has one price in each order unit."""

    code = "competition_priced_twice"
    sentence = _("%(item)s har två priser i samma enhet.")


class PackIsNoPack(InvalidInput):
    """An order unit holds some base units, and not absurdly many."""

    code = "competition_pack_out_of_range"
    sentence = _("En beställningsenhet av %(item)s ska innehålla mer än 0 och högst en miljon.")


class WinnerHasNoPrices(WrongState):
    """Who wins what is about items has said what each costs."""

    code = "competition_winner_has_no_prices"
    sentence = _("%(supplier)s har inget pris på %(items)s. Registrera priserna i anbudet först.")


class PriceIsProposedUpon(WrongState):
    """A price that would give way altogether is what somebody has proposed a new one of."""

    code = "competition_price_is_proposed_upon"
    sentence = _(
        "%(supplier)s har ett annat pris på %(item)s från %(day)s, som ett prisförslag gäller. Välj dagar utanför det."
    )


class PricesChangedMeanwhile(WrongState):
    """Somebody wrote a price of the same in the same moment."""

    code = "competition_prices_changed"
    sentence = _("Vinnarens priser ändrades i samma stund, så inget är sparat. Försök igen.")


@dataclass(frozen=True, slots=True)
class OfferedPrice:
    """What one order unit of an item costs in a bid; without a unit it is the item's own."""

    item: Item
    unit_price: Decimal
    order_unit: str = ""
    units_per_order_unit: Decimal | None = None


def checked_prices(bid: CompetitionBid, offered: Sequence[OfferedPrice]) -> list[BidPrice]:
    """
    Make prices of what was offered, to be saved.

    :raises InvalidInput: one of them is of another item, stands twice, has no pack, or is no price.
    """
    about = set(bid.competition.items.values_list("item", flat=True)) if offered else set()
    keys: set[tuple[int, str]] = set()
    prices = []
    for each in offered:
        price = _price_of(bid, each)
        if each.item.pk not in about:
            raise PriceOfAnotherItem(item=each.item.names)
        if (each.item.pk, price.order_unit) in keys:
            raise PricedTwice(item=each.item.names)
        keys.add((each.item.pk, price.order_unit))
        prices.append(price)
    return prices


def _price_of(bid: CompetitionBid, offered: OfferedPrice) -> BidPrice:
    item, price = offered.item, offered.unit_price
    if not price.is_finite() or not 0 < price <= LARGEST_PRICE or to_unit_price(price) == 0:
        raise PriceIsNoPrice(item=item.names)
    unit, pack = _unit_of(offered), item.units_per_order_unit
    if unit:
        if offered.units_per_order_unit is None:
            raise PackMissing
        pack = offered.units_per_order_unit
        if not pack.is_finite() or not 0 < pack <= LARGEST_PACK or to_quantity(pack) == 0:
            raise PackIsNoPack(item=item.names)
        pack = to_quantity(pack)
    return BidPrice(
        bid=bid, item=item, unit_price=to_unit_price(price), order_unit=unit, units_per_order_unit=pack
    )


def _unit_of(offered: OfferedPrice) -> str:
    """The unit as the register has it: empty for the item's own."""
    text = offered.order_unit.strip()
    if text and units.unit_called(text) is None:
        raise UnknownUnit(value=text)
    unit = units.canonical(text) if text else ""
    return "" if unit == offered.item.order_unit else unit


def written_prices(prices: Iterable[BidPrice]) -> str:
    """Prices as the trail has them: number, price, and the order unit where it is another than the item's own."""
    return ", ".join(
        f"{each.item.number} {each.unit_price} {each.order_unit}".rstrip()
        for each in sorted(prices, key=lambda each: (each.item.number, each.order_unit))
    )


def require_prices(bid: CompetitionBid) -> list[BidPrice]:
    """
    The prices of a bid that is to win: one at least of each item that the competition is about.

    :raises WinnerHasNoPrices: an item has none.
    """
    prices = list(bid.prices.select_related("item").in_order())
    unpriced = bid.competition.items.exclude(item__in=[each.item_id for each in prices])
    numbers = list(unpriced.order_by("item__number").values_list("item__number", flat=True)[:10])
    if numbers:
        raise WinnerHasNoPrices(supplier=bid.supplier.name, items=", ".join(numbers))
    return prices


def let_prices_hold(
    competition: RenewedCompetition,
    bid: CompetitionBid,
    prices: Sequence[BidPrice],
    *,
    by: User,
    at: datetime,
) -> None:
    """
    Let a winner's prices be those of the agreement on the days of the award: the same number of queries however many they are.

    Every other price that it has under the agreement for the same items, in any order unit and from any quantity, gives way on
    those days. How long it takes to deliver stays. What was proposed of them follows (`catalog.operations.award_overlap`).

    :raises PriceIsProposedUpon: a price that would give way altogether is what a proposal is about.
    :raises PricesChangedMeanwhile: somebody wrote one of them in the same moment.
    """
    if not prices:
        return
    lock_register(PRICES)
    award = competition.award_during
    assert award is not None  # noqa: S101, it has been awarded
    proposals = lock_proposals(competition.agreement_id, bid.supplier_id)
    standing = list(
        Price.objects.select_for_update(of=("self",), no_key=True)
        .filter(
            agreement=competition.agreement_id,
            supplier=bid.supplier_id,
            item__in={each.item_id for each in prices},
            valid_during__overlap=award,
        )
        .select_related("item")
        .order_by("pk")
    )
    overlap = AwardOverlap.of(standing, award)
    lead_days = {(each.item_id, each.order_unit): each.lead_days for each in reversed(standing)}
    resumed = _make_room_for_award(standing, award.lower, award.upper, supplier=bid.supplier.name)
    won = [
        Price(
            item_id=each.item_id,
            agreement_id=competition.agreement_id,
            supplier_id=bid.supplier_id,
            order_unit=each.order_unit,
            units_per_order_unit=each.units_per_order_unit,
            unit_price=each.unit_price,
            lead_days=lead_days.get(
                (each.item_id, each.order_unit), Price._meta.get_field("lead_days").default
            ),
            valid_during=award,
        )
        for each in prices
    ]
    try:
        with transaction.atomic():
            Price.objects.bulk_create([*resumed.values(), *won], batch_size=1000)
    except IntegrityError as error:
        raise PricesChangedMeanwhile from error
    adjust_proposals(proposals, overlap, resumed, competition, supplier=bid.supplier, by=by, at=at)


def _make_room_for_award(
    standing: Sequence[Price], first: date, after: date, *, supplier: str
) -> dict[int, Price]:
    """
    End prices the day before the award's first day, and let those that hold longer begin on the day after its last.

    :returns: the rest of those that held both before and after, to be saved, by the ids of those that they are the rest of.
    """
    trimmed_prices, deleted_prices, resumed = [], [], dict[int, Price]()
    for price in standing:
        lower, upper = price.valid_during.lower, price.valid_during.upper
        is_before, is_after = lower is None or lower < first, upper is None or upper > after
        if is_before and is_after:
            resumed[price.pk] = price.copy_during(DateRange(after, upper))
        if is_before or is_after:
            price.valid_during = DateRange(lower, first) if is_before else DateRange(after, upper)
            trimmed_prices.append(price)
        else:
            deleted_prices.append(price)
    proposed = ProposedPrice.objects.filter(price__in=deleted_prices).select_related("price__item")
    if deleted_prices and (row := proposed.order_by("pk").first()) is not None:
        raise PriceIsProposedUpon(
            supplier=supplier, item=row.price.item.names, day=row.price.valid_during.lower
        )
    Price.objects.filter(pk__in=[each.pk for each in deleted_prices]).delete()
    Price.objects.bulk_update(trimmed_prices, ["valid_during"], batch_size=1000)
    return resumed
