"""Take in what suppliers answer to orders; `settling` settles the changes that they want."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import insert_rows, insert_unless, update_rows
from core.errors import DomainError, KeyIsTaken, WrongState, stored
from core.keys import KeyHasOtherContent, content_hash
from core.states import move
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import (
    AnsweredLine,
    AnswerOutcome,
    OrderLine,
    PurchaseOrder,
    SupplierAnswer,
)
from procurement.operations.agreed_changes import lock_order
from procurement.operations.answered_lines import STATUS_OF, LineAnswer, answers_day, match_answers
from procurement.operations.answered_orders import (
    NothingAnswered,
    OrderHasChanged,
    next_version,
)
from procurement.operations.putting_away import put_away_for
from procurement.operations.send_status import set_sent
from procurement.operations.telling import tell_of_supplier_answer
from procurement.operations.telling_of_days import DayMove, tell_of_answered_days
from procurement.operations.undelivered import end_when_nothing_comes, no_more_comes
from procurement.states import ANSWER_TRANSITIONS, AnswerStatus, OrderStatus


class OrderIsCancelled(WrongState):
    """The supplier answers an order that is cancelled, or of which nothing comes."""

    code = "answered_order_is_cancelled"
    sentence = _("Ordern gäller inte längre, så svaret ändrar ingenting.")


class OrderNotSentYet(WrongState):
    """The supplier cannot have the order."""

    code = "answered_order_is_not_sent"
    sentence = _("Ordern har inte lämnat Rauk än, så leverantören kan inte ha svarat på den.")


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file that an answer came in."""

    content: bytes
    sha256: str


@operation
def register_answer(
    *,
    order: PurchaseOrder,
    key: UUID,
    version: int,
    lines: Sequence[LineAnswer],
    by: User,
    at: datetime,
    reference: str = "",
    note: str = "",
) -> SupplierAnswer:
    """
    Write down what a supplier has answered, by telephone or e-mail, and let it have its consequences.

    A line that is confirmed stands, with the day that the supplier promises. One that is changed waits for whoever answers for
    it. One that is refused goes to the next in rank or back to whoever answers for it, its ceiling released; of one that has come in
    part the rest is released. Where another day is
    asked for, the day that is promised answers it: that one, the day that held, or a third one, which is a change. The same key with
    the same answer gives the first answer back.

    :param version: the order's version when the answer was written, so that nobody answers what has passed.
    :raises NotPermitted: she is no manager of what is ordered.
    :raises OrderIsCancelled: it does not hold any more.
    :raises OrderNotSentYet: no attempt at sending it can have reached the supplier.
    :raises OrderHasChanged: it was answered or settled since.
    :raises LineHasCome: a line that is changed or refused is received, or part of one that is changed.
    :raises AskedDayNotAnswered: another day is asked for of a line that is confirmed, and no day is promised.
    """
    if not lines:
        raise NothingAnswered
    order = lock_order(order)
    require(permissions.can_register_answer(by, order, at=at))
    content = content_hash(order, list(lines), reference, note)
    if earlier := _answered_before(key, content, by):
        return earlier
    if version != order.version:
        raise OrderHasChanged
    if (refusal := _why_not_taken(order)) is not None:
        raise refusal
    answer = SupplierAnswer(
        order=order,
        key=key,
        key_content=content,
        reference=reference.strip()[:60],
        note=note.strip(),
        received_at=at,
        registered_by=by,
    )
    _apply_answer(answer, order, lines, by=by, at=at)
    return answer


@operation
def take_in_answer(
    *,
    order: PurchaseOrder,
    key: UUID,
    outcome: AnswerOutcome,
    lines: Sequence[LineAnswer],
    file: AnswerFile,
    at: datetime,
    reference: str = "",
    note: str = "",
    by: User | None = None,
    refusal: DomainError | None = None,
) -> SupplierAnswer:
    """
    Take in an answer that came as a file; never lost, also when nothing can follow from it.

    An answer that cannot be acted on is kept with its reason, and those who answer for what is ordered are told. A file answers the
    order as it was sent: it says nothing of another day that was asked for since, unless that is the day it promises or it promises
    a third one. The same file once more gives the first answer back.

    :param lines: what is not among them is as the whole order is answered.
    :param by: who handed the file in; nobody when it came through its channel.
    :param refusal: why it cannot be followed, when whoever read it knows.
    :raises NotPermitted: she is no manager of what is ordered.
    """
    order = lock_order(order)
    if by is not None:
        require(permissions.can_register_answer(by, order, at=at))
    if earlier := _answered_before(key, file.sha256, by):
        return earlier
    answer = SupplierAnswer(
        order=order,
        key=key,
        key_content=file.sha256,
        outcome=outcome,
        reference=reference.strip()[:60],
        note=note.strip(),
        received_at=at,
        registered_by=by,
        file=file.content,
        file_sha256=file.sha256,
    )
    refusal = refusal or _why_not_taken(order)
    line_answers: list[LineAnswer] = []
    if refusal is None:
        try:
            line_answers = _whole_order(order, outcome, lines)
            match_answers(order, line_answers, is_file=True, day=timezone.localdate(at))
        except DomainError as error:
            refusal = error
    if refusal is not None:
        answer.not_taken_reason = stored(refusal)
        insert_unless(answer, constraint="supplier_answer_key_unique")
        _record(answer, by=by, at=at)
        tell_of_supplier_answer(order, "not_taken", by=by, at=at, reason=answer.not_taken_reason)
        return answer
    _apply_answer(answer, order, line_answers, by=by, at=at)
    return answer


