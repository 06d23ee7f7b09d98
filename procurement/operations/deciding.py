"""What every decision does to lines, whoever decides: the parts that submitting and deciding share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.utils import timezone

from audit import trail
from core.bulk import insert_rows, update_rows
from core.money import ZERO
from core.states import move
from core.working_days import working_days_between
from organizations.models import User
from procurement.direct_award import NO_EXCEPTION, LimitException, SimilarPurchases
from procurement.events import Event
from procurement.gates import Terms
from procurement.models import (
    AUTOMATIC,
    DecisionKind,
    DecisionNature,
    LineDecision,
    RequisitionLine,
)
from procurement.operations.putting_away import put_away_for
from procurement.order_times import next_order_time
from procurement.permissions import Capacity
from procurement.states import LINE_TRANSITIONS, LineStatus

APPROVAL_FIELDS = [
    "status",
    "approved_item",
    "approved_quantity",
    "approved_unit",
    "approved_units_per_order_unit",
    "approved_factor",
    "approved_condition",
    "approved_unit_price",
    "approved_amount",
    "approved_agreement",
    "approved_supplier",
    "decided_by",
    "decided_at",
    "order_due_at",
    "taken_back_reason",
    "asked_unit_price",
]

WAITING_FIELDS = [*APPROVAL_FIELDS, "awaits_competition", "response_due_date"]

APPROVALS = (DecisionKind.APPROVED, DecisionKind.ADJUSTED, DecisionKind.SUBSTITUTED)

EVENT_OF = {
    DecisionKind.APPROVED: Event.LINE_APPROVED,
    DecisionKind.ADJUSTED: Event.LINE_ADJUSTED,
    DecisionKind.SUBSTITUTED: Event.LINE_SUBSTITUTED,
    DecisionKind.RETURNED: Event.LINE_RETURNED,
    DecisionKind.REJECTED: Event.LINE_REJECTED,
    DecisionKind.UNDONE: Event.APPROVAL_UNDONE,
    DecisionKind.UNANSWERED: Event.LINE_UNANSWERED,
}


InPlaceOf = Mapping[int, User | None]
"""On whose behalf an act was done, by the requisition's id."""
NOBODY: InPlaceOf = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NewDecision:
    """One decision that is made and only has to be written down."""

    line: RequisitionLine
    kind: DecisionKind
    by: User
    capacity: Capacity
    comment: str = ""
    reason_code: str = ""
    terms: Terms | None = None
    similar: SimilarPurchases | None = None
    """What similar purchases come to with the line, where it was approved under no agreement."""
    exception: LimitException = NO_EXCEPTION
    undone: Mapping[str, str] = field(default_factory=dict)
    """What the approval that is taken off came to, for the trail."""


def nature_of(decision: NewDecision) -> DecisionNature:
    """A purchase without an agreement is decided on the board's delegation; the rest carries out what is decided."""
    is_purchase = decision.terms is not None and decision.terms.agreement is None
    return DecisionNature.DELEGATION if is_purchase else DecisionNature.EXECUTION


def mark_approved(line: RequisitionLine, terms: Terms, *, by: User, at: datetime) -> None:
    """Set the approved terms on one line; ``update_rows(lines, APPROVAL_FIELDS)`` writes them."""
    move(line, to=LineStatus.APPROVED, transitions=LINE_TRANSITIONS)
    line.approved_item = terms.item
    line.approved_quantity = terms.quantity
    line.approved_unit = terms.unit
    line.approved_units_per_order_unit = line.units_of(terms.item)
    line.approved_factor = terms.replacement.frozen_factor if terms.replacement else None
    line.approved_condition = terms.replacement.condition if terms.replacement else ""
    line.approved_unit_price = terms.unit_price
    line.approved_amount = terms.amount
    line.approved_agreement = terms.agreement
    line.approved_supplier = terms.supplier
    line.decided_by, line.decided_at, line.order_due_at = by, at, next_order_time(at)
    line.taken_back_reason = ""
    line.asked_unit_price = None


def undone_of(line: RequisitionLine) -> Mapping[str, str]:
    """What the approval of a line came to and is released, before it is taken off."""
    released = (line.approved_amount or ZERO) - line.released_amount
    return {"quantity_before": str(line.approved_quantity), "released": str(released)}


