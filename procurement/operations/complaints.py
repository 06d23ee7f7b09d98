"""Say how a complaint ended: credited, collected, or that nothing comes of it."""

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from audit import trail
from core.bulk import update_rows
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import (
    Complaint,
    ComplaintSettlement,
    Expectation,
    Requisition,
    SettlementOutcome,
)
from procurement.operations import arrivals
from procurement.operations.telling_of_complaints import tell_of_settling
from procurement.separation_of_duties import deciders_of


class SettlementReasonMissing(InvalidInput):
    """When nothing comes of a complaint, somebody will ask why; a credit that came instead has its number."""

    code = "settlement_reason_missing"
    sentence = _("Skriv kreditnotans nummer, eller varför det inte blir av.")


@operation
def settle_complaint(
    *, complaint: Complaint, outcome: SettlementOutcome, reference: str, by: User, at: datetime
) -> Complaint:
    """
    Say how a complaint ended. A replacement that is settled so does not come: what remains of it is released.

    A replacement that comes is received as any delivery, which settles the complaint by itself.

    :raises SettlementReasonMissing: nothing comes of it, or the replacement was credited, and nothing says so.
    :raises NotPermitted: she does not receive for the department, or decided or attested the line herself.
    :raises ComplaintIsSettled: somebody was here before.
    """
    outcome, reference = SettlementOutcome(outcome), reference.strip()[:200]
    is_replacement = complaint.expects == Expectation.REPLACEMENT
    if not reference and (outcome == SettlementOutcome.NOT_COMING or is_replacement):
        raise SettlementReasonMissing
    list(
        Requisition.objects.locked().filter(
            lines__allocations__receipt_lines__complaint=complaint,
        )
    )
    locked = Complaint.objects.select_related(
        "receipt_line__allocation__line__requisition__department",
    ).get(pk=complaint.pk)
    allocation = locked.receipt_line.allocation
    is_open = Complaint.objects.open().filter(pk=locked.pk).exists()
    deciders = deciders_of([allocation.line_id])
    require(permissions.can_settle(by, locked, is_open=is_open, deciders=deciders, at=at))
    closed = min(locked.quantity, allocation.remaining) if is_replacement else Decimal(0)
    settlement = ComplaintSettlement.objects.create(
        complaint=locked,
        outcome=outcome,
        reference=reference,
        closed_quantity=closed,
        settled_by=by,
        settled_at=at,
    )
    if closed:
        allocation.closed_quantity += closed
        update_rows([allocation], arrivals.ARRIVAL_FIELDS)
        arrivals.count_lines([allocation.line], at=at)
    trail.record(
        Event.COMPLAINT_SETTLED,
        subject=allocation.line,
        by=by,
        at=at,
        expects=locked.expects,
        outcome=settlement.outcome,
        comment=reference,
    )
    tell_of_settling(settlement, by=by, at=at)
    return locked
