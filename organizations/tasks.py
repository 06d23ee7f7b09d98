"""What organizations does by the clock."""

from celery import shared_task
from django.utils import timezone

from organizations.operations.guessing import forget_old_attempts
from organizations.signing_in.store import SessionStore


@shared_task(name="organizations.forget_what_is_over")
def forget_what_is_over() -> None:
    """Remove sessions that have ended, and counts of wrong passwords that no longer matter."""
    SessionStore.clear_expired()
    forget_old_attempts(at=timezone.now())
