"""A list to choose from before it is put in the basket: what each costs today, what cannot be ordered, what replaces it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self

from django.http import QueryDict

from catalog.favourites import ListedItem, items_today
from catalog.models import Item
from catalog.pricing import BestPrices
from core.money import line_amount
from organizations.models import Department
from procurement.market import offers
from procurement.models import RequisitionLine
from shop.habits import PurchaseHabit, at_a_time


@dataclass(frozen=True, slots=True)
class Pick:
    """An item to choose, how many, and what there is to know of it today."""

    kept: ListedItem
    quantity: Decimal
    unit: str
    """The order unit that it is sold in."""
    is_chosen: bool = False
    in_basket: RequisitionLine | None = None
    other_unit: str = ""
    """The order unit that was meant, when it is sold in another now."""
    typed: str = ""
    """How many, as somebody typed it, where her list could not be read."""

    @property
    def item(self) -> Item:
        """The item."""
        return self.kept.item

    @property
    def least(self) -> Decimal:
        """How few are sold."""
        return Decimal(self.kept.price.minimum_quantity) if self.kept.price else Decimal(1)

    @property
    def shown(self) -> Decimal | str:
        """What stands in its field."""
        return self.typed or self.quantity

    @property
    def amount(self) -> Decimal:
        """What so many cost today; nothing when they cannot be ordered."""
        return line_amount(self.kept.price.unit_price, self.quantity) if self.kept.price else Decimal(0)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An item of a list, how many, and the order unit that was meant, if it was said."""

    item: Item
    quantity: Decimal | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed beside the items of a list and chosen among them, to be shown again when some of it cannot be read."""

    quantities: Mapping[str, str]
    """As they were typed, by the items' numbers."""
    chosen: Collection[str]
    """The numbers of those that were chosen."""

    @classmethod
    def read(cls, posted: QueryDict) -> Self:
        """What was sent: each ``row`` with its number, and the ``pick`` among them, or all."""
        numbers = posted.getlist("row")
        quantities = {number: posted.get(f"antal-{number}", "") for number in numbers}
        return cls(quantities, frozenset(numbers if "all" in posted else posted.getlist("pick")))

    def beside(self, rows: Iterable[Pick]) -> list[Pick]:
        """The list as it was sent."""
        return [
            replace(
                row,
                typed=self.quantities.get(row.item.number, ""),
                is_chosen=row.kept.can_be_added and row.item.number in self.chosen,
            )
            for row in rows
        ]


def pick_rows(
    entries: Sequence[ListEntry],
    *,
    department: Department | None,
    day: date,
    usual: Mapping[int, PurchaseHabit],
    basket_lines: Iterable[RequisitionLine] = (),
    is_chosen: bool = False,
) -> list[Pick]:
    """
    Read a list: one query of prices, and one more when something leaves the assortment.

    :param usual: what the department buys at a time, where the list says nothing.
    :param is_chosen: whether what can be ordered and is not in the basket already is chosen from the beginning.
    """
    items = [each.item for each in entries]
    administrations = [department.administration_id] if department else None
    prices = (
        offers([item.pk for item in items], day=day, administrations=administrations)
        if items
        else BestPrices([])
    )
    basket_line_by_unit = {(line.item_id, line.unit): line for line in basket_lines if line.item_id}
    rows = []
    department_id = department.pk if department else None
    listed_items = items_today(items, prices, day=day, department_id=department_id)
    for each, listed_item in zip(entries, listed_items, strict=True):
        habit = usual.get(each.item.pk) if each.quantity is None else None
        asked_quantity, asked_unit = (
            (habit.quantity, habit.unit) if habit else (each.quantity or Decimal(1), each.unit)
        )
        price = prices.get(each.item.pk, asked_quantity, unit=asked_unit or each.item.order_unit)
        unit = price.pack_of(each.item)[0] if price else each.item.order_unit
        least = at_a_time(habit, unit=unit, price=price)
        other_unit = each.unit if each.unit and each.unit != unit else ""
        in_basket = basket_line_by_unit.get((each.item.pk, unit))
        rows.append(
            Pick(
                kept=replace(listed_item, price=price),
                unit=unit,
                quantity=max(each.quantity or least, least),
                is_chosen=is_chosen and listed_item.can_be_added and in_basket is None and not other_unit,
                in_basket=in_basket,
                other_unit=other_unit,
            )
        )
    return rows
