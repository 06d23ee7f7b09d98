"""
What a basket could be divided into, where one line holds the others up (pure).

A requisition that nobody has parted has one day by which it is needed and at most one attest. A chair with three weeks'
delivery then moves the gloves, and its attest holds what would be decided at once. The rest can be sent first.

Nobody gets round an attest by it: where the whole needs one, what stays behind still needs it by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils import timezone

from core.money import ZERO
from core.working_days import add_working_days
from procurement.order_terms import working_days_needed
from procurement.planning import Plan, PlannedLine

LEAST_GAIN_DAYS = 5
"""Fewer days earlier than this are not worth two orders."""


@dataclass(frozen=True, slots=True)
class Division:
    """Lines to send now, and those that stay in the basket."""

    now: Sequence[PlannedLine]
    later: Sequence[PlannedLine]
    now_day: date
    later_day: date
    is_for_attest: bool
    """Whether it is an attest that the first part need not wait for, and not only a day."""

    @property
    def now_keys(self) -> str:
        """The lines to send, as the form's button says them."""
        return ",".join(str(each.line.pk) for each in self.now)


def division_of(plan: Plan, *, ordered: datetime) -> Division | None:
    """
    How the basket could be divided with something gained, if it could.

    With an attest, what a standing approval decides goes first. Without one, what can be there at least five days
    earlier than the rest does.

    :param ordered: when the region orders next.
    """
    if plan.is_parted:
        return None  # the parts are attested and delivered by themselves already
    now = [each for each in plan.lines if each.policy] if plan.attest else _soonest(plan.lines, ordered)
    later = [each for each in plan.lines if each not in now]
    if not now or not later:
        return None
    if plan.attest and not (_is_within(now, plan) and not _is_within(later, plan)):
        return None
    return Division(
        now, later, day_for(now, ordered), day_for(later, ordered), is_for_attest=plan.attest is not None
    )


def day_for(lines: Sequence[PlannedLine], ordered: datetime) -> date:
    """
    The first day by which the last answer and the slowest delivery of the lines can be expected.

    :param ordered: when the region orders next.
    """
    day = timezone.localdate(ordered)
    answers = max((each.response_due_date for each in lines if each.policy is None), default=day)
    return add_working_days(max(answers, day), lead_days(lines, ordered))


def lead_days(lines: Sequence[PlannedLine], ordered: datetime) -> int:
    """How many working days the slowest of the lines takes to deliver, from the day on which it is ordered at that time."""
    return max((_days_needed(each, timezone.localtime(ordered)) for each in lines), default=3)


def _days_needed(planned: PlannedLine, ordered: datetime) -> int:
    price = planned.price
    if price is None:
        return planned.line.lead_days
    return working_days_needed(price.lead_days, ordered=ordered.time(), cutoff=price.supplier.order_cutoff)


def _soonest(lines: Sequence[PlannedLine], ordered: datetime) -> list[PlannedLine]:
    """Those that come before the longest pause between the lines' days; none when no pause is long."""
    in_turn = sorted(lines, key=lambda each: day_for([each], ordered))
    days = [day_for([each], ordered) for each in in_turn]
    pauses = [(later - sooner).days for sooner, later in pairwise(days)]
    longest = max(pauses, default=0)
    return in_turn[: pauses.index(longest) + 1] if longest >= LEAST_GAIN_DAYS else []


def _is_within(lines: Sequence[PlannedLine], plan: Plan) -> bool:
    """Whether the requester orders so much without an attest."""
    return plan.limit is None or sum((each.amount for each in lines), ZERO) <= plan.limit
