"""
How far what waits has gone on: reminders, and who it goes to when its time is out (pure; DOMAIN 6.3, 14).

All of it follows from the day. So a clock that comes late finds what it would have found, and one that comes twice changes
nothing the second time. Days are Swedish working days on which the region is open.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from categories.models import DEPUTY_DAYS, HEAD_DAYS, REMINDER_DAYS, CategoryPolicy
from core.working_days import add_working_days, last_working_day, working_days_between

ATTEST_DAYS = 2
"""Working days for an attest."""
QUESTION_DAYS = (2, 4)
"""Working days after a question on which whoever it was put to is reminded; the second time with her colleagues."""
UNANSWERED_DAYS = 6
"""Working days after which what a question is about goes back to whoever asked, without an answer."""
CONSULTATION_DAYS = (2, 4)
"""Working days after which somebody who is asked in is reminded, and whoever asked is told that she has not answered."""


class Step(IntEnum):
    """How far something has gone on."""

    ORDINARY = 0
    DEPUTY = 1
    HEAD = 2


@dataclass(frozen=True, slots=True)
class Lateness:
    """How far something has gone on, and the day by which it should have been decided."""

    step: Step
    due: date


def lateness_of(due: date, day: date, policy: CategoryPolicy | None = None) -> Lateness:
    """How far what should have been decided by ``due`` has gone on at ``day``."""
    late = working_days_between(due, day)
    deputy, head = (policy.deputy_days, policy.head_days) if policy else (DEPUTY_DAYS, HEAD_DAYS)
    step = Step.HEAD if late >= head else Step.DEPUTY if late >= deputy else Step.ORDINARY
    return Lateness(step, due)


def reminder_day(due: date, policy: CategoryPolicy | None = None) -> date:
    """The working day on whose morning whoever answers is reminded that the response day comes."""
    return add_working_days(due, -(policy.reminder_days if policy else REMINDER_DAYS))


def is_new(milestone: date, *, since: date | None, day: date) -> bool:
    """Whether a day has come since the morning before, so that it is told of once; the first morning tells of its own."""
    return milestone == day if since is None else since < milestone <= day


def days_since(start: date, counts: tuple[int, int]) -> tuple[date, date]:
    """The days that lie so many working days after something was asked."""
    first, second = counts
    return add_working_days(start, first), add_working_days(start, second)


def latest_day_for(count: int, *, day: date) -> date:
    """The last day on which something came that has waited ``count`` working days or more on ``day``."""
    return add_working_days(last_working_day(day), -count)
