"""What a change of when the region orders, or is closed, moves: in sentences, said before it is made."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import ngettext

from core.working_days import Calendar
from office.registers.previews import sentences_for
from procurement.models import OrderTime, RequisitionLine, Weekday
from procurement.order_times import OrderTimes
from procurement.states import LineStatus
from registers.register import Proposal


def of_order_time(proposal: Proposal) -> Sequence[str]:
    """What waits for an order time that would be none any longer."""
    times, region = _times_with(proposal), Calendar.read()
    waiting = RequisitionLine.objects.filter(status=LineStatus.APPROVED, order_due_at__gt=proposal.at)
    moments = waiting.order_by("order_due_at").values_list("order_due_at", flat=True).distinct()
    removed_times = [due for due in moments if due and not times.have(due, region)]
    return _order_time_sentences(Q(order_due_at__in=removed_times), at=proposal.at) if removed_times else []


def _times_with(proposal: Proposal) -> OrderTimes:
    """The order times as they would be: from its first day a new one is in the place of that which has its number."""
    after = proposal.after
    rows = OrderTime.objects.exclude(pk=proposal.row_id or 0).order_by("pk")
    times = list(rows.values_list("weekday", "number", "time", "valid_during"))
    if after:
        first, last = (_day(after.get(name)) for name in ("from_date", "through_date"))
        weekday, number = after["weekday"], int(after.get("number") or 1)
        times = [
            (*row[:3], DateRange(row[3].lower, first))
            if row[:2] == (weekday, number) and first and first in row[3]
            else row
            for row in times
        ]
        during = DateRange(first, last + timedelta(days=1) if last else None)
        times.append((weekday, number, time.fromisoformat(after["time"]), during))
    return OrderTimes(tuple((Weekday(weekday), moment, during) for weekday, _number, moment, during in times))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def of_closed_day(proposal: Proposal) -> Sequence[str]:
    """What waits to be ordered on a day that is to be closed."""
    day = proposal.after.get("day", "")
    return _order_time_sentences(Q(order_due_at__date=day), at=proposal.at) if day else []


def _order_time_sentences(due: Q, *, at: datetime) -> Sequence[str]:
    count = RequisitionLine.objects.filter(due, status=LineStatus.APPROVED, order_due_at__gt=at).count()
    return sentences_for(
        (
            count,
            ngettext(
                "%d godkänd rad får en annan beställningstid.",
                "%d godkända rader får en annan beställningstid.",
                count,
            ),
        )
    )
