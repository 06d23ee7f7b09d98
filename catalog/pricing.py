"""
Which price holds for a quantity of an item on a day (pure, but for the one question that reads the rows).

Of the same terms – agreement, supplier and order unit – the price is that of the row whose quantity is the largest that is
reached; where none is reached, that of the smallest, and so many must be ordered. Of several terms those under
agreement come first, by rank where the agreement ranks its suppliers, then the item's own order unit, then what can be
ordered in that quantity, then the cheapest per base unit, then the oldest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from django.db.models import QuerySet

from catalog.models import Price
from catalog.models.prices import PriceQuerySet
from core.compiled import compiled_once

ONE = Decimal(1)

TermsKey = tuple[int, int | None, int, str]
"""Item, agreement (None outside agreements), supplier and order unit (empty for the item's own)."""


@dataclass(frozen=True, slots=True)
class PriceLists:
    """Prices in force on a day, by their terms, each with its quantity breaks."""

    rows: Mapping[TermsKey, Sequence[Price]]

    @classmethod
    def of_rows(cls, prices: Iterable[Price]) -> Self:
        """Gather rows by their terms."""
        rows: dict[TermsKey, list[Price]] = defaultdict(list)
        for price in prices:
            rows[terms_key(price)].append(price)
        return cls(rows)

    def of(
        self,
        item_id: int | None,
        agreement_id: int | None,
        supplier_id: int | None,
        *,
        quantity: Decimal,
        unit: str = "",
    ) -> Price | None:
        """
        The price of a quantity on given terms; of the least that is sold when it is less; None without a price.

        :param unit: the order unit's name; one that has no prices of its own is the item's.
        """
        same = (item_id or 0, agreement_id, supplier_id or 0)
        rows = self.rows.get((*same, unit)) or self.rows.get((*same, ""))
        return at_quantity(rows, quantity) if rows else None


class BestPrices:
    """What items cost on a day, by item: every price that somebody may order at."""

    def __init__(self, prices: Iterable[Price]) -> None:
        self.rows: dict[int, list[Price]] = defaultdict(list)
        for price in prices:
            self.rows[price.item_id].append(price)

    def __contains__(self, item_id: object) -> bool:
        return item_id in self.rows

    def get(self, item_id: int | None, quantity: Decimal = ONE, *, unit: str = "") -> Price | None:
        """
        The best price of a quantity; None for an item that has none.

        :param unit: the name of the order unit that is wanted; one that has no prices of its own is the item's, and
            without a name it is the one that is sold.
        """
        rows = self.rows.get(item_id or 0, ())
        order_unit = None
        if unit:
            units = {price.order_unit for price in rows}
            order_unit = unit if unit in units else "" if "" in units else None
        return best_of(rows, quantity, order_unit=order_unit)

    def open_to(self, administration_id: int) -> Self:
        """Those of them that an administration may use, of prices read with their agreements; the gate asks the same."""
        rows = (each for rows in self.rows.values() for each in rows)
        return type(self)(
            each for each in rows if each.agreement is None or each.agreement.is_open_to(administration_id)
        )

    def of_one_each(self) -> list[Price]:
        """The best price of one of each item."""
        candidates = [best_of(rows, ONE) for rows in self.rows.values()]
        return [price for price in candidates if price is not None]

    def breaks(self, price: Price) -> list[Price]:
        """The quantity breaks of a price's terms, the smallest first; itself alone where there is one price."""
        same = [each for each in self.rows.get(price.item_id, ()) if terms_key(each) == terms_key(price)]
        return sorted(same, key=lambda each: each.minimum_quantity)

    def units(self, item_id: int) -> list[Price]:
        """The best price of one in each order unit that the item is sold in, the cheapest per base unit first."""
        units = {price.order_unit for price in self.rows.get(item_id, [])}
        candidates = [best_of(self.rows[item_id], ONE, order_unit=unit) for unit in units]
        prices = [price for price in candidates if price is not None]
        return sorted(prices, key=lambda price: (price.price_per_base_unit, price.order_unit))


def terms_key(price: Price) -> TermsKey:
    """On what terms a price is."""
    return price.item_id, price.agreement_id, price.supplier_id, price.order_unit


def at_quantity(rows: Iterable[Price], quantity: Decimal) -> Price:
    """Of the breaks of the same terms, the one that holds for a quantity; the smallest when none is reached."""
    return min(
        rows, key=lambda price: (price.minimum_quantity > quantity, abs(price.minimum_quantity - quantity))
    )


def best_of(rows: Iterable[Price], quantity: Decimal, *, order_unit: str | None = None) -> Price | None:
    """
    The best price of a quantity among all of an item's, each at its own break.

    :param order_unit: the order unit that is wanted, empty for the item's own; None for the one that is sold.
    """
    lists = PriceLists.of_rows(
        price for price in rows if order_unit is None or price.order_unit == order_unit
    )
    holding = [at_quantity(breaks, quantity) for breaks in lists.rows.values()]
    return min(
        holding,
        key=lambda price: (
            price.agreement_id is None,
            price.supplier_rank,
            price.order_unit != "",
            price.minimum_quantity > quantity,
            price.price_per_base_unit,
            price.pk,
        ),
        default=None,
    )


def best_prices(
    item_ids: Iterable[int], *, day: date, administrations: Sequence[int] | None = None
) -> BestPrices:
    """
    The prices that items can be ordered at that day, with agreement and supplier: one query.

    :param administrations: those that it is for; only prices that one of them may use then. None for whoever orders for none.
    """
    ids = list(item_ids)
    return BestPrices(
        _prices(ids, day) if administrations is None else _usable_prices(ids, day, list(administrations))
    )


@compiled_once
def _prices(items: list[int], day: date) -> QuerySet[Price]:
    return _all_prices(items, day)


@compiled_once
def _usable_prices(items: list[int], day: date, administrations: list[int]) -> QuerySet[Price]:
    return _all_prices(items, day).usable_by(administrations)


def _all_prices(items: list[int], day: date) -> PriceQuerySet:
    return (
        Price.objects.on(day)
        .filter(item__among=items, supplier__blocked_reason="")
        .with_rank(day)
        .select_related("agreement", "supplier")
        .order_by("item_id", "pk")
    )
