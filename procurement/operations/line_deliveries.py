"""Part a basket: let lines be paid by another department, or come to another place or by another day, than the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from core.bulk import update_rows
from core.transactions import operation
from organizations.models import DeliveryPlace, Department, User
from procurement.models import Requisition, RequisitionLine
from procurement.operations.accounts import LineNotInBasket
from procurement.operations.baskets import PlaceOfAnotherDepartment, locked_basket
from procurement.operations.submitting import ChargedDepartmentIsClosed, NeededInThePast, PlaceIsClosed

DELIVERY_FIELDS = ["charged_department", "delivery_place", "needed_by_date"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who pays a line, where to and by when it comes; None is as the basket says."""

    charged_department: Department | None = None
    delivery_place: DeliveryPlace | None = None
    needed_by_date: date | None = None


AS_THE_REST = Delivery()


@operation
def set_deliveries(
    *, basket: Requisition, deliveries: Mapping[int, Delivery], by: User, at: datetime
) -> Requisition:
    """
    Say who pays each line, where to and by when; what is as the basket says follows the basket.

    :param deliveries: by the lines' ids; a line that is not named stays as it is.
    :raises DomainError: the basket is not hers or is submitted; a line is not in it; a department or a place is closed,
        the place is another department's, or the day is past.
    """
    basket = locked_basket(basket, by=by, at=at)
    lines = {line.pk: line for line in basket.lines.order_by("pk")}
    if not deliveries.keys() <= lines.keys():
        raise LineNotInBasket
    for pk, delivery in deliveries.items():
        check_delivery(delivery, basket=basket, day=timezone.localdate(at))
        deliver(lines[pk], delivery)
    update_rows([lines[pk] for pk in deliveries], DELIVERY_FIELDS)
    return basket


def deliver(line: RequisitionLine, delivery: Delivery) -> None:
    """Set who pays a line, where to and by when, unsaved."""
    line.charged_department = delivery.charged_department
    line.delivery_place = delivery.delivery_place
    line.needed_by_date = delivery.needed_by_date


def check_delivery(delivery: Delivery, *, basket: Requisition, day: date) -> None:
    """
    Check what a line says for itself.

    :raises InvalidInput: a department or a place is closed, the place is another department's, or the day is past.
    """
    department, place = delivery.charged_department, delivery.delivery_place
    if department is not None and not department.is_open_on(day):
        raise ChargedDepartmentIsClosed(cost_center=department.cost_center)
    if place is not None and place.department_id != basket.department_id:
        raise PlaceOfAnotherDepartment
    if place is not None and not place.is_open_on(day):
        raise PlaceIsClosed(place=place.name)
    if delivery.needed_by_date is not None and delivery.needed_by_date < day:
        raise NeededInThePast