def _apply_answer(
    answer: SupplierAnswer,
    order: PurchaseOrder,
    line_answers: Sequence[LineAnswer],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Write an answer, what it says of each line, and what follows."""
    checked = match_answers(order, line_answers, is_file=answer.file is not None, day=timezone.localdate(at))
    if answer.file is None:
        answer.outcome = _outcome([each for each, _line in checked])
    if not insert_unless(answer, constraint="supplier_answer_key_unique"):
        raise KeyIsTaken
    insert_rows(
        [
            AnsweredLine(
                answer=answer,
                order_line=line,
                outcome=each.outcome,
                quantity=each.quantity,
                unit_price=each.unit_price,
                delivery_date=each.delivery_date,
                comment=each.comment.strip()[:200],
            )
            for each, line in checked
        ]
    )
    if order.status != OrderStatus.SENT:
        set_sent(order, at=at)  # it has answered, so it has the order
    agreed_days: list[DayMove] = []
    kept_days: list[DayMove] = []
    for each, line in checked:
        if each.outcome != AnswerOutcome.REFUSED:
            move(line, to=STATUS_OF[each.outcome], transitions=ANSWER_TRANSITIONS, field="answer")
        if line.asked_date is not None and answers_day(each, line, is_file=answer.file is not None):
            if each.outcome == AnswerOutcome.CONFIRMED:
                of_it = DayMove(line, line.expected_date, line.asked_date)
                (agreed_days if each.delivery_date == line.asked_date else kept_days).append(of_it)
            line.asked_date = None
        if each.outcome == AnswerOutcome.CONFIRMED and each.delivery_date is not None:
            line.expected_date = each.delivery_date
    update_rows([line for _each, line in checked], ["answer", "expected_date", "asked_date"])
    if checked:
        order.answered_at = order.answered_at or at
    next_version(order)
    _record(answer, by=by, at=at)
    refused_lines = [line for each, line in checked if each.outcome == AnswerOutcome.REFUSED]
    changed_lines = [line for each, line in checked if each.outcome == AnswerOutcome.CHANGED]
    received_by_line = no_more_comes(order, refused_lines, AnswerStatus.REFUSED, by=by, at=at)
    end_when_nothing_comes(order)
    if without := [line for line in refused_lines if not received_by_line[line.pk]]:
        tell_of_supplier_answer(order, "refused", by=by, at=at, what=_descriptions(without))
    if begun := [line for line in refused_lines if received_by_line[line.pk]]:
        tell_of_supplier_answer(order, "rest_refused", by=by, at=at, what=_descriptions(begun))
    if changed_lines:
        tell_of_supplier_answer(order, "changed", by=by, at=at, what=_descriptions(changed_lines))
    tell_of_answered_days(order, agreed=agreed_days, declined=kept_days, by=by, at=at)
    put_away_for([by.pk if by else None], at=at)


def _descriptions(lines: Sequence[OrderLine]) -> str:
    return ", ".join(line.description for line in lines)[:200]


def _record(answer: SupplierAnswer, *, by: User | None, at: datetime) -> None:
    trail.record(
        Event.ORDER_ANSWERED,
        subject=answer.order,
        by=by,
        at=at,
        outcome=answer.outcome,
        reference=answer.reference,
        note=answer.note,
        reason=answer.not_taken_reason,
    )


def _answered_before(key: UUID, content: str, by: User | None) -> SupplierAnswer | None:
    """
    Give the answer that was taken in with a key, if there is one.

    :raises KeyIsTaken: it is somebody else's.
    :raises KeyHasOtherContent: it is another answer.
    """
    earlier = SupplierAnswer.objects.filter(key=key).first()
    if earlier is None:
        return None
    if earlier.file_sha256 == "" and by is not None and earlier.registered_by_id != by.pk:
        raise KeyIsTaken
    if earlier.key_content != content:
        raise KeyHasOtherContent
    return earlier


def _why_not_taken(order: PurchaseOrder) -> DomainError | None:
    """Why nothing can follow from an answer to the order now; None when something can."""
    if order.status in (OrderStatus.CANCELLED, OrderStatus.REFUSED):
        return OrderIsCancelled()
    if order.status != OrderStatus.SENT and not order.attempts.may_have_left().exists():
        return OrderNotSentYet()
    return None


def _outcome(lines: Sequence[LineAnswer]) -> AnswerOutcome:
    """What the answer amounts to of the whole order."""
    outcomes = {line.outcome for line in lines}
    return outcomes.pop() if len(outcomes) == 1 else AnswerOutcome.CHANGED


def _whole_order(
    order: PurchaseOrder, outcome: AnswerOutcome, lines: Sequence[LineAnswer]
) -> list[LineAnswer]:
    """What a file says of each line: what it names, and the rest as the whole order is answered."""
    if outcome == AnswerOutcome.ACKNOWLEDGED:
        return []
    rest = AnswerOutcome.REFUSED if outcome == AnswerOutcome.REFUSED else AnswerOutcome.CONFIRMED
    positions = {line.position for line in lines}
    open_lines = order.lines.exclude(answer__in=[AnswerStatus.REFUSED, AnswerStatus.DECLINED])
    others = open_lines.exclude(position__in=positions).order_by("position")
    return [*lines, *(LineAnswer(position, rest) for position in others.values_list("position", flat=True))]
