"""
Carry out what is planned for a day: departments, administrations and categories that change, and people who leave.

The clock does it, once, on the day or as soon as the program is up again. What can no longer be done is left with its
reason for those who plan such things to mend.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from categories.models import CategoryChange
from categories.succession import category_going_on
from core.errors import DomainError, WrongState, stored
from core.states import move
from core.transactions import operation
from office.operations.mergers import merge_categories
from office.operations.telling import tell_of_refusal
from office.registers.categories import CATEGORIES
from office.registers.organisation import ADMINISTRATIONS, DEPARTMENTS
from organizations.events import Event
from organizations.models import AdministrationChange, DepartmentChange, Departure, PlannedChange
from organizations.states import PLAN_TRANSITIONS, PlanStatus
from organizations.succession import administration_going_on, department_going_on, person_going_on
from procurement.operations.administrations import merge_administrations
from procurement.operations.departments import merge_departments
from procurement.operations.leaving import leave
from registers.operations.rows import change_row

logger = logging.getLogger(__name__)


class IsClosedByThen(WrongState):
    """What has closed is not changed any more."""

    code = "plan_of_what_is_closed"
    sentence = _("%(name)s är redan stängd.")


def carry_out_due(*, at: datetime) -> int:
    """
    Carry out every plan whose day has come, the earliest first; each in a transaction of its own.

    :returns: how many were carried out.
    """
    due = [plan for model in ACTS for plan in model._default_manager.due(timezone.localdate(at))]  # type: ignore[attr-defined]
    count = 0
    for plan in sorted(due, key=lambda each: each.from_date):
        try:
            count += carry_out(plan=plan, at=at).status == PlanStatus.DONE
        except DatabaseError:  # one that fails holds up no other; the next sweep tries it again
            logger.exception("A planned change failed: %s %s", plan._meta.label, plan.pk)
    return count


@operation
def carry_out(*, plan: PlannedChange, at: datetime) -> PlannedChange:
    """
    Carry out one plan if it still stands and its day has come; called again it changes nothing.

    A refusal is kept in the plan, and those who plan such things are told.
    """
    manager: Any = type(plan)._default_manager
    plan = manager.select_for_update(no_key=True).get(pk=plan.pk)
    day = timezone.localdate(at)
    if plan.status != PlanStatus.PLANNED or plan.from_date > day:
        return plan
    try:
        with transaction.atomic():
            ACTS[type(plan)](plan, day, at)
    except DomainError as refusal:
        move(plan, to=PlanStatus.REFUSED, transitions=PLAN_TRANSITIONS)
        plan.refusal = stored(refusal)
        plan.save(update_fields=["status", "refusal"])
        trail.record(Event.PLAN_REFUSED, subject=plan, by=None, at=at, reason=plan.refusal)
        tell_of_refusal(plan, at=at)
        return plan
    move(plan, to=PlanStatus.DONE, transitions=PLAN_TRANSITIONS)
    plan.done_at, plan.refusal = at, ""
    plan.save(update_fields=["status", "done_at", "refusal"])
    trail.record(Event.PLAN_DONE, subject=plan, by=None, at=at, from_date=plan.from_date.isoformat())
    return plan


def _change_department(plan: DepartmentChange, day: date, at: datetime) -> None:
    department = plan.department
    if plan.into is not None:
        into = department_going_on(plan.into, day)
        merge_departments(department=department, into=into, by=None, at=at)
        return
    if not department.is_open_on(day):
        raise IsClosedByThen(name=department.name)
    cells = {}
    if plan.name:
        cells["name"] = plan.name
    if plan.administration is not None:
        cells["administration"] = administration_going_on(plan.administration, day).code
    change_row(register=DEPARTMENTS, row_id=department.pk, cells=cells, by=None, at=at)


def _change_administration(plan: AdministrationChange, day: date, at: datetime) -> None:
    administration = plan.administration
    if plan.into is not None:
        into = administration_going_on(plan.into, day)
        merge_administrations(administration=administration, into=into, by=None, at=at)
        return
    if not administration.is_open_on(day):
        raise IsClosedByThen(name=administration.name)
    change_row(register=ADMINISTRATIONS, row_id=administration.pk, cells={"name": plan.name}, by=None, at=at)


def _change_category(plan: CategoryChange, day: date, at: datetime) -> None:
    category = plan.category
    if plan.into is not None:
        merge_categories(category=category, into=category_going_on(plan.into), by=None, at=at)
        return
    if category.merged_into_id is not None:
        raise IsClosedByThen(name=category.name)
    cells = {"name": plan.name, "name_en": plan.name_en}
    if plan.parent is not None:
        cells["parent"] = category_going_on(plan.parent).code
    new_cells = {name: value for name, value in cells.items() if value}
    change_row(register=CATEGORIES, row_id=category.pk, cells=new_cells, by=None, at=at)


def _carry_out_departure(plan: Departure, day: date, at: datetime) -> None:
    """
    Her account is closed on its day, also when nobody of those who were to take over is left.

    Then her work is placed as when a file or a directory says that she has gone.
    """
    successor = person_going_on(plan.successor)
    if successor is not None and successor.pk == plan.person_id:
        successor = None
    leave(user=plan.person, successor=successor, by=None, at=at)


Act = Callable[[Any, date, datetime], None]
ACTS: Mapping[type[PlannedChange], Act] = {
    AdministrationChange: _change_administration,
    DepartmentChange: _change_department,
    CategoryChange: _change_category,
    Departure: _carry_out_departure,
}
"""What is done on the day; of one day, administrations first, so that departments find them as they are to be."""
