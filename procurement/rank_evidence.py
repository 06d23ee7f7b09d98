"""Who had said no before an order went to a supplier that others come before in rank: the evidence, read for the order's page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import reader
from procurement.models import Allocation, PurchaseOrder, RankRefusal, RequisitionLine
from procurement.models.line_questions import RequisitionLineQuerySet
from procurement.next_in_rank import RANKED


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a supplier has refused something of the order: by its answer to an order, or by what somebody has registered."""

    supplier: str
    what: str
    day: date
    reason: str = ""
    registered_by: str = ""
    order: PurchaseOrder | None = None
    """The order that it answered."""


def evidence_of(order: PurchaseOrder, lines: Iterable[RequisitionLine]) -> list[Evidence]:
    """
    Say who had refused what the order asks for when it was made, the first first: two queries, and none where the agreement
    ranks nobody.

    It counts in all versions of a line, as ``procurement.calling_off`` has it. What was refused afterwards, by its own supplier or
    by the next, is evidence for later orders.

    :param lines: those that the order is for.
    """
    if order.agreement is None or order.agreement.call_off_method not in RANKED:
        return []
    order_lines = list(lines)
    same = Q()
    for line in order_lines:
        same |= Q(requisition=line.requisition_id, position=line.position)
    if not same:
        return []
    versions = RequisitionLine.objects.filter(same)
    return sorted([*_registered(order, versions), *_answered(order, versions)], key=lambda each: each.day)


def _registered(order: PurchaseOrder, versions: RequisitionLineQuerySet) -> Sequence[Evidence]:
    before = RankRefusal.objects.filter(line__in=versions, registered_at__lte=order.created_at)
    refusals = before.select_related("line", "supplier", "registered_by")
    return [
        Evidence(
            supplier=each.supplier.name,
            what=each.line.description,
            day=timezone.localdate(each.registered_at),
            reason=each.reason,
            registered_by=each.registered_by.full_name,
        )
        for each in refusals.order_by("registered_at", "pk")
    ]


def _answered(order: PurchaseOrder, versions: RequisitionLineQuerySet) -> Sequence[Evidence]:
    allocations = (
        Allocation.objects.filter(
            line__in=versions, refused_at__lte=order.created_at, order_line__order__lt=order.pk
        )
        .exclude(order_line__order__supplier=order.supplier_id)
        .select_related("order_line__order__supplier")
        .order_by("order_line__order__created_at", "order_line", "pk")
        .distinct("order_line__order__created_at", "order_line")
    )
    return [
        Evidence(
            supplier=each.order_line.order.supplier.name,
            what=_refused_line(each),
            day=timezone.localdate(each.refused_at),
            order=each.order_line.order,
        )
        for each in allocations
    ]


def _refused_line(allocation: Allocation) -> str:
    """What of a line of an order the supplier said no to: all of it, or so many that had not come."""
    line = allocation.order_line
    if not allocation.wanted:
        return str(line.description)
    return _("%(count)s av %(what)s") % {
        "count": reader.counted(allocation.closed_quantity, line.unit),
        "what": line.description,
    }
