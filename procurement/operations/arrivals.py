"""
What has come of lines, and what follows from it: the parts that receiving, taking back and complaints share.

Used inside an operation's transaction, whose requisitions are locked.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from core.bulk import update_rows
from core.compiled import compiled_once
from core.states import move
from procurement.models import Allocation, Receipt, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.putting_away import put_away_for
from procurement.states import LINE_TRANSITIONS, LineStatus

ARRIVAL_FIELDS = ["received_quantity", "closed_quantity"]


def count_lines(lines: Iterable[RequisitionLine], *, at: datetime) -> None:
    """
    Give each line the state that its allocations tell, and its ceilings what will not come of it; that what has come was late is
    put away for those who asked for it.

    :param lines: with their requisitions.

    :raises CeilingIsUsed: what can come again does not fit under the ceiling any longer.
    """
    line_by_id = {line.pk: line for line in lines}
    received: dict[int, Decimal] = defaultdict(Decimal)
    closed: dict[int, Decimal] = defaultdict(Decimal)
    remaining_by_line: dict[int, Decimal] = defaultdict(Decimal)
    for allocation in _allocations_of(list(line_by_id)):
        received[allocation.line_id] += allocation.received_quantity
        closed[allocation.line_id] += allocation.closed_quantity
        remaining_by_line[allocation.line_id] += allocation.remaining
    for line in line_by_id.values():
        reached = _status_after(received[line.pk], remaining_by_line[line.pk])
        if reached != line.status:
            move(line, to=reached, transitions=LINE_TRANSITIONS)
    ceilings.release_what_will_not_come(list(line_by_id.values()), closed, at=at)
    update_rows(list(line_by_id.values()), ["status", "released_quantity", "released_amount"])
    put_away_for({line.requisition.requester_id for line in line_by_id.values()}, at=at)


def _status_after(received: Decimal, remaining: Decimal) -> LineStatus:
    if not remaining:
        return LineStatus.RECEIVED
    return LineStatus.PARTLY_RECEIVED if received else LineStatus.ORDERED


@compiled_once
def receipts_with(key: UUID) -> QuerySet[Receipt]:
    """The receipt that was made with a key, if there is one."""
    return Receipt.objects.filter(key=key)


@compiled_once
def _allocations_of(lines: list[int]) -> QuerySet[Allocation]:
    return Allocation.objects.filter(line__among=lines)
