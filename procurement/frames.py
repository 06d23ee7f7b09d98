"""
Whether the budget frames of the charged departments suffice for what is asked for (ram; DOMAIN 6.3, 16).

A department that has a frame for some period is followed by its frames: a day outside all of them has nothing to take
from, and every krona is over. What a frame does not suffice for is told or attested, never refused and never let
through silently. A department without any is not followed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from core.compiled import compiled_once
from core.money import ZERO
from organizations.models import BudgetFrame, Department, FrameConsequence
from procurement.models import Requisition, RequisitionLine
from procurement.parts import Part
from procurement.spending import Spending, spending_of_frames

NOTHING = Spending()


@dataclass(frozen=True, slots=True)
class Share:
    """What one line asks of a department's money."""

    part: Part
    day: date | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class FrameState:
    """A department's frame, what is taken of it, and what is asked for beside that."""

    department: Department
    frame: BudgetFrame | None
    """None when the department is followed, and has none for the day."""
    consequence: FrameConsequence
    spent: Spending
    asked: Decimal = ZERO
    parts: frozenset[Part] = frozenset()
    """The parts of the order that take of it."""

    @property
    def amount(self) -> Decimal:
        """What the department may spend in the period."""
        amount: Decimal = self.frame.amount if self.frame else ZERO
        return amount

    @property
    def last_day(self) -> date | None:
        """The last day of the period."""
        return self.frame.last_day if self.frame else None

    @property
    def left(self) -> Decimal:
        """What is left after what is asked for; below zero when the frame does not suffice."""
        return self.amount - self.spent.taken - self.asked

    @property
    def over(self) -> Decimal:
        """By how much it does not suffice."""
        return min(max(-self.left, ZERO), self.asked) if self.asked else max(-self.left, ZERO)

    @property
    def is_over(self) -> bool:
        """Whether it does not suffice."""
        return self.over > 0

    @property
    def is_routed(self) -> bool:
        """Whether the budget holder attests for that reason."""
        return self.is_over and self.consequence == FrameConsequence.ROUTE


def share_of(requisition: Requisition, line: RequisitionLine, amount: Decimal) -> Share:
    """What a line of the order asks for, in a basket by what the basket says where the line says nothing."""
    part = Part(
        line.charged_department_id or requisition.charged_department_id,
        line.delivery_place_id or requisition.delivery_place_id,
        line.needed_by_date or requisition.needed_by_date,
    )
    return Share(part, line.service_done_date or part.day, amount)


def frames_for(
    shares: Iterable[Share], *, apart_from: int | None = None, is_locked: bool = False
) -> list[FrameState]:
    """
    The frames that an order takes from, with what it asks of each: two queries where departments have frames, else one.

    :param apart_from: the order's own id, when its lines are submitted already.
    :param is_locked: whether the frames are locked first, so that nobody else takes of them until the operation is done.
    """
    charged_shares = [share for share in shares if share.amount]
    departments = {share.part.department for share in charged_shares}
    if not departments:
        return []
    if is_locked:
        list(BudgetFrame.objects.locked().filter(department__in=departments).values_list("pk", flat=True))
    frames = _frames_of(list(departments))
    return _states(charged_shares, frames, apart_from=apart_from)


def frames_of_lines(lines: Sequence[RequisitionLine]) -> dict[int, FrameState]:
    """
    The state of the frame that each submitted line takes from, by the line's id: two queries, whatever their number.

    The lines are among what is taken. A line whose department is not followed has none.
    """
    shares = {
        line.pk: Share(line.part, line.service_done_date or line.needed_by_date, ZERO) for line in lines
    }
    departments = {share.part.department for share in shares.values()}
    if not departments:
        return {}
    frames = _frames_of(list(departments))
    states = {
        (state.department.pk, state.frame.pk if state.frame else None): state
        for state in _states(shares.values(), frames, apart_from=None)
    }
    by_department = _by_department(frames)
    state_by_line = {}
    for pk, share in shares.items():
        department_frames = by_department.get(share.part.department)
        if department_frames:
            frame = _frame_on(department_frames, share.day)
            state_by_line[pk] = states[share.part.department, frame.pk if frame else None]
    return state_by_line


def with_money_left(frames: Iterable[BudgetFrame]) -> list[int]:
    """The ids of those of which not everything is taken: one query where there are any."""
    amounts = {frame.pk: frame.amount for frame in frames}
    spent = spending_of_frames(amounts) if amounts else {}
    return [pk for pk, amount in amounts.items() if amount > spent.get(pk, NOTHING).taken]


@compiled_once
def _frames_of(departments: list[int]) -> QuerySet[BudgetFrame]:
    """Those of these departments, the latest period of each first."""
    frames = BudgetFrame.objects.filter(department__among=departments).select_related("department")
    return frames.order_by("department", "-valid_during", "pk")


def _states(
    shares: Iterable[Share], frames: Sequence[BudgetFrame], *, apart_from: int | None
) -> list[FrameState]:
    frames_by_department = _by_department(frames)
    amount_by_frame: dict[tuple[int, int | None], Decimal] = defaultdict(lambda: ZERO)
    parts: dict[tuple[int, int | None], set[Part]] = defaultdict(set)
    taken_from: dict[int, BudgetFrame] = {}
    for share in shares:
        department_frames = frames_by_department.get(share.part.department)
        if not department_frames:
            continue
        frame = _frame_on(department_frames, share.day)
        key = (share.part.department, frame.pk if frame else None)
        amount_by_frame[key] += share.amount
        parts[key].add(share.part)
        if frame is not None:
            taken_from[frame.pk] = frame
    spent = spending_of_frames(taken_from, apart_from=apart_from) if taken_from else {}
    return [
        FrameState(
            department=frames_by_department[department][0].department,
            frame=taken_from[frame_id] if frame_id else None,
            consequence=FrameConsequence(
                (taken_from[frame_id] if frame_id else frames_by_department[department][0]).consequence
            ),
            spent=spent.get(frame_id or 0, NOTHING),
            asked=amount,
            parts=frozenset(parts[department, frame_id]),
        )
        for (department, frame_id), amount in amount_by_frame.items()
    ]


def over_by_part(states: Iterable[FrameState]) -> Mapping[Part, Decimal]:
    """By how much the frame of each part that is to be attested for that reason does not suffice."""
    over: dict[Part, Decimal] = defaultdict(lambda: ZERO)
    for state in states:
        if state.is_routed:
            for part in state.parts:
                over[part] = max(over[part], state.over)
    return over


def _by_department(frames: Iterable[BudgetFrame]) -> dict[int, list[BudgetFrame]]:
    frames_by_department: dict[int, list[BudgetFrame]] = defaultdict(list)
    for frame in frames:
        frames_by_department[frame.department_id].append(frame)
    return dict(frames_by_department)


def _frame_on(frames: Iterable[BudgetFrame], day: date | None) -> BudgetFrame | None:
    return next((frame for frame in frames if day is not None and day in frame.valid_during), None)
