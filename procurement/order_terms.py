"""
What a supplier's terms make of an order: whether it waits for more, when it can come, and what its freight costs (pure).

An order below the supplier's smallest waits for the next time that the region orders, as long as everything in it can be delivered
by the day it was asked for even then. Nothing waits past that: a small order is dearer, a late one is late.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from core.money import ZERO

CLOCK_DELAY = timedelta(minutes=5)
"""How long after an order time the clock may look for what it orders to be of that time."""


def moment_of_ordering(at: datetime, *, due: datetime | None) -> datetime:
    """
    When something is ordered: at its order time where the clock looks soon after it, else when it really is.

    A supplier's last time may be the region's order time. The seconds until the clock looks do not make that late.

    :param due: the order time that it waited for.
    """
    return due if due is not None and due <= at < due + CLOCK_DELAY else at


def may_wait(
    amount: Decimal, *, minimum: Decimal | None, latest_days: Iterable[date], next_day: date
) -> bool:
    """
    Whether an order waits for more.

    :param amount: what it comes to, SEK excluding VAT.
    :param minimum: the supplier's smallest order; None when it takes any.
    :param latest_days: for each line, the last day on which it can be ordered and still come in time.
    :param next_day: the day of the next order time.
    """
    return minimum is not None and amount < minimum and all(next_day <= day for day in latest_days)


def working_days_needed(lead_days: int, *, ordered: time, cutoff: time | None) -> int:
    """How many working days an order takes that leaves at a time of the day: one more after the supplier's last time."""
    return lead_days + (cutoff is not None and ordered > cutoff)


def freight_of(amount: Decimal, *, fee: Decimal | None, free_from: Decimal | None) -> Decimal:
    """What the freight of an order of this amount costs: the fee, nothing from an amount on, nothing without one."""
    if fee is None or (free_from is not None and amount >= free_from):
        return ZERO
    return fee
