"""Settle the changes that suppliers want in orders that they have."""

from collections.abc import Collection
from datetime import datetime

from audit import trail
from core.bulk import insert_rows
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import ChangeNotice, PurchaseOrder
from procurement.operations.agreed_changes import agree, lock_order, new_notice, question_of
from procurement.operations.answered_orders import (
    LineIsSettled,
    NothingAnswered,
    OrderHasChanged,
    lines_of,
    next_version,
)
from procurement.operations.putting_away import put_away_for
from procurement.operations.send_status import wake_for
from procurement.operations.undelivered import decline, end_when_nothing_comes
from procurement.states import AnswerStatus


@operation
def settle_changes(
    *,
    order: PurchaseOrder,
    version: int,
    agreed: Collection[int],
    declined: Collection[int],
    by: User,
    at: datetime,
) -> ChangeNotice:
    """
    Agree to the changes that a supplier wants, or decline them, line by line; the supplier is told.

    A later day is what is then expected. A lower price is what is then paid, and what it costs less is released. Fewer are divided
    fairly between those who asked, beside what each has already. A line whose change is declined does not come: it goes back to whoever
    answers for it, and of one that has come in part the rest is released.

    :param agreed: the lines' numbers on the order.
    :raises NotPermitted: she is no manager of what is ordered.
    :raises OrderHasChanged: it was answered or settled since it was read.
    :raises LineIsSettled: no change is asked for of a line, or nothing is left of it to come.
    :raises PriceAboveOrder: a price is higher than what was ordered at.
    :raises MoreThanWasOrdered: more is to come than was ordered.
    """
    order = lock_order(order)
    require(permissions.can_settle_changes(by, order, at=at))
    capacity = permissions.cancelling_capacity(by, order, at=at)
    if version != order.version:
        raise OrderHasChanged
    decided = {**dict.fromkeys(agreed, True), **dict.fromkeys(declined, False)}
    if not decided or set(agreed) & set(declined):
        raise NothingAnswered
    lines = lines_of(order, decided)
    for line in lines.values():
        if line.answer != AnswerStatus.CHANGED or not line.is_coming:
            raise LineIsSettled(line=line.description)
    questions = {position: question_of(line) for position, line in lines.items()}
    notice = new_notice(order, by=by, at=at)
    notice.shown_lines = agree(
        notice,
        [(lines[position], questions[position]) for position in sorted(agreed)],
        at=at,
    )
    declined_lines = [lines[position] for position in sorted(declined)]
    notice.shown_lines += decline(notice, declined_lines, by=by, at=at)
    insert_rows(notice.shown_lines)
    next_version(order)
    trail.record(
        Event.ORDER_CHANGE_SETTLED,
        subject=order,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of,
        rule=capacity.rule,
        agreed=[lines[position].description for position in sorted(agreed)],
        declined=[line.description for line in declined_lines],
    )
    end_when_nothing_comes(order)
    put_away_for([by.pk, capacity.on_behalf_of.pk if capacity.on_behalf_of else None], at=at)
    wake_for(notice)
    return notice
