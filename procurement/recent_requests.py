"""What was asked for in the week before: what limits are judged together with (``splitting.py``)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from core.compiled import compiled_once
from core.fields import AmountField
from core.money import ZERO
from procurement.models import Requisition, RequisitionLine
from procurement.models.line_questions import attests_of_the_part
from procurement.splitting import WEEK, RecentRequests, Thing, thing_of
from procurement.states import AttestStatus, LineStatus

UNSAVED = 0
"""No requisition has this id."""


def earlier_of(
    requisition: Requisition, things: Sequence[Thing], *, at: datetime
) -> dict[Thing, RecentRequests]:
    """
    What the department, or the requester, asked for of these things in the week before the requisition: one query.

    What is changed afterwards is asked for then, so what was asked for in between counts with it.

    :param at: when the requisition, or the latest change of it, is asked for.
    """
    first = min(requisition.submitted_at or at, at)
    earlier: dict[Thing, RecentRequests] = {}
    for row in _earlier_requests(
        requisition.pk or UNSAVED,
        requisition.department_id,
        requisition.requester_id,
        since=first - WEEK,
        until=at,
        items=[pk for kind, pk in things if kind == "item" and pk is not None],
        with_free_text=any(kind == "category" for kind, _pk in things),
    ):
        thing = thing_of(row["item"], row["category"])
        previous = earlier.get(thing, RecentRequests())
        earlier[thing] = RecentRequests(
            previous.amount + row["asked"],
            previous.unattested_amount + (row["unattested"] or ZERO),
            previous.became | {thing_of(pk, None) for pk in row["became"]},
        )
    return earlier


@compiled_once
def _earlier_requests(
    requisition: int,
    department: int | None,
    requester: int,
    since: datetime,
    until: datetime,
    items: list[int],
    with_free_text: bool,
) -> QuerySet[Any, Any]:
    """
    What was asked for of each of these items, and of each category in free text, but for what will not come: rows with sums.

    Also of items that one of these was approved instead of; ``became`` are those approved instead. Unattested is what
    other requisitions ask for and no budget holder has been asked about.
    """
    amount = Coalesce(F("approved_amount") - F("released_amount"), F("amount"), output_field=AmountField())
    attested = attests_of_the_part().filter(status__in=[AttestStatus.PENDING, AttestStatus.ATTESTED])
    return (
        RequisitionLine.objects.live()
        .exclude(status=LineStatus.DRAFT)
        .filter(
            Q(requisition__department=department) | Q(requisition__requester=requester),
            Q(item__among=items)
            | Q(approved_item__among=items)
            | Q(Exact(Value(True), with_free_text), item=None),
            requisition__submitted_at__gt=since,
            requisition__submitted_at__lte=until,
        )
        .annotate(is_unattested=~Exists(attested) & ~Q(requisition=requisition))
        .values("item", "category")
        .order_by()
        .annotate(
            asked=Sum(amount),
            unattested=Sum(amount, filter=Q(is_unattested=True)),
            became=ArrayAgg("approved_item", filter=Q(approved_item__among=items), default=[]),
        )
    )
