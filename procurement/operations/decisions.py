"""Decide lines in a category: approve, adjust, substitute, return with a question, reject, undo, move."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Supplier
from audit import trail
from catalog.models import Item
from catalog.permissions import can_be_ordered
from catalog.pricing import best_prices
from categories.models import Category
from core.bulk import update_rows
from core.compiled import compiled_once
from core.errors import DomainError, InvalidInput, NotPermitted
from core.money import line_amount, to_unit_price
from core.states import move
from core.transactions import operation
from core.verdicts import Verdict, require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import DecisionKind, RejectionReason, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.baskets import ItemHasNoPrice, check_amount, check_quantity
from procurement.operations.ceilings import Terms
from procurement.operations.deciding import (
    Made,
    mark_approved,
    mark_undecided,
    reassess_attest,
    save_approvals,
    write_decisions,
)
from procurement.operations.locks import lock_requisitions
from procurement.operations.submitting import NobodyCanDecide
from procurement.permissions import Capacity
from procurement.planning import plan
from procurement.states import LINE_TRANSITIONS, LineStatus


class SupplierMissing(InvalidInput):
    """A need in free text has no supplier until somebody chooses one."""

    code = "supplier_missing"
    sentence = _("Välj leverantör för %(line)s innan raden godkänns.")


class AgreementOfAnotherSupplier(InvalidInput):
    """The chosen agreement is with another supplier."""

    code = "agreement_of_another_supplier"
    sentence = _("Avtalet %(agreement)s är tecknat med en annan leverantör.")


class LargerThanAsked(InvalidInput):
    """Only the requester asks for more."""

    code = "larger_than_asked"
    sentence = _("Du kan minska antalet. Vill enheten ha fler än %(quantity)s ändrar den som har beställt.")


class QuestionMissing(InvalidInput):
    """A question is needed to return a line."""

    code = "question_missing"
    sentence = _("Skriv din fråga.")


class ReasonMissing(InvalidInput):
    """An adjustment or substitution tells the requester why."""

    code = "reason_missing"
    sentence = _("Skriv varför, så att den som har beställt förstår.")


class CategoryFollowsItem(InvalidInput):
    """An item has one category; only needs in free text can be moved."""

    code = "category_follows_item"
    sentence = _("Kategorin följer artikeln %(item)s och kan inte bytas på raden.")


@dataclass(slots=True)
class Outcome:
    """What became of lines decided together: one bad line never holds up the others."""

    done: list[RequisitionLine] = field(default_factory=list)
    refused: list[tuple[RequisitionLine, DomainError]] = field(default_factory=list)

    def only(self) -> RequisitionLine:
        """
        Give the single line that was to be decided.

        :raises DomainError: it was refused.
        """
        if self.refused:
            raise self.refused[0][1]
        return self.done[0]


@operation
def approve(
    *,
    lines: Sequence[RequisitionLine],
    by: User,
    at: datetime,
    comment: str = "",
    supplier: Supplier | None = None,
    unit_price: Decimal | None = None,
    agreement: Agreement | None = None,
) -> Outcome:
    """
    Approve lines as asked for, committing them against their agreements' ceilings.

    ``supplier``, ``unit_price`` and ``agreement`` complete needs in free text. Eleven queries at most.

    :returns: which lines were approved, and why the others were refused (not permitted, already decided, no
        supplier, agreement not valid, supplier blocked, ceiling reached).
    """

    def terms(line: RequisitionLine) -> Terms:
        chosen = line.supplier or supplier
        if chosen is None:
            raise SupplierMissing(line=line.description)
        under = line.agreement if line.supplier else agreement
        if under is not None and under.supplier_id != chosen.pk:
            raise AgreementOfAnotherSupplier(agreement=under.number)
        price = line.unit_price if line.supplier or unit_price is None else to_unit_price(unit_price)
        return Terms(
            item=line.item,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=price,
            amount=check_amount(price, line.quantity),
            agreement=under,
            supplier=chosen,
        )

    outcome = _approve_on(lines, terms, kind=DecisionKind.APPROVED, by=by, at=at, comment=comment)
    dearer = {
        line.requisition_id: line.requisition
        for line in outcome.done
        if line.approved_amount is not None and line.approved_amount > line.amount
    }
    for requisition in dearer.values():
        reassess_attest(requisition, by=by, at=at)
    return outcome


@operation
def adjust(*, line: RequisitionLine, quantity: Decimal, by: User, at: datetime, comment: str) -> Outcome:
    """
    Approve fewer than asked for, and tell why.

    :raises InvalidInput: the quantity is absurd or larger than asked for, or no reason is given.
    """
    quantity = check_quantity(quantity, line.unit)
    if not comment.strip():
        raise ReasonMissing

    def terms(line: RequisitionLine) -> Terms:
        if quantity > line.quantity:
            raise LargerThanAsked(quantity=line.quantity)
        if line.supplier is None:
            raise SupplierMissing(line=line.description)
        return Terms(
            item=line.item,
            quantity=quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=line_amount(line.unit_price, quantity),
            agreement=line.agreement,
            supplier=line.supplier,
        )

    return _approve_on([line], terms, kind=DecisionKind.ADJUSTED, by=by, at=at, comment=comment.strip())


@operation
def substitute(
    *, line: RequisitionLine, item: Item, quantity: Decimal, by: User, at: datetime, comment: str
) -> Outcome:
    """
    Approve another item than the one asked for, at its price today, and tell why.

    A larger sum than attested asks for a new attest.

    :raises DomainError: the item cannot be ordered or has no price, the quantity is absurd, or no reason is given.
    """
    quantity = check_quantity(quantity, item.order_unit)
    if not comment.strip():
        raise ReasonMissing
    day = timezone.localdate(at)
    require(can_be_ordered(item, day=day))
    price = best_prices([item.pk], day=day).get(item.pk)
    if price is None:
        raise ItemHasNoPrice(item=str(item))

    def terms(_line: RequisitionLine) -> Terms:
        return Terms(
            item=item,
            quantity=quantity,
            unit=item.order_unit,
            unit_price=price.unit_price,
            amount=line_amount(price.unit_price, quantity),
            agreement=price.agreement,
            supplier=price.supplier,
        )

    outcome = _approve_on([line], terms, kind=DecisionKind.SUBSTITUTED, by=by, at=at, comment=comment.strip())
    for done in outcome.done:
        reassess_attest(done.requisition, by=by, at=at)
    return outcome


@operation
def return_with_question(
    *, lines: Sequence[RequisitionLine], question: str, by: User, at: datetime
) -> Outcome:
    """
    Ask the requester about lines; they wait for her answer.

    :raises QuestionMissing: the question is empty.
    """
    if not question.strip():
        raise QuestionMissing
    return _close_on(
        lines, to=LineStatus.RETURNED, kind=DecisionKind.RETURNED, by=by, at=at, comment=question.strip()
    )


@operation
def reject(
    *, lines: Sequence[RequisitionLine], reason_code: RejectionReason, comment: str, by: User, at: datetime
) -> Outcome:
    """Reject lines for a reason; the requester sees it and may order again."""
    return _close_on(
        lines,
        to=LineStatus.REJECTED,
        kind=DecisionKind.REJECTED,
        by=by,
        at=at,
        comment=comment.strip(),
        reason_code=RejectionReason(reason_code),
    )


@operation
def undo(*, lines: Sequence[RequisitionLine], by: User, at: datetime) -> Outcome:
    """Take approvals back until the lines are ordered; what they had committed is released."""
    outcome, permitted = _sort(lines, permissions.can_undo, by=by, at=at)
    ceilings.release([line for line, _capacity in permitted], at=at)
    for line, _capacity in permitted:
        mark_undecided(line, to=LineStatus.AWAITING)
        outcome.done.append(line)
    save_approvals(outcome.done)
    write_decisions([Made(line, DecisionKind.UNDONE, by, capacity) for line, capacity in permitted], at=at)
    return outcome


@operation
def reassign_category(
    *, line: RequisitionLine, category: Category, by: User, at: datetime
) -> RequisitionLine:
    """
    Give a line in free text another category, and with it another responsible person.

    :raises NotPermitted: the line is not hers to decide.
    :raises LineIsDecided: it is decided already.
    """
    (line,) = _locked_lines([line])
    require(permissions.can_reassign(by, line, at=at))
    if line.item is not None:
        raise CategoryFollowsItem(item=str(line.item))
    before = line.category
    line.category = category
    (planned,) = plan(line.requisition, [line], at=at).lines
    if planned.route is None:
        raise NobodyCanDecide(line=line.description)
    line.responsible_id = planned.route.responsible.pk
    line.routing_rule, line.routing_facts = planned.route.rule, dict(planned.route.facts)
    line.account_id = line.account_id or category.account_id
    line.response_due_date = planned.response_due_date
    update_rows(
        [line], ["category", "account", "responsible", "routing_rule", "routing_facts", "response_due_date"]
    )
    trail.record(
        Event.LINE_REROUTED,
        subject=line,
        by=by,
        at=at,
        rule=line.routing_rule,
        before=before.name if before else "",
        category=category.name,
        responsible=planned.route.responsible.full_name,
    )
    return line


def _approve_on(
    lines: Sequence[RequisitionLine],
    terms_of: Callable[[RequisitionLine], Terms],
    *,
    kind: DecisionKind,
    by: User,
    at: datetime,
    comment: str,
) -> Outcome:
    """Approve lines on the terms that a function gives each."""
    outcome, permitted = _sort(lines, permissions.can_decide, by=by, at=at)
    wanted: list[tuple[RequisitionLine, Terms]] = []
    capacities: dict[int, Capacity] = {}
    for line, capacity in permitted:
        try:
            wanted.append((line, terms_of(line)))
            capacities[line.pk] = capacity
        except DomainError as refusal:
            outcome.refused.append((line, refusal))
    refusals = ceilings.commit(wanted, at=at)
    made = []
    for line, terms in wanted:
        if line.pk in refusals:
            outcome.refused.append((line, refusals[line.pk]))
            continue
        mark_approved(line, terms, by=by, at=at)
        made.append(Made(line, kind, by, capacities[line.pk], comment=comment, terms=terms))
        outcome.done.append(line)
    save_approvals(outcome.done)
    write_decisions(made, at=at)
    return outcome


def _close_on(
    lines: Sequence[RequisitionLine],
    *,
    to: LineStatus,
    kind: DecisionKind,
    by: User,
    at: datetime,
    comment: str,
    reason_code: str = "",
) -> Outcome:
    """Move undecided lines to a state that is not an approval."""
    outcome, permitted = _sort(lines, permissions.can_decide, by=by, at=at)
    for line, _capacity in permitted:
        move(line, to=to, transitions=LINE_TRANSITIONS)
        if to == LineStatus.REJECTED:
            line.decided_by, line.decided_at = by, at
        outcome.done.append(line)
    save_approvals(outcome.done)
    write_decisions(
        [
            Made(line, kind, by, capacity, comment=comment, reason_code=reason_code)
            for line, capacity in permitted
        ],
        at=at,
    )
    return outcome


def _sort(
    lines: Sequence[RequisitionLine],
    permission: Callable[..., Verdict],
    *,
    by: User,
    at: datetime,
) -> tuple[Outcome, list[tuple[RequisitionLine, Capacity]]]:
    """Lock the lines and part those that the person may act on, with her capacity, from those she may not."""
    outcome, permitted = Outcome(), []
    for line in _locked_lines(lines):
        verdict = permission(by, line, at=at)
        capacity = permissions.capacity_for(by, line, at=at)
        if verdict.refusal is not None or capacity is None:
            outcome.refused.append((line, verdict.refusal or NotPermitted()))
        else:
            permitted.append((line, capacity))
    return outcome, permitted


def _locked_lines(lines: Sequence[RequisitionLine]) -> list[RequisitionLine]:
    """Lock the requisitions in primary key order, then read the lines as they are now."""
    locked = lock_requisitions(list({line.requisition_id for line in lines}))
    requisitions = {requisition.pk: requisition for requisition in locked}
    fresh = _lines_to_decide([line.pk for line in lines])
    for line in fresh:
        line.requisition = requisitions[line.requisition_id]
    return fresh


@compiled_once
def _lines_to_decide(ids: list[int]) -> QuerySet[RequisitionLine]:
    related = ("item", "category", "responsible", "agreement", "supplier")
    return RequisitionLine.objects.filter(pk__among=ids).select_related(*related).order_by("pk")
