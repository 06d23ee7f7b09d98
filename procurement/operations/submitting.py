"""What submitting does to lines, from a basket, in one step or as a new version: the parts that those share."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.permissions import can_be_ordered
from core.bulk import update_rows
from core.errors import DomainError, InvalidInput
from core.states import move
from core.verdicts import require
from organizations.models import User
from procurement.events import Event
from procurement.models import BudgetAttest, DecisionKind, DecisionRule, Requisition, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.baskets import ItemHasNoPrice
from procurement.operations.deciding import (
    Made,
    mark_approved,
    request_attest,
    save_approvals,
    write_decisions,
)
from procurement.permissions import Capacity
from procurement.planning import Plan, PlannedLine
from procurement.states import LINE_TRANSITIONS, LineStatus

SNAPSHOT_FIELDS = [
    "status",
    "unit_price",
    "is_price_estimated",
    "amount",
    "category",
    "agreement",
    "supplier",
    "account",
    "lead_days",
    "responsible",
    "routing_rule",
    "routing_facts",
    "response_due_date",
    "submitted_at",
]


class BasketIsEmpty(InvalidInput):
    """There is nothing to submit."""

    code = "basket_is_empty"
    sentence = _("Korgen är tom.")


class DetailsMissing(InvalidInput):
    """Delivery place, day or activity is not given."""

    code = "details_missing"
    sentence = _("Ange leveransplats, verksamhet och vilket datum ni behöver varorna.")


class NeededInThePast(InvalidInput):
    """Nothing can be delivered yesterday."""

    code = "needed_in_the_past"
    sentence = _("Dagen då ni behöver varorna har redan varit.")


class AccountMissing(InvalidInput):
    """A line has no account: booking fails closed (DOMAIN 3.8)."""

    code = "account_missing"
    sentence = _("Ange konto. %(line)s har inget konto från sin kategori.")


class CodeClosed(InvalidInput):
    """A code of the coding string is closed."""

    code = "code_closed"
    sentence = _("%(code)s är stängd och går inte att bokföra på.")


class NobodyCanDecide(DomainError):
    """Nobody is left who could decide without deciding on her own request."""

    code = "nobody_can_decide"
    sentence = _("Ingen annan än du kan besluta om %(line)s. Hör av dig till inköp.")


def check_complete(requisition: Requisition, lines: Sequence[RequisitionLine], *, at: datetime) -> None:
    """
    Check that nothing is missing that submitting needs.

    :raises InvalidInput: there are no lines, or place, day or a code is missing, past or closed.
    :raises ItemNotOrderable: an item cannot be ordered that day.
    """
    day = timezone.localdate(at)
    if not lines:
        raise BasketIsEmpty
    if not (requisition.delivery_place_id and requisition.activity_id and requisition.needed_by_date):
        raise DetailsMissing
    if requisition.needed_by_date < day:
        raise NeededInThePast
    for code in (requisition.activity, requisition.account, requisition.project):
        if code is not None and code.closed_date is not None and code.closed_date <= day:
            raise CodeClosed(code=str(code))
    for line in lines:
        if line.item is not None:
            require(can_be_ordered(line.item, day=day))


def next_number(at: datetime) -> str:
    """Take the next requisition number, such as 2021-04417."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('procurement_requisition_number')")
        return f"{timezone.localdate(at).year}-{cursor.fetchone()[0]:05d}"


def freeze_lines(requisition: Requisition, planned: Plan, *, at: datetime) -> None:
    """Snapshot price, agreement, category, account, responsible person and reason on each line: one statement."""
    for each in planned.lines:
        snapshot(requisition, each, at=at)
    update_rows([each.line for each in planned.lines], SNAPSHOT_FIELDS)


def snapshot(requisition: Requisition, planned: PlannedLine, *, at: datetime) -> None:
    """
    Set what is planned on one line, unsaved; from here on it waits for its responsible person.

    :raises InvalidInput: the line has no price or no account.
    :raises NobodyCanDecide: nobody but the requester is left.
    """
    line, price, found = planned.line, planned.price, planned.route
    if line.item is not None and price is None:
        raise ItemHasNoPrice(item=line.description)
    if found is None or planned.responsible is None:
        raise NobodyCanDecide(line=line.description)
    account_id = (
        requisition.account_id
        or line.account_id
        or (planned.category.account_id if planned.category else None)
    )
    if account_id is None and planned.category is not None:
        raise AccountMissing(line=line.description)
    if price is not None:
        line.agreement, line.supplier, line.lead_days = price.agreement, price.supplier, price.lead_days
        line.is_price_estimated = price.agreement_id is None
    line.unit_price, line.amount = planned.unit_price, planned.amount
    line.category, line.account_id = planned.category, account_id
    line.responsible = planned.responsible
    line.routing_rule, line.routing_facts = found.rule, dict(found.facts)
    line.response_due_date, line.submitted_at = planned.response_due_date, at
    move(line, to=LineStatus.AWAITING, transitions=LINE_TRANSITIONS)


def carry_out(requisition: Requisition, planned: Plan, *, by: User, at: datetime) -> BudgetAttest | None:
    """Record a submission, decide what stands approved, and ask for the attest, if there is to be one."""
    trail.record_entries(
        [
            trail.entry(
                Event.REQUISITION_SUBMITTED, subject=requisition, by=by, at=at, total=str(planned.total)
            ),
            *(
                trail.entry(
                    Event.LINE_ROUTED,
                    subject=each.line,
                    by=None,
                    at=at,
                    rule=each.line.routing_rule,
                    responsible=each.route.responsible.full_name if each.route else "",
                )
                for each in planned.lines
            ),
        ]
    )
    approve_by_policy(planned, at=at)
    return request_attest(requisition, planned.attest, by=by, at=at) if planned.attest else None


def approve_by_policy(planned: Plan, *, at: datetime) -> None:
    """Approve at once what a standing approval covers and the ceiling has room for; the rest waits in the queue."""
    wanted = [
        (
            each.line,
            ceilings.Terms(
                item=each.line.item,
                quantity=each.line.quantity,
                unit=each.line.unit,
                unit_price=each.unit_price,
                amount=each.amount,
                agreement=each.line.agreement,
                supplier=each.line.supplier,
            ),
            each.policy,
        )
        for each in planned.lines
        if each.policy is not None and each.line.supplier is not None
    ]
    if not wanted:
        return
    refusals = ceilings.commit([(line, terms) for line, terms, _policy in wanted], at=at)
    approved = [each for each in wanted if each[0].pk not in refusals]
    for line, terms, policy in approved:
        mark_approved(line, terms, by=policy.set_by, at=at)
    save_approvals([line for line, _terms, _policy in approved])
    write_decisions(
        [
            Made(line, DecisionKind.APPROVED, policy.set_by, Capacity(DecisionRule.POLICY), terms=terms)
            for line, terms, policy in approved
        ],
        at=at,
    )
