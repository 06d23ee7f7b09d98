"""What the clock and the queue start in notices: each calls one operation."""

from celery import shared_task
from django.utils import timezone

from core.wakeups import WakeUpTask
from notices.operations import mailing

LONGEST_SECONDS = 120
"""No attempt at sending takes longer; the lease of a claim (mailing.LEASE) is longer than this."""


@shared_task(base=WakeUpTask, name="notices.send_due", soft_time_limit=LONGEST_SECONDS)
def send_due() -> None:
    """Send every letter that is due; finds whatever a lost message or a killed worker left."""
    mailing.send_due(at=timezone.now())
