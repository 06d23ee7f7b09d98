"""Fill a basket: items, needs in one's own words, services, and where and on what to book them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.models import Item, ItemKind, Price
from catalog.permissions import can_be_ordered
from catalog.pricing import BestPrices, best_prices
from categories.models import Category
from core.errors import InvalidInput
from core.money import line_amount
from core.transactions import operation
from core.units import canonical
from core.verdicts import require
from organizations.models import AccountingCode, DeliveryPlace, Department, User
from procurement import permissions
from procurement.gates import BelowMinimumQuantity, unit_names
from procurement.models import LineKind, Requisition, RequisitionLine
from procurement.operations.locks import lock_requisitions
from procurement.operations.moving_baskets import first_place
from procurement.operations.proposing import ProposedSupplier, propose
from procurement.quantities import check_amount, check_quantity

HOUR = "tim"


class ItemHasNoPrice(InvalidInput):
    """The item has no price today, neither under agreement nor outside."""

    code = "item_has_no_price"
    sentence = _("%(item)s saknar pris i dag. Beskriv behovet med egna ord i stället.")


class OrderUnitNotSold(InvalidInput):
    """Nobody sells the item in that order unit."""

    code = "order_unit_not_sold"
    sentence = _("%(item)s säljs inte per %(unit)s. Välj en annan enhet.")


class EndsBeforeStart(InvalidInput):
    """A service cannot end before it starts."""

    code = "ends_before_start"
    sentence = _("Slutdagen ligger före startdagen.")


class PlaceOfAnotherDepartment(InvalidInput):
    """The delivery place belongs to another department."""

    code = "place_of_another_department"
    sentence = _("Leveransplatsen hör till en annan enhet.")


@operation
def open_basket(*, department: Department, by: User, at: datetime) -> Requisition:
    """
    Give the person's open basket for a department, a new one when there is none.

    :raises NotPermitted: she does not order for the department.
    """
    require(permissions.can_order_anew_for(by, department, at=at))
    basket, _is_new = Requisition.objects.get_or_create(
        requester=by,
        department=department,
        submitted_at=None,
        defaults={
            "charged_department": department,
            "activity": department.activity,
            "delivery_place": first_place(department, timezone.localdate(at)),
            "created_at": at,
        },
    )
    return basket


@operation
def add_item(
    *, basket: Requisition, item: Item, quantity: Decimal, by: User, at: datetime, unit: str = ""
) -> RequisitionLine:
    """
    Put an item in the basket; more of one that is there already in the same order unit adds up.

    :param unit: the order unit; the item's own where it is sold in that, unless another is named.
    :raises OrderUnitNotSold: it is not sold in that unit.
    :raises DomainError: the basket is not hers or is submitted; the item cannot be ordered; the quantity is absurd.
    """
    basket = locked_basket(basket, by=by, at=at)
    require(can_be_ordered(item, day=timezone.localdate(at), department_id=basket.department_id))
    prices = prices_for(basket, [item], at=at)
    price = prices.get(item.pk, unit=unit or item.order_unit)
    if price is None:
        raise ItemHasNoPrice(item=item.names)
    order_unit, _units = price.pack_of(item)
    if unit and order_unit != unit:
        raise OrderUnitNotSold(item=item.names, unit=unit_names(unit))
    line = basket.lines.filter(item=item, unit=order_unit).first()
    if line is not None:
        set_quantity_and_price(line, check_quantity(line.quantity + quantity, order_unit), prices)
        line.save(update_fields=["quantity", "unit_price", "amount"])
        return line
    quantity = check_quantity(quantity, order_unit)
    price = _price_of(item, prices, quantity, order_unit)
    line = line_of(basket, item, price, quantity, position=next_position(basket))
    line.save()
    return line


@operation
def add_free_text(
    *,
    basket: Requisition,
    description: str,
    specification: str,
    category: Category | None,
    quantity: Decimal,
    unit: str,
    estimated_unit_price: Decimal,
    suggested_supplier: str,
    by: User,
    at: datetime,
    proposal: ProposedSupplier | None = None,
) -> RequisitionLine:
    """
    Describe a need that is not in the catalogue.

    :param proposal: what is said of a supplier that the register does not have; its name is the one that is suggested.
    :raises DomainError: the basket is not hers or is submitted; quantity or price is absurd; the proposal is not whole.
    """
    basket = locked_basket(basket, by=by, at=at)
    unit = canonical(unit)
    quantity = check_quantity(quantity, unit)
    return RequisitionLine.objects.create(
        requisition=basket,
        position=next_position(basket),
        kind=LineKind.FREE_TEXT,
        description=description,
        specification=specification,
        **_suggestion(suggested_supplier, proposal, by=by, at=at),
        quantity=quantity,
        unit=unit,
        category=category,
        **_estimate(estimated_unit_price, quantity),
    )


@operation
def add_service(
    *,
    basket: Requisition,
    description: str,
    specification: str,
    category: Category | None,
    place: str,
    start_date: date,
    end_date: date | None,
    hours: Decimal,
    estimated_unit_price: Decimal,
    suggested_supplier: str,
    by: User,
    at: datetime,
    proposal: ProposedSupplier | None = None,
) -> RequisitionLine:
    """
    Ask for a service: what, where, when, how many hours at about what price.

    :param proposal: as of goods.
    :raises DomainError: the basket is not hers or is submitted; hours, price or dates cannot be; the proposal is not whole.
    """
    basket = locked_basket(basket, by=by, at=at)
    if end_date is not None and end_date < start_date:
        raise EndsBeforeStart
    quantity = check_quantity(hours, HOUR)
    return RequisitionLine.objects.create(
        requisition=basket,
        position=next_position(basket),
        kind=LineKind.SERVICE,
        description=description,
        specification=specification,
        **_suggestion(suggested_supplier, proposal, by=by, at=at),
        service_place=place,
        service_start_date=start_date,
        service_end_date=end_date,
        quantity=quantity,
        unit=HOUR,
        category=category,
        **_estimate(estimated_unit_price, quantity),
    )


@operation
def set_quantity(
    *, line: RequisitionLine, quantity: Decimal, by: User, at: datetime
) -> RequisitionLine | None:
    """
    Change how many; zero takes the line out and returns None.

    :raises DomainError: the basket is not hers or is submitted; the quantity is absurd.
    """
    basket = locked_basket(line.requisition, by=by, at=at)
    line = basket.lines.select_related("item", "supplier_proposal").get(pk=line.pk)
    if quantity == 0:
        line.delete()
        if line.supplier_proposal is not None:
            line.supplier_proposal.delete()
        return None
    quantity = check_quantity(quantity, line.unit)
    prices = prices_for(basket, [line.item] if line.item else [], at=at)
    if line.item is not None and line.item.pk in prices:
        _price_of(line.item, prices, quantity, line.unit)
    set_quantity_and_price(line, quantity, prices)
    line.save(update_fields=["quantity", "unit_price", "amount"])
    return line


@dataclass(frozen=True, slots=True)
class Details:
    """Where to, when, why, and on which codes."""

    delivery_place: DeliveryPlace
    charged_department: Department
    activity: AccountingCode
    needed_by_date: date
    reason: str = ""
    account: AccountingCode | None = None
    project: AccountingCode | None = None


@operation
def save_details(
    *,
    basket: Requisition,
    delivery_place: DeliveryPlace,
    charged_department: Department,
    activity: AccountingCode,
    account: AccountingCode | None,
    project: AccountingCode | None,
    needed_by_date: date,
    reason: str,
    by: User,
    at: datetime,
) -> Requisition:
    """
    Say where to, when, why, and on which codes.

    An account here is for every line, so what was chosen line by line gives way.

    :raises DomainError: the basket is not hers or is submitted; the place is another department's.
    """
    basket = locked_basket(basket, by=by, at=at)
    details = Details(
        delivery_place,
        charged_department,
        activity,
        needed_by_date,
        reason=reason,
        account=account,
        project=project,
    )
    write_details(basket, details)
    return basket


def write_details(basket: Requisition, details: Details) -> None:
    """
    Write details on a locked basket. Used inside an operation.

    :raises PlaceOfAnotherDepartment: the place is another department's.
    """
    if details.delivery_place.department_id != basket.department_id:
        raise PlaceOfAnotherDepartment
    basket.delivery_place = details.delivery_place
    basket.charged_department = details.charged_department
    basket.activity, basket.account, basket.project = details.activity, details.account, details.project
    basket.needed_by_date, basket.reason = details.needed_by_date, details.reason
    basket.save()
    if details.account is not None:
        basket.lines.filter(account__isnull=False).update(account=None)


def locked_basket(basket: Requisition, *, by: User, at: datetime) -> Requisition:
    """
    Lock the basket and see to it that it is hers to change. Used inside an operation.

    :raises BasketHasMoved: its department was merged in the same moment.
    """
    locked = next(iter(lock_requisitions([basket.pk])), None)
    if locked is None:
        raise permissions.BasketHasMoved
    require(permissions.can_change_basket(by, locked, at=at))
    return locked


def prices_for(basket: Requisition, items: Iterable[Item], *, at: datetime) -> BestPrices:
    """What each item costs today that the basket's department may use."""
    return best_prices(
        [item.pk for item in items],
        day=timezone.localdate(at),
        administrations=[basket.department.administration_id],
    )


