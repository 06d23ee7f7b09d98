"""Seats of councils end with the account of whoever has them."""

from datetime import datetime

from django.utils import timezone

from assortment.events import Event
from assortment.models import CouncilSeat
from audit import trail
from core.transactions import operation
from procurement.operations.categories import end_before, not_over


@operation
def end_seats_of_leavers(*, at: datetime) -> int:
    """
    End the seats of closed accounts, so that whoever comes back has none that nobody has given her; how many there were.

    They give no vote from when the account was closed; the day before is their last.
    """
    day = timezone.localdate(at)
    open_seats = not_over(CouncilSeat.objects.filter(user__is_active=False), day)
    locked = open_seats.select_for_update(of=("self",), no_key=True).order_by("pk")
    seats = list(locked.select_related("category", "user"))
    trail.record_many(Event.SEAT_ENDED, subjects=seats, by=None, at=at, last_date=day.isoformat())
    end_before(CouncilSeat.objects.filter(pk__in=[seat.pk for seat in seats]), day)
    return len(seats)
