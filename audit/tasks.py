"""What the clock starts in audit: each calls one operation."""

from celery import shared_task
from django.utils import timezone

from audit.operations import letters, nightly, sealing
from core.wakeups import WakeUpTask


@shared_task(base=WakeUpTask, name="audit.seal_trail")
def seal_trail() -> None:
    """Close what has been written to the trail since last time."""
    sealing.seal_trail(at=timezone.now())


@shared_task(base=WakeUpTask, name="audit.send_head")
def send_head() -> None:
    """Send the last seal to those who are named, once a day."""
    letters.send_head(at=timezone.now())


@shared_task(base=WakeUpTask, name="audit.verify_trail")
def verify_trail() -> None:
    """Hold the trail against its seals, once each night."""
    nightly.verify_trail(at=timezone.now())
