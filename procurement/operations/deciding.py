"""What every decision does to lines, whoever decides: the parts that submitting and deciding share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from django.utils import timezone

from audit import trail
from core.bulk import insert_rows, update_rows
from core.money import ZERO
from core.states import move
from organizations.models import User
from procurement.events import Event
from procurement.gates import Terms
from procurement.models import BudgetAttest, DecisionKind, LineDecision, Requisition, RequisitionLine
from procurement.order_times import next_order_time
from procurement.permissions import Capacity
from procurement.planning import NobodyCanAttest, PlannedAttest, earlier_of, own_limit, plan_attest
from procurement.separation_of_duties import deciders_in
from procurement.splitting import thing_of, unseen_amount
from procurement.states import ATTEST_TRANSITIONS, LINE_TRANSITIONS, AttestStatus, LineStatus

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

EVENT_OF = {
    DecisionKind.APPROVED: Event.LINE_APPROVED,
    DecisionKind.ADJUSTED: Event.LINE_ADJUSTED,
    DecisionKind.SUBSTITUTED: Event.LINE_SUBSTITUTED,
    DecisionKind.RETURNED: Event.LINE_RETURNED,
    DecisionKind.REJECTED: Event.LINE_REJECTED,
    DecisionKind.UNDONE: Event.APPROVAL_UNDONE,
}


InPlaceOf = Mapping[int, User | None]
"""On whose behalf an act was done, by the requisition's id."""
NOBODY: InPlaceOf = MappingProxyType({})


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
    line.approved_factor = terms.replacement.frozen_factor if terms.replacement else None
    line.approved_condition = terms.replacement.condition if terms.replacement else ""
    line.approved_unit_price = terms.unit_price
    line.approved_amount = terms.amount
    line.approved_agreement = terms.agreement
    line.approved_supplier = terms.supplier
    line.decided_by, line.decided_at, line.order_due_at = by, at, next_order_time(at)
    line.taken_back_reason = ""
    line.asked_unit_price = None


def _units_of(line: RequisitionLine, terms: Terms) -> Decimal:
    """How many base units one approved order unit holds: as snapshotted for what was asked for, else the item's."""
    if terms.item is None or terms.item.pk == line.item_id:
        return line.units_per_order_unit
    return terms.item.units_per_order_unit


def mark_undecided(line: RequisitionLine, *, to: LineStatus, reason: str = "") -> None:
    """Take an approval off one line, and tell why; ``update_rows(lines, APPROVAL_FIELDS)`` writes it."""
    move(line, to=to, transitions=LINE_TRANSITIONS)
    line.approved_item = line.approved_agreement = line.approved_supplier = None
    line.approved_quantity = line.approved_unit_price = line.approved_amount = None
    line.approved_unit = ""
    line.approved_units_per_order_unit = line.approved_factor = None
    line.approved_condition = ""
    line.decided_by = line.decided_at = line.order_due_at = None
    line.taken_back_reason = reason


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
    requisition: Requisition,
    planned: PlannedAttest,
    *,
    by: User | None,
    at: datetime,
    on_behalf_of: User | None = None,
) -> BudgetAttest:
    """Ask for an attest of a requisition."""
    attest = BudgetAttest.objects.create(
        requisition=requisition,
        amount=planned.amount,
        limit=planned.limit,
        earlier_amount=planned.earlier_amount,
        responsible=planned.responsible,
        requested_at=at,
    )
    trail.record(
        Event.ATTEST_REQUESTED,
        subject=requisition,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of,
        amount=str(planned.amount),
        limit=str(planned.limit),
        responsible=planned.responsible.full_name,
    )
    return attest


