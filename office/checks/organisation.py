"""The organisation: people with roles, departments and delivery places."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from office.checks.check import SOON_DAYS, Check
from organizations.models import BudgetFrame, DeliveryPlace, Department, Membership, Role, User
from procurement.frames import with_money_left


def _departments_without(role: Role) -> Callable[[date], QuerySet[Any]]:
    def rows(day: date) -> QuerySet[Any]:
        return Department.objects.open(day).filter(~_has_holder(role, day))

    return rows


def _departments_soon_without(role: Role) -> Callable[[date], QuerySet[Any]]:
    """Those where somebody has the role, and soon nobody."""

    def rows(day: date) -> QuerySet[Any]:
        soon = day + timedelta(days=SOON_DAYS)
        return Department.objects.open(soon).filter(_has_holder(role, day), ~_has_holder(role, soon))

    return rows


def _has_holder(role: Role, day: date) -> Exists:
    memberships = Membership.objects.on(day).filter(
        role=role, department=OuterRef("pk"), user__is_active=True
    )
    return Exists(memberships)


def _departments_without_place(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(~_has_place(day))


def _departments_soon_without_place(day: date) -> QuerySet[Any]:
    soon = day + timedelta(days=SOON_DAYS)
    return Department.objects.open(soon).filter(_has_place(day), ~_has_place(soon))


def _has_place(day: date) -> Exists:
    return Exists(DeliveryPlace.objects.open(day).filter(department=OuterRef("pk")))


def _departments_without_activity(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(activity__closed_date__lte=day + timedelta(days=SOON_DAYS))


def _open_in_closed_administration(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(administration__closed_date__lte=day)


def _departments_without_frame(day: date) -> QuerySet[Any]:
    """Departments that are followed by frames, and soon have none: every order of theirs is then above it."""
    soon = BudgetFrame.objects.on(day + timedelta(days=SOON_DAYS)).filter(department=OuterRef("pk"))
    followed = BudgetFrame.objects.filter(department=OuterRef("pk"))
    return Department.objects.open(day).filter(Exists(followed), ~Exists(soon))


def _frames_of_merged(day: date) -> QuerySet[Any]:
    """Frames with money left of departments that have gone up in others, where nobody orders for it any longer."""
    frames = BudgetFrame.objects.filter(
        department__merged_into__isnull=False,
        department__closed_date__lte=day,
        valid_during__endswith__gt=day,
    )
    return BudgetFrame.objects.filter(pk__in=with_money_left(frames))


def _people_if_vacant(role: Role) -> Callable[[date], QuerySet[Any]]:
    """The people, all of them, when none has the role; nobody otherwise."""

    def rows(day: date) -> QuerySet[Any]:
        has = Membership.objects.on(day).filter(role=role, user__is_active=True)
        return User.objects.filter(~Exists(has), is_active=True)

    return rows


def _of_department(**cells: str) -> Callable[[Department], Mapping[str, str]]:
    return lambda department: {"cost_center": department.cost_center, **cells}


def _vacancy_check(code: str, role: Role, sentence: Promise) -> Check:
    """Whether nobody in the region has a role, which a new row mends."""
    return Check(
        code,
        "roles",
        sentence,
        _people_if_vacant(role),
        adds=lambda _anybody: {"role": role.value},
        is_nowhere=True,
    )


CHECKS = (
    _vacancy_check("no_head", Role.HEAD_OF_PROCUREMENT, gettext_lazy("Ingen är inköpschef.")),
    _vacancy_check("no_controller", Role.CONTROLLER, gettext_lazy("Ingen är ekonom.")),
    _vacancy_check("no_administrator", Role.ADMINISTRATOR, gettext_lazy("Ingen är systemadministratör.")),
    Check(
        "department_without_requester",
        "roles",
        gettext_lazy("Enheten har ingen som får beställa."),
        _departments_without(Role.REQUESTER),
        adds=_of_department(role=Role.REQUESTER),
    ),
    Check(
        "department_without_budget_holder",
        "roles",
        gettext_lazy("Enheten har ingen budgetansvarig."),
        _departments_without(Role.BUDGET_HOLDER),
        adds=_of_department(role=Role.BUDGET_HOLDER),
    ),
    Check(
        "department_soon_without_budget_holder",
        "roles",
        gettext_lazy("Enheten har ingen budgetansvarig om 30 dagar."),
        _departments_soon_without(Role.BUDGET_HOLDER),
        adds=_of_department(role=Role.BUDGET_HOLDER),
    ),
    Check(
        "department_without_frame",
        "budget_frames",
        gettext_lazy("Enheten följs upp mot en ram men har ingen om 30 dagar."),
        _departments_without_frame,
        adds=_of_department(),
    ),
    Check(
        "frame_of_merged_department",
        "budget_frames",
        gettext_lazy(
            "Enheten har gått upp i en annan, men ramen har pengar kvar. Flytta dem till den andra enhetens ram."
        ),
        _frames_of_merged,
    ),
    Check(
        "department_without_delivery_place",
        "delivery_places",
        gettext_lazy("Enheten har ingen leveransplats."),
        _departments_without_place,
        adds=_of_department(),
    ),
    Check(
        "department_soon_without_delivery_place",
        "delivery_places",
        gettext_lazy("Enheten har ingen leveransplats om 30 dagar."),
        _departments_soon_without_place,
        adds=_of_department(),
    ),
    Check(
        "department_without_activity",
        "departments",
        gettext_lazy("Enhetens verksamhet är stängd eller stängs inom 30 dagar."),
        _departments_without_activity,
    ),
    Check(
        "department_in_closed_administration",
        "departments",
        gettext_lazy("Enheten är öppen men hör till en förvaltning som är stängd."),
        _open_in_closed_administration,
    ),
)
