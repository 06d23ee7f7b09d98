"""Budget attest (beslutsattest): in parallel with the category decisions."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput
from core.states import move
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import BudgetAttest, Requisition
from procurement.operations import ceilings
from procurement.operations.deciding import mark_undecided, save_approvals
from procurement.operations.putting_away import put_away_for
from procurement.operations.telling import tell_of_cancelling
from procurement.permissions import AttestCapacity, NotYourAttest
from procurement.separation_of_duties import deciders_in
from procurement.states import ATTEST_TRANSITIONS, LINE_TRANSITIONS, UNDECIDED, AttestStatus, LineStatus


class RefusalReasonMissing(InvalidInput):
    """A refusal tells why."""

    code = "refusal_reason_missing"
    sentence = _("Skriv varför du nekar attest.")


@operation
def attest(*, attest: BudgetAttest, by: User, at: datetime, comment: str = "") -> BudgetAttest:
    """
    Attest a part of a requisition; its approved lines may then be ordered, whatever the other parts wait for.

    :raises NotPermitted: it is her own request, or not hers to attest.
    :raises AttestIsDecided: it is decided already.
    """
    attest, capacity = _decided(attest, to=AttestStatus.ATTESTED, by=by, at=at, comment=comment.strip())
    _record(Event.ATTEST_GIVEN, attest, capacity, by=by, at=at)
    put_away_for([attest.responsible_id, by.pk], at=at)
    return attest


@operation
def refuse_attest(*, attest: BudgetAttest, by: User, at: datetime, comment: str) -> BudgetAttest:
    """
    Refuse to attest: all lines of the part that are not ordered are cancelled, and their ceilings released.

    :raises RefusalReasonMissing: no reason is given.
    :raises NotPermitted: it is her own request, or not hers to attest.
    :raises AttestIsDecided: it is decided already.
    """
    if not comment.strip():
        raise RefusalReasonMissing
    attest, capacity = _decided(attest, to=AttestStatus.REFUSED, by=by, at=at, comment=comment.strip())
    waiting = attest.requisition.lines.in_part(attest.part).filter(
        status__in=[*UNDECIDED, LineStatus.APPROVED]
    )
    lines = list(waiting.order_by("pk"))
    approved = [line for line in lines if line.status == LineStatus.APPROVED]
    ceilings.release(approved, at=at)
    for line in lines:
        if line in approved:
            mark_undecided(line, to=LineStatus.CANCELLED)
        else:
            move(line, to=LineStatus.CANCELLED, transitions=LINE_TRANSITIONS)
    save_approvals(lines)
    _record(Event.ATTEST_REFUSED, attest, capacity, by=by, at=at)
    trail.record_many(
        Event.LINE_CANCELLED,
        subjects=lines,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of,
        rule="attest",
        comment=attest.comment,
    )
    tell_of_cancelling(lines, "attest_refused", attest.comment, by=by, at=at)
    put_away_for([attest.responsible_id, by.pk, *(line.responsible_id for line in lines)], at=at)
    return attest


def _decided(
    attest: BudgetAttest, *, to: AttestStatus, by: User, at: datetime, comment: str
) -> tuple[BudgetAttest, AttestCapacity]:
    requisition = Requisition.objects.locked().select_related("requester").get(pk=attest.requisition_id)
    attest = BudgetAttest.objects.select_related("responsible", "department").get(pk=attest.pk)
    attest.requisition = requisition
    require(permissions.can_attest(by, attest, deciders=deciders_in(requisition.pk), at=at))
    capacity = permissions.attest_capacity(by, attest, at=at)
    if capacity is None:
        raise NotYourAttest(responsible=attest.responsible.full_name)
    move(attest, to=to, transitions=ATTEST_TRANSITIONS)
    attest.on_behalf_of = capacity.on_behalf_of
    attest.decided_by, attest.decided_at, attest.comment = by, at, comment
    attest.save(update_fields=["status", "decided_by", "decided_at", "comment", "on_behalf_of"])
    return attest, capacity


def _record(event: Event, attest: BudgetAttest, capacity: AttestCapacity, *, by: User, at: datetime) -> None:
    trail.record(
        event,
        subject=attest.requisition,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of,
        rule=capacity.rule,
        amount=str(attest.amount),
        charged=attest.department.cost_center,
        comment=attest.comment,
    )
