"""Need less of what is ordered: what has not come yet is cancelled in whole or in part, and the rest of the order stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows, update_rows
from core.errors import InvalidInput, WrongState
from core.money import to_quantity
from core.states import move
from core.transactions import operation
from core.units import is_whole
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.gates import UnitNotDivisible
from procurement.models import (
    Allocation,
    ChangeNotice,
    NoticedDecision,
    NoticedLine,
    PurchaseOrder,
    RequisitionLine,
)
from procurement.operations import arrivals, ceilings
from procurement.operations.agreed_changes import lock_order, new_notice, total_ordered
from procurement.operations.answered_orders import ChangeIsAsked, OrderHasChanged, next_version
from procurement.operations.putting_away import put_away_for
from procurement.operations.replacements import ReplacementIsComing, replacements_due
from procurement.operations.send_status import wake_for
from procurement.operations.telling import tell_of_cancelling
from procurement.states import ANSWER_TRANSITIONS, LINE_TRANSITIONS, AnswerStatus, LineStatus


class ReductionReasonMissing(InvalidInput):
    """Whoever asked for it is told why fewer come."""

    code = "reduction_reason_missing"
    sentence = _("Skriv varför färre behövs.")


class NothingReduced(InvalidInput):
    """At least one row becomes smaller."""

    code = "nothing_reduced"
    sentence = _("Minska antalet på minst en rad.")


class NotPartOfOrder(InvalidInput):
    """A row is not one of the order's."""

    code = "not_part_of_order"
    sentence = _("En rad hör inte till ordern.")


class MoreThanIsLeft(InvalidInput):
    """An order becomes smaller, never larger."""

    code = "more_than_is_left"
    sentence = _("Bara %(left)s av %(line)s är kvar att leverera. Fler beställs på nytt.")


