"""
What waits: lines and attests that a person is to decide, and approved lines that become the next orders.

The queue, the badge in the header, *I dag*, the start page and the API all ask here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models

from agreements.models import Supplier
from core.money import ZERO
from core.ordering import swedish
from organizations.models import User
from procurement import permissions
from procurement.models import STILL_TO_COME, Allocation, BudgetAttest, Requisition, RequisitionLine
from procurement.models.line_questions import RequisitionLineQuerySet
from procurement.states import DELIVERABLE


def queue_of(user: User, day: date) -> RequisitionLineQuerySet:
    """Undecided lines that wait for the person: her own, her delegators', and an absent manager's."""
    return RequisitionLine.objects.in_queue_of(user, day)


def lines_to_decide(user: User, day: date) -> RequisitionLineQuerySet:
    """Her queue without the lines that wait for an answer: what she can decide now."""
    return RequisitionLine.objects.awaiting(user, day)


def attests_to_give(user: User, day: date) -> models.QuerySet[BudgetAttest]:
    """Attests that wait for the person or for somebody she acts for, oldest first."""
    return BudgetAttest.objects.awaiting(user, day)


@dataclass(slots=True)
class SupplierLines:
    """Approved lines that wait to be ordered from one supplier."""

    supplier: Supplier
    lines: list[RequisitionLine] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """Their sum, SEK excluding VAT."""
        return sum((line.approved_amount or ZERO for line in self.lines), ZERO)

    @property
    def order_due_at(self) -> datetime | None:
        """When the clock orders the first of them."""
        return min((line.order_due_at for line in self.lines if line.order_due_at), default=None)


def deliveries_due(departments: Sequence[int], day: date) -> models.QuerySet[Allocation]:
    """
    What the departments, by id, should have got by the day and have not.

    Their requisitions are an array, so that the question goes from them to their lines that wait, however many others do.
    """
    requisition_ids = ArraySubquery(Requisition.objects.filter(department__among=departments).values("pk"))
    return Allocation.objects.filter(
        STILL_TO_COME,
        line__status__in=DELIVERABLE,
        line__requisition__among=requisition_ids,
        order_line__expected_date__lte=day,
    )


def lines_to_order(user: User, at: datetime) -> models.QuerySet[RequisitionLine]:
    """Approved and attested lines that the person may order before the clock does."""
    return (
        permissions.orderable_lines(user, at=at)
        .select_related("approved_supplier", "requisition__department", "delivery_place")
        .order_by(swedish("approved_supplier__name"), "approved_supplier", "pk")
    )


def by_supplier(lines: Iterable[RequisitionLine]) -> list[SupplierLines]:
    """Gather lines that wait to be ordered by who they are ordered from."""
    groups: dict[int, SupplierLines] = {}
    for line in lines:
        if line.approved_supplier is not None:
            group = groups.setdefault(line.approved_supplier.pk, SupplierLines(line.approved_supplier))
            group.lines.append(line)
    return list(groups.values())
