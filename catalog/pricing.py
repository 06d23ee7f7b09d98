"""Which price holds for an item on a day: under agreement before outside, then the cheapest."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from catalog.models import Price
from core.compiled import compiled_once


def best_prices(item_ids: Iterable[int], *, day: date) -> dict[int, Price]:
    """The best price of each item that day, with agreement and supplier; items without a price are left out."""
    return {price.item_id: price for price in _best_prices(list(item_ids), day)}


@compiled_once
def _best_prices(items: list[int], day: date) -> QuerySet[Price]:
    return (
        Price.objects.on(day)
        .filter(item__among=items, supplier__blocked_reason="")
        .select_related("agreement", "supplier")
        .best_first()
        .distinct("item_id")
    )
