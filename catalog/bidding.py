"""What bids cost: what the asked volume comes to at a bid's prices, and which price of an item is the lowest (pure)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from catalog.models import BidPrice, CompetitionItem
from core.money import ZERO, line_amount


def by_item(prices: Iterable[BidPrice]) -> Mapping[int, Sequence[BidPrice]]:
    """The prices of a bid by item, the cheapest per base unit first."""
    of_item: dict[int, list[BidPrice]] = defaultdict(list)
    for price in sorted(prices, key=lambda each: (each.price_per_base_unit, each.order_unit)):
        of_item[price.item_id].append(price)
    return of_item


def volume_amount(line: CompetitionItem, price: BidPrice) -> Decimal:
    """What the asked volume of an item, which is in the item's own order units, costs at a price, SEK excluding VAT."""
    base_units = line.quantity * line.item.units_per_order_unit
    return line_amount(price.unit_price, base_units / (price.units_per_order_unit or Decimal(1)))


def priced_amount(competition_items: Iterable[CompetitionItem], prices: Iterable[BidPrice]) -> Decimal | None:
    """
    What the whole asked volume costs at a bid's prices, each item in the pack that is cheapest per base unit.

    :returns: None where nothing is asked for, or an item has no price.
    """
    of_item, lines = by_item(prices), list(competition_items)
    if not lines or any(each.item_id not in of_item for each in lines):
        return None
    return sum((volume_amount(each, of_item[each.item_id][0]) for each in lines), ZERO)
