"""What the tests of sending and cancelling ask of an order."""

from datetime import datetime, timedelta

from procurement.models import PurchaseOrder, SendAttempt
from procurement.operations import sending
from tests.cast import NOW

LATER = timedelta(hours=2)
"""Longer than any pause between two attempts."""


def fresh(order: PurchaseOrder) -> PurchaseOrder:
    return PurchaseOrder.objects.get(pk=order.pk)


def attempts(order: PurchaseOrder) -> list[SendAttempt]:
    return list(SendAttempt.objects.filter(order=order).order_by("kind", "number"))


def outcomes(order: PurchaseOrder) -> list[str]:
    return [attempt.outcome for attempt in attempts(order)]


def try_until_it_ends(order: PurchaseOrder, at: datetime = NOW) -> int:
    """Let the sweep come again and again, two hours apart; returns how often it tried."""
    count = 0
    for hour in range(40):
        count += sending.send_due(at=at + LATER * hour)
    return count
