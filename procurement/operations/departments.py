"""Merge a department into another: people, baskets and delivery places go there, what is under way goes on."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.models import Trial
from catalog.operations.department_favourites import merge_lists
from core.errors import InvalidInput, WrongState
from core.periods import uncovered_days
from core.transactions import operation
from core.verdicts import require
from organizations.events import Event
from organizations.models import BudgetFrame, DeliveryPlace, Department, GroupRule, Membership, User
from organizations.permissions import can_arrange_organisation
from procurement.frames import with_money_left
from procurement.models import Allocation, Requisition, RequisitionLine
from procurement.operations.moving_baskets import first_place, merge_basket
from procurement.operations.rerouting import move_waiting
from procurement.operations.templates import move_templates
from procurement.states import DELIVERABLE, LineStatus


class MergedIntoItself(InvalidInput):
    """A department is merged into another one."""

    code = "department_merged_into_itself"
    sentence = _("Välj en annan enhet att slå ihop med.")


class OneIsClosed(WrongState):
    """Only open departments are merged."""

    code = "department_to_merge_is_closed"
    sentence = _("%(department)s är redan stängd.")


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merger moves, in numbers, and what is left to go on where it is."""

    people: int
    baskets: int
    places: int
    waiting: int
    on_the_way: int
    frames: int
    """Budget frames with money left, which finance moves."""


def merging_of(*departments: Department, day: date) -> Merging:
    """Say what a merger of the departments would move, to be shown before it is done."""
    lines = RequisitionLine.objects.filter(requisition__department__in=departments)
    return Merging(
        people=_memberships(departments, day).values("user").distinct().count(),
        baskets=Requisition.objects.held().filter(department__in=departments).count(),
        places=DeliveryPlace.objects.open(day).filter(department__in=departments).count(),
        waiting=lines.undecided().count(),
        on_the_way=Allocation.objects.filter(
            line__requisition__department__in=departments, line__status__in=DELIVERABLE
        )
        .values("line")
        .distinct()
        .count(),
        frames=len(
            with_money_left(
                BudgetFrame.objects.filter(department__in=departments, valid_during__endswith__gt=day)
            )
        ),
    )


@operation
def merge_departments(
    *, department: Department, into: Department, by: User | None, at: datetime
) -> Department:
    """
    Merge a department into another from today on.

    Everybody who has a role in either gets it in the other too: the one that goes on for what is ordered from now on, the
    closed one for what is under way there. Baskets go along; delivery places are copied, so that what was sent to the
    old ones says so for ever.

    :param by: None for the clock, which does what was planned by somebody who might.
    :raises NotPermitted: she is not the administrator.
    :raises InvalidInput: it is the same department.
    :raises OneIsClosed: one of them is closed.
    """
    day = timezone.localdate(at)
    ids = [department.pk, into.pk]
    locked = Department.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").in_bulk()
    if by is not None:
        require(can_arrange_organisation(by, at=at))
    if department.pk == into.pk:
        raise MergedIntoItself
    department, into = locked[department.pk], locked[into.pk]
    for each in (department, into):
        if not each.is_open_on(day):
            raise OneIsClosed(department=each.name)
    moving = merging_of(department, day=day)
    _copy_roles(department, into, day=day)
    _copy_roles(into, department, day=day)
    _copy_rules(department, into)
    _copy_rules(into, department)
    _copy_trials(department, into, day=day)
    _copy_places(department, into, day=day)
    merge_lists(department, into)
    _move_baskets(department, into, day=day)
    move_templates(department, into)
    department.closed_date, department.merged_into = day, into
    department.save(update_fields=["closed_date", "merged_into"])
    trail.record(
        Event.DEPARTMENT_MERGED,
        subject=department,
        by=by,
        at=at,
        to=into.name,
        people=moving.people,
        baskets=moving.baskets,
        lines=moving.waiting,
    )
    move_waiting(by=by, at=at)
    return department


def _memberships(departments: Collection[Department], day: date) -> QuerySet[Membership]:
    """Those that are or will be."""
    return Membership.objects.filter(department__in=departments).filter(
        Q(valid_during__endswith__gt=day) | Q(valid_during__upper_inf=True)
    )


