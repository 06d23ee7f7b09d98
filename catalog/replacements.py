"""
What may be taken instead of an item on a day, directly or by way of others that have left too.

The database function ``catalog_replacements`` walks the way; every door asks it through this module. An orderer is offered
the best that is approved and can itself be ordered, never what is for a crisis alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db import models

from catalog.models import Equivalence, Item
from catalog.states import ItemStatus
from core.money import to_factor

STAYS = (ItemStatus.STANDARD, ItemStatus.TRIAL)


@dataclass(frozen=True, slots=True)
class Replacement:
    """
    An item that may be taken instead of another: ``factor`` of its order units for each of the other's.

    Where there are several steps, the factor is their product, ``equivalence`` that of the weakest, and ``note`` what all say.
    ``base_factor`` is the same in base units.
    """

    to_item: Item
    factor: Decimal
    base_factor: Decimal
    equivalence: Equivalence
    note: str
    is_offered: bool
    """Whether an orderer is offered it that day."""

    @property
    def is_for_crisis(self) -> bool:
        """Whether it is to be taken in a crisis alone."""
        return self.equivalence == Equivalence.CRISIS_ONLY

    @property
    def condition(self) -> str:
        """What has to be read before it is taken; empty for what does just as well."""
        return "" if self.equivalence == Equivalence.FULL else self.note

    @property
    def frozen_factor(self) -> Decimal | None:
        """Its base units that do for one of the other's, as savings count it; None for what is for a crisis alone."""
        if self.is_for_crisis:
            return None
        return to_factor(self.base_factor) or None

    def instead_of(self, quantity: Decimal, units_per_order_unit: Decimal) -> Decimal:
        """How many order units do for so many of the other item, in a pack of so many base units; whole ones."""
        units = quantity * units_per_order_unit * self.base_factor / self.to_item.units_per_order_unit
        return to_factor(units).to_integral_value(ROUND_CEILING)


def known_on(item: str, day: date) -> models.Func:
    """
    All that is said to replace an item, as an annotation that ``read_replacements`` reads; the best first.

    :param item: the field with the item's id.
    """
    return models.Func(
        models.F(item),
        day,
        function="catalog_replacements",
        output_field=models.JSONField(),
    )


def replacement_on(day: date, *, item: str = "") -> models.Case:
    """
    What replaces items that leave, have left or are blocked, as an annotation that ``read_replacement`` reads.

    :param item: where the item stands on what is annotated; itself, when that is not said.
    """
    status, pk = (f"{item}__status", f"{item}_id") if item else ("status", "pk")
    stays = models.Q((f"{status}__in", STAYS))
    return models.Case(
        models.When(stays, then=None), default=known_on(pk, day), output_field=models.JSONField()
    )


def read_replacements(rows: Iterable[dict[str, Any]] | None) -> list[Replacement]:
    """What the annotation says."""
    return [
        Replacement(
            to_item=_item(**each["to_item"]),
            factor=Decimal(each["factor"]),
            base_factor=Decimal(each["base_factor"]),
            equivalence=Equivalence(each["equivalence"]),
            note=each["note"],
            is_offered=each["is_offered"],
        )
        for each in rows or ()
    ]


def read_replacement(rows: Iterable[dict[str, Any]] | None) -> Replacement | None:
    """What an orderer is offered of what the annotation says."""
    return next((each for each in read_replacements(rows) if each.is_offered), None)


def replacements_of(items: Iterable[Item], *, day: date) -> dict[int, Replacement]:
    """What replaces each item that leaves, has left or is blocked, by the item's id; one query, none when all stay."""
    leaving = [item.pk for item in items if item.status not in STAYS]
    replacement_by_id = {
        pk: next((each for each in ways if each.is_offered), None)
        for pk, ways in all_replacements(leaving, day=day).items()
    }
    return {pk: each for pk, each in replacement_by_id.items() if each is not None}


def all_replacements(items: Collection[int], *, day: date) -> dict[int, list[Replacement]]:
    """All that is said to replace each item, by the item's id; one query, none for nothing."""
    if not items:
        return {}
    rows = Item.objects.filter(pk__in=items).values_list("pk", known_on("pk", day)).order_by("pk")
    return {pk: read_replacements(each) for pk, each in rows}


def _item(*, units_per_order_unit: str, **facts: Any) -> Item:
    """An item with what is said of it, not read anew."""
    return Item(units_per_order_unit=Decimal(units_per_order_unit), **facts)
