"""What submitting does to lines, from a basket, in one step or as a new version: the parts that those share."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

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
from procurement.call_off import CompetitionNeeded
from procurement.events import Event
from procurement.gates import Coding, Facts, gate
from procurement.models import BudgetAttest, DecisionKind, DecisionRule, Requisition, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.baskets import ItemHasNoPrice
from procurement.operations.ceilings import PendingApproval
from procurement.operations.deciding import (
    NewDecision,
    mark_approved,
    save_approvals,
    write_decisions,
)
from procurement.operations.frame_warnings import warn_of_frames
from procurement.operations.proposing import tell_of_proposals
from procurement.operations.reassessing import request_attests
from procurement.permissions import Capacity
from procurement.planning import Plan, PlannedLine, lock_frames
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
    "is_account_chosen",
    "charged_department",
    "delivery_place",
    "needed_by_date",
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


class ChargedDepartmentIsClosed(InvalidInput):
    """Nothing new is charged to a department that is closed."""

    code = "charged_department_is_closed"
    sentence = _("Ansvar %(cost_center)s är stängt. Ange ett annat.")


class PlaceIsClosed(InvalidInput):
    """Nothing new is delivered to a place that is closed."""

    code = "place_is_closed"
    sentence = _("Leveransplatsen %(place)s används inte längre. Välj en annan.")


class NobodyCanDecide(DomainError):
    """Nobody is left who could decide without deciding on her own request."""

    code = "nobody_can_decide"
    sentence = _("Ingen annan än du kan besluta om %(line)s. Hör av dig till inköp.")


class PricesHaveRisen(DomainError):
    """Something costs more than the basket said when she sent it: she is shown it again first."""

    code = "prices_have_risen"
    sentence = _("Priset har stigit sedan korgen visades: %(items)s. Se över korgen och skicka den igen.")


def check_complete(requisition: Requisition, lines: Sequence[RequisitionLine], *, at: datetime) -> None:
    """
    Check that nothing is missing that submitting needs.

    :raises InvalidInput: there are no lines, or place, day or a code is missing or past.
    """
    day = timezone.localdate(at)
    if not lines:
        raise BasketIsEmpty
    if not (requisition.delivery_place_id and requisition.activity_id and requisition.needed_by_date):
        raise DetailsMissing
    for line in lines:
        charged = line.charged_department or requisition.charged_department
        place = line.delivery_place or requisition.delivery_place
        needed_by = line.needed_by_date or requisition.needed_by_date
        if needed_by < day:
            raise NeededInThePast
        if not charged.is_open_on(day):
            raise ChargedDepartmentIsClosed(cost_center=charged.cost_center)
        if place is not None and not place.is_open_on(day):
            raise PlaceIsClosed(place=place.name)


def check_not_risen(planned: Plan, shown_prices: Sequence[Decimal | None]) -> None:
    """
    Check that no line costs more than its unit price that was shown; a fall is hers without asking.

    :param shown_prices: of each line in turn; None where none was shown.
    :raises PricesHaveRisen: one does.
    """
    risen = [
        each.line.description
        for each, shown_price in zip(planned.lines, shown_prices, strict=True)
        if shown_price is not None and each.unit_price > shown_price
    ]
    if risen:
        raise PricesHaveRisen(items=", ".join(risen))


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

    What is to be competed for is asked for, and waits: the gate stops it where it would be approved.

    :raises DomainError: the line does not pass the gate, such as an item that is recalled or a konto that is closed.
    :raises NobodyCanDecide: nobody but the requester is left.
    """
    line, price, route = planned.line, planned.price, planned.route
    if line.item is not None and price is None:
        day, department = timezone.localdate(at), requisition.department_id
        require(can_be_ordered(line.item, day=day, department_id=department))
        raise ItemHasNoPrice(item=line.description)
    if route is None or planned.responsible is None:
        raise NobodyCanDecide(line=line.description)
    facts = facts_of(requisition, planned, at=at)
    for refusal in gate(planned.terms, facts):
        if not isinstance(refusal, CompetitionNeeded):
            raise refusal
    if price is not None:
        line.agreement, line.supplier, line.lead_days = price.agreement, price.supplier, price.lead_days
        line.is_price_estimated = price.agreement_id is None
    line.unit_price, line.amount = planned.unit_price, planned.amount
    line.category = planned.category
    line.is_account_chosen = bool(requisition.account_id or line.account_id)
    line.account = facts.coding.account
    line.charged_department = line.charged_department or requisition.charged_department
    line.delivery_place = line.delivery_place or requisition.delivery_place
    line.needed_by_date = line.needed_by_date or requisition.needed_by_date
    line.responsible = planned.responsible
    line.routing_rule, line.routing_facts = route.rule, dict(route.facts)
    line.response_due_date, line.submitted_at = planned.response_due_date, at
    move(line, to=LineStatus.AWAITING, transitions=LINE_TRANSITIONS)


def facts_of(requisition: Requisition, planned: PlannedLine, *, at: datetime) -> Facts:
    """What is true of a planned line: its price, and what it is booked on, chosen or its category's."""
    category = planned.category
    account = planned.line.account or requisition.account or (category.account if category else None)
    return Facts(
        day=timezone.localdate(at),
        department_id=requisition.department_id,
        price=planned.price,
        coding=Coding(
            line=planned.line.description,
            account=account,
            is_account_due=category is not None,
            others=(requisition.activity, requisition.project),
            payer=planned.line.charged_department,
        ),
        administration_id=requisition.department.administration_id,
        call_off=planned.call_off,
    )


def carry_out(requisition: Requisition, planned: Plan, *, by: User, at: datetime) -> list[BudgetAttest]:
    """Record a submission, decide what stands approved, and ask for the attests that there are to be."""
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
    tell_of_proposals([each.line for each in planned.lines], by=by, at=at)
    approve_by_policy(requisition, planned, at=at)
    lock_frames(requisition, planned, at=at)
    warn_of_frames(requisition, planned.frames, by=by, at=at)
    return request_attests(requisition, planned.attests, by=by, at=at)


def approve_by_policy(requisition: Requisition, planned: Plan, *, at: datetime) -> None:
    """Approve at once what a standing approval covers and the ceiling has room for; the rest waits in the queue."""
    candidates = [
        (PendingApproval(each.line, each.terms, facts_of(requisition, each, at=at)), each.policy)
        for each in planned.lines
        if each.policy is not None and each.terms is not None
    ]
    if not candidates:
        return
    refusals = ceilings.commit([each for each, _policy in candidates], at=at)
    approved = [(each, policy) for each, policy in candidates if each.line.pk not in refusals]
    for each, policy in approved:
        mark_approved(each.line, each.terms, by=policy.set_by, at=at)
    save_approvals([each.line for each, _policy in approved])
    write_decisions(
        [
            NewDecision(
                each.line,
                DecisionKind.APPROVED,
                policy.set_by,
                Capacity(DecisionRule.POLICY),
                terms=each.terms,
            )
            for each, policy in approved
        ],
        at=at,
    )
