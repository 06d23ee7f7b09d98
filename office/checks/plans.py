"""What is planned for a day to come and cannot be carried out as it was planned."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy

from categories.models import CategoryChange
from office.checks.check import Check
from organizations.models import AdministrationChange, DepartmentChange, Departure, PlannedChange
from organizations.states import PlanStatus


def _refused(model: type[PlannedChange]) -> Callable[[date], QuerySet[Any]]:
    """Plans whose day came and that could not be carried out."""
    return lambda day: model._default_manager.filter(status=PlanStatus.REFUSED)


def _impossible(model: type[PlannedChange], what: str, *names: str) -> Callable[[date], QuerySet[Any]]:
    """Plans for what is closed by then, or that lead to what is, with nothing that goes on in its place."""
    closed = Q(**{f"{what}__closed_date__lte": F("from_date")})
    for name in names:
        closed |= Q(**{f"{name}__closed_date__lte": F("from_date"), f"{name}__merged_into": None})
    plans: Any = model._default_manager
    return lambda day: plans.to_come().filter(closed)


def _departures_to_leavers(day: date) -> QuerySet[Any]:
    return Departure.objects.to_come().filter(successor__is_active=False)


REFUSED = gettext_lazy("Den planerade ändringen gick inte att genomföra.")
IMPOSSIBLE = gettext_lazy("Den planerade ändringen går inte att genomföra: något i den är stängt den dagen.")

CHECKS = (
    Check(
        "department_change_refused",
        "department_changes",
        REFUSED,
        _refused(DepartmentChange),
    ),
    Check(
        "administration_change_refused",
        "administration_changes",
        REFUSED,
        _refused(AdministrationChange),
    ),
    Check("category_change_refused", "category_changes", REFUSED, _refused(CategoryChange)),
    Check(
        "department_change_impossible",
        "department_changes",
        IMPOSSIBLE,
        _impossible(DepartmentChange, "department", "administration", "into"),
    ),
    Check(
        "administration_change_impossible",
        "administration_changes",
        IMPOSSIBLE,
        _impossible(AdministrationChange, "administration", "into"),
    ),
    Check(
        "category_change_impossible",
        "category_changes",
        IMPOSSIBLE,
        _impossible(CategoryChange, "category"),
    ),
    Check(
        "departure_refused",
        "departures",
        gettext_lazy("Personen skulle ha slutat, men det gick inte att genomföra."),
        _refused(Departure),
    ),
    Check(
        "departure_to_leaver",
        "departures",
        gettext_lazy("Den som skulle ta över har själv slutat."),
        _departures_to_leavers,
    ),
)
