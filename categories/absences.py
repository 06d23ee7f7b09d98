"""Whose absence a person sees to beside her own."""

from datetime import date

from django.db.models import Q, QuerySet

from categories.models import CategoryAssignment
from categories.permissions import arranges_everybodys_absence
from organizations.models import Absence, User
from organizations.models.roles import AbsenceQuerySet


def managers_of(deputy: User, day: date) -> QuerySet[User]:
    """Those whose deputy the person is that day, in some category."""
    posts = CategoryAssignment.objects.on(day).filter(deputy=deputy, manager__is_active=True)
    return User.objects.filter(pk__in=posts.values("manager"))


def absences_arranged_by(user: User, day: date) -> AbsenceQuerySet:
    """Absences that the person may change and take back: her own, her managers', and everybody's for head and administrator."""
    if arranges_everybodys_absence(user, day):
        return Absence.objects.all()
    return Absence.objects.filter(Q(user=user) | Q(user__in=managers_of(user, day)))
