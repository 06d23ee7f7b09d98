"""What could be ordered instead: known replacements first, then what is alike and on agreement."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from django.db import models

from catalog.models import Item, Price, Substitution
from catalog.nearest import nearest_items
from core.compiled import compiled_once
from core.money import line_amount
from procurement.models import RequisitionLine

MOST_SUGGESTIONS = 4
MOST_DISTANCE = 0.65


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
    """Suggest replacements that can be ordered and have a price: three queries at most."""
    known = {each.to_item_id: each for each in _known(line, day)}
    distances = _distances(line, day)
    family = line.item.family if line.item and line.item.family else None
    prices = _prices([line.item_id or 0, *known, *distances], day)
    ranked = sorted(
        (price for price in prices if price.item_id != line.item_id),
        key=lambda price: (
            price.item_id not in known,
            list(known).index(price.item_id) if price.item_id in known else 0,
            price.agreement_id is None,
            price.item.family != family,
            distances.get(price.item_id, 0 if price.item.family == family else 1),
            price.item_id,
        ),
    )
    return [_suggestion(line, price, known.get(price.item_id)) for price in ranked[:MOST_SUGGESTIONS]]


def _suggestion(line: RequisitionLine, price: Price, known: Substitution | None) -> Suggestion:
    factor = known.factor if known else _pack_factor(line, price.item)
    return Suggestion(
        item=price.item,
        price=price,
        quantity=(line.quantity * factor).to_integral_value(ROUND_CEILING),
        is_known=known is not None,
        note=known.note if known else "",
    )


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


def _distances(line: RequisitionLine, day: date) -> dict[int, float]:
    """Items whose names are like what is asked for, in the same category when that is known, and how like."""
    near = nearest_items(
        [line.description],
        day=day,
        most=MOST_SUGGESTIONS * 4,
        category_id=line.item.category_id if line.item else None,
    ).get(line.description, [])
    return {each.item_id: each.distance for each in near if each.distance <= MOST_DISTANCE}


@compiled_once
def _prices(items: list[int], day: date) -> models.QuerySet[Price]:
    """The best price today of each of these items, and of others in their families, that can be ordered."""
    others = Item.objects.and_their_families(items).orderable_on(day)
    return (
        Price.objects.on(day)
        .filter(item__in=others, supplier__blocked_reason="")
        .select_related("agreement", "supplier", "item__category")
        .defer("item__search_vector")
        .best_first()
        .distinct("item_id")
    )


def _pack_factor(line: RequisitionLine, item: Item) -> Decimal:
    """How many of the other's order units hold as much, when both are counted in the same base unit."""
    if line.item is None or line.item.base_unit != item.base_unit:
        return Decimal(1)
    return line.units_per_order_unit / item.units_per_order_unit
