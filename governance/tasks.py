"""What the clock starts for governance."""

from celery import shared_task
from django.utils import timezone

from governance.operations import reminding


@shared_task(name="governance.remind_of_assignments")
def remind_of_assignments() -> None:
    """Remind whoever answers for an assignment of the meeting that it is due at."""
    reminding.remind_of_assignments(at=timezone.now())
