"""
What items cost on a day, for the gate: what each can be ordered at, and the prices that a line's own terms have now.

One question however many lines; both are compiled once (ADR 0012), since every order asks them.
"""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import QuerySet

from catalog.models import Price
from catalog.models.prices import PriceQuerySet
from catalog.pricing import BestPrices, PriceLists
from core.compiled import compiled_once


def offers(item_ids: Iterable[int], *, day: date, administrations: Sequence[int] | None = None) -> BestPrices:
    """
    What each item can be ordered at that day, with agreement, supplier and the item; without a price it is left out.

    :param administrations: those that it is for; only prices that one of them may use then. None for whoever orders for none.
    """
    ids = list(item_ids)
    if not ids:
        return BestPrices(())
    return BestPrices(
        _offers(ids, day) if administrations is None else _usable(ids, day, list(administrations))
    )


def prices_on(day: date, item_ids: Iterable[int | None]) -> PriceLists:
    """Read every price of the items that is in force that day; no question when there are no items."""
    ids = list({item_id for item_id in item_ids if item_id is not None})
    return PriceLists.of_rows(_prices(ids, day) if ids else [])


@compiled_once
def _offers(items: list[int], day: date) -> QuerySet[Price]:
    return _best(items, day)


@compiled_once
def _usable(items: list[int], day: date, administrations: list[int]) -> QuerySet[Price]:
    return _best(items, day).usable_by(administrations)


def _best(items: list[int], day: date) -> PriceQuerySet:
    return (
        Price.objects.on(day)
        .filter(item__among=items, supplier__blocked_reason="")
        .with_rank(day)
        .select_related("agreement", "supplier", "item__category__account")
        .defer("item__search_vector", "item__description")
        .order_by("item_id", "pk")
    )


@compiled_once
def _prices(items: list[int], day: date) -> QuerySet[Price]:
    return Price.objects.filter(item__among=items, valid_during__contains=day)
