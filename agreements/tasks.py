"""What the clock starts for agreements."""

from celery import shared_task
from django.utils import timezone

from agreements.operations import reminding
from core.wakeups import WakeUpTask


@shared_task(base=WakeUpTask, name="agreements.tell_of_deadlines")
def tell_of_deadlines() -> None:
    """Tell owners of what is to be done within a month, and put away what is done."""
    reminding.tell_of_deadlines(at=timezone.now())
