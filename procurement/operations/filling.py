"""Put many things in a basket in one act, or one thing by its code: from lists, templates and scanners."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from catalog.permissions import can_be_ordered
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement.gates import unit_names
from procurement.models import Requisition, RequisitionLine
from procurement.operations.baskets import ItemHasNoPrice, OrderUnitNotSold, locked_basket
from procurement.operations.copying import Copied, put_all
from procurement.operations.line_deliveries import AS_THE_REST, Delivery
from procurement.quantities import check_quantity

MOST_WISHES = 300
ONE = Decimal(1)


class NothingChosen(InvalidInput):
    """To put nothing in a basket is a mistake."""

    code = "nothing_chosen"
    sentence = _("Välj minst en artikel.")


class TooManyAtOnce(InvalidInput):
    """A basket is filled in acts that can be looked through."""

    code = "too_many_at_once"
    sentence = _("Lägg till högst %(most)s artiklar åt gången.")


@dataclass(frozen=True, slots=True)
class Wish:
    """How many of an item, in an order unit; in the one that it is sold in, where none is named."""

    item: Item
    quantity: Decimal
    unit: str = ""
    delivery: Delivery = AS_THE_REST


@operation
def fill(*, basket: Requisition, wishes: Iterable[Wish], by: User, at: datetime) -> Copied:
    """
    Put many items in the basket; more of one that is there already adds up.

    What cannot be ordered is left out and told of. The number of statements is the same for one and for many.

    :raises NothingChosen: there are none.
    :raises TooManyAtOnce: there are more than a person can look through.
    :raises DomainError: the basket is not hers or is submitted; a quantity is absurd.
    """
    basket = locked_basket(basket, by=by, at=at)
    return put_all(basket, quantity_by_item(wishes), at=at, adds_up=True)


@operation
def scan(*, basket: Requisition, item: Item, by: User, at: datetime, unit: str = "") -> RequisitionLine:
    """
    Put one more of what was scanned in the basket; the first time as many as are sold at least.

    :param unit: the order unit that the code is of; empty for the one that the item is sold in.
    :raises OrderUnitNotSold: it is not sold in that unit.
    :raises ItemNotOrderable: the item cannot be ordered.
    :raises ItemHasNoPrice: nobody sells it today.
    :raises DomainError: the basket is not hers or is submitted.
    """
    basket = locked_basket(basket, by=by, at=at)
    require(can_be_ordered(item, day=timezone.localdate(at), department_id=basket.department_id))
    added = put_all(basket, {(item, unit): ONE}, at=at, adds_up=True)
    if added.other_unit:
        raise OrderUnitNotSold(item=item.names, unit=unit_names(unit))
    for line in [*added.lines, *added.increased]:
        return line
    raise ItemHasNoPrice(item=item.names)


def quantity_by_item(wishes: Iterable[Wish]) -> dict[tuple[Item, str], Decimal]:
    """
    How many of each item in each order unit, what is wished for twice once with both. Used inside an operation.

    :raises NothingChosen: there are none.
    :raises TooManyAtOnce: there are more than a person can look through.
    :raises InvalidInput: a quantity is absurd.
    """
    quantities: dict[tuple[Item, str], Decimal] = defaultdict(Decimal)
    for wish in wishes:
        unit = wish.unit or wish.item.order_unit
        quantities[wish.item, unit] += check_quantity(wish.quantity, unit)
    if not quantities:
        raise NothingChosen
    if len(quantities) > MOST_WISHES:
        raise TooManyAtOnce(most=MOST_WISHES)
    return quantities
