"""What a supplier's answer says of each line, beside the line: what it amounts to, and what cannot be answered so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.money import to_quantity, to_unit_price
from procurement.models import AnswerOutcome, OrderLine, PurchaseOrder
from procurement.operations.agreed_changes import LineHasCome
from procurement.operations.answered_orders import FURTHEST, LineIsSettled, lines_of
from procurement.quantities import check_amount, check_quantity
from procurement.states import ANSWER_TRANSITIONS, AnswerStatus

STATUS_OF = {
    AnswerOutcome.CONFIRMED: AnswerStatus.CONFIRMED,
    AnswerOutcome.CHANGED: AnswerStatus.CHANGED,
    AnswerOutcome.REFUSED: AnswerStatus.REFUSED,
}


class AskedDayNotAnswered(InvalidInput):
    """Another day is asked for, and only the day that is promised tells which one the supplier means."""

    code = "asked_day_not_answered"
    sentence = _("Ange vilken dag leverantören levererar %(line)s, eftersom vi har bett om en annan dag.")


class ChangeSaysNothing(InvalidInput):
    """A change says what is changed."""

    code = "change_says_nothing"
    sentence = _("Ange det nya antalet, priset eller leveransdagen för %(line)s.")


class PromisedDayNotPossible(InvalidInput):
    """Nothing is delivered before it is ordered, and nobody plans years ahead; such a day is a slip of the pen."""

    code = "promised_day_not_possible"
    sentence = _(
        "Leveransdagen för %(line)s ligger före beställningen eller mer än två år fram. Stämmer årtalet?"
    )


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What a supplier says of one line, by its number on the order; in order units, SEK excluding VAT."""

    position: int
    outcome: AnswerOutcome
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    delivery_date: date | None = None
    comment: str = ""


def match_answers(
    order: PurchaseOrder, answers: Sequence[LineAnswer], *, is_file: bool, day: date
) -> list[tuple[LineAnswer, OrderLine]]:
    """
    Put each answer beside its line, as what it amounts to: a change to what was ordered is none.

    Of what is received in part, the rest may come on another day. That it does not come is what a person has heard: a file that
    refuses answers the order as it was sent, and is kept.

    :raises DomainError: a line is not there, has come, or can be answered no more.
    """
    lines = lines_of(order, [each.position for each in answers])
    received_lines = order.lines.filter(allocations__received_quantity__gt=0)
    received_positions = set(received_lines.values_list("position", flat=True))
    checked = []
    for each in answers:
        line = lines[each.position]
        _check_possible(each, line, since=timezone.localdate(order.created_at), until=day + FURTHEST)
        answer = _normalised_answer(each, line)
        if STATUS_OF[answer.outcome] not in ANSWER_TRANSITIONS[AnswerStatus(line.answer)]:
            raise LineIsSettled(line=line.description)
        if answer.outcome != AnswerOutcome.CONFIRMED and each.position in received_positions:
            is_of_the_day = (
                answer.outcome == AnswerOutcome.CHANGED and answer.quantity is answer.unit_price is None
            )
            is_of_the_rest = answer.outcome == AnswerOutcome.REFUSED and not is_file
            if not ((is_of_the_day or is_of_the_rest) and line.is_coming):
                raise LineHasCome(line=line.description)
        is_confirmed = answer.outcome == AnswerOutcome.CONFIRMED
        is_asked = line.asked_date is not None and line.is_coming
        if is_confirmed and is_asked and answer.delivery_date is None and not is_file:
            raise AskedDayNotAnswered(line=line.description)
        checked.append((answer, line))
    return checked


def _check_possible(answer: LineAnswer, line: OrderLine, *, since: date, until: date) -> None:
    """
    Check that what is said can be so, whatever it amounts to.

    :raises InvalidInput: a number is below nought or absurd, or the day is not one that anybody means.
    """
    if answer.quantity is not None and answer.quantity != 0:
        check_quantity(answer.quantity, line.unit)
    if answer.unit_price is not None:
        check_amount(answer.unit_price, line.wanted)
    if answer.delivery_date is not None and not since <= answer.delivery_date <= until:
        raise PromisedDayNotPossible(line=line.description)


def _normalised_answer(answer: LineAnswer, line: OrderLine) -> LineAnswer:
    """
    Tell a change from what was ordered anyway: as many, or as many as are wanted since, at the price, no later than it was expected;
    where another day is asked for, on that day or on the one that holds.

    :raises ChangeSaysNothing: it says that something is changed, and not what.
    """
    if answer.outcome == AnswerOutcome.REFUSED:
        return LineAnswer(answer.position, answer.outcome, comment=answer.comment)
    quantity = None if answer.quantity is None else to_quantity(answer.quantity)
    price = None if answer.unit_price is None else to_unit_price(answer.unit_price)
    if answer.outcome == AnswerOutcome.CHANGED and (quantity, price, answer.delivery_date) == (
        None,
        None,
        None,
    ):
        raise ChangeSaysNothing(line=line.description)
    if quantity == 0:
        return LineAnswer(answer.position, AnswerOutcome.REFUSED, comment=answer.comment)
    quantity = None if quantity in (line.quantity, line.wanted) else quantity
    price = None if price == line.due_unit_price else price
    is_changed = quantity is not None or price is not None or _is_another_day(answer.delivery_date, line)
    outcome = AnswerOutcome.CHANGED if is_changed else AnswerOutcome.CONFIRMED
    return LineAnswer(answer.position, outcome, quantity, price, answer.delivery_date, answer.comment)


def _is_another_day(promised: date | None, line: OrderLine) -> bool:
    """Whether the day that is promised is one that nobody has said yes to or asked for."""
    if promised is None:
        return False
    if line.asked_date is not None:
        return promised not in (line.asked_date, line.expected_date)
    return promised > line.expected_date


def answers_day(answer: LineAnswer, line: OrderLine, *, is_file: bool) -> bool:
    """Whether an answer says which day the line comes, of those that were asked for and held; a file may not know of the first."""
    return answer.delivery_date is not None and not (
        is_file and answer.delivery_date == line.expected_date != line.asked_date
    )
