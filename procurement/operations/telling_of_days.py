"""Who is told that what is ordered comes on another day: those who asked for it, receive it, and answer for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from audit import trail
from core.addresses import address_of
from notices.operations.telling import News, tell
from organizations.models import User
from procurement.day_notices import DELIVERY_DAY
from procurement.events import Event
from procurement.models import STILL_TO_COME, Allocation, OrderLine, PurchaseOrder
from procurement.operations.telling import delivery_of, those_who_answer, those_who_receive
from procurement.orderers import recipients_of

NOBODY_ELSE: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DayMove:
    """A line of an order, the day that held or was asked for, and the one that takes its place."""

    line: OrderLine
    before: date
    after: date


def waiting_for(lines: Iterable[OrderLine]) -> list[Allocation]:
    """What is left to come of lines of an order, with whose it is: one query."""
    return list(
        Allocation.objects.filter(STILL_TO_COME, order_line__in=[line.pk for line in lines])
        .select_related("line__requisition", "line__category")
        .order_by("pk")
    )


def tell_of_answered_days(
    order: PurchaseOrder,
    *,
    agreed: Sequence[DayMove],
    declined: Sequence[DayMove],
    by: User | None,
    at: datetime,
) -> None:
    """Record and tell what a supplier has answered about the days that it was asked for; nothing when it was not."""
    if not agreed and not declined:
        return
    waiting = waiting_for(move.line for move in (*agreed, *declined))
    answered = (("agreed", Event.LINE_DAY_MOVED, agreed), ("kept", Event.LINE_DAY_KEPT, declined))
    trail.record_entries(
        trail.entry(
            event,
            subject=each.line,
            by=by,
            at=at,
            supplier=order.supplier.name,
            day=move.after.isoformat(),
            day_before=move.before.isoformat(),
        )
        for _how, event, moves in answered
        for move in moves
        for each in waiting
        if each.order_line_id == move.line.pk
    )
    for how, _event, moves in answered:
        tell_of_days(how, moves, waiting, order, by=by, at=at)


def tell_of_days(
    how: str,
    moves: Sequence[DayMove],
    waiting: Iterable[Allocation],
    order: PurchaseOrder,
    *,
    text: str = "",
    also: Mapping[int, int] = NOBODY_ELSE,
    by: User | None,
    at: datetime,
) -> None:
    """
    Tell whoever asked for what is left of the lines, receives it and answers for it: one notice a requisition, one each of the rest.

    :param how: "asked", "agreed" when the supplier delivers on another day, or "kept" when it does not.
    :param waiting: what is left to come of the order, with its lines.
    :param also: the requisitions of which others than the requester have wished for it, by the people's ids.
    """
    of_line = {move.line.pk: move for move in moves}
    allocations = [each for each in waiting if each.order_line_id in of_line]
    if not allocations:
        return
    shared = {
        "how": how,
        "supplier": order.supplier.name,
        "who": by.full_name if by else "",
        "text": text,
    }
    of_requisition: dict[int, list[Allocation]] = defaultdict(list)
    for each in allocations:
        of_requisition[each.line.requisition_id].append(each)
    news = []
    recipients = recipients_of((each.line.requisition for each in allocations), timezone.localdate(at))
    for group in of_requisition.values():
        line = group[0].line
        requisition = line.requisition
        facts = shared | _facts(group, of_line, number=requisition.number, is_order=False)
        wishing = [person for person, wished in also.items() if wished == requisition.pk]
        news += [
            News(person, DELIVERY_DAY, f"{address_of(requisition)}#rad-{line.pk}", facts)
            for person in dict.fromkeys([*recipients[requisition.pk], *wishing])
        ]
    of_order = shared | _facts(allocations, of_line, number=order.number, is_order=True)
    receiving = those_who_receive({each.line.requisition.department_id for each in allocations}, at=at)
    news += [
        News(person, DELIVERY_DAY, delivery_of(order), of_order)
        for person in sorted(set().union(*receiving.values()))
    ]
    answering = set(those_who_answer([each.line for each in allocations], at=at).values())
    news += [News(person, DELIVERY_DAY, address_of(order), of_order) for person in sorted(answering)]
    tell(news, by=by, at=at)


def _facts(
    group: Sequence[Allocation], moves: Mapping[int, DayMove], *, number: str | None, is_order: bool
) -> dict[str, Any]:
    """What is moved, with its days where they are the same for all of it."""
    days = {(moves[each.order_line_id].before, moves[each.order_line_id].after) for each in group}
    before, after = days.pop()
    return {
        "number": number,
        "is_order": is_order,
        "what": group[0].line.description,
        "count": len({each.line_id for each in group}),
        "before": "" if days else before.isoformat(),
        "day": "" if days else after.isoformat(),
    }
