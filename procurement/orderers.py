"""Who orders for departments, and so who is told and asked about what was asked for there."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet

from core.compiled import compiled_once
from organizations.models import Membership, Role
from procurement.models import Requisition


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


def orderers_of(departments: Iterable[int], day: date) -> dict[int, set[int]]:
    """Who orders for each of the departments that day: one query, or none."""
    ids = list(departments)
    orderers: dict[int, set[int]] = defaultdict(set)
    for row in _ordering(ids, day) if ids else ():
        orderers[row["department"]].add(row["user"])
    return orderers


@compiled_once
def _ordering(departments: list[int], day: date) -> QuerySet[Any, Any]:
    return (
        Membership.objects.on(day)
        .filter(role=Role.REQUESTER, department__among=departments, user__is_active=True)
        .order_by()
        .values("department", "user")
    )
