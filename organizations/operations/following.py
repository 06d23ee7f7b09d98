"""
Follow a directory's groups: the one way in which they give roles and take them.

It is the same whether the directory tells of the groups when a person signs in or by itself.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils import timezone

from audit import trail
from audit.trail import Actor
from core.bulk import insert_rows, update_rows
from organizations.events import Event
from organizations.models import GroupRule, Membership, ProvisionedMember, ProvisionedPerson, Role, User

Place = tuple[str, int | None]
"""A role, and the id of its department."""


def follow_groups(
    groups: Mapping[int, Collection[str]], directory: str, *, by: Actor | None, at: datetime
) -> bool:
    """
    Begin the roles that people's groups give, and end those that they no longer give, inside an operation.

    Roles that somebody else has given are left alone. However many people, the statements are as many.

    :param groups: by what names the groups of each person are known, by her id; the caller holds the people's locks.
    :returns: whether anything was changed.
    """
    day = timezone.localdate(at)
    limits_by_user = _limits_by_user(groups, directory, day)
    places_by_user: dict[int, set[Place]] = defaultdict(set)
    over = []
    memberships = (
        Membership.objects.on(day).filter(user__in=list(groups)).select_related("department", "user")
    )
    for membership in memberships.order_by("pk"):
        place = (membership.role, membership.department_id)
        limits = limits_by_user[membership.user_id]
        is_right = place in limits and membership.amount_limit == limits[place]
        if membership.directory != directory or is_right:
            places_by_user[membership.user_id].add(place)
        else:
            over.append(membership)
    new_roles = [
        (user, place, limit)
        for user, limits in limits_by_user.items()
        for place, limit in limits.items()
        if place not in places_by_user[user]
    ]
    _end(over, day, by=by, at=at)
    _begin(new_roles, directory, day, by=by, at=at)
    return bool(over or new_roles)


def sync_provisioned(
    people: QuerySet[ProvisionedPerson], directory: str, *, by: Actor | None, at: datetime
) -> bool:
    """
    Follow the groups that a directory has told of by itself, for some of its people, inside an operation.

    :returns: whether anything was changed.
    """
    active_people = people.filter(user__is_active=True)
    users = (
        User.objects.select_for_update(no_key=True, of=("self",))
        .filter(provisioned__in=active_people)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    groups: dict[int, set[str]] = {user: set() for user in users}
    members = ProvisionedMember.objects.filter(person__in=active_people, person__user__in=list(groups))
    for user, name, number in members.values_list("person__user", "group__name", "group__external_id"):
        groups[user] |= {name, number} - {""}
    return follow_groups(groups, directory, by=by, at=at)


def _limits_by_user(
    groups: Mapping[int, Collection[str]], directory: str, day: date
) -> dict[int, dict[Place, Decimal | None]]:
    """What the groups give: the highest limit where several give the same, and none is higher than all."""
    names = {name for each in groups.values() for name in each}
    rules: dict[str, list[GroupRule]] = defaultdict(list)
    for rule in GroupRule.objects.of(directory, list(names), day):
        rules[rule.group].append(rule)
    limits_by_user: dict[int, dict[Place, Decimal | None]] = {}
    for user, group_names in groups.items():
        limits: dict[Place, Decimal | None] = limits_by_user.setdefault(user, {})
        for rule in (each for name in set(group_names) for each in rules[name]):
            place, limit = (rule.role, rule.department_id), rule.amount_limit
            before = limits.get(place, limit)
            limits[place] = None if before is None or limit is None else max(before, limit)
    return limits_by_user


def _begin(
    new_roles: list[tuple[int, Place, Decimal | None]],
    directory: str,
    day: date,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """Begin roles today, each until the same begins anew by somebody else's arrangement."""
    if not new_roles:
        return
    later: dict[tuple[int, Place], date | None] = {}
    to_come = Membership.objects.filter(
        user__in={user for user, _place, _limit in new_roles}, valid_during__startswith__gt=day
    )
    for user, role, department, during in to_come.order_by("-valid_during").values_list(
        "user", "role", "department", "valid_during"
    ):
        later[user, (role, department)] = during.lower
    begun = [
        Membership(
            user_id=user,
            role=place[0],
            department_id=place[1],
            amount_limit=limit,
            valid_during=DateRange(day, later.get((user, place))),
            directory=directory,
        )
        for user, place, limit in new_roles
    ]
    insert_rows(begun)
    labelled = Membership.objects.filter(pk__in=[each.pk for each in begun]).select_related("user")
    trail.record_entries(
        trail.entry(
            Event.MEMBERSHIP_GIVEN,
            subject=each,
            by=by,
            at=at,
            role=Role(each.role).value,
            directory=directory,
        )
        for each in labelled.order_by("pk")
    )


def _end(memberships: list[Membership], day: date, *, by: Actor | None, at: datetime) -> None:
    """End roles today; one that began today never was."""
    trail.record_entries(
        trail.entry(Event.MEMBERSHIP_ENDED, subject=each, by=by, at=at, role=each.role)
        for each in memberships
    )
    of_today = [each for each in memberships if each.valid_during.lower == day]
    older = [each for each in memberships if each.valid_during.lower != day]
    Membership.objects.filter(pk__in=[each.pk for each in of_today]).delete()
    for each in older:
        each.valid_during = DateRange(each.valid_during.lower, day)
    update_rows(older, ["valid_during"])
