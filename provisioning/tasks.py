"""What the clock starts in provisioning."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from provisioning.operations import keys


@shared_task(base=WakeUpTask, name="provisioning.tell_of_ending_keys")
def tell_of_ending_keys() -> None:
    """Tell the administrators of keys that end soon."""
    keys.tell_of_ending_keys(at=timezone.now())