def mark_undecided(line: RequisitionLine, *, to: LineStatus, reason: str = "") -> None:
    """
    Take an approval off one line, and tell why; ``update_rows(lines, APPROVAL_FIELDS)`` writes it.

    One that is to be decided anew is promised a day, and written with ``WAITING_FIELDS``.
    """
    move(line, to=to, transitions=LINE_TRANSITIONS)
    line.approved_item = line.approved_agreement = line.approved_supplier = None
    line.approved_quantity = line.approved_unit_price = line.approved_amount = None
    line.approved_unit = ""
    line.approved_units_per_order_unit = line.approved_factor = None
    line.approved_condition = ""
    line.decided_by = line.decided_at = line.order_due_at = None
    line.taken_back_reason = reason
    if line.item_id is None:
        line.awaits_competition_id = None  # what a need was tied to, it was let go of when it was approved


def write_decisions(decisions: Sequence[NewDecision], *, at: datetime) -> None:
    """Write decisions and their trail, and put away what those who waited for them were told; as many statements however many."""
    responses = [_response_of(each, at=at) for each in decisions]
    insert_rows(
        [
            LineDecision(
                line=each.line,
                kind=each.kind,
                by=each.by,
                on_behalf_of=each.capacity.on_behalf_of,
                rule=each.capacity.rule,
                nature=nature_of(each),
                at=at,
                reason_code=each.reason_code,
                comment=each.comment,
                item=each.terms.item if each.terms else None,
                quantity=each.terms.quantity if each.terms else None,
                unit_price=each.terms.unit_price if each.terms else None,
                similar_amount=each.similar.amount if each.similar else None,
                similar_limit=each.similar.limit if each.similar else None,
                exception_ground=each.exception.ground,
                exception_reason=each.exception.reason,
                promised_date=each.line.response_due_date if days is not None else None,
                response_days=days,
            )
            for each, days in zip(decisions, responses, strict=True)
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
        for each in decisions
    )
    by_people = [each for each in decisions if each.capacity.rule not in AUTOMATIC]
    put_away_for({person for each in by_people for person in (each.by.pk, each.line.responsible_id)}, at=at)


def _response_of(decision: NewDecision, *, at: datetime) -> int | None:
    """
    The working days that a person took for her first decision of a line; None for any other decision.

    They count from when the line came, from when the question about it was answered, or from when the competition that it waited
    for was decided; while it waits for one no day is promised, and nothing is counted. ``decidable`` reads what has been decided and
    answered before with the lines; the program's own decisions are of lines without.
    """
    line = decision.line
    is_first = not getattr(line, "is_undone", True) and decision.kind in (*APPROVALS, DecisionKind.REJECTED)
    if decision.capacity.rule in AUTOMATIC or not is_first:
        return None
    if line.submitted_at is None or line.response_due_date is None:
        return None
    moments = (line.submitted_at, line.answered_at, line.competed_at)  # type: ignore[attr-defined]
    start = max(moment for moment in moments if moment is not None)
    return working_days_between(timezone.localdate(start), timezone.localdate(at))


def acting_for(permitted: Sequence[tuple[RequisitionLine, Capacity]]) -> InPlaceOf:
    """On whose behalf the lines of each requisition are decided, if anybody's for any of them."""
    acting = [(line.requisition_id, capacity.on_behalf_of) for line, capacity in permitted]
    return {requisition: person for requisition, person in acting if person is not None}


def save_approvals(lines: Sequence[RequisitionLine]) -> None:
    """Write what ``mark_approved`` and ``mark_undecided`` set, in one statement."""
    update_rows(lines, APPROVAL_FIELDS)


def _details(decision: NewDecision) -> dict[str, str]:
    details = {"comment": decision.comment, "reason": decision.reason_code, **decision.undone}
    if decision.terms:
        details |= {
            "quantity": str(decision.terms.quantity),
            "unit_price": str(decision.terms.unit_price),
            "amount": str(decision.terms.amount),
            "supplier": decision.terms.supplier.name,
        }
        if decision.terms.quantity != decision.line.quantity:
            details["quantity_before"] = str(decision.line.quantity)
        if decision.terms.item:
            details["item"] = decision.terms.item.number
        if decision.terms.replacement:
            details["conversion"] = f"{decision.terms.replacement.factor.normalize():f}"
            details["equivalence"] = decision.terms.replacement.equivalence.value
            details["condition"] = decision.terms.replacement.condition
        if nature_of(decision) == DecisionNature.DELEGATION:
            details["nature"] = DecisionNature.DELEGATION.value
        if decision.terms.agreement:
            details["agreement"] = decision.terms.agreement.number
    if decision.similar is not None:
        details["similar_amount"] = str(decision.similar.amount)
        details["similar_limit"] = str(decision.similar.limit or "")
        details["exception_ground"] = decision.exception.ground
        details["exception_reason"] = decision.exception.reason
    return {key: value for key, value in details.items() if value}
