"""Who may order, cancel and send again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from core.errors import NotPermitted, WrongState
from core.verdicts import PERMITTED, Verdict, refused, require
from organizations.models import User
from procurement.models import DecisionRule, PurchaseOrder, RequisitionLine
from procurement.permissions.lines import Capacity, acts_as, capacity_for
from procurement.permissions.refusals import NotYourOrder, OrderHasEnded, OrderHasNotLeft, OwnRequest
from procurement.standing import standing_on
from procurement.states import OrderStatus


def can_consolidate(by: User, *, at: datetime) -> Verdict:
    """Whether the person may order approved lines before the clock does: managers, deputies and the head."""
    standing = standing_on(by, timezone.localdate(at))
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
    standing = standing_on(by, timezone.localdate(at))
    return None if standing.roles.is_head else [*standing.manages, *standing.deputises]


def can_cancel_order(
    by: User, order: PurchaseOrder, *, at: datetime, lines: Iterable[RequisitionLine] | None = None
) -> Verdict:
    """
    Whether the person may cancel the order: whoever may decide every line of it, none of which she asked for.

    :param lines: the lines of the order; read when they are not given.
    """
    if order.status in (OrderStatus.CANCELLED, OrderStatus.REFUSED):
        return refused(OrderHasEnded())
    return _may_decide(by, list(_lines_of(order) if lines is None else lines), at=at)


def can_reduce_order(
    by: User, order: PurchaseOrder, *, at: datetime, lines: Iterable[RequisitionLine] | None = None
) -> Verdict:
    """Whether the person may let fewer come of an order that the supplier has: as to cancel, also when something has come."""
    if order.status in (OrderStatus.CANCELLED, OrderStatus.REFUSED):
        return refused(OrderHasEnded())
    if order.status != OrderStatus.SENT:
        return refused(OrderHasNotLeft())
    return _may_decide(by, list(_lines_of(order) if lines is None else lines), at=at)


def can_ask_for_other_days(
    by: User, order: PurchaseOrder, *, at: datetime, lines: Iterable[RequisitionLine] | None = None
) -> Verdict:
    """Whether the person may ask the supplier to deliver on another day: as to let fewer come."""
    return can_reduce_order(by, order, at=at, lines=lines)


def can_retry_sending(
    by: User, order: PurchaseOrder, *, at: datetime, lines: Iterable[RequisitionLine] | None = None
) -> Verdict:
    """Whether the person may have a message about an order that could not be sent tried again: whoever answers for it."""
    notice = getattr(order, "cancellation_notice", None)
    statuses = {order.status, notice.status if notice else None}
    if OrderStatus.NOT_SENT not in statuses and not (
        order.sent_at and order.change_notices.filter(status=OrderStatus.NOT_SENT).exists()
    ):
        return refused(WrongState())
    return _answers_for(by, _lines_of(order) if lines is None else lines, at=at)


def can_register_answer(
    by: User, order: PurchaseOrder, *, at: datetime, lines: Iterable[RequisitionLine] | None = None
) -> Verdict:
    """Whether the person may write down what the supplier has answered: whoever answers for every line of it."""
    return _answers_for(by, _lines_of(order) if lines is None else lines, at=at)


def can_settle_changes(
    by: User, order: PurchaseOrder, *, at: datetime, lines: Iterable[RequisitionLine] | None = None
) -> Verdict:
    """Whether the person may agree to what the supplier wants to change, or decline it: as to let fewer come."""
    return can_reduce_order(by, order, at=at, lines=lines)


def _may_decide(by: User, lines: Sequence[RequisitionLine], *, at: datetime) -> Verdict:
    """Every line is hers to answer for, and none of them did she ask for."""
    if any(acts_as(by, line.requisition.requester_id, at=at) for line in lines):
        return refused(OwnRequest())
    return _answers_for(by, lines, at=at)


def _answers_for(by: User, lines: Iterable[RequisitionLine], *, at: datetime) -> Verdict:
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
    require(_answers_for(by, lines, at=at))
    return capacity_over(by, lines, at=at)


def capacity_over(by: User, lines: Iterable[RequisitionLine], *, at: datetime) -> Capacity:
    """The right by which the person acts on lines together; in somebody's place when that is so for any of them."""
    capacities = [capacity for line in lines if (capacity := capacity_for(by, line, at=at))]
    in_place = (each for each in capacities if each.on_behalf_of is not None)
    return next(in_place, capacities[0] if capacities else Capacity(DecisionRule.HEAD))


def _lines_of(order: PurchaseOrder) -> QuerySet[RequisitionLine]:
    return (
        RequisitionLine.objects.filter(allocations__order_line__order=order)
        .select_related("category", "requisition", "responsible")
        .order_by("pk")
    )
