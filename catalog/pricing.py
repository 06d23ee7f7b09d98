"""Which price holds for an item on a day: under agreement before outside, then the cheapest."""

from collections.abc import Iterable
from datetime import date

from catalog.models import Price


def best_prices(item_ids: Iterable[int], *, day: date) -> dict[int, Price]:
    """The best price of each item that day, with agreement and supplier; items without a price are left out."""
    prices = (
        Price.objects.on(day)
        .filter(item__in=list(item_ids), supplier__blocked_reason="")
        .select_related("agreement", "supplier")
        .best_first()
        .distinct("item_id")
    )
    return {price.item_id: price for price in prices}
