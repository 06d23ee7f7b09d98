"""Who is told of what is planned, changed, taken back, or could not be done: inside the operation that wrote it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from assortment.models import CouncilSeat
from categories.models import CategoryAssignment, CategoryChange
from core.addresses import place
from core.bulk import update_rows
from notices.operations.telling import News, tell
from office.notices import CATEGORY_CHANGE, DEPARTURE, PLAN_REFUSED, REORGANISATION
from organizations.models import (
    AdministrationChange,
    Department,
    DepartmentChange,
    Departure,
    Membership,
    PlannedChange,
    Role,
    User,
)
from organizations.states import PlanStatus

ALIVE = [PlanStatus.PLANNED, PlanStatus.TAKEN_BACK]
REGISTERS_OF: Mapping[type[PlannedChange], str] = {
    AdministrationChange: "administration_changes",
    CategoryChange: "category_changes",
    DepartmentChange: "department_changes",
    Departure: "departures",
}


def tell_of_plans(*, by: User | None, at: datetime) -> None:
    """
    Tell those concerned of every plan that says something else than they were last told.

    What was taken back before anybody was told of it is told to nobody.
    """
    day = timezone.localdate(at)
    news: list[News] = []
    for model, related in _RELATED.items():
        manager: Any = model._default_manager
        plans = list(manager.filter(status__in=ALIVE).select_related(*related).order_by("pk"))
        changed = [plan for plan in plans if _needs_notice(plan)]
        for plan in changed:
            news += _NEWS[model](plan, day)
            plan.told = _content(plan)
        update_rows(changed, ["told"])
    tell(news, by=by, at=at)


def tell_of_closing(*, by: User | None, at: datetime) -> None:
    """Tell those who order and attest for departments that are to close, or after all are not, when they do not know it."""
    day = timezone.localdate(at)
    departments = list(Department.objects.closing_untold().order_by("pk"))
    news: list[News] = []
    for department in departments:
        closes = department.closed_date
        day_told = closes or department.told_closed_date
        if day_told is not None and day_told >= day:
            facts = {
                "how": "closed" if closes else "not_closed",
                "what": department.name,
                "day": day_told.isoformat(),
            }
            address = f"{place('notices')}#departments-{department.pk}"
            people = _people(Q(department=department), day)
            news += [News(person, REORGANISATION, address, facts) for person in people]
        department.told_closed_date = closes
    update_rows(departments, ["told_closed_date"])
    tell(news, by=by, at=at)


def tell_of_refusal(plan: PlannedChange, *, at: datetime) -> None:
    """Tell those who plan such things that it could not be carried out, and why."""
    role = Role.HEAD_OF_PROCUREMENT if isinstance(plan, CategoryChange) else Role.ADMINISTRATOR
    planners = Membership.objects.on(timezone.localdate(at)).filter(role=role)
    address = reverse("registers:row", args=[REGISTERS_OF[type(plan)], plan.pk])
    facts = {"what": _name(plan), "day": plan.from_date.isoformat(), "reason": plan.refusal}
    people = planners.values_list("user", flat=True).order_by("user")
    tell([News(person, PLAN_REFUSED, address, facts) for person in people], by=None, at=at)


def _needs_notice(plan: PlannedChange) -> bool:
    if plan.status == PlanStatus.TAKEN_BACK:
        return bool(plan.told) and plan.told["status"] != PlanStatus.TAKEN_BACK
    return bool(plan.told != _content(plan))


def _content(plan: PlannedChange) -> dict[str, Any]:
    """What a plan says, to be compared with what people know."""
    excluded = ("done_at", "refusal", "told", "id")
    fields = [field for field in plan._meta.concrete_fields if field.name not in excluded]
    return {field.attname: _plain(getattr(plan, field.attname)) for field in fields}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _address(plan: PlannedChange) -> str:
    """Among her notices, where all of it stands: those concerned see no registers."""
    return f"{place('notices')}#{REGISTERS_OF[type(plan)]}-{plan.pk}"


def _name(plan: PlannedChange) -> str:
    if isinstance(plan, DepartmentChange):
        return plan.department.name
    if isinstance(plan, CategoryChange):
        return plan.category.name
    return str(plan.administration if isinstance(plan, AdministrationChange) else plan.person)  # type: ignore[attr-defined]


def _of_department(plan: DepartmentChange, day: date) -> Iterable[News]:
    """Those who order and attest for it, and for the one that it is merged into."""
    places = [plan.department_id, *([plan.into_id] if plan.into_id else [])]
    facts = _facts(plan, plan.department.name, plan.into or plan.administration)
    people = _people(Q(department__in=places), day)
    return [News(person, REORGANISATION, _address(plan), facts) for person in people]


def _of_administration(plan: AdministrationChange, day: date) -> Iterable[News]:
    """Those who attest in it; what departments are called and who orders for them does not change."""
    concerned = Q(department__administration=plan.administration_id, role=Role.BUDGET_HOLDER)
    facts = _facts(plan, plan.administration.name, plan.into)
    return [News(person, REORGANISATION, _address(plan), facts) for person in _people(concerned, day)]


def _of_category(plan: CategoryChange, day: date) -> Iterable[News]:
    """Those who answer for it or sit in its council, and those of the one that it is merged into or put under."""
    lineage = {*plan.category.lineage}
    for other in (plan.into, plan.parent):
        lineage |= {*(other.lineage if other else ())}
    posts = CategoryAssignment.objects.filter(category__in=lineage, valid_during__contains=day)
    seats = CouncilSeat.objects.on(day).filter(category__in=lineage)
    people = {*seats.values_list("user", flat=True)}
    for manager, deputy in posts.values_list("manager", "deputy"):
        people |= {manager, deputy} - {None}
    facts = _facts(plan, plan.category.name, plan.into or plan.parent)
    return [News(person, CATEGORY_CHANGE, _address(plan), facts) for person in sorted(people)]


def _facts(
    plan: DepartmentChange | AdministrationChange | CategoryChange, what: str, to: Any
) -> dict[str, str]:
    how = "merged" if plan.into_id else "moved" if to else "renamed"
    if plan.status == PlanStatus.TAKEN_BACK:
        how = "taken_back"
    return {
        "how": how,
        "what": what,
        "name": plan.name,
        "to": to.name if to else "",
        "day": plan.from_date.isoformat(),
    }


def _people(concerned: Q, day: date) -> Iterable[int]:
    memberships = Membership.objects.on(day).filter(concerned)
    return memberships.values_list("user", flat=True).order_by("user").distinct()


def _of_departure(plan: Departure, day: date) -> Iterable[News]:
    """Whoever leaves, and whoever takes over; whoever was to take over before, when that is somebody else now."""
    facts = {
        "who": plan.person.full_name,
        "to": plan.successor.full_name,
        "day": plan.from_date.isoformat(),
    }
    suffix = "_not" if plan.status == PlanStatus.TAKEN_BACK else ""
    before = plan.told.get("successor_id")
    if before and before != plan.successor_id and not suffix:
        yield News(before, DEPARTURE, _address(plan), {**facts, "how": "successor_not"})
    yield News(plan.successor_id, DEPARTURE, _address(plan), {**facts, "how": f"successor{suffix}"})
    yield News(plan.person_id, DEPARTURE, _address(plan), {**facts, "how": f"leaver{suffix}"})


_RELATED: Mapping[type[PlannedChange], tuple[str, ...]] = {
    AdministrationChange: ("administration", "into"),
    CategoryChange: ("category", "parent", "into"),
    DepartmentChange: ("department", "administration", "into"),
    Departure: ("person", "successor"),
}
_NEWS: Mapping[type[PlannedChange], Any] = {
    AdministrationChange: _of_administration,
    CategoryChange: _of_category,
    DepartmentChange: _of_department,
    Departure: _of_departure,
}
