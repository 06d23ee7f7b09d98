"""The digest at 07.30 on working days."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.utils import timezone

from core.bulk import insert_unless
from core.wakeups import wake
from core.working_days import is_working_day
from notices.models import Morning, Notice
from notices.operations.telling import News, tell
from notices.states import Delivery

HALF_PAST_SEVEN = time(7, 30)


def moment_of(day: date) -> datetime:
    """When the digest of a day is made."""
    return timezone.make_aware(datetime.combine(day, HALF_PAST_SEVEN))


def is_due(at: datetime) -> bool:
    """Whether the digest of this day is still to be made; what was missed at 07.30 is made later in the day."""
    day = timezone.localdate(at)
    return is_working_day(day) and at >= moment_of(day) and not Morning.objects.filter(day=day).exists()


def latest_before(day: date) -> date | None:
    """The day of the digest before this one; None before the first."""
    return Morning.objects.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()


def begin(at: datetime) -> bool:
    """
    Take it upon oneself to make the digest of the day, inside the operation that knows what waits.

    Whoever comes second waits for the first, and gets False.
    """
    morning = Morning(day=timezone.localdate(at), made_at=at)
    return is_due(at) and insert_unless(morning, constraint="morning_once_a_day")


def finish(news: Iterable[News], *, at: datetime) -> None:
    """
    Tell what waits this morning, and let everything that was kept for the digest go in the next letter.

    What waits is told as of 07.30, so that it is told once even if the clock starts this twice.
    """
    tell(news, by=None, at=moment_of(timezone.localdate(at)))
    notices = Notice.objects.filter(delivery=Delivery.DIGEST, due_at=None, read_at=None)
    if notices.update(due_at=at):
        wake("notices.send_due")
