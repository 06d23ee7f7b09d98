"""What could be ordered instead: known replacements first, then what is alike and on agreement."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db import models
from django.db.models import QuerySet

from catalog.models import Item, Price
from catalog.nearest import nearest_items
from catalog.pricing import BestPrices
from catalog.replacements import Replacement, known_on, read_replacements
from core.compiled import compiled_once
from core.money import line_amount
from core.numbers import LARGEST_ID
from organizations.models import User
from procurement.models import RequisitionLine
from procurement.models.line_questions import RequisitionLineQuerySet
from procurement.states import LineStatus

MOST_SUGGESTIONS = 4
MOST_DISTANCE = 0.65


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that could replace a line's, at the price of the day; ``quantity`` in its own order units."""

    item: Item
    price: Price
    quantity: Decimal
    known: Replacement | None
    """What is said of it, when that is known."""

    @property
    def amount(self) -> Decimal:
        """What it would cost, SEK excluding VAT."""
        return line_amount(self.price.unit_price, self.quantity)


def suggestions_for(line: RequisitionLine, *, day: date) -> list[Suggestion]:
    """Suggest replacements that can be ordered and have a price, for a line ``with_replacements``: two queries at most."""
    replacements = _replacements(line)
    distances = _distances(line, day)
    family = line.item.family if line.item and line.item.family else None
    department = line.requisition.department
    ids = [line.item_id or 0, *replacements, *distances]
    prices = BestPrices(_prices(ids, day, department.pk, [department.administration_id]))
    ranked = sorted(
        (price for price in prices.of_one_each() if price.item_id != line.item_id),
        key=lambda price: (
            price.item_id not in replacements,
            list(replacements).index(price.item_id) if price.item_id in replacements else 0,
            price.agreement_id is None,
            price.item.family != family,
            distances.get(price.item_id, 0 if price.item.family == family else 1),
            price.item_id,
        ),
    )
    return [
        _suggestion(line, price, replacements.get(price.item_id), prices)
        for price in ranked[:MOST_SUGGESTIONS]
    ]


def with_replacements(lines: RequisitionLineQuerySet, day: date) -> RequisitionLineQuerySet:
    """Lines with what is known to replace their items that day, the best first; for a crisis alone last, and marked."""
    return lines.annotate(known=known_on("item_id", day))


def line_with_replacements(user: User, key: int, *, day: date) -> RequisitionLine | None:
    """The line of that id with what is known to replace its item; None where nothing opens it to her that day."""
    return next(iter(_visible_lines(user, key, day)), None) if key <= LARGEST_ID else None


@compiled_once
def _visible_lines(user: User, key: int, day: date) -> QuerySet[RequisitionLine]:
    lines = RequisitionLine.objects.opened_to(user, day).exclude(status=LineStatus.DRAFT)
    return with_replacements(lines.filter(pk=key), day).for_display()


def _replacements(line: RequisitionLine) -> dict[int, Replacement]:
    rows: list[dict[str, Any]] = line.known  # type: ignore[attr-defined]
    return {each.to_item.pk: each for each in read_replacements(rows)}


def _suggestion(
    line: RequisitionLine, price: Price, replacement: Replacement | None, prices: BestPrices
) -> Suggestion:
    if replacement is not None:
        quantity = replacement.instead_of(line.quantity, line.units_per_order_unit)
    else:
        quantity = (line.quantity * _pack_factor(line, price.item)).to_integral_value(ROUND_CEILING)
    return Suggestion(
        item=price.item,
        price=prices.get(price.item_id, quantity, unit=price.item.order_unit) or price,
        quantity=quantity,
        known=replacement,
    )


def _distances(line: RequisitionLine, day: date) -> dict[int, float]:
    """Items whose names are like what is asked for, in the same category when that is known, and how like."""
    neighbours = nearest_items(
        [line.description],
        day=day,
        most=MOST_SUGGESTIONS * 4,
        category_id=line.item.category_id if line.item else None,
    ).get(line.description, [])
    return {each.item_id: each.distance for each in neighbours if each.distance <= MOST_DISTANCE}


@compiled_once
def _prices(
    items: list[int], day: date, department: int, administrations: list[int]
) -> models.QuerySet[Price]:
    """What these items, and others in their families, cost today, that the department can order."""
    others = Item.objects.and_their_families(items).orderable_on(day, department_id=department)
    return (
        Price.objects.on(day)
        .usable_by(administrations)
        .with_rank(day)
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
