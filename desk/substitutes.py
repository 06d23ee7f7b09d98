"""What could be ordered instead: known replacements first, then what is alike and on agreement."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Cast, JSONObject

from catalog.models import Equivalence, Item, Price, Substitution
from catalog.nearest import nearest_items
from catalog.pricing import BestPrices
from core.compiled import compiled_once
from core.money import line_amount
from procurement.models import RequisitionLine
from procurement.models.lines import RequisitionLineQuerySet

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
    equivalence: Equivalence | None = None
    """How good it is, when that is known."""

    @property
    def is_for_crisis(self) -> bool:
        """Whether it is to be taken in a crisis alone."""
        return self.equivalence == Equivalence.CRISIS_ONLY

    @property
    def amount(self) -> Decimal:
        """What it would cost, SEK excluding VAT."""
        return line_amount(self.price.unit_price, self.quantity)


@dataclass(frozen=True, slots=True)
class _Known:
    """What was said of a replacement."""

    factor: Decimal
    note: str
    equivalence: Equivalence


def suggestions_for(line: RequisitionLine, *, day: date) -> list[Suggestion]:
    """Suggest replacements that can be ordered and have a price, for a line ``with_known``: two queries at most."""
    known = _known(line)
    distances = _distances(line, day)
    family = line.item.family if line.item and line.item.family else None
    department = line.requisition.department
    ids = [line.item_id or 0, *known, *distances]
    prices = BestPrices(_prices(ids, day, department.pk, [department.administration_id]))
    ranked = sorted(
        (price for price in prices.of_one_each() if price.item_id != line.item_id),
        key=lambda price: (
            price.item_id not in known,
            list(known).index(price.item_id) if price.item_id in known else 0,
            price.agreement_id is None,
            price.item.family != family,
            distances.get(price.item_id, 0 if price.item.family == family else 1),
            price.item_id,
        ),
    )
    return [_suggestion(line, price, known.get(price.item_id), prices) for price in ranked[:MOST_SUGGESTIONS]]


def with_known(lines: RequisitionLineQuerySet, day: date) -> RequisitionLineQuerySet:
    """Lines with what is known to replace their items that day, the best first; for a crisis alone last, and marked."""
    known = Substitution.objects.approved_on(day).filter(from_item=models.OuterRef("item"))
    said = JSONObject(
        item="to_item_id",
        factor=Cast("factor", models.TextField()),
        note="note",
        equivalence="equivalence",
    )
    return lines.annotate(known=ArraySubquery(known.best_first().values(said=said)))


def _known(line: RequisitionLine) -> dict[int, _Known]:
    said: list[dict[str, Any]] = line.known  # type: ignore[attr-defined]
    return {
        each["item"]: _Known(Decimal(each["factor"]), each["note"], Equivalence(each["equivalence"]))
        for each in said
    }


def _suggestion(line: RequisitionLine, price: Price, known: _Known | None, prices: BestPrices) -> Suggestion:
    factor = known.factor if known else _pack_factor(line, price.item)
    quantity = (line.quantity * factor).to_integral_value(ROUND_CEILING)
    return Suggestion(
        item=price.item,
        price=prices.get(price.item_id, quantity, unit=price.item.order_unit) or price,
        quantity=quantity,
        is_known=known is not None,
        note=known.note if known else "",
        equivalence=known.equivalence if known else None,
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
def _prices(
    items: list[int], day: date, department: int, administrations: list[int]
) -> models.QuerySet[Price]:
    """What these items, and others in their families, cost today, that the department can order."""
    others = Item.objects.and_their_families(items).orderable_on(day, department_id=department)
    return (
        Price.objects.on(day)
        .usable_by(administrations)
        .with_rank()
        .filter(item__in=others, supplier__blocked_reason="")
        .select_related("agreement", "supplier", "item__category")
        .defer("item__search_vector")
        .order_by("item_id", "pk")
    )


def _pack_factor(line: RequisitionLine, item: Item) -> Decimal:
    """How many of the other's order units hold as much, when both are counted in the same base unit."""
    if line.item is None or line.item.base_unit != item.base_unit:
        return Decimal(1)
    return line.units_per_order_unit / item.units_per_order_unit
