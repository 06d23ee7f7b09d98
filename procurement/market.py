"""
What items cost on a day, for the gate: the best offer of each, and the price that a line's own terms have now.

One question however many lines; both are compiled once (ADR 0012), since every order asks them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from catalog.models import Price
from catalog.models.prices import PriceQuerySet
from core.compiled import compiled_once


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in force on a day, by item and agreement (None outside agreements)."""

    rows: Mapping[tuple[int, int | None], Price]

    @classmethod
    def of_one(cls, price: Price) -> "Prices":
        """One price alone."""
        return cls({(price.item_id, price.agreement_id): price})

    def of(self, item_id: int | None, agreement_id: int | None, supplier_id: int | None) -> Price | None:
        """The price of an item from a supplier under an agreement, if it has one."""
        price = self.rows.get((item_id or 0, agreement_id))
        return price if price is not None and price.supplier_id == supplier_id else None


def offers(
    item_ids: Iterable[int], *, day: date, administrations: Sequence[int] | None = None
) -> dict[int, Price]:
    """
    The best price of each item that day, with agreement, supplier and the item; without a price it is left out.

    :param administrations: those that it is for; only prices that one of them may use then. None for whoever orders for none.
    """
    ids = list(item_ids)
    prices = _offers(ids, day) if administrations is None else _usable(ids, day, list(administrations))
    return {price.item_id: price for price in prices}


def prices_on(day: date, item_ids: Iterable[int | None]) -> Prices:
    """Read every price of the items that is in force that day; no question when there are no items."""
    ids = list({item_id for item_id in item_ids if item_id is not None})
    rows = _prices(ids, day) if ids else []
    return Prices({(row.item_id, row.agreement_id): row for row in rows})


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
        .select_related("agreement", "supplier", "item__category__account")
        .defer("item__search_vector", "item__description")
        .best_first()
        .distinct("item_id")
    )


@compiled_once
def _prices(items: list[int], day: date) -> QuerySet[Price]:
    return Price.objects.filter(item__among=items, valid_during__contains=day)
