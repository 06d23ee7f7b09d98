"""
What follows on an order when its supplier changes something and that is agreed to: the parts that answers and settling share.

Used inside an operation that has locked the requisitions and then the order (`lock_order`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from core.bulk import insert_rows, update_rows
from core.errors import WrongState
from core.states import move
from core.units import is_whole
from organizations.models import User
from procurement.complaint_notices import UNDELIVERED
from procurement.models import (
    Allocation,
    AnsweredLine,
    AnswerOutcome,
    ChangeNotice,
    NoticedDecision,
    NoticedLine,
    OrderLine,
    PurchaseOrder,
    RequisitionLine,
)
from procurement.operations import arrivals
from procurement.operations.locks import lock_requisitions
from procurement.operations.rechecks import take_lower_prices
from procurement.operations.telling import tell_of_supplier_change
from procurement.operations.telling_of_complaints import tell_of_replacing
from procurement.operations.undelivered import give_back, requisition_lines
from procurement.shares import THOUSANDTH, WHOLE, fair_shares
from procurement.states import ANSWER_TRANSITIONS, DELIVERABLE, AnswerStatus


class LineHasCome(WrongState):
    """What has been received is not changed or refused by an answer."""

    code = "answered_line_has_come"
    sentence = _("En del av %(line)s är redan mottagen. Ta emot det som är fel som avvikelse i stället.")


class PriceAboveOrder(WrongState):
    """A supplier takes no more than what was ordered at, which is no more than the agreement says."""

    code = "price_above_order"
    sentence = _(
        "%(line)s är beställd till avtalat pris, så ett högre pris går inte att godta. Säg nej till ändringen, så"
        " prövas raden på nytt."
    )


class MoreThanWasOrdered(WrongState):
    """Only the requester asks for more."""

    code = "more_than_was_ordered"
    sentence = _(
        "Fler än %(quantity)s av %(line)s är inte beställda. Säg nej till ändringen, eller till resten."
    )


def lock_order(order: PurchaseOrder) -> PurchaseOrder:
    """Lock the requisitions of an order, and then the order; its supplier and agreement come with it."""
    lines = RequisitionLine.objects.filter(allocations__order_line__order=order)
    lock_requisitions(sorted(set(lines.values_list("requisition", flat=True))))
    locked = PurchaseOrder.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("supplier", "agreement").get(pk=order.pk)


def new_notice(order: PurchaseOrder, *, by: User, at: datetime) -> ChangeNotice:
    """Make the next notice about an order; what it says of the lines is the caller's to write."""
    notice = ChangeNotice(
        order=order,
        number=order.change_notices.count() + 1,
        requested_at=at,
        requested_by=by,
        next_attempt_at=at,
    )
    insert_rows([notice])
    return notice


def question_of(line: OrderLine) -> AnsweredLine:
    """The change that the supplier asked for last."""
    questions = AnsweredLine.objects.filter(order_line=line, outcome=AnswerOutcome.CHANGED)
    return questions.latest("answer__received_at", "pk")


def agree(
    notice: ChangeNotice, changes: Sequence[tuple[OrderLine, AnsweredLine]], *, at: datetime
) -> list[NoticedLine]:
    """
    Let changes hold, and say what the supplier is to be told of them.

    :raises PriceAboveOrder: a price is higher than what was ordered at.
    :raises MoreThanWasOrdered: more is to come than was ordered.
    :raises LineHasCome: what is received already is not changed in number or price.
    """
    lines = [line for line, _question in changes]
    allocations = list(Allocation.objects.filter(order_line__in=lines).order_by("pk"))
    awaited = {each.pk for each in allocations if each.remaining}
    of_requisitions = requisition_lines(lines)
    cheaper, undelivered, fewer, changed_lines = [], [], [], []
    for line, question in changes:
        own_allocations = [each for each in allocations if each.order_line_id == line.pk]
        _check(line, question, own_allocations)
        ordered = [each for each in of_requisitions if each.pk in {one.line_id for one in own_allocations}]
        needs = [each for each in ordered if each.status in DELIVERABLE]
        if question.unit_price is not None:
            line.agreed_unit_price = question.unit_price
            cheaper += [(each, question.unit_price) for each in ordered]
        if question.quantity is not None:
            ended_ids = _divide(own_allocations, question.quantity, line.unit, at=at)
            undelivered += [each for each in needs if each.pk in ended_ids]
            fewer += [each for each in needs if each.pk not in ended_ids]
        is_moved = question.delivery_date not in (None, line.expected_date)
        if question.delivery_date is not None:
            line.expected_date = question.delivery_date
        move(line, to=AnswerStatus.CONFIRMED, transitions=ANSWER_TRANSITIONS, field="answer")
        if question.quantity is not None or is_moved or line.expected_date > line.requested_date:
            changed_lines += [each for each in needs if each not in undelivered]
    update_rows(lines, ["answer", "agreed_unit_price", "expected_date"])
    update_rows(allocations, ["closed_quantity", "refused_at"])
    take_lower_prices(cheaper, at=at)
    arrivals.count_lines(fewer, at=at)
    give_back(undelivered, notice.order, by=None, at=at)
    tell_of_supplier_change(changed_lines, notice.order, at=at)
    ended = {each.pk: UNDELIVERED for each in allocations if each.pk in awaited and not each.remaining}
    tell_of_replacing(ended, by=None, at=at)
    quantity_by_line = {line.pk: total_ordered(allocations, line) for line in lines}
    return [
        NoticedLine(
            notice=notice,
            order_line=line,
            decision=NoticedDecision.AGREED,
            quantity=quantity_by_line[line.pk],
            unit_price=line.due_unit_price,
            delivery_date=line.expected_date,
        )
        for line in lines
    ]


def total_ordered(allocations: Iterable[Allocation], line: OrderLine) -> Decimal:
    """How many of a line of an order are to come in all, with what has come already."""
    return sum((each.wanted for each in allocations if each.order_line_id == line.pk), Decimal(0))


def _check(line: OrderLine, question: AnsweredLine, allocations: Sequence[Allocation]) -> None:
    ordered_quantity = total_ordered(allocations, line)
    received = sum((each.received_quantity for each in allocations), Decimal(0))
    if question.unit_price is not None and question.unit_price > line.due_unit_price:
        raise PriceAboveOrder(line=line.description)
    if question.quantity is not None and question.quantity > ordered_quantity:
        raise MoreThanWasOrdered(line=line.description, quantity=ordered_quantity)
    if received and (question.unit_price is not None or (question.quantity or received) < received):
        raise LineHasCome(line=line.description)


def _divide(allocations: Sequence[Allocation], quantity: Decimal, unit: str, *, at: datetime) -> set[int]:
    """
    Divide what comes of one line of the order, beside what each has already; ids of the requisition lines that get nothing.

    The supplier has said no to the rest of each.

    :param quantity: all that comes of the line, no less than what has come.
    """
    step = WHOLE if is_whole(unit) else THOUSANDTH
    received = sum((each.received_quantity for each in allocations), Decimal(0))
    shares = fair_shares(quantity - received, [each.remaining for each in allocations], step=step)
    for each, share in zip(allocations, shares, strict=True):
        if share < each.remaining:
            each.closed_quantity, each.refused_at = each.quantity - each.received_quantity - share, at
    return {each.line_id for each in allocations if not each.wanted}