def reassess_attests(
    requisitions: Iterable[Requisition],
    *,
    by: User | None,
    at: datetime,
    has_grown: bool = False,
    in_place_of: InPlaceOf = NOBODY,
) -> set[int]:
    """
    Let attests follow the amounts of their requisitions, up and down.

    A sum above what is attested or asked for is asked for anew. One that has shrunk stays within a given attest; an
    attest that waits is asked for the smaller sum, or is closed when none is needed or nothing is left. Used inside an
    operation that has locked the requisitions. Two queries when nothing has to change.

    :param has_grown: whether a sum may have grown, so that a requisition without an attest may need one.
    :param in_place_of: on whose behalf the act was done, by the requisition's id.
    :returns: ids of the requisitions whose sum has grown and that nobody but the requester is left to attest; the act
        is refused for them, or the next approval is.
    """
    by_id = {requisition.pk: requisition for requisition in requisitions}
    if not by_id:
        return set()
    current = {
        attest.requisition_id: attest
        for attest in BudgetAttest.objects.current().filter(requisition__in=by_id).order_by("pk")
    }
    touched = [
        pk
        for pk in sorted(by_id)
        if has_grown or (pk in current and current[pk].status == AttestStatus.PENDING)
    ]
    lines_of: dict[int, list[RequisitionLine]] = defaultdict(list)
    if touched:
        live = RequisitionLine.objects.live().filter(requisition__in=touched)
        for line in live.only("requisition", "item", "category", "amount", "approved_amount"):
            lines_of[line.requisition_id].append(line)
    unattestable = set()
    for pk in touched:
        try:
            _reassess(
                by_id[pk], lines_of[pk], current.get(pk), by=by, at=at, on_behalf_of=in_place_of.get(pk)
            )
        except NobodyCanAttest:
            unattestable.add(pk)
    return unattestable


def _reassess(
    requisition: Requisition,
    lines: Sequence[RequisitionLine],
    current: BudgetAttest | None,
    *,
    by: User | None,
    at: datetime,
    on_behalf_of: User | None,
) -> None:
    total = sum((line.effective_amount for line in lines), ZERO)
    if current is not None:
        is_settled = current.status != AttestStatus.PENDING and total <= current.amount
        if is_settled or total == current.amount or current.status == AttestStatus.REFUSED:
            return
    day = timezone.localdate(at)
    limit = own_limit(requisition, day=day)
    things = [thing_of(line.item_id, line.category_id) for line in lines]
    earlier = earlier_of(requisition, things, at=at) if lines else {}
    planned = plan_attest(
        requisition,
        total,
        limit,
        deciders=deciders_in(requisition.pk),
        earlier_amount=unseen_amount(things, earlier),
        day=day,
    )
    if current is not None and (planned is not None or current.status == AttestStatus.PENDING):
        move(
            current,
            to=AttestStatus.SUPERSEDED if planned else AttestStatus.CLOSED,
            transitions=ATTEST_TRANSITIONS,
        )
        current.save(update_fields=["status"])
    if planned is not None:
        request_attest(requisition, planned, by=by, at=at, on_behalf_of=on_behalf_of)
    elif current is not None and current.status == AttestStatus.CLOSED:
        trail.record(
            Event.ATTEST_CLOSED,
            subject=requisition,
            by=by,
            at=at,
            on_behalf_of=on_behalf_of,
            amount=str(current.amount),
            total=str(total),
        )


def acting_for(permitted: Sequence[tuple[RequisitionLine, Capacity]]) -> InPlaceOf:
    """On whose behalf the lines of each requisition are decided, if anybody's for any of them."""
    acting = [(line.requisition_id, capacity.on_behalf_of) for line, capacity in permitted]
    return {requisition: person for requisition, person in acting if person is not None}


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
        if made.terms.replacement:
            details["conversion"] = f"{made.terms.replacement.factor.normalize():f}"
            details["equivalence"] = made.terms.replacement.equivalence.value
            details["condition"] = made.terms.replacement.condition
        if made.terms.agreement:
            details["agreement"] = made.terms.agreement.number
    return {key: value for key, value in details.items() if value}
