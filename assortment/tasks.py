"""What the clock starts in assortment: each calls one operation."""

from celery import shared_task
from django.utils import timezone

from assortment.operations import candidates, councils, searches
from assortment.operations.mornings import proposals_in_the_morning
from assortment.operations.proofs import proofs_in_the_morning
from core.wakeups import WakeUpTask
from procurement.operations import morning_notices


@shared_task(base=WakeUpTask, name="assortment.tell_morning")
def tell_morning() -> None:
    """Tell what waits, lines, proposals and proofs that end, once each working day from 07.30."""
    others = [proposals_in_the_morning, proofs_in_the_morning]
    morning_notices.tell_morning(at=timezone.now(), others=others)


@shared_task(base=WakeUpTask, name="assortment.keep_searches")
def keep_searches() -> None:
    """Count the searches that found nothing since last time."""
    searches.keep_searches(at=timezone.now())


@shared_task(base=WakeUpTask, name="assortment.end_seats_of_leavers")
def end_seats_of_leavers() -> None:
    """End the seats that closed accounts have in councils."""
    councils.end_seats_of_leavers(at=timezone.now())


@shared_task(base=WakeUpTask, name="assortment.compute_candidates")
def compute_candidates() -> None:
    """Write down what could be one choice, once each night."""
    candidates.compute_candidates(at=timezone.now())
