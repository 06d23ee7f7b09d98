"""
Wish for what is ordered on another day, and decline it; a wish is granted by asking the supplier (`procurement.operations.other_days`).

What is wished for changes nothing by itself: the day that holds stands until the supplier has agreed to another one (ADR 0069).
"""

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import address_of
from core.bulk import insert_rows, update_rows
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from notices.operations.telling import News, tell
from organizations.models import User
from procurement import permissions
from procurement.day_notices import DAY_WISH, DELIVERY_DAY
from procurement.events import Event
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    DayWish,
    LineMessage,
    RequisitionLine,
    WishOutcome,
)
from procurement.operations.answered_orders import FURTHEST
from procurement.operations.decidable import locked_lines
from procurement.operations.putting_away import put_away_for
from procurement.operations.telling import those_who_answer
from procurement.states import OrderStatus

SETTLED_FIELDS = ["outcome", "settled_by", "settled_at", "reply"]


class WishReasonMissing(InvalidInput):
    """Whoever answers for the line, or wished for the day, is told why."""

    code = "day_wish_reason_missing"
    sentence = _("Skriv varför.")


class NothingIsOnItsWay(WrongState):
    """Another day is of what the supplier has been asked for and has not delivered."""

    code = "nothing_is_on_its_way"
    sentence = _("Inget av %(line)s är på väg från en leverantör, så leveransdagen går inte att ändra.")


class DayIsHeld(InvalidInput):
    """It comes that day, or the supplier is asked for it already."""

    code = "day_is_held"
    sentence = _("%(line)s väntas redan den dagen, eller är begärd till den.")


class WishedDayHasPassed(InvalidInput):
    """Nothing is delivered yesterday."""

    code = "wished_day_has_passed"
    sentence = _("Den dagen har redan varit. Välj i dag eller en senare dag.")


class WishedDayTooFarAhead(InvalidInput):
    """Nobody plans that far ahead."""

    code = "wished_day_too_far_ahead"
    sentence = _("Dagen ligger mer än två år fram. Stämmer årtalet?")


class NothingWished(WrongState):
    """Nobody waits for an answer about the day."""

    code = "no_day_is_wished"
    sentence = _("Det finns ingen önskan om en annan leveransdag att svara på.")


@operation
def wish_for_day(*, line: RequisitionLine, day: date, reason: str, by: User, at: datetime) -> DayWish:
    """
    Wish for what is left to come of an ordered line on another day; whoever answers for the line is told.

    A wish that nobody has answered is replaced.

    :raises NotPermitted: she does not order for the department.
    :raises WrongState: the line is not ordered, or nothing is on its way.
    :raises InvalidInput: the day cannot be, is that which holds or is asked for, or no reason is given.
    """
    (line,) = locked_lines([line])
    require(permissions.can_wish_for_day(by, line, at=at))
    reason = _reason(reason)
    allocations = on_its_way(line)
    if day < timezone.localdate(at):
        raise WishedDayHasPassed
    if day > timezone.localdate(at) + FURTHEST:
        raise WishedDayTooFarAhead
    if {each.order_line.asked_date or each.order_line.expected_date for each in allocations} == {day}:
        raise DayIsHeld(line=line.description)
    settle_wishes([line.pk], WishOutcome.REPLACED, by=by, at=at)
    wish = DayWish(line=line, message=_message(line, reason, by=by, at=at), wanted_date=day)
    insert_rows([wish])
    before = max(each.order_line.expected_date for each in allocations)
    trail.record(
        Event.LINE_DAY_WISHED,
        subject=line,
        by=by,
        at=at,
        day=day.isoformat(),
        day_before=before.isoformat(),
        comment=reason,
    )
    facts = {"wish": wish.pk, "day": day.isoformat(), "before": before.isoformat()}
    answering = those_who_answer([line], at=at).values()
    news = {**_facts(line, reason, by=by), **facts}
    tell(
        [News(person, DAY_WISH, address_of(allocations[0].order_line.order), news) for person in answering],
        by=by,
        at=at,
    )
    put_away_for(answering, at=at)
    return wish


@operation
def decline_day(*, line: RequisitionLine, reason: str, by: User, at: datetime) -> DayWish:
    """
    Say no to the day that is wished for: the day that holds stands, and whoever wished is told why.

    :raises NotPermitted: the line is not hers to decide.
    :raises NothingWished: it is answered, or nothing was wished.
    :raises WishReasonMissing: no reason is given.
    """
    (line,) = locked_lines([line])
    require(permissions.can_decline_day(by, line, at=at))
    reason = _reason(reason)
    wish = DayWish.objects.unsettled().filter(line=line).select_related("message").first()
    if wish is None:
        raise NothingWished
    wish.outcome, wish.settled_by, wish.settled_at = WishOutcome.DECLINED, by, at
    wish.reply = _message(line, reason, by=by, at=at)
    update_rows([wish], SETTLED_FIELDS)
    capacity = permissions.capacity_for(by, line, at=at)
    trail.record(
        Event.LINE_DAY_DECLINED,
        subject=line,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of if capacity else None,
        rule=capacity.rule if capacity else "",
        day=wish.wanted_date.isoformat(),
        comment=reason,
    )
    facts = {
        **_facts(line, reason, by=by),
        "how": "declined",
        "day": wish.wanted_date.isoformat(),
        "before": "",
    }
    address = f"{address_of(line.requisition)}#rad-{line.pk}"
    waiting = dict.fromkeys([wish.message.by_id, line.requisition.requester_id])
    tell([News(person, DELIVERY_DAY, address, facts) for person in waiting], by=by, at=at)
    put_away_for([*those_who_answer([line], at=at).values(), by.pk], at=at)
    return wish


def on_its_way(line: RequisitionLine) -> list[Allocation]:
    """
    What suppliers have been asked for and still have to deliver of a line.

    :raises NothingIsOnItsWay: there is none.
    """
    open_allocations = Allocation.objects.filter(
        STILL_TO_COME, line=line, order_line__order__status=OrderStatus.SENT
    )
    allocations = list(open_allocations.select_related("order_line__order__supplier").order_by("pk"))
    if not allocations:
        raise NothingIsOnItsWay(line=line.description)
    return allocations


def settle_wishes(lines: Collection[int], outcome: WishOutcome, *, by: User, at: datetime) -> list[DayWish]:
    """Settle what nobody has answered of locked lines, inside an operation; those that were, with their messages."""
    wishes = list(
        DayWish.objects.unsettled().filter(line__in=lines).select_related("message", "line").order_by("pk")
    )
    for wish in wishes:
        wish.outcome, wish.settled_by, wish.settled_at = outcome, by, at
    update_rows(wishes, SETTLED_FIELDS)
    return wishes


def _reason(text: str) -> str:
    if not text.strip():
        raise WishReasonMissing
    return text.strip()


def _message(line: RequisitionLine, text: str, *, by: User, at: datetime) -> LineMessage:
    """Say it in the line's conversation."""
    return LineMessage.objects.create(line=line, by=by, at=at, text=text)


def _facts(line: RequisitionLine, text: str, *, by: User) -> dict[str, object]:
    return {
        "number": line.requisition.number,
        "is_order": False,
        "what": line.description,
        "count": 1,
        "who": by.full_name,
        "supplier": "",
        "text": text,
    }
