"""Submit a basket, and what its requester can do afterwards: answer, revise, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.models import Item, ItemKind
from catalog.permissions import can_be_ordered
from core.bulk import update_rows
from core.errors import DomainError, InvalidInput, KeyIsTaken
from core.money import ZERO, line_amount
from core.states import move
from core.verdicts import require
from core.working_days import add_working_days
from organizations.models import AccountingCode, DeliveryPlace, Department, User
from procurement import permissions
from procurement.events import Event
from procurement.models import (
    BudgetAttest,
    DecisionKind,
    DecisionRule,
    LineKind,
    Reply,
    Requisition,
    RequisitionLine,
)
from procurement.operations import ceilings
from procurement.operations.baskets import ItemHasNoPrice, PlaceOfAnotherDepartment, check_quantity
from procurement.operations.deciding import (
    Made,
    live_total,
    mark_approved,
    mark_undecided,
    request_attest,
    save_approvals,
    write_decisions,
)
from procurement.permissions import Capacity
from procurement.planning import Plan, PlannedLine, plan, plan_attest
from procurement.standing import standing_on
from procurement.states import ATTEST_TRANSITIONS, LINE_TRANSITIONS, AttestStatus, LineStatus

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


class AnswerMissing(InvalidInput):
    """The answer is empty."""

    code = "answer_missing"
    sentence = _("Skriv ett svar.")


def preview(*, basket: Requisition, at: datetime) -> Plan:
    """
    Tell how the basket would be routed, decided and attested if it were submitted now. Changes nothing.

    :raises NobodyCanAttest: it needs an attest that only the requester could give.
    """
    return plan(basket, _lines_of(basket), at=at)


@transaction.atomic
def submit(*, basket: Requisition, by: User, at: datetime) -> Requisition:
    """
    Submit a basket: freeze its lines, route each to one responsible person, decide what a standing approval
    covers, and ask for an attest above the requester's limit.

    :raises NotPermitted: the basket is somebody else's, or she no longer orders for the department.
    :raises AlreadySubmitted: it is submitted already.
    :raises InvalidInput: it is empty or incomplete.
    :raises ItemNotOrderable: an item went out of the assortment while it lay in the basket.
    """
    requisition = (
        Requisition.objects.locked()
        .select_related("department", "charged_department", "requester", "activity", "account", "project")
        .get(pk=basket.pk)
    )
    require(permissions.can_change_basket(by, requisition, at=at))
    lines = _lines_of(requisition)
    _check_complete(requisition, lines, at=at)
    planned = plan(requisition, lines, at=at)
    requisition.number, requisition.submitted_at = _next_number(at), at
    requisition.save(update_fields=["number", "submitted_at"])
    _freeze_lines(requisition, planned, at=at)
    _carry_out(requisition, planned, by=by, at=at)
    return requisition


@dataclass(frozen=True, slots=True)
class Details:
    """Where to, when, why, and on which codes."""

    delivery_place: DeliveryPlace
    charged_department: Department
    activity: AccountingCode
    needed_by_date: date
    reason: str = ""
    account: AccountingCode | None = None
    project: AccountingCode | None = None


@transaction.atomic
def place(
    *,
    key: UUID,
    department: Department,
    wanted: Sequence[tuple[Item, Decimal]],
    details: Details,
    by: User,
    at: datetime,
) -> Requisition:
    """
    Order items without a basket, in one step: for another system, or a template.

    ``key`` is the caller's; the same key twice gives the first requisition back.

    :param wanted: items, each with its category, and how many order units.
    :raises NotPermitted: she does not order for the department.
    :raises InvalidInput: nothing is wanted, something is incomplete, a quantity is absurd.
    :raises ItemNotOrderable: an item cannot be ordered.
    :raises KeyIsTaken: somebody else has used the key.
    """
    require(permissions.can_order_for(by, department, at=at))
    earlier = Requisition.objects.filter(key=key, requester=by).first()
    if earlier is not None:
        return earlier
    if details.delivery_place.department_id != department.pk:
        raise PlaceOfAnotherDepartment
    requisition = Requisition(
        key=key,
        department=department,
        requester=by,
        charged_department=details.charged_department,
        activity=details.activity,
        account=details.account,
        project=details.project,
        delivery_place=details.delivery_place,
        needed_by_date=details.needed_by_date,
        reason=details.reason,
        created_at=at,
    )
    lines = [
        RequisitionLine(
            requisition=requisition,
            position=position,
            kind=LineKind.SERVICE if item.kind == ItemKind.SERVICE else LineKind.ITEM,
            item=item,
            description=str(item),
            quantity=check_quantity(quantity, item.order_unit),
            unit=item.order_unit,
            units_per_order_unit=item.units_per_order_unit,
            unit_price=ZERO,
        )
        for position, (item, quantity) in enumerate(wanted, 1)
    ]
    _check_complete(requisition, lines, at=at)
    planned = plan(requisition, lines, at=at)
    for each in planned.lines:
        _snapshot(requisition, each, at=at)
    requisition.number, requisition.submitted_at = _next_number(at), at
    try:
        with transaction.atomic():
            requisition.save(force_insert=True)
    except IntegrityError:  # the same key at the same moment, or somebody else's
        return _placed_by(by, key)
    for line in lines:
        line.requisition = requisition
    RequisitionLine.objects.bulk_create(lines)
    _carry_out(requisition, planned, by=by, at=at)
    return requisition


@transaction.atomic
def answer(*, line: RequisitionLine, text: str, by: User, at: datetime) -> RequisitionLine:
    """
    Answer the question about a line, which goes back to whoever asked.

    :raises NotPermitted: she neither ordered it nor orders for the department.
    :raises WrongState: no question is open.
    :raises AnswerMissing: the text is empty.
    """
    line = _locked_line(line)
    require(permissions.can_answer(by, line, at=at))
    if not text.strip():
        raise AnswerMissing
    question = line.decisions.filter(kind=DecisionKind.RETURNED).order_by("-pk")[0]
    Reply.objects.create(decision=question, by=by, at=at, text=text.strip())
    move(line, to=LineStatus.AWAITING, transitions=LINE_TRANSITIONS)
    line.response_due_date = add_working_days(timezone.localdate(at), 1)
    line.save(update_fields=["status", "response_due_date"])
    trail.record(Event.LINE_ANSWERED, subject=line, by=by, at=at, text=text.strip())
    return line


@transaction.atomic
def withdraw_line(*, line: RequisitionLine, by: User, at: datetime) -> RequisitionLine:
    """
    Take a line back before it is ordered; what it had committed under a ceiling is released.

    :raises NotPermitted: somebody else ordered it.
    :raises WrongState: it is ordered or closed.
    """
    line = _locked_line(line)
    require(permissions.can_withdraw(by, line, at=at))
    _close(line, to=LineStatus.WITHDRAWN)
    trail.record(Event.LINE_WITHDRAWN, subject=line, by=by, at=at)
    return line


@transaction.atomic
def revise_line(
    *, line: RequisitionLine, quantity: Decimal, specification: str, by: User, at: datetime
) -> RequisitionLine:
    """
    Change an undecided line: a new version supersedes it and is routed and decided afresh.

    A larger sum than attested asks for a new attest.

    :returns: the new version.
    :raises NotPermitted: somebody else ordered it.
    :raises WrongState: it is decided.
    :raises QuantityOutOfRange: the quantity is absurd.
    """
    old = _locked_line(line)
    require(permissions.can_revise(by, old, at=at))
    quantity = check_quantity(quantity, old.unit)
    _close(old, to=LineStatus.SUPERSEDED)
    new = RequisitionLine.objects.create(
        requisition=old.requisition,
        position=old.position,
        version=old.version + 1,
        replaces=old,
        kind=old.kind,
        item=old.item,
        description=old.description,
        specification=specification,
        service_place=old.service_place,
        service_start_date=old.service_start_date,
        service_end_date=old.service_end_date,
        suggested_supplier=old.suggested_supplier,
        quantity=quantity,
        unit=old.unit,
        units_per_order_unit=old.units_per_order_unit,
        unit_price=old.unit_price,
        is_price_estimated=old.is_price_estimated,
        amount=line_amount(old.unit_price, quantity),
        category=old.category,
        account=old.account,
    )
    planned = plan(old.requisition, [new], at=at)
    _freeze_lines(old.requisition, planned, at=at)
    trail.record(
        Event.LINE_REVISED, subject=new, by=by, at=at, quantity=str(quantity), before=str(old.quantity)
    )
    _approve_by_policy(planned, at=at)
    reassess_attest(old.requisition, by=by, at=at)
    return new


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
    limit = standing_on(requisition.requester, day).roles.orders_for.get(
        requisition.department_id, Decimal(0)
    )
    planned = plan_attest(requisition, total, limit, day=day)
    if planned is None:
        return current
    if current is not None:
        move(current, to=AttestStatus.SUPERSEDED, transitions=ATTEST_TRANSITIONS)
        current.save(update_fields=["status"])
    return request_attest(requisition, planned, by=by, at=at)


def _carry_out(requisition: Requisition, planned: Plan, *, by: User, at: datetime) -> None:
    """Record a submission, decide what stands approved, and ask for the attest."""
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
    _approve_by_policy(planned, at=at)
    if planned.attest is not None:
        request_attest(requisition, planned.attest, by=by, at=at)


def _placed_by(by: User, key: UUID) -> Requisition:
    earlier = Requisition.objects.filter(key=key, requester=by).first()
    if earlier is None:
        raise KeyIsTaken
    return earlier


def _lines_of(requisition: Requisition) -> list[RequisitionLine]:
    return list(
        requisition.lines.live()
        .select_related("item__category", "category", "account")
        .order_by("position", "version")
    )


def _locked_line(line: RequisitionLine) -> RequisitionLine:
    """Lock the requisition, then read the line as it is now."""
    requisition = (
        Requisition.objects.locked()
        .select_related("department", "charged_department", "requester")
        .get(pk=line.requisition_id)
    )
    fresh = requisition.lines.select_related("item__category", "category", "responsible").get(pk=line.pk)
    fresh.requisition = requisition
    return fresh


def _close(line: RequisitionLine, *, to: LineStatus) -> None:
    """Close a line, releasing what it had committed."""
    if line.status == LineStatus.APPROVED:
        ceilings.release([line])
        mark_undecided(line, to=to)
    else:
        move(line, to=to, transitions=LINE_TRANSITIONS)
    save_approvals([line])


def _check_complete(requisition: Requisition, lines: Sequence[RequisitionLine], *, at: datetime) -> None:
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


def _next_number(at: datetime) -> str:
    """Take the next requisition number, such as 2021-04417."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('procurement_requisition_number')")
        return f"{timezone.localdate(at).year}-{cursor.fetchone()[0]:05d}"


def _freeze_lines(requisition: Requisition, planned: Plan, *, at: datetime) -> None:
    """Snapshot price, agreement, category, account, responsible person and reason on each line: one statement."""
    for each in planned.lines:
        _snapshot(requisition, each, at=at)
    update_rows([each.line for each in planned.lines], SNAPSHOT_FIELDS)


def _snapshot(requisition: Requisition, planned: PlannedLine, *, at: datetime) -> None:
    line, price, found = planned.line, planned.price, planned.route
    if line.item is not None and price is None:
        raise ItemHasNoPrice(item=line.description)
    if found is None:
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
    line.responsible_id = found.responsible.pk
    line.routing_rule, line.routing_facts = found.rule, dict(found.facts)
    line.response_due_date, line.submitted_at = planned.response_due_date, at
    move(line, to=LineStatus.AWAITING, transitions=LINE_TRANSITIONS)


def _approve_by_policy(planned: Plan, *, at: datetime) -> None:
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
    refusals = ceilings.commit([(line, terms) for line, terms, _policy in wanted], day=timezone.localdate(at))
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
