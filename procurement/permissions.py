"""May this person do this now, and if not, why. One function per act; the rules of separation of duties among them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted, WrongState
from core.verdicts import PERMITTED, Verdict, refused, require
from organizations.models import Department, User
from organizations.permissions import roles_on
from procurement.models import BudgetAttest, DecisionRule, PurchaseOrder, Requisition, RequisitionLine
from procurement.separation_of_duties import AttesterDecides, DeciderHasAttested, ReceiverHasDecided
from procurement.standing import standing_on
from procurement.states import COMMITTED, UNDECIDED, AttestStatus, LineStatus, OrderStatus


class OwnRequest(NotPermitted):
    """Nobody decides on her own request: directly, as a deputy or through a delegation (DESIGN, rule 1)."""

    code = "own_request"
    sentence = _("Du får inte besluta om din egen beställning, inte heller åt den du har delegation från.")


class NotYourLine(NotPermitted):
    """Somebody else answers for the line."""

    code = "not_your_line"
    sentence = _("%(responsible)s ansvarar för raden.")


class NotYourRequisition(NotPermitted):
    """Somebody else ordered it."""

    code = "not_your_requisition"
    sentence = _("Bara den som har beställt kan göra det här.")


class NotYourDepartment(NotPermitted):
    """The person does not order for the department."""

    code = "not_your_department"
    sentence = _("Du beställer inte för %(department)s.")


class DepartmentIsClosed(WrongState):
    """Nothing new is ordered for a department that is closed."""

    code = "department_is_closed"
    sentence = _("%(department)s är stängd, så det går inte att beställa för den. Välj en annan enhet.")


class NotYourAttest(NotPermitted):
    """Somebody else attests."""

    code = "not_your_attest"
    sentence = _("%(responsible)s attesterar den här beställningen.")


class NotYourOrder(NotPermitted):
    """Somebody else answers for a line of the order."""

    code = "not_your_order"
    sentence = _("Ordern har rader som %(responsible)s ansvarar för.")


class LineIsDecided(WrongState):
    """The line is already decided."""

    code = "line_is_decided"
    sentence = _("Raden är redan beslutad.")


class LineIsOrdered(WrongState):
    """Too late: the line has been ordered."""

    code = "line_is_ordered"
    sentence = _("Raden är redan beställd.")


class LineNotOpen(WrongState):
    """The line is not in a state where this can be done."""

    code = "line_not_open"
    sentence = _("Raden kan inte ändras längre.")


class LineNotDeliverable(WrongState):
    """Nothing more of the line is on its way."""

    code = "line_not_deliverable"
    sentence = _("Det finns inget mer att ta emot på raden.")


class AttestIsDecided(WrongState):
    """The attest is already given or refused."""

    code = "attest_is_decided"
    sentence = _("Attesten är redan avgjord.")


class AlreadySubmitted(WrongState):
    """The basket is already submitted."""

    code = "already_submitted"
    sentence = _("Beställningen är redan skickad.")


@dataclass(frozen=True, slots=True)
class Capacity:
    """The right by which a person decides, and in whose place."""

    rule: DecisionRule
    on_behalf_of: User | None = None


class AttestRule(TextChoices):
    """By which right the person attested."""

    BUDGET_HOLDER = "budget_holder", _("som budgetansvarig")
    HEAD = "head", _("som inköpschef")
    DELEGATE = "delegate", _("på delegation")


@dataclass(frozen=True, slots=True)
class AttestCapacity:
    """The right by which a person attests, and in whose place."""

    rule: AttestRule
    on_behalf_of: User | None = None


def _today(at: datetime) -> date:
    return timezone.localdate(at)


def acts_as(by: User, person_id: int | None, *, at: datetime) -> bool:
    """Whether ``by`` is this person, or acts for her by delegation."""
    return person_id == by.pk or person_id in standing_on(by, _today(at)).acts_for


def capacity_for(by: User, line: RequisitionLine, *, at: datetime) -> Capacity | None:
    """
    The strongest right by which the person may decide the line, own requests apart.

    It is judged by posts and roles as they are that day: a line that still stands on somebody who no longer answers
    for it gives her no right, and a closed account has none.
    """
    if not by.is_active:
        return None
    own = _own_capacity(by, line, at=at)
    if own is not None and own.rule != DecisionRule.HEAD:
        return own
    delegator = standing_on(by, _today(at)).acts_for.get(line.responsible_id or 0)
    if delegator is not None and _own_capacity(delegator, line, at=at) is not None:
        return Capacity(DecisionRule.DELEGATE, delegator)
    return own


def _own_capacity(by: User, line: RequisitionLine, *, at: datetime) -> Capacity | None:
    """The person's right by her own posts and roles."""
    standing = standing_on(by, _today(at))
    lineage = line.category.lineage if line.category else []
    for category_id in reversed(lineage):
        if category_id in standing.manages:
            return Capacity(DecisionRule.MANAGER)
        if category_id in standing.deputises:
            return Capacity(DecisionRule.DEPUTY, standing.deputises[category_id])
    is_post = standing.roles.is_head or not standing.deputy_of.isdisjoint(lineage)
    if line.responsible_id == by.pk and is_post:
        return Capacity(DecisionRule.RESPONSIBLE)
    return Capacity(DecisionRule.HEAD) if standing.roles.is_head else None


