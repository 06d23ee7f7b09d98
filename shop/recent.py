"""
What was ordered lately, to be ordered again with one press: by the person, and by the others of her department.

One question, which looks through the latest requisitions by index, however many the department has made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from catalog.favourites import ListedItem
from catalog.models import Item
from catalog.permissions import can_be_ordered
from catalog.pricing import BestPrices
from catalog.replacements import read_replacement, replacement_on
from core.compiled import compiled_once
from organizations.models import Department, User
from procurement.models import Requisition, RequisitionLine
from procurement.states import LineStatus

LOOKED_THROUGH = 30
"""So many of her latest requisitions, and so many of the department's."""
MOST_LINES = 300
MOST_SHOWN = 4
NOT_ORDERED = [LineStatus.DRAFT, LineStatus.SUPERSEDED, LineStatus.WITHDRAWN]

SHOWN_FIELDS = (
    "quantity",
    "unit",
    "units_per_order_unit",
    "submitted_at",
    "requisition__requester",
    *(
        f"item__{name}"
        for name in (
            "number",
            "name",
            "name_en",
            "size",
            "status",
            "blocked_reason",
            "last_order_date",
            "tried",
            "order_unit",
            "units_per_order_unit",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class RecentItem:
    """An item that was ordered lately, as many and in the same order unit, with what there is to know of it today."""

    kept: ListedItem
    quantity: Decimal
    """As many as then, or as many as are sold at least."""
    unit: str
    """The order unit that was ordered."""
    ordered_at: datetime

    @property
    def item(self) -> Item:
        """The item."""
        return self.kept.item

    @property
    def is_other_unit(self) -> bool:
        """Whether it is sold in another order unit now, so that the number would mean something else."""
        return self.kept.price is not None and self.kept.unit != self.unit

    @property
    def can_be_added(self) -> bool:
        """Whether one press orders the same again."""
        return self.kept.can_be_added and not self.is_other_unit


@dataclass(frozen=True, slots=True)
class Recent:
    """What was ordered lately, latest first: by herself, and by others what she has not ordered herself."""

    hers: list[RecentItem] = field(default_factory=list)
    others: list[RecentItem] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.hers or self.others)

    @property
    def first(self) -> RecentItem | None:
        """The first that one press orders, which the keyboard can leap to."""
        return next((each for each in [*self.hers, *self.others] if each.can_be_added), None)


def recent_lines(user: User, department: Department | None, *, day: date) -> list[RequisitionLine]:
    """The latest line of each item and order unit, those that can be shown: one query."""
    if department is None:
        return []
    latest: dict[tuple[int | None, str], RequisitionLine] = {}
    lines = _lines(user.pk, department.pk, day)
    for line in sorted(lines, key=lambda line: line.requisition.requester_id != user.pk):
        latest.setdefault((line.item_id, line.unit), line)
    own_flags = [line.requisition.requester_id == user.pk for line in latest.values()]
    pairs = list(zip(latest.values(), own_flags, strict=True))
    return [
        *[line for line, is_own in pairs if is_own][:MOST_SHOWN],
        *[line for line, is_own in pairs if not is_own][:MOST_SHOWN],
    ]


def recently_ordered(
    lines: Iterable[RequisitionLine],
    prices: BestPrices,
    *,
    user: User,
    department: Department | None,
    day: date,
) -> Recent:
    """
    What can be said today of the lines from ``recent_lines``: no query.

    :param prices: today's ``offers`` of their items.
    """
    recent = Recent()
    for line in lines:
        again = _repeat_of(line, prices, department_id=department.pk if department else None, day=day)
        (recent.hers if line.requisition.requester_id == user.pk else recent.others).append(again)
    return recent


def _repeat_of(
    line: RequisitionLine, prices: BestPrices, *, department_id: int | None, day: date
) -> RecentItem:
    item = line.item
    assert item is not None and line.submitted_at is not None  # noqa: S101, PT018, the question asks for such
    price = prices.get(item.pk, line.quantity, unit=line.unit)
    listed_item = ListedItem(
        item=item,
        verdict=can_be_ordered(item, day=day, department_id=department_id),
        price=price,
        replacement=read_replacement(line.replacement),  # type: ignore[attr-defined]
        counted_units=line.units_per_order_unit,
    )
    least = Decimal(price.minimum_quantity) if price else Decimal(0)
    return RecentItem(listed_item, max(line.quantity, least), line.unit, line.submitted_at)


@compiled_once
def _lines(user: int, department: int, day: date) -> QuerySet[RequisitionLine]:
    submitted = Requisition.objects.filter(department=department, submitted_at__isnull=False)
    latest = submitted.order_by("-submitted_at", "-pk").values("pk")
    looked_through = latest.filter(requester=user)[:LOOKED_THROUGH].union(latest[:LOOKED_THROUGH])
    return (
        RequisitionLine.objects.exclude(status__in=NOT_ORDERED)
        .filter(requisition__in=looked_through, item__isnull=False)
        .select_related("requisition", "item")
        .only(*SHOWN_FIELDS)
        .annotate(replacement=replacement_on(day, item="item"))
        .order_by("-requisition__submitted_at", "-requisition", "position", "pk")[:MOST_LINES]
    )
