"""When approved lines become orders: on the clock, at 15.00 on working days (pure)."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from core.working_days import is_working_day

ORDER_TIME = time(15, 0)


def next_order_time(at: datetime) -> datetime:
    """The next moment at which approved lines are ordered, strictly after ``at``."""
    local = timezone.localtime(at)
    moment = local.replace(hour=ORDER_TIME.hour, minute=ORDER_TIME.minute, second=0, microsecond=0)
    while moment <= local or not is_working_day(moment.date()):
        day = moment.date() + timedelta(days=1)
        moment = timezone.make_aware(datetime.combine(day, ORDER_TIME))
    return moment
