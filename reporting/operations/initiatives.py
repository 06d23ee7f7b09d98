"""Saving initiatives that go along with the category that they are in, and what becomes of those that are decided no longer."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from audit import trail
from categories.models import Category
from organizations.models import User
from reporting.events import Event
from reporting.models import Baseline, InitiativeStage, SavingInitiative
from reporting.operations.confirming_news import put_away_waiting


def going_along(category: Category, day: date) -> QuerySet[SavingInitiative]:
    """Initiatives that somebody has something left to do with: those to come, and those that finance has not confirmed."""
    waiting = SavingInitiative.objects.awaiting().values("pk")
    return SavingInitiative.objects.filter(Q(effective_date__gte=day) | Q(pk__in=waiting), category=category)


def move_initiatives(category: Category, into: Category, *, day: date) -> None:
    """Let them go to the category that goes on, inside the operation that merges the two; what is confirmed stays."""
    going_along(category, day).update(category=into)


def withdraw_undecided(by: User | None, at: datetime) -> None:
    """
    Withdraw the baselines that wait for finance of initiatives that are decided no longer, inside the operation that said so.

    What is confirmed stays. An initiative that is decided anew has its baselines frozen as the next version.
    """
    undecided = SavingInitiative.objects.awaiting().exclude(stage=InitiativeStage.DECIDED)
    withdrawn = list(undecided.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not withdrawn:
        return
    Baseline.objects.awaiting().filter(initiative__in=withdrawn).update(superseded_at=at)
    trail.record_many(Event.BASELINES_WITHDRAWN, subjects=withdrawn, by=by, at=at)
    put_away_waiting(withdrawn, at=at)