def _copy_roles(giver: Department, taker: Department, *, day: date) -> None:
    """Give whoever has a role in one department the same in the other, for the days that she does not have it."""
    days_by_role: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for own_membership in _memberships([taker], day):
        days_by_role[own_membership.user_id, own_membership.role].append(own_membership.valid_during)
    Membership.objects.bulk_create(
        Membership(
            user_id=membership.user_id,
            role=membership.role,
            department=taker,
            amount_limit=membership.amount_limit,
            is_substitute=membership.is_substitute,
            decision=membership.decision,
            valid_during=DateRange(first, until),
            directory=membership.directory,
        )
        for membership in _memberships([giver], day)
        for first, until in uncovered_days(
            DateRange(max(membership.valid_during.lower or day, day), membership.valid_during.upper),
            days_by_role[membership.user_id, membership.role],
        )
    )


def _copy_trials(giver: Department, taker: Department, *, day: date) -> None:
    """Let the department that goes on try what the closed one tried, for the days that are left."""
    days_by_item: dict[int, list[Any]] = defaultdict(list)
    for own_trial in Trial.objects.not_over(day).filter(department=taker):
        days_by_item[own_trial.item_id].append(own_trial.valid_during)
    Trial.objects.bulk_create(
        Trial(item_id=trial.item_id, department=taker, valid_during=DateRange(first, until))
        for trial in Trial.objects.not_over(day).filter(department=giver)
        for first, until in uncovered_days(
            DateRange(max(trial.first_date, day), trial.valid_during.upper), days_by_item[trial.item_id]
        )
    )


def _copy_rules(giver: Department, taker: Department) -> None:
    """Let a directory's groups give in one department what they give in the other, so that they also end it there."""
    same_rules = GroupRule.objects.filter(
        department=taker, directory=OuterRef("directory"), group=OuterRef("group"), role=OuterRef("role")
    )
    GroupRule.objects.bulk_create(
        GroupRule(
            directory=rule.directory,
            group=rule.group,
            role=rule.role,
            department=taker,
            amount_limit=rule.amount_limit,
        )
        for rule in GroupRule.objects.filter(~Exists(same_rules), department=giver).order_by("pk")
    )


def _copy_places(department: Department, into: Department, *, day: date) -> None:
    """Let what is open be of the department that goes on too; beside one of the same name that it has closed, with where it was."""
    closed_by_name = dict(DeliveryPlace.objects.filter(department=into).values_list("name", "closed_date"))
    longest = DeliveryPlace._meta.get_field("name").max_length
    for place in DeliveryPlace.objects.open(day).filter(department=department).order_by("pk"):
        closed = closed_by_name.get(place.name, day)
        if closed is None or closed > day:
            continue
        if place.name in closed_by_name:
            place.name = f"{place.name}, {department.name}"[:longest]
        if place.name not in closed_by_name:
            place.pk, place.department = None, into
            place._state.adding = True
            place.save()
    DeliveryPlace.objects.open(day).filter(department=department).update(closed_date=day)


def _move_baskets(department: Department, into: Department, *, day: date) -> None:
    """
    Let baskets be of the department that goes on, each together with the one that its owner has there already.

    One that somebody submits in the same moment is under way, and stays as she sent it.
    """
    unsubmitted = Requisition.objects.filter(submitted_at=None)
    target_baskets = unsubmitted.filter(requester=OuterRef("requester"), department=into)
    baskets = unsubmitted.filter(department=department)
    both = baskets.annotate(other=Subquery(target_baskets.values("pk")[:1])).filter(other__isnull=False)
    pairs = dict(both.values_list("pk", "other"))
    locked = unsubmitted.locked().in_bulk([*pairs, *pairs.values()])
    for basket in (locked[pk] for pk, other in sorted(pairs.items()) if pk in locked and other in locked):
        merge_basket(basket, into_basket=pairs[basket.pk])
        basket.delete()
    place = first_place(into, day)
    unsubmitted.filter(charged_department=department).update(
        charged_department=into, activity=into.activity_id
    )
    unsubmitted.filter(department=department).update(department=into, delivery_place=place)
    in_baskets = RequisitionLine.objects.filter(status=LineStatus.DRAFT)
    in_baskets.filter(charged_department=department).update(charged_department=into)
    in_baskets.filter(delivery_place__department=department).update(delivery_place=None)
