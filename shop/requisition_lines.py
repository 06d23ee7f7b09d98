"""The lines of a requisition with all that its page tells of them."""

from django.db.models import Prefetch

from organizations.models import User
from procurement.models import Allocation, LineDecision, ReceiptLine, Requisition, RequisitionLine
from procurement.states import LineStatus


def read_lines(requisition: Requisition, reader: User) -> list[RequisitionLine]:
    """Read the latest version of each line that the reader may see, with what its progress is told from: five queries."""
    receipts = (
        ReceiptLine.objects.standing()
        .select_related("receipt__received_by", "complaint__settlement__settled_by")
        .order_by("receipt__received_at", "pk")
    )
    allocations = (
        Allocation.objects.select_related("order_line__order__supplier")
        .prefetch_related(Prefetch("receipt_lines", receipts))
        .order_by("pk")
    )
    decisions = LineDecision.objects.select_related("by", "on_behalf_of").order_by("at", "pk")
    lines = (
        requisition.lines.visible_to(reader)
        .exclude(status=LineStatus.SUPERSEDED)
        .for_display()
        .select_related("decided_by", "replaces")
        .prefetch_related(Prefetch("decisions", decisions), Prefetch("allocations", allocations))
        .order_by("position", "version")
    )
    shown_lines = list(lines)
    for line in shown_lines:
        line.requisition = requisition
    return shown_lines
