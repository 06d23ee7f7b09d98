"""What bids say, as those who register and compare them see it: the prices that are asked for, and each supplier's side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from catalog.bidding import by_item, priced_amount, volume_amount
from catalog.models import BidPrice, CompetitionBid, CompetitionItem, Price
from catalog.states import BidOutcome


@dataclass(frozen=True, slots=True)
class BidRow:
    """A price that is asked for: of an item in a pack, which is empty for the item's own, with what is known of it."""

    asked: CompetitionItem
    order_unit: str = ""
    pack: Decimal | None = None
    unit_price: Decimal | None = None


def bid_rows(bid: CompetitionBid, *, day: date) -> list[BidRow]:
    """
    What to ask of a bid: the prices that are registered, else one for each pack that the supplier sells an item in under the agreement.

    Three queries; an item that the supplier does not sell is asked for in its own order unit.
    """
    competition = bid.competition
    competition_items = list(competition.items.select_related("item").order_by("item__number"))
    registered = list(bid.prices.in_order())
    prices = Price.objects.none()
    if competition_items and not registered:
        under = Price.objects.filter(agreement=competition.agreement_id, supplier=bid.supplier_id)
        prices = under.filter(
            item__in=[each.item_id for each in competition_items], valid_during__contains=day
        )
    rows: dict[int, dict[str, BidRow]] = {each.item_id: {} for each in competition_items}
    of_item = {each.item_id: each for each in competition_items}
    for price in prices.order_by("order_unit", "pk"):
        rows[price.item_id][price.order_unit] = _offered_pack(of_item[price.item_id], price)
    for bid_price in registered:
        row = _offered_pack(of_item[bid_price.item_id], bid_price)
        rows[bid_price.item_id][bid_price.order_unit] = replace(row, unit_price=bid_price.unit_price)
    return [row for each in competition_items for row in (rows[each.item_id].values() or [BidRow(each)])]


def _offered_pack(competition_item: CompetitionItem, price: BidPrice | Price) -> BidRow:
    """The pack of a price, which is not said of the item's own order unit."""
    return BidRow(
        competition_item, price.order_unit, price.units_per_order_unit if price.order_unit else None
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """What an item costs in one bid: nothing where the bid has no price of it."""

    bid: CompetitionBid
    prices: Sequence[BidPrice] = ()
    amount: Decimal | None = None
    """What the asked volume costs, in the pack that is cheapest."""
    is_lowest: bool = False


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """An item, and what it costs in each bid."""

    asked: CompetitionItem
    offers: Sequence[Offer]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The bids side by side, item by item and in total; empty where nobody has priced anything."""

    rows: Sequence[ComparedItem]
    totals: Sequence[Offer]


def comparison_of(bids: Sequence[CompetitionBid], competition_items: Sequence[CompetitionItem]) -> Comparison:
    """
    Put the bids that came side by side, in the order given.

    :param bids: with their prices.
    :param competition_items: with their items.
    """
    actual_bids = [bid for bid in bids if bid.outcome == BidOutcome.BID]
    prices = {bid.pk: list(bid.prices.all()) for bid in actual_bids}
    if not any(prices.values()):
        return Comparison((), ())
    of_item = {pk: by_item(rows) for pk, rows in prices.items()}
    rows = []
    for each in competition_items:
        offers = []
        for bid in actual_bids:
            of_bid = of_item[bid.pk].get(each.item_id, ())
            offers.append(Offer(bid, of_bid, volume_amount(each, of_bid[0]) if of_bid else None))
        rows.append(ComparedItem(each, _with_lowest(offers)))
    totals = [Offer(bid, (), priced_amount(competition_items, prices[bid.pk])) for bid in actual_bids]
    return Comparison(rows, _with_lowest(totals))


def _with_lowest(offers: Sequence[Offer]) -> list[Offer]:
    """Mark the lowest, and those that are as low, where there is more than one to choose from."""
    amounts = [each.amount for each in offers if each.amount is not None]
    lowest = min(amounts) if len(amounts) > 1 else None
    return [
        Offer(each.bid, each.prices, each.amount, lowest is not None and each.amount == lowest)
        for each in offers
    ]