class NothingIsLeft(WrongState):
    """An order of which nothing has come, and nothing is to come, is cancelled as a whole."""

    code = "nothing_is_left"
    sentence = _("Inget blir kvar av ordern. Makulera den i stället.")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A row that became smaller: how many of it were to come in all before, and how many are now."""

    allocation: Allocation
    before: Decimal
    after: Decimal


@operation
def reduce_order(
    *,
    order: PurchaseOrder,
    version: int,
    coming: Mapping[int, Decimal],
    reason: str,
    by: User,
    at: datetime,
) -> ChangeNotice:
    """
    Let fewer come of a sent order than is left of it; the supplier is told, and so is whoever asked for them.

    What will not come is released. A requisition line of which nothing has come and nothing comes is cancelled; one of which part
    has come is received with that.

    :param version: the order's version when it was read.
    :param coming: how many are still to come, in order units, by the id of the allocation; what is left out stands.
    :raises NotPermitted: somebody else answers for a line of it, or she asked for one herself.
    :raises WrongState: it has not been sent, or does not hold any longer.
    :raises ReductionReasonMissing: no reason is given.
    :raises OrderHasChanged: it was answered, settled or reduced since it was read.
    :raises NothingReduced: no row becomes smaller.
    :raises MoreThanIsLeft: a row would become larger.
    :raises ReplacementIsComing: the supplier owes that many for what was damaged or wrong.
    :raises ChangeIsAsked: the supplier wants to change the line.
    :raises NothingIsLeft: the whole order would come to nothing.
    """
    if not reason.strip():
        raise ReductionReasonMissing
    order = lock_order(order)
    require(permissions.can_reduce_order(by, order, at=at))
    capacity = permissions.cancelling_capacity(by, order, at=at)
    if version != order.version:
        raise OrderHasChanged
    allocations = list(
        Allocation.objects.filter(order_line__order=order)
        .select_related("order_line__item", "line__requisition")
        .order_by("pk")
    )
    cuts = _cut(allocations, coming)
    if not any(each.received_quantity or each.remaining for each in allocations):
        raise NothingIsLeft
    update_rows([each.allocation for each in cuts], ["closed_quantity"])
    cancelled = _count_cuts(cuts, at=at)
    notice = new_notice(order, by=by, at=at)
    notice.shown_lines = _noticed_lines(notice, cuts, allocations)
    insert_rows(notice.shown_lines)
    next_version(order)
    trail.record(
        Event.ORDER_REDUCED,
        subject=order,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of,
        rule=capacity.rule,
        reason=reason.strip(),
    )
    trail.record_entries(
        trail.entry(
            Event.LINE_CANCELLED if each.allocation.line in cancelled else Event.LINE_REDUCED,
            subject=each.allocation.line,
            by=by,
            at=at,
            on_behalf_of=capacity.on_behalf_of,
            rule="reduced",
            quantity=str(each.after),
            quantity_before=str(each.before),
            comment=reason.strip(),
        )
        for each in cuts
    )
    tell_of_cancelling([each.allocation.line for each in cuts], "order_reduced", reason.strip(), by=by, at=at)
    wake_for(notice)
    return notice


def _cut(allocations: Sequence[Allocation], quantities: Mapping[int, Decimal]) -> list[_Cut]:
    """Close what does not come of each row; those that became smaller."""
    allocation_by_id = {each.pk: each for each in allocations}
    if not quantities.keys() <= allocation_by_id.keys():
        raise NotPartOfOrder
    owed_by_allocation = replacements_due(list(quantities))
    cuts = []
    for pk in sorted(quantities):
        each, quantity = allocation_by_id[pk], to_quantity(quantities[pk])
        line = each.order_line.description
        if quantity == each.remaining:
            continue
        if not 0 <= quantity < each.remaining:
            raise MoreThanIsLeft(left=each.remaining, line=line)
        if is_whole(each.order_line.unit) and quantity % 1:
            raise UnitNotDivisible(unit=each.order_line.unit)
        if each.order_line.answer == AnswerStatus.CHANGED:
            raise ChangeIsAsked(line=line)
        if quantity < (replaced := owed_by_allocation.get(pk, Decimal(0))):
            raise ReplacementIsComing(owed=replaced, line=line)
        before = each.wanted
        each.closed_quantity = each.quantity - each.received_quantity - quantity
        cuts.append(_Cut(each, before, each.wanted))
    if not cuts:
        raise NothingReduced
    return cuts


def _count_cuts(cuts: Sequence[_Cut], *, at: datetime) -> list[RequisitionLine]:
    """Release what will not come, and give each line its state; those of which nothing has come and nothing comes."""
    cancelled = [each.allocation.line for each in cuts if not each.after]
    ceilings.release(cancelled, at=at)
    for line in cancelled:
        move(line, to=LineStatus.CANCELLED, transitions=LINE_TRANSITIONS)
    update_rows(cancelled, ["status"])
    arrivals.count_lines([each.allocation.line for each in cuts if each.after], at=at)
    put_away_for({line.requisition.requester_id for line in cancelled}, at=at)
    return cancelled


def _noticed_lines(
    notice: ChangeNotice, cuts: Sequence[_Cut], allocations: Sequence[Allocation]
) -> list[NoticedLine]:
    """What the supplier is told of each line of the order that became smaller; one of which nothing comes is cancelled."""
    smaller = {each.allocation.order_line_id: each.allocation.order_line for each in cuts}
    noticed_lines, cancelled_lines = [], []
    for line in smaller.values():
        quantity = total_ordered(allocations, line)
        if not quantity:
            move(line, to=AnswerStatus.CANCELLED, transitions=ANSWER_TRANSITIONS, field="answer")
            line.asked_date = None
            cancelled_lines.append(line)
        noticed_lines.append(
            NoticedLine(
                notice=notice,
                order_line=line,
                decision=NoticedDecision.REDUCED,
                quantity=quantity,
                unit_price=line.due_unit_price,
                delivery_date=line.expected_date,
            )
        )
    update_rows(cancelled_lines, ["answer", "asked_date"])
    return noticed_lines