def _may_decide(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    if acts_as(by, line.requisition.requester_id, at=at):
        return refused(OwnRequest())
    if capacity_for(by, line, at=at) is None:
        return refused(NotYourLine(responsible=line.responsible.full_name if line.responsible else ""))
    return PERMITTED


def can_decide(by: User, line: RequisitionLine, *, attesters: Collection[int], at: datetime) -> Verdict:
    """
    Whether the person may approve, adjust, substitute, return or reject the line now.

    :param attesters: who has attested its requisition (``separation_of_duties.attesters_of``).
    """
    verdict = _may_decide(by, line, at=at)
    capacity = capacity_for(by, line, at=at)
    if verdict and capacity is not None and not _acting(by, capacity.on_behalf_of).isdisjoint(attesters):
        return refused(DeciderHasAttested())
    return verdict if not verdict or line.status == LineStatus.AWAITING else refused(LineIsDecided())


def can_undo(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may take an approval back, which is possible until the line is ordered."""
    verdict = _may_decide(by, line, at=at)
    return verdict if not verdict or line.status == LineStatus.APPROVED else refused(LineIsOrdered())


def can_reassign(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may move the line to another category: whoever answers for it, though she has attested it."""
    return can_decide(by, line, attesters=(), at=at)


def can_rebook(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may change a waiting line's account: whoever answers for it, or asked for it and still orders."""
    if line.status not in UNDECIDED:
        return refused(LineIsDecided())
    if line.requisition.requester_id == by.pk:
        return can_order_for(by, line.requisition.department, at=at)
    return _may_decide(by, line, at=at)


def _acting(by: User, on_behalf_of: User | None) -> set[int]:
    """Whoever acts, and in whose place."""
    return {person.pk for person in (by, on_behalf_of) if person is not None}


def can_order_for(by: User, department: Department, *, at: datetime) -> Verdict:
    """Whether the person orders for the department."""
    is_theirs = by.is_active and department.pk in roles_on(by, _today(at)).orders_for
    return PERMITTED if is_theirs else refused(NotYourDepartment(department=department.name))


def can_order_anew_for(by: User, department: Department, *, at: datetime) -> Verdict:
    """Whether the person may order something new for the department: she orders for it, and it is open."""
    verdict = can_order_for(by, department, at=at)
    if not verdict or department.is_open_on(_today(at)):
        return verdict
    return refused(DepartmentIsClosed(department=department.name))


def can_change_basket(by: User, basket: Requisition, *, at: datetime) -> Verdict:
    """Whether the person may change or submit the basket."""
    if basket.requester_id != by.pk:
        return refused(NotYourRequisition())
    if basket.is_submitted:
        return refused(AlreadySubmitted())
    return can_order_anew_for(by, basket.department, at=at)


def can_withdraw(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the requester may take the line back: until it is ordered, while she orders for the department."""
    if line.requisition.requester_id != by.pk:
        return refused(NotYourRequisition())
    if line.status in {LineStatus.AWAITING, LineStatus.RETURNED, LineStatus.APPROVED}:
        return can_order_for(by, line.requisition.department, at=at)
    return refused(LineIsOrdered() if line.status in COMMITTED else LineNotOpen())


def can_answer(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """Whether the person may answer a question about the line: anyone who orders for the department."""
    if line.status != LineStatus.RETURNED:
        return refused(LineNotOpen())
    return can_order_for(by, line.requisition.department, at=at)


def can_revise(by: User, line: RequisitionLine, *, at: datetime) -> Verdict:
    """
    Whether the requester may change the line to a new version, which is possible until it is decided.

    It is asked for anew, so she must still order for the department.
    """
    if line.requisition.requester_id != by.pk:
        return refused(NotYourRequisition())
    if line.status not in {LineStatus.AWAITING, LineStatus.RETURNED}:
        return refused(LineIsDecided())
    return can_order_for(by, line.requisition.department, at=at)


def can_attest(by: User, attest: BudgetAttest, *, deciders: Collection[int], at: datetime) -> Verdict:
    """
    Whether the person may attest, or refuse to.

    :param deciders: who decides the requisition's lines (``separation_of_duties.deciders_in``).
    """
    if acts_as(by, attest.requisition.requester_id, at=at):
        return refused(OwnRequest())
    if attest.status != AttestStatus.PENDING:
        return refused(AttestIsDecided())
    capacity = attest_capacity(by, attest, at=at)
    if capacity is None:
        return refused(NotYourAttest(responsible=attest.responsible.full_name))
    if not _acting(by, capacity.on_behalf_of).isdisjoint(deciders):
        return refused(AttesterDecides())
    return PERMITTED


def attest_capacity(by: User, attest: BudgetAttest, *, at: datetime) -> AttestCapacity | None:
    """
    The right by which the person attests, own requests apart.

    A budget holder of the charged department whose limit suffices that day; the one asked, as long as she is a
    budget holder with a sufficient limit in the same administration, or head of procurement; her delegate. A closed
    account has no right.
    """
    if not by.is_active:
        return None
    own = _own_attest_capacity(by, attest, at=at)
    if own is not None:
        return own
    delegator = standing_on(by, _today(at)).acts_for.get(attest.responsible_id)
    if delegator is not None and _own_attest_capacity(delegator, attest, at=at) is not None:
        return AttestCapacity(AttestRule.DELEGATE, delegator)
    return None


def _own_attest_capacity(by: User, attest: BudgetAttest, *, at: datetime) -> AttestCapacity | None:
    roles = roles_on(by, _today(at))
    if _suffices(roles.attests_for.get(attest.requisition.charged_department_id, 0), attest.amount):
        return AttestCapacity(AttestRule.BUDGET_HOLDER)
    if attest.responsible_id != by.pk:
        return None
    if roles.is_head:
        return AttestCapacity(AttestRule.HEAD)
    sufficient = [pk for pk, limit in roles.attests_for.items() if _suffices(limit, attest.amount)]
    administration = attest.requisition.charged_department.administration_id
    near = Department.objects.filter(pk__in=sufficient, administration=administration)
    return AttestCapacity(AttestRule.BUDGET_HOLDER) if sufficient and near.exists() else None


def _suffices(limit: Decimal | int | None, amount: Decimal) -> bool:
    return limit is None or limit >= amount


def can_receive(
    by: User, line: RequisitionLine, *, deciders: Mapping[int, Collection[int]], at: datetime
) -> Verdict:
    """
    Whether the person may receive the line, or accept the service.

    :param deciders: who decided or attested each line, by its id (``separation_of_duties.deciders_of``).
    """
    verdict = can_order_for(by, line.requisition.department, at=at)
    if not verdict:
        return verdict
    if by.pk in deciders.get(line.pk, ()):
        return refused(ReceiverHasDecided())
    if line.status not in {LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED}:
        return refused(LineNotDeliverable())
    return PERMITTED


def can_consolidate(by: User, *, at: datetime) -> Verdict:
    """Whether the person may order approved lines before the clock does: managers, deputies and the head."""
    standing = standing_on(by, _today(at))
    if by.is_active and (standing.manages or standing.deputises or standing.roles.is_head):
        return PERMITTED
    return refused(NotPermitted())


def orderable_lines(by: User, *, at: datetime) -> QuerySet[RequisitionLine]:
    """Approved and attested lines that the person may order before the clock does."""
    categories = ordered_categories(by, at=at)
    lines = RequisitionLine.objects
    return lines.orderable() if categories is None else lines.orderable_by(by, categories)


def ordered_categories(by: User, *, at: datetime) -> list[int] | None:
    """
    Ids of the categories whose lines the person may order before the clock does, beside those she answers for.

    None means all, which are the head's; a manager's are her own; a deputy's those whose manager is away.
    """
    standing = standing_on(by, _today(at))
    return None if standing.roles.is_head else [*standing.manages, *standing.deputises]


def can_cancel_order(by: User, order: PurchaseOrder, *, at: datetime) -> Verdict:
    """Whether the person may cancel the order: whoever may decide every line of it."""
    if order.status == OrderStatus.CANCELLED:
        return refused(WrongState())
    return _may_cancel(by, _lines_of(order), at=at)


def can_retry_sending(by: User, order: PurchaseOrder, *, at: datetime) -> Verdict:
    """Whether the person may have an order, or its cancellation, that could not be sent tried again: as to cancel."""
    notice = getattr(order, "cancellation_notice", None)
    if OrderStatus.NOT_SENT not in (order.status, notice.status if notice else None):
        return refused(WrongState())
    return _may_cancel(by, _lines_of(order), at=at)


def _may_cancel(by: User, lines: Iterable[RequisitionLine], *, at: datetime) -> Verdict:
    for line in lines:
        if capacity_for(by, line, at=at) is None:
            return refused(NotYourOrder(responsible=line.responsible.full_name if line.responsible else ""))
    return PERMITTED


def cancelling_capacity(by: User, order: PurchaseOrder, *, at: datetime) -> Capacity:
    """
    The right by which the person cancels the order; in somebody's place when that is so for any line.

    :raises NotPermitted: a line of it is not hers.
    """
    lines = list(_lines_of(order))
    require(_may_cancel(by, lines, at=at))
    return capacity_over(by, lines, at=at)


def capacity_over(by: User, lines: Iterable[RequisitionLine], *, at: datetime) -> Capacity:
    """The right by which the person acts on lines together; in somebody's place when that is so for any of them."""
    capacities = [found for line in lines if (found := capacity_for(by, line, at=at))]
    in_place = (each for each in capacities if each.on_behalf_of is not None)
    return next(in_place, capacities[0] if capacities else Capacity(DecisionRule.HEAD))


def _lines_of(order: PurchaseOrder) -> QuerySet[RequisitionLine]:
    return (
        RequisitionLine.objects.filter(allocations__order_line__order=order)
        .select_related("category", "responsible")
        .order_by("pk")
    )
