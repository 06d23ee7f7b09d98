"""
When approved lines become orders: on the clock, on working days, at the times that the region has set.

A day on which no times are in force at all, as before a region has set any, has the usual one.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from core.remembered import Remembered
from core.working_days import Calendar, calendar
from procurement.models.order_times import OrderTime, Weekday

USUAL_TIME = time(15, 0)
WEEKDAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """The times of every weekday, each with the days on which it is in force."""

    times: tuple[tuple[Weekday, time, DateRange], ...] = ()

    @classmethod
    def read(cls) -> Self:
        """Read the region's times."""
        rows = OrderTime.objects.order_by("pk").values_list("weekday", "time", "valid_during")
        return cls(tuple((Weekday(weekday), moment, during) for weekday, moment, during in rows))

    def on(self, day: date, region: Calendar) -> time | None:
        """The time at which lines are ordered on a day; None on a day without one."""
        if not region.is_working_day(day):
            return None
        in_force = {weekday: moment for weekday, moment, during in self.times if day in during}
        return in_force.get(WEEKDAYS[day.weekday()]) if in_force else USUAL_TIME

    def next_after(self, at: datetime, region: Calendar) -> datetime:
        """The next moment at which approved lines are ordered, strictly after ``at``."""
        local = timezone.localtime(at)
        day = local.date()
        while True:
            moment = self.on(day, region)
            if moment is not None and (then := timezone.make_aware(datetime.combine(day, moment))) > local:
                return then
            day += timedelta(days=1)


order_times = Remembered(OrderTimes.read)


def next_order_time(at: datetime) -> datetime:
    """The next moment at which approved lines are ordered, strictly after ``at``."""
    return order_times().next_after(at, calendar())
