"""Who orders for departments, and so who is told and asked about what was asked for there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import date
from typing import Any

from django.db.models import QuerySet

from core.compiled import compiled_once
from core.ordering import swedish_key
from organizations.models import Membership, Role
from procurement.models import OrderTemplate, Requisition


def recipients_of(requisitions: Iterable[Requisition], day: date) -> dict[int, list[int]]:
    """
    Who is told and asked about each requisition that day, by its id: one query, or none.

    The requester while she orders for its department; when she has left or moved, those who do; she when nobody does.
    """
    asked_for = {each.pk: each for each in requisitions}
    orderers = orderers_of({each.department_id for each in asked_for.values()}, day)
    recipients = {}
    for pk, requisition in asked_for.items():
        able = orderers[requisition.department_id]
        is_there = requisition.requester_id in able or not able
        recipients[pk] = [requisition.requester_id] if is_there else sorted(able)
    return recipients


def recipients_in_words(requisitions: Iterable[Requisition], day: date) -> list[str]:
    """The names of those who are told of these requisitions, each once: the requester's, or her department's in her place."""
    asked_for = list(requisitions)
    recipients = recipients_of(asked_for, day)
    names = {
        each.requester.full_name if recipients[each.pk] == [each.requester_id] else each.department.name
        for each in asked_for
    }
    return sorted(names, key=swedish_key)


def orderers_of(departments: Iterable[int], day: date) -> dict[int, set[int]]:
    """Who orders for each of the departments that day: one query, or none."""
    ids = list(departments)
    orderers: dict[int, set[int]] = defaultdict(set)
    for row in _ordering(ids, day) if ids else ():
        orderers[row["department"]].add(row["user"])
    return orderers


def keepers_of(template: OrderTemplate, orderers: Mapping[int, Set[int]]) -> Set[int]:
    """
    Who is told about a template: those who keep it, or, when none of them orders for its department, all who do.

    :param orderers: from ``orderers_of``, or those of them who are at work.
    """
    able = orderers[template.department_id]
    return {each.person_id for each in template.keepers.all()} & able or able


@compiled_once
def _ordering(departments: list[int], day: date) -> QuerySet[Any, Any]:
    return (
        Membership.objects.on(day)
        .filter(role=Role.REQUESTER, department__among=departments, user__is_active=True)
        .order_by()
        .values("department", "user")
    )
