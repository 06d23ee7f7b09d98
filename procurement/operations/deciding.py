"""What every decision does to lines, whoever decides: the parts that submitting and deciding share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from audit import trail
from core.bulk import insert_rows, update_rows
from core.money import ZERO
from core.states import move
from organizations.models import User
from organizations.permissions import roles_on
from procurement.events import Event
from procurement.models import BudgetAttest, DecisionKind, LineDecision, Requisition, RequisitionLine
from procurement.operations.ceilings import Terms
from procurement.order_times import next_order_time
from procurement.permissions import Capacity
from procurement.planning import PlannedAttest, plan_attest
from procurement.states import ATTEST_TRANSITIONS, CLOSED, LINE_TRANSITIONS, AttestStatus, LineStatus

APPROVAL_FIELDS = [
    "status",
    "approved_item",
    "approved_quantity",
    "approved_unit",
    "approved_units_per_order_unit",
    "approved_unit_price",
    "approved_amount",
    "approved_agreement",
    "approved_supplier",
    "decided_by",
    "decided_at",
    "order_due_at",
]

EVENT_OF = {
    DecisionKind.APPROVED: Event.LINE_APPROVED,
    DecisionKind.ADJUSTED: Event.LINE_ADJUSTED,
    DecisionKind.SUBSTITUTED: Event.LINE_SUBSTITUTED,
    DecisionKind.RETURNED: Event.LINE_RETURNED,
    DecisionKind.REJECTED: Event.LINE_REJECTED,
    DecisionKind.UNDONE: Event.APPROVAL_UNDONE,
}


@dataclass(frozen=True, slots=True)
class Made:
    """One decision that is made and only has to be written down."""

    line: RequisitionLine
    kind: DecisionKind
    by: User
    capacity: Capacity
    comment: str = ""
    reason_code: str = ""
    terms: Terms | None = None


def mark_approved(line: RequisitionLine, terms: Terms, *, by: User, at: datetime) -> None:
    """Set the approved terms on one line; ``update_rows(lines, APPROVAL_FIELDS)`` writes them."""
    move(line, to=LineStatus.APPROVED, transitions=LINE_TRANSITIONS)
    line.approved_item = terms.item
    line.approved_quantity = terms.quantity
    line.approved_unit = terms.unit
    line.approved_units_per_order_unit = _units_of(line, terms)
    line.approved_unit_price = terms.unit_price
    line.approved_amount = terms.amount
    line.approved_agreement = terms.agreement
    line.approved_supplier = terms.supplier
    line.decided_by, line.decided_at, line.order_due_at = by, at, next_order_time(at)


def _units_of(line: RequisitionLine, terms: Terms) -> Decimal:
    """How many base units one approved order unit holds: as snapshotted for what was asked for, else the item's."""
    if terms.item is None or terms.item.pk == line.item_id:
        return line.units_per_order_unit
    return terms.item.units_per_order_unit


def mark_undecided(line: RequisitionLine, *, to: LineStatus) -> None:
    """Take an approval off one line; ``update_rows(lines, APPROVAL_FIELDS)`` writes it."""
    move(line, to=to, transitions=LINE_TRANSITIONS)
    line.approved_item = line.approved_agreement = line.approved_supplier = None
    line.approved_quantity = line.approved_unit_price = line.approved_amount = None
    line.approved_unit = ""
    line.approved_units_per_order_unit = None
    line.decided_by = line.decided_at = line.order_due_at = None


def write_decisions(made: Sequence[Made], *, at: datetime) -> None:
    """Write decisions and their trail: two statements however many."""
    insert_rows(
        [
            LineDecision(
                line=each.line,
                kind=each.kind,
                by=each.by,
                on_behalf_of=each.capacity.on_behalf_of,
                rule=each.capacity.rule,
                at=at,
                reason_code=each.reason_code,
                comment=each.comment,
                item=each.terms.item if each.terms else None,
                quantity=each.terms.quantity if each.terms else None,
                unit_price=each.terms.unit_price if each.terms else None,
            )
            for each in made
        ]
    )
    trail.record_entries(
        trail.entry(
            EVENT_OF[each.kind],
            subject=each.line,
            by=each.by,
            at=at,
            on_behalf_of=each.capacity.on_behalf_of,
            rule=each.capacity.rule,
            **_details(each),
        )
        for each in made
    )


def request_attest(
    requisition: Requisition, planned: PlannedAttest, *, by: User, at: datetime
) -> BudgetAttest:
    """Ask for an attest of a requisition."""
    attest = BudgetAttest.objects.create(
        requisition=requisition,
        amount=planned.amount,
        limit=planned.limit,
        responsible=planned.responsible,
        requested_at=at,
    )
    trail.record(
        Event.ATTEST_REQUESTED,
        subject=requisition,
        by=by,
        at=at,
        amount=str(planned.amount),
        limit=str(planned.limit),
        responsible=planned.responsible.full_name,
    )
    return attest


def reassess_attest(requisition: Requisition, *, by: User, at: datetime) -> BudgetAttest | None:
    """
    Ask for a new attest when the requisition has grown past what the present one covers.

    Used inside an operation that has locked the requisition. Shrinking needs nothing.
    """
    total = live_total(requisition)
    current = requisition.attests.current().first()
    if current is not None and total <= current.amount:
        return current
    day = timezone.localdate(at)
    limit = roles_on(requisition.requester, day).orders_for.get(requisition.department_id, ZERO)
    planned = plan_attest(requisition, total, limit, day=day)
    if planned is None:
        return current
    if current is not None:
        move(current, to=AttestStatus.SUPERSEDED, transitions=ATTEST_TRANSITIONS)
        current.save(update_fields=["status"])
    return request_attest(requisition, planned, by=by, at=at)


def live_total(requisition: Requisition) -> Decimal:
    """What the requisition's lines sum to now, closed ones apart, excluding VAT."""
    lines = requisition.lines.exclude(status__in=CLOSED).only("requisition", "amount", "approved_amount")
    return sum((line.effective_amount for line in lines), ZERO)


def save_approvals(lines: Sequence[RequisitionLine]) -> None:
    """Write what ``mark_approved`` and ``mark_undecided`` set, in one statement."""
    update_rows(lines, APPROVAL_FIELDS)


def _details(made: Made) -> dict[str, str]:
    details = {"comment": made.comment, "reason": made.reason_code}
    if made.terms:
        details |= {
            "quantity": str(made.terms.quantity),
            "unit_price": str(made.terms.unit_price),
            "amount": str(made.terms.amount),
            "supplier": made.terms.supplier.name,
        }
        if made.terms.quantity != made.line.quantity:
            details["quantity_before"] = str(made.line.quantity)
        if made.terms.item:
            details["item"] = made.terms.item.number
        if made.terms.agreement:
            details["agreement"] = made.terms.agreement.number
    return {key: value for key, value in details.items() if value}
