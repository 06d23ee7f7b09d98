"""What could be ordered instead: known replacements first, then what is alike and on agreement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from django.db import models

from catalog.models import Item, Price, Substitution
from catalog.nearest import nearest_items
from catalog.pricing import best_prices
from core.money import line_amount
from procurement.models import RequisitionLine

MOST_SUGGESTIONS = 4
MOST_DISTANCE = 0.65
MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that could replace a line's, at the price of the day; ``quantity`` in its own order units."""

    item: Item
    price: Price
    quantity: Decimal
    is_known: bool
    note: str = ""

    @property
    def amount(self) -> Decimal:
        """What it would cost, SEK excluding VAT."""
        return line_amount(self.price.unit_price, self.quantity)


def suggestions_for(line: RequisitionLine, *, day: date) -> list[Suggestion]:
    """Suggest replacements that can be ordered and have a price; three queries at most."""
    known = _known(line, day)
    items = [each.to_item for each in known] + _similar(
        line, day, apart_from=[each.to_item_id for each in known]
    )
    prices = best_prices([item.pk for item in items], day=day)
    factors = {each.to_item_id: each for each in known}
    found = []
    for item in items:
        if item.pk in prices:
            substitution = factors.get(item.pk)
            factor = substitution.factor if substitution else _pack_factor(line, item)
            found.append(
                Suggestion(
                    item=item,
                    price=prices[item.pk],
                    quantity=(line.quantity * factor).to_integral_value(ROUND_CEILING),
                    is_known=substitution is not None,
                    note=substitution.note if substitution else "",
                )
            )
    found.sort(key=lambda each: (not each.is_known, each.price.agreement_id is None))
    return found[:MOST_SUGGESTIONS]


def _known(line: RequisitionLine, day: date) -> list[Substitution]:
    if line.item_id is None:
        return []
    return list(
        Substitution.objects.filter(
            from_item=line.item_id, valid_during__contains=day, to_item__in=Item.objects.orderable_on(day)
        )
        .select_related("to_item")
        .order_by("equivalence", "pk")
    )


def _similar(line: RequisitionLine, day: date, *, apart_from: Sequence[int]) -> list[Item]:
    """Items whose names are like what is asked for, in the same category when that is known, other sizes first."""
    asked = line.item
    near = nearest_items(
        [line.description],
        day=day,
        most=MOST_SUGGESTIONS * 4,
        category_id=asked.category_id if asked else None,
    ).get(line.description, [])
    distances = {each.item_id: each.distance for each in near if each.distance <= MOST_DISTANCE}
    alike = models.Q(pk__in=distances)
    if asked and asked.family:
        alike |= models.Q(category=asked.category_id, family=asked.family)
    others = Item.objects.orderable_on(day).filter(alike).exclude(pk__in=[*apart_from, line.item_id or 0])
    family = asked.family if asked and asked.family else None
    ranked = sorted(
        others[:MOST_FOUND], key=lambda item: (item.family != family, distances.get(item.pk, 0), item.pk)
    )
    return ranked[: MOST_SUGGESTIONS * 2]


def _pack_factor(line: RequisitionLine, item: Item) -> Decimal:
    """How many of the other's order units hold as much, when both are counted in the same base unit."""
    if line.item is None or line.item.base_unit != item.base_unit:
        return Decimal(1)
    return line.units_per_order_unit / item.units_per_order_unit
