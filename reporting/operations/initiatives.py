"""Saving initiatives that go along with the category that they are in."""

from datetime import date

from django.db.models import Q, QuerySet

from categories.models import Category
from reporting.models import SavingInitiative


def going_along(category: Category, day: date) -> QuerySet[SavingInitiative]:
    """Initiatives that somebody has something left to do with: those to come, and those that finance has not confirmed."""
    waiting = SavingInitiative.objects.awaiting().values("pk")
    return SavingInitiative.objects.filter(Q(effective_date__gte=day) | Q(pk__in=waiting), category=category)


def move_initiatives(category: Category, into: Category, *, day: date) -> None:
    """Let them go to the category that goes on, inside the operation that merges the two; what is confirmed stays."""
    going_along(category, day).update(category=into)