def next_position(basket: Requisition) -> int:
    """Where the next line stands."""
    return int(basket.lines.aggregate(last=Max("position"))["last"] or 0) + 1


def _price_of(item: Item, prices: BestPrices, quantity: Decimal, unit: str) -> Price:
    """
    Give the price of a quantity.

    :raises BelowMinimumQuantity: so few are not sold.
    """
    price = prices.get(item.pk, quantity, unit=unit)
    if price is None:
        raise ItemHasNoPrice(item=item.names)
    if quantity < price.minimum_quantity:
        raise BelowMinimumQuantity(
            item=item.names,
            minimum=price.minimum_quantity,
            unit=unit_names(price.pack_of(item)[0], price.minimum_quantity),
        )
    return price


def line_of(
    basket: Requisition, item: Item, price: Price, quantity: Decimal, *, position: int
) -> RequisitionLine:
    """A line of the basket, not yet saved, at the price of the day."""
    unit, units = price.pack_of(item)
    return RequisitionLine(
        requisition=basket,
        position=position,
        kind=LineKind.SERVICE if item.kind == ItemKind.SERVICE else LineKind.ITEM,
        item=item,
        description=item.swedish_name,
        quantity=quantity,
        unit=unit,
        units_per_order_unit=units,
        unit_price=price.unit_price,
        is_price_estimated=price.agreement_id is None,
        amount=line_amount(price.unit_price, quantity),
        category=item.category,
        agreement=price.agreement,
        supplier=price.supplier,
        lead_days=price.lead_days,
    )


def set_quantity_and_price(line: RequisitionLine, quantity: Decimal, prices: BestPrices) -> None:
    """Set how many, at the price of so many; unsaved."""
    price = prices.get(line.item_id, quantity, unit=line.unit)
    line.quantity = quantity
    line.unit_price = line.unit_price if price is None else price.unit_price
    line.amount = line_amount(line.unit_price, quantity)


def _suggestion(name: str, details: ProposedSupplier | None, *, by: User, at: datetime) -> dict[str, Any]:
    """The supplier that is suggested: a name, or one that is proposed with what is said of it."""
    proposal = propose(details, by=by, at=at) if details else None
    return {"suggested_supplier": proposal.name if proposal else name, "supplier_proposal": proposal}


def _estimate(unit_price: Decimal, quantity: Decimal) -> dict[str, object]:
    amount = check_amount(unit_price, quantity)
    return {"unit_price": unit_price, "is_price_estimated": True, "amount": amount}
