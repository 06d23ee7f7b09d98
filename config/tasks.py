"""What the clock starts for the program's own sake."""

from celery import shared_task
from django.utils import timezone

from config import cleaning
from core.wakeups import WakeUpTask


@shared_task(base=WakeUpTask, name="config.clean")
def clean() -> None:
    """Forget what is over, once a day."""
    at = timezone.now()
    if cleaning.is_due(at):
        cleaning.clean(at=at)
