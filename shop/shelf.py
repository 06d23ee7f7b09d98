"""
What the catalogue shows of an item to somebody who may order it.

Price, agreement and who decides come from ``planning``, the same rules that the basket and the submission ask, so the
shelf never promises what the chain does not keep. A fixed number of queries for a page of items.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from catalog.illustrations import first_picture
from catalog.labels import labels_on
from catalog.models import CriteriaLevel, Item, ItemKind
from catalog.permissions import can_be_ordered
from catalog.pricing import BestPrices
from catalog.replacements import Replacement, read_replacement, replacement_on
from catalog.states import VISIBLE, ItemStatus
from core.compiled import compiled_once
from core.verdicts import Verdict
from organizations.models import Department, User
from procurement.models import LineKind, Requisition, RequisitionLine
from procurement.planning import (
    PlannedLine,
    families_in,
    judge_standing,
    plan_lines,
    things_in,
)
from procurement.recent_requests import earlier_of
from shop.habits import OFTEN


@dataclass(frozen=True, slots=True)
class Size:
    """One size of a family."""

    item: Item
    is_chosen: bool


@dataclass(slots=True)
class ShelfRow:
    """An item on the shelf."""

    item: Item
    planned: PlannedLine
    verdict: Verdict
    sizes: list[Size] = field(default_factory=list)
    times_bought: int = 0
    in_basket: RequisitionLine | None = None
    replacement: Replacement | None = None

    @property
    def sold_unit(self) -> str:
        """The order unit that the price is of."""
        return _sold_unit(self.item, self.planned)

    @property
    def is_often(self) -> bool:
        """Whether the department buys it again and again."""
        return self.times_bought >= OFTEN

    @property
    def is_on_agreement(self) -> bool:
        """Whether the price is an agreement's."""
        return self.planned.price is not None and self.planned.price.agreement_id is not None

    @property
    def awaits_competition(self) -> bool:
        """Whether the agreement's suppliers compete for it first, so that the price is none yet."""
        return self.planned.awaits_competition

    @property
    def is_price_open(self) -> bool:
        """Whether the price is to be confirmed: it is no agreement's, or competed for first."""
        return not self.is_on_agreement or self.awaits_competition

    @property
    def is_direct(self) -> bool:
        """Whether one of it would be decided at once."""
        return self.planned.policy is not None

    @property
    def is_phasing_out(self) -> bool:
        """Whether it leaves the assortment."""
        return self.item.status == ItemStatus.PHASING_OUT

    @property
    def criteria(self) -> str:
        """Its criteria level and the labels that are proven, in words."""
        has_level = self.item.criteria_level != CriteriaLevel.NONE
        level = [str(self.item.get_criteria_level_display())] if has_level else []
        return ", ".join([*level, *self.item.proven_labels])  # type: ignore[attr-defined]

    @property
    def comparison_price(self) -> Decimal | None:
        """Price per base unit, when the order unit holds several."""
        price = self.planned.price
        return None if price is None or price.units_per_order_unit == 1 else price.comparison_price

    @property
    def first_quantity(self) -> Decimal:
        """What the stepper starts at: what is in the basket, or the smallest that is sold."""
        if self.in_basket is not None:
            return Decimal(self.in_basket.quantity)
        return Decimal(self.planned.price.minimum_quantity) if self.planned.price else Decimal(1)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rows of a page, and what would happen to the lines that lie in the basket already."""

    rows: list[ShelfRow]
    basket: list[PlannedLine]


def shelf(
    item_ids: Sequence[int],
    *,
    user: User,
    department: Department | None,
    at: datetime,
    bought: Mapping[int, int],
    basket_lines: Sequence[RequisitionLine] = (),
    prices: BestPrices | None = None,
    says_who_decides: bool = False,
) -> Shelf:
    """
    Read the rows of a page in the order of the ids; ``basket_lines`` come with item and categories.

    :param prices: today's ``offers`` of all these, if they are known.
    :param says_who_decides: whether the page says so of its rows, which then are judged with what the week has asked for.
    """
    day = timezone.localdate(at)
    items = {item.pk: item for item in _items_with_families(list(item_ids), day)}
    shown_items = [items[item_id] for item_id in item_ids if item_id in items]
    sizes = _sizes(items.values())
    requisition = Requisition(requester=user, department=department)
    planned = plan_lines(requisition, [*_one_of_each(shown_items), *basket_lines], at=at, prices=prices)
    ones, basket = planned[: len(shown_items)], planned[len(shown_items) :]
    _judge_standing(requisition, [basket, *([each] for each in ones if says_who_decides)], at=at)
    in_basket = {(line.item_id, line.unit): line for line in basket_lines}
    rows = [
        ShelfRow(
            item=item,
            planned=each,
            verdict=can_be_ordered(item, day=day, department_id=department.pk if department else None),
            sizes=[Size(size, size.pk == item.pk) for size in sizes.get((item.category_id, item.family), [])],
            times_bought=bought.get(item.pk, 0),
            in_basket=in_basket.get((item.pk, _sold_unit(item, each))),
            replacement=read_replacement(item.replaced_by),  # type: ignore[attr-defined]
        )
        for item, each in zip(shown_items, ones, strict=True)
    ]
    return Shelf(rows=rows, basket=basket)


def _judge_standing(
    requisition: Requisition, orders: Sequence[Sequence[PlannedLine]], *, at: datetime
) -> None:
    """Let standing approvals go as the submission would, of each as an order of its own: two queries, when there are any."""
    standing = [each for planned in orders for each in planned if each.policy]
    families = families_in(standing)
    earlier = earlier_of(requisition, things_in(standing, families), at=at) if standing else {}
    for planned in orders:
        judge_standing(planned, earlier, families)


def _sold_unit(item: Item, planned: PlannedLine) -> str:
    return planned.price.pack_of(item)[0] if planned.price else item.order_unit


def _one_of_each(items: Sequence[Item]) -> list[RequisitionLine]:
    """Lines that are never saved, to be planned as if one of each were asked for now."""
    return [
        RequisitionLine(
            pk=-number,
            kind=LineKind.SERVICE if item.kind == ItemKind.SERVICE else LineKind.ITEM,
            item=item,
            description=item.name,
            quantity=Decimal(1),
            unit_price=Decimal(0),
        )
        for number, item in enumerate(items, start=1)
    ]


def _sizes(items: Iterable[Item]) -> dict[tuple[int, str], list[Item]]:
    """The sizes of each family that has several."""
    families: dict[tuple[int, str], list[Item]] = defaultdict(list)
    for item in items:
        if item.family and item.status in VISIBLE:
            families[item.category_id, item.family].append(item)
    return {key: sizes for key, sizes in families.items() if len(sizes) > 1}


@compiled_once
def _items_with_families(items: list[int], day: date) -> QuerySet[Item]:
    return (
        Item.objects.and_their_families(items)
        .select_related("category")
        .defer("search_vector")
        .annotate(replaced_by=replacement_on(day), photograph=first_picture(), proven_labels=labels_on(day))
        .order_by("number")
    )
