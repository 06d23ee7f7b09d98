"""Say that a department's budget frame did not suffice, where the order goes on all the same: a part of operations."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from audit import trail
from core.addresses import address_of
from notices.operations.telling import News, tell
from organizations.models import Membership, Role, User
from procurement.events import Event
from procurement.frames import FrameState
from procurement.models import Requisition
from procurement.notices import FRAME


def warn_of_frames(
    requisition: Requisition, frames: Iterable[FrameState], *, by: User | None, at: datetime
) -> None:
    """Write down which frames did not suffice, and tell the budget holders of those departments; nothing when all do."""
    over = [state for state in frames if state.is_over]
    if not over:
        return
    trail.record_entries(
        trail.entry(
            Event.FRAME_EXCEEDED,
            subject=requisition,
            by=by,
            at=at,
            rule=state.consequence.value,
            charged=state.department.cost_center,
            amount=str(state.asked),
            frame=str(state.amount) if state.frame else "",
            over=str(state.over),
        )
        for state in over
    )
    warned = {state.department.pk: state for state in over if not state.is_routed}
    holders: dict[int, list[int]] = defaultdict(list)
    for department, person in (
        Membership.objects.on(timezone.localdate(at))
        .filter(role=Role.BUDGET_HOLDER, department__in=warned)
        .order_by("pk")
        .values_list("department", "user")
    ):
        holders[department].append(person)
    tell(
        [
            News(
                person,
                FRAME,
                address_of(requisition),
                {
                    "number": requisition.number,
                    "department": state.department.name,
                    "over": str(state.over),
                    "has_frame": state.frame is not None,
                },
            )
            for pk, state in warned.items()
            for person in holders[pk]
        ],
        by=by,
        at=at,
    )
