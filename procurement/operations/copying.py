"""Put many items in a basket at once: those of an earlier requisition, of a list or of a template."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from catalog.models import Item
from catalog.permissions import can_be_ordered
from core.transactions import operation
from organizations.models import User
from procurement.models import Requisition, RequisitionLine
from procurement.operations.baskets import (
    line_of,
    locked_basket,
    next_position,
    prices_for,
    set_quantity_and_price,
)
from procurement.quantities import check_quantity


@dataclass(frozen=True, slots=True)
class Copied:
    """What came of ordering the same again."""

    lines: list[RequisitionLine]
    """What was put in the basket."""
    increased: list[RequisitionLine] = field(default_factory=list)
    """What lay there already, and is more now."""
    present: list[Item] = field(default_factory=list)
    """What lay there already, and was left as it was."""
    raised: list[RequisitionLine] = field(default_factory=list)
    """Those of the lines that are sold in larger numbers than they were then."""
    other_unit: list[RequisitionLine] = field(default_factory=list)
    """Those that are sold in another order unit than was meant, so that the number may mean something else."""
    left_out: list[Item] = field(default_factory=list)
    """What can no longer be ordered, or has no price."""


@operation
def copy_lines(*, requisition: Requisition, basket: Requisition, by: User, at: datetime) -> Copied:
    """
    Order the same again: put a requisition's items in the basket, those that can still be ordered, as many as then.

    An item that stood on several lines becomes one line with all of them.

    :raises DomainError: the basket is not hers or is submitted.
    """
    basket = locked_basket(basket, by=by, at=at)
    quantities: dict[tuple[Item, str], Decimal] = defaultdict(Decimal)
    items = requisition.lines.live().filter(item__isnull=False).select_related("item__category")
    for line in items.order_by("position", "pk"):
        if line.item is not None:
            quantities[line.item, line.unit] += line.quantity
    return put_all(basket, quantities, at=at, adds_up=False)


def put_all(
    basket: Requisition, quantities: Mapping[tuple[Item, str], Decimal], *, at: datetime, adds_up: bool
) -> Copied:
    """
    Put many items in a locked basket, those that can be ordered, at least as many as are sold. Used inside an operation.

    :param quantities: how many of each item in each order unit; in the one that it is sold in, where none is named.
    :param adds_up: whether what lies there already gets so many more, or is left as it is.
    """
    day = timezone.localdate(at)
    prices = prices_for(basket, [item for item, _unit in quantities], at=at)
    line_by_item = {(line.item_id, line.unit): line for line in basket.lines.filter(item__isnull=False)}
    copied = Copied(lines=[])
    position = next_position(basket)
    for (item, unit), quantity in quantities.items():
        price = prices.get(item.pk, quantity, unit=unit or item.order_unit)
        order_unit = price.pack_of(item)[0] if price else unit or item.order_unit
        line = line_by_item.get((item.pk, order_unit))
        if line is not None and line.pk and not adds_up:
            copied.present.append(item)
            continue
        if price is None or not can_be_ordered(item, day=day, department_id=basket.department_id):
            copied.left_out.append(item)
            continue
        if line is None:
            enough = max(quantity, price.minimum_quantity)
            line = line_of(basket, item, price, enough, position=position + len(copied.lines))
            line_by_item[item.pk, order_unit] = line
            copied.lines.append(line)
            if enough > quantity:
                copied.raised.append(line)
        else:
            set_quantity_and_price(line, check_quantity(line.quantity + quantity, line.unit), prices)
            if line.pk:
                copied.increased.append(line)
        if unit not in ("", order_unit):
            copied.other_unit.append(line)
    RequisitionLine.objects.bulk_create(copied.lines)
    RequisitionLine.objects.bulk_update(copied.increased, ["quantity", "unit_price", "amount"])
    return copied
