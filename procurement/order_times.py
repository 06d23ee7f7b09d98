"""
When approved lines become orders: on the clock, on working days, at the times that the region has set.

A day on which no times are in force at all, as before a region has set any, has the usual one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core.timed_cache import TimedCache
from core.working_days import Calendar, calendar
from procurement.models.order_times import OrderTime, Weekday

USUAL_TIME = time(15, 0)
WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """The times of every weekday, as many as it has, each with the days on which it is in force."""

    times: tuple[tuple[Weekday, time, DateRange], ...] = ()

    @classmethod
    def read(cls) -> Self:
        """Read the region's times."""
        rows = OrderTime.objects.order_by("pk").values_list("weekday", "time", "valid_during")
        return cls(tuple((Weekday(weekday), moment, during) for weekday, moment, during in rows))

    def on(self, day: date, region: Calendar) -> Sequence[time]:
        """The times at which lines are ordered on a day, the earliest first; none on a day without any."""
        if not region.is_working_day(day):
            return []
        in_force = [(weekday, moment) for weekday, moment, during in self.times if day in during]
        if not in_force:
            return [USUAL_TIME]
        return sorted({moment for weekday, moment in in_force if weekday == WEEKDAYS[day.weekday()]})

    def have(self, due: datetime, region: Calendar) -> bool:
        """Whether lines are ordered at this very moment."""
        local = timezone.localtime(due)
        return local.time() in self.on(local.date(), region)

    def next_after(self, at: datetime, region: Calendar) -> datetime:
        """The next moment at which approved lines are ordered, strictly after ``at``."""
        local = timezone.localtime(at)
        day = local.date()
        while True:
            for moment in self.on(day, region):
                if (order_time := timezone.make_aware(datetime.combine(day, moment))) > local:
                    return order_time
            day += timedelta(days=1)


order_times = TimedCache(OrderTimes.read)


def next_order_time(at: datetime) -> datetime:
    """The next moment at which approved lines are ordered, strictly after ``at``."""
    return order_times().next_after(at, calendar())
