"""Attests that nobody gives in time: to another who may, and then to the head of procurement."""

from collections.abc import Sequence
from datetime import date, datetime

from audit import trail
from audit.trail import Actor
from procurement.attesters import late_attests, next_attester
from procurement.events import Event
from procurement.models import BudgetAttest
from procurement.operations.telling import tell_of_late_attest
from procurement.separation_of_duties import deciders_in


def escalate_attests(requisitions: Sequence[int], *, by: Actor | None, at: datetime, day: date) -> int:
    """
    Let what has waited too long go on, inside an operation that has locked the requisitions.

    Each step is taken once, and the one that the day has come to is taken even if those before it were missed. Where nobody
    else is there it stays, and is tried again.

    :returns: how many attests went on.
    """
    count = 0
    for step, late in late_attests(day).items():
        waiting = late.filter(requisition__in=requisitions).order_by("pk")
        for attest in waiting.select_related("responsible", "requisition", "department"):
            person = next_attester(attest, step, deciders=deciders_in(attest.requisition_id), day=day)
            if person is None:
                continue
            before = attest.responsible
            attest.responsible, attest.escalation, attest.escalated_from = person, step, before
            attest.save(update_fields=["responsible", "escalation", "escalated_from"])
            _record(attest, before.full_name, by=by, at=at)
            tell_of_late_attest(attest, by=by, at=at)
            count += 1
    return count


def _record(attest: BudgetAttest, before: str, *, by: Actor | None, at: datetime) -> None:
    trail.record(
        Event.ATTEST_ESCALATED,
        subject=attest.requisition,
        by=by,
        at=at,
        before=before,
        responsible=attest.responsible.full_name,
        amount=str(attest.amount),
    )
