"""
Need what is ordered on another day: the supplier is asked, and the day that was agreed upon holds until it has answered.

The question is a line of a change notice, and stands open on the order's line (`OrderLine.asked_date`) until an answer names a day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows, update_rows
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import (
    Allocation,
    ChangeNotice,
    NoticedDecision,
    NoticedLine,
    OrderLine,
    PurchaseOrder,
    WishOutcome,
)
from procurement.operations.agreed_changes import lock_order, new_notice, total_ordered
from procurement.operations.answered_orders import (
    FURTHEST,
    ChangeIsAsked,
    OrderHasChanged,
    lines_of,
    next_version,
)
from procurement.operations.day_wishes import settle_wishes
from procurement.operations.putting_away import put_away_for
from procurement.operations.send_status import wake_for
from procurement.operations.telling import those_who_answer
from procurement.operations.telling_of_days import DayMove, tell_of_days
from procurement.states import AnswerStatus


class DayReasonMissing(InvalidInput):
    """Whoever waits for it is told why it comes another day."""

    code = "day_reason_missing"
    sentence = _("Skriv varför en annan dag behövs.")


class NoOtherDay(InvalidInput):
    """At least one line gets another day than it has, or than is asked for already."""

    code = "no_other_day"
    sentence = _("Välj en annan dag för minst en rad.")


class DayHasPassed(InvalidInput):
    """Nothing is delivered yesterday."""

    code = "asked_day_has_passed"
    sentence = _("Den dagen har redan varit. Välj i dag eller en senare dag för %(line)s.")


class DayTooFarAhead(InvalidInput):
    """Nobody plans that far ahead."""

    code = "asked_day_too_far_ahead"
    sentence = _("Dagen för %(line)s ligger mer än två år fram. Stämmer årtalet?")


class NothingLeftToDeliver(WrongState):
    """What has come, or does not come, gets no other day."""

    code = "nothing_left_to_deliver"
    sentence = _("Allt av %(line)s har kommit eller är avbeställt, så leveransdagen går inte att ändra.")


@operation
def ask_for_other_days(
    *,
    order: PurchaseOrder,
    version: int,
    days: Mapping[int, date],
    reason: str,
    by: User,
    at: datetime,
) -> ChangeNotice:
    """
    Ask the supplier to deliver what is left of lines on other days; whoever waits for them is told.

    Nothing is late, and nothing is expected, by the day asked for before the supplier has agreed to it. A day that is asked for
    while another one is takes its place. What departments had wished for of the lines has its answer by that.

    :param version: the order's version when it was read.
    :param days: the day by the line's number on the order. A line that has that day, or is asked for it, is left as it is; the day
        that holds takes back another one that is asked for.
    :raises NotPermitted: somebody else answers for a line of the order, or she asked for one herself.
    :raises WrongState: the order has not been sent, or does not hold any longer.
    :raises DayReasonMissing: no reason is given.
    :raises OrderHasChanged: it was answered, settled or changed since it was read.
    :raises NoOtherDay: no line gets another day.
    :raises NothingLeftToDeliver: all of a line has come, or does not come.
    :raises ChangeIsAsked: the supplier wants to change a line.
    :raises DayHasPassed: a day has been.
    :raises DayTooFarAhead: a day is years ahead.
    """
    if not reason.strip():
        raise DayReasonMissing
    order = lock_order(order)
    require(permissions.can_ask_for_other_days(by, order, at=at))
    capacity = permissions.cancelling_capacity(by, order, at=at)
    if version != order.version:
        raise OrderHasChanged
    lines = lines_of(order, days)
    allocations = list(
        Allocation.objects.filter(order_line__in=lines.values())
        .select_related("line__requisition", "line__category")
        .order_by("pk")
    )
    moves = _set_asked_days(lines, days, allocations, day=timezone.localdate(at))
    update_rows([each.line for each in moves], ["asked_date"])
    notice = new_notice(order, by=by, at=at)
    notice.shown_lines = [_notice_line(notice, each, allocations) for each in moves]
    insert_rows(notice.shown_lines)
    next_version(order)
    trail.record(
        Event.ORDER_DAY_ASKED,
        subject=order,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of,
        rule=capacity.rule,
        reason=reason.strip(),
    )
    waiting = [each for each in allocations if each.remaining]
    moved_ids = {move.line.pk for move in moves}
    wishes = settle_wishes(
        {each.line_id for each in waiting if each.order_line_id in moved_ids}, WishOutcome.ASKED, by=by, at=at
    )
    trail.record_entries(
        trail.entry(
            Event.LINE_DAY_ASKED,
            subject=each.line,
            by=by,
            at=at,
            on_behalf_of=capacity.on_behalf_of,
            day=move.after.isoformat(),
            day_before=move.before.isoformat(),
            comment=reason.strip(),
        )
        for move in moves
        for each in waiting
        if each.order_line_id == move.line.pk
    )
    wishers = {wish.message.by_id: wish.line.requisition_id for wish in wishes}
    tell_of_days("asked", moves, waiting, order, text=reason.strip(), also=wishers, by=by, at=at)
    if wishes:
        put_away_for([*those_who_answer([each.line for each in waiting], at=at).values(), by.pk], at=at)
    wake_for(notice)
    return notice


def _set_asked_days(
    lines: Mapping[int, OrderLine],
    days: Mapping[int, date],
    allocations: Sequence[Allocation],
    *,
    day: date,
) -> list[DayMove]:
    """Write the day that is asked for on each line; those that get another one."""
    open_lines = {each.order_line_id for each in allocations if each.remaining}
    moves = []
    for position, asked_day in sorted(days.items()):
        line = lines[position]
        before: date = line.asked_date or line.expected_date
        if asked_day == before:
            continue
        if line.pk not in open_lines:
            raise NothingLeftToDeliver(line=line.description)
        if line.answer == AnswerStatus.CHANGED:
            raise ChangeIsAsked(line=line.description)
        if asked_day < day:
            raise DayHasPassed(line=line.description)
        if asked_day > day + FURTHEST:
            raise DayTooFarAhead(line=line.description)
        line.asked_date = asked_day
        moves.append(DayMove(line, before, asked_day))
    if not moves:
        raise NoOtherDay
    return moves


def _notice_line(notice: ChangeNotice, move: DayMove, allocations: Sequence[Allocation]) -> NoticedLine:
    """What the supplier is asked of one line: all that is to come of it, on the other day."""
    return NoticedLine(
        notice=notice,
        order_line=move.line,
        decision=NoticedDecision.DAY_ASKED,
        quantity=total_ordered(allocations, move.line),
        unit_price=move.line.due_unit_price,
        delivery_date=move.after,
        day_before=move.before,
    )
