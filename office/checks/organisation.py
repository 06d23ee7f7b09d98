"""The organisation: people with roles, departments and delivery places."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from office.checks.check import SOON_DAYS, Check
from organizations.models import BudgetFrame, DeliveryPlace, Department, Membership, Role, User


def _departments_without(role: Role) -> Callable[[date], QuerySet[Any]]:
    def rows(day: date) -> QuerySet[Any]:
        held = Membership.objects.on(day).filter(role=role, department=OuterRef("pk"), user__is_active=True)
        return Department.objects.open(day).filter(~Exists(held))

    return rows


def _departments_without_place(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(
        ~Exists(DeliveryPlace.objects.open(day).filter(department=OuterRef("pk")))
    )


def _departments_without_activity(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(activity__closed_date__lte=day + timedelta(days=SOON_DAYS))


def _open_in_closed_administration(day: date) -> QuerySet[Any]:
    return Department.objects.open(day).filter(administration__closed_date__lte=day)


def _departments_without_frame(day: date) -> QuerySet[Any]:
    """Departments that are followed by frames, and soon have none: every order of theirs is then above it."""
    soon = BudgetFrame.objects.on(day + timedelta(days=SOON_DAYS)).filter(department=OuterRef("pk"))
    followed = BudgetFrame.objects.filter(department=OuterRef("pk"))
    return Department.objects.open(day).filter(Exists(followed), ~Exists(soon))


def _nobody_is(role: Role) -> Callable[[date], QuerySet[Any]]:
    """The people, all of them, when none has the role; nobody otherwise."""

    def rows(day: date) -> QuerySet[Any]:
        has = Membership.objects.on(day).filter(role=role, user__is_active=True)
        return User.objects.filter(~Exists(has), is_active=True)

    return rows


CHECKS = (
    Check("no_head", "roles", gettext_lazy("Ingen är inköpschef."), _nobody_is(Role.HEAD_OF_PROCUREMENT)),
    Check("no_controller", "roles", gettext_lazy("Ingen är ekonom."), _nobody_is(Role.CONTROLLER)),
    Check(
        "no_administrator",
        "roles",
        gettext_lazy("Ingen är systemadministratör."),
        _nobody_is(Role.ADMINISTRATOR),
    ),
    Check(
        "department_without_requester",
        "roles",
        gettext_lazy("Enheten har ingen som får beställa."),
        _departments_without(Role.REQUESTER),
    ),
    Check(
        "department_without_budget_holder",
        "roles",
        gettext_lazy("Enheten har ingen budgetansvarig."),
        _departments_without(Role.BUDGET_HOLDER),
    ),
    Check(
        "department_without_frame",
        "budget_frames",
        gettext_lazy("Enheten följs upp mot en ram men har ingen om 30 dagar."),
        _departments_without_frame,
    ),
    Check(
        "department_without_delivery_place",
        "delivery_places",
        gettext_lazy("Enheten har ingen leveransplats."),
        _departments_without_place,
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
