"""What the clock and the queue start in procurement: each loads, and calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from procurement.models import PurchaseOrder
from procurement.operations import orders


@shared_task(base=WakeUpTask, name="procurement.send_order")
def send_order(order_id: int) -> None:
    """Send one order, if it is still to be sent."""
    order = PurchaseOrder.objects.to_send().filter(pk=order_id).first()
    if order is not None:
        orders.send_order(order=order, at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.consolidate_due")
def consolidate_due() -> None:
    """Order the lines whose time has come; finds whatever an earlier clock missed."""
    orders.consolidate(at=timezone.now())


@shared_task(base=WakeUpTask, name="procurement.send_due")
def send_due() -> None:
    """Send every order that is ready; finds whatever a lost message left."""
    for order in PurchaseOrder.objects.to_send()[:200]:
        orders.send_order(order=order, at=timezone.now())
