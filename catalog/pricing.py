"""Which price holds for an item on a day: under agreement before outside, then the cheapest."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from catalog.models import Price
from catalog.models.prices import PriceQuerySet
from core.compiled import compiled_once


def best_prices(
    item_ids: Iterable[int], *, day: date, administrations: Sequence[int] | None = None
) -> dict[int, Price]:
    """
    The best price of each item that day, with agreement and supplier; items without a price are left out.

    :param administrations: those that it is for; only prices that one of them may use then. None for whoever orders for none.
    """
    ids = list(item_ids)
    prices = (
        _best_prices(ids, day) if administrations is None else _best_usable(ids, day, list(administrations))
    )
    return {price.item_id: price for price in prices}


@compiled_once
def _best_prices(items: list[int], day: date) -> QuerySet[Price]:
    return _best(items, day)


@compiled_once
def _best_usable(items: list[int], day: date, administrations: list[int]) -> QuerySet[Price]:
    return _best(items, day).usable_by(administrations)


def _best(items: list[int], day: date) -> PriceQuerySet:
    return (
        Price.objects.on(day)
        .filter(item__among=items, supplier__blocked_reason="")
        .select_related("agreement", "supplier")
        .best_first()
        .distinct("item_id")
    )
