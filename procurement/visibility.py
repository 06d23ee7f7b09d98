"""
One thing that a person may see, by what its address says: asked by every page and every act about it.

On what grounds she sees a line is a question of twenty tables. PostgreSQL takes longer to plan it than to answer it.
"""

from datetime import date

from django.db.models import QuerySet

from core.compiled import compiled_once
from core.numbers import LARGEST_ID
from organizations.models import User
from procurement.models import PurchaseOrder, RequisitionLine
from procurement.states import LineStatus


def submitted_line(user: User, key: int, *, day: date) -> RequisitionLine | None:
    """The submitted line of that id, with what a row on a page shows; None where she may see none."""
    return next(iter(_submitted_line(user, key, day)), None) if key <= LARGEST_ID else None


def line_to_act_on(user: User, key: int, *, day: date) -> RequisitionLine | None:
    """The line of that id, for an operation that reads what it needs anew; None where she may see none."""
    return next(iter(_line_to_act_on(user, key, day)), None) if key <= LARGEST_ID else None


def order_numbered(user: User, number: str, *, day: date) -> PurchaseOrder | None:
    """The order of that number, with what its page shows; None where she may see none."""
    return next(iter(_order_by_number(user, number, day)), None)


@compiled_once
def _submitted_line(user: User, key: int, day: date) -> QuerySet[RequisitionLine]:
    lines = RequisitionLine.objects.visible_to(user, day).filter(pk=key)
    return lines.exclude(status=LineStatus.DRAFT).for_display()


@compiled_once
def _line_to_act_on(user: User, key: int, day: date) -> QuerySet[RequisitionLine]:
    return RequisitionLine.objects.visible_to(user, day).filter(pk=key).select_related("requisition")


@compiled_once
def _order_by_number(user: User, number: str, day: date) -> QuerySet[PurchaseOrder]:
    orders = PurchaseOrder.objects.visible_to(user, day).filter(number=number)
    return orders.select_related(
        "supplier", "agreement", "delivery_place__department", "created_by", "cancellation_notice"
    )
