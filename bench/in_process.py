"""The chain through the operations, in this process: every check, ceiling and audit entry, no HTTP."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone

from agreements.models import Supplier
from bench.seat import Seat
from catalog.models import Item
from organizations.models import AccountingCode, DeliveryPlace, Department, User
from procurement.models import Allocation, Requisition, RequisitionLine
from procurement.operations import baskets, decisions, orders, receipts, requisitions
from procurement.operations.filling import Wish


def client(seat: Seat) -> Callable[[], None]:
    """Give a function that performs one chain; what a request would look up is looked up each time."""

    def chain() -> None:
        at = timezone.now()
        requisition = ask(seat, at)
        manager = User.objects.get(pk=seat.manager)
        lines = list(RequisitionLine.objects.visible_to(manager).filter(requisition=requisition))
        outcome = decisions.approve(lines=lines, by=manager, at=at)
        assert not outcome.refused
        supplier = Supplier.objects.get(pk=seat.supplier)
        purchase_orders = orders.consolidate(
            at=at, by=User.objects.get(pk=seat.manager), supplier=supplier, due_only=False
        )
        entries = [
            receipts.ReceiptEntry(allocation.pk, allocation.quantity)
            for allocation in Allocation.objects.filter(order_line__order__in=purchase_orders)
        ]
        receipts.receive(
            key=uuid4(),
            department=Department.objects.get(pk=seat.department),
            entries=entries,
            by=User.objects.get(pk=seat.receiver),
            at=at,
        )

    return chain


def ask(seat: Seat, at: datetime) -> Requisition:
    """Order each of the seat's items."""
    department = Department.objects.get(pk=seat.department)
    items = Item.objects.select_related("category").filter(pk__in=seat.items)
    return requisitions.place(
        key=uuid4(),
        department=department,
        wanted=[Wish(item, Decimal(10)) for item in items],
        details=baskets.Details(
            DeliveryPlace.objects.get(pk=seat.place),
            department,
            AccountingCode.objects.get(pk=seat.activity),
            (at + timedelta(days=7)).date(),
        ),
        by=User.objects.get(pk=seat.requester),
        at=at,
    ).requisition
