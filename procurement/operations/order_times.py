"""
Let what waits to be ordered follow the order times.

What has been ordered stays as it was, and so does the day by which a requester has been promised an answer.
"""

from datetime import datetime

from core.working_days import Calendar, calendar
from organizations.models import User
from procurement.models import RequisitionLine
from procurement.operations.locks import lock_requisitions
from procurement.order_times import OrderTimes, order_times
from procurement.states import LineStatus


def settle_order_times(by: User | None, at: datetime) -> None:
    """
    Give every approved line whose order time is no longer one the next there is, inside the operation that changed them.

    A line that waits for a time that still stands keeps it, whatever came before it.
    """
    times, region = OrderTimes.read(), Calendar.read()
    order_times.forget_on_commit()
    calendar.forget_on_commit()
    waiting = RequisitionLine.objects.filter(status=LineStatus.APPROVED, order_due_at__gt=at)
    moments = waiting.order_by("order_due_at").values_list("order_due_at", flat=True).distinct()
    obsolete_times = [due for due in moments if due and not times.have(due, region)]
    if obsolete_times:
        affected_lines = waiting.filter(order_due_at__in=obsolete_times)
        lock_requisitions(sorted(set(affected_lines.values_list("requisition", flat=True))))
        affected_lines.update(order_due_at=times.next_after(at, region))
