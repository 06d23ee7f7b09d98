"""
Something in each state, supposed, without a row in the database.

Baskets, lines, attests, orders, receipts, complaints and proposed suppliers of the department.
"""

from datetime import timedelta
from decimal import Decimal

from categories.models import Category
from office.rights.people import AT, CATEGORY, OWN_DEPARTMENT, suppose
from procurement.models import (
    Allocation,
    BudgetAttest,
    Complaint,
    ComplaintSettlement,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    Requisition,
    RequisitionLine,
    SupplierExamination,
    SupplierProposal,
)
from procurement.permissions.receipts import TAKEN_BACK_WITHIN
from procurement.states import AttestStatus, LineStatus, OrderStatus

BASKETS = ("basket", "submitted")
LINES = tuple(LineStatus.values)
ALLOCATED = (LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED, LineStatus.RECEIVED, LineStatus.CANCELLED)
"""Lines that stand on an order, which is what a receipt is of."""
ASKED = ("asked about its price", "not asked")
ATTESTS = tuple(AttestStatus.values)
ORDERS = tuple(OrderStatus.values)
RECEIVED = ("received", "complaint settled", "sent back", "taken back", "line ended", "received long ago")
PROPOSED = ("not examined", "examined", "in the register")
COMPLAINTS = ("complaint open", "complaint ended")
ALWAYS = ("always",)


def basket(state: str) -> Requisition:
    """A requisition of the department's, in the basket or submitted."""
    return Requisition(
        pk=1,
        requester=suppose("requester"),
        department=OWN_DEPARTMENT,
        charged_department=OWN_DEPARTMENT,
        submitted_at=None if state == "basket" else AT,
    )


def line(state: str) -> RequisitionLine:
    """A line of an item, with the manager of its category."""
    is_draft = state == LineStatus.DRAFT
    return RequisitionLine(
        pk=1,
        requisition=basket("basket" if is_draft else "submitted"),
        category=Category(pk=CATEGORY, lineage=[CATEGORY]),
        responsible=None if is_draft else suppose("manager"),
        status=state,
    )


def awaiting_line(state: str) -> RequisitionLine:
    """A line that waits, and whether its department is asked about a price that has risen."""
    waiting_line = line(LineStatus.AWAITING)
    waiting_line.asked_unit_price = Decimal(66) if state == ASKED[0] else None
    return waiting_line


def latest_line(state: str) -> RequisitionLine:
    """The version of a line that counts: of one that is superseded, that which waits in its place."""
    return line(LineStatus.AWAITING if state == LineStatus.SUPERSEDED else state)


def attest(state: str) -> BudgetAttest:
    """An attest that is asked of the department's budget holder."""
    return BudgetAttest(
        pk=1,
        requisition=basket("submitted"),
        responsible=suppose("budget_holder"),
        department=OWN_DEPARTMENT,
        amount=Decimal(17_400),
        judged_amount=Decimal(17_400),
        status=state,
    )


def order(state: str) -> PurchaseOrder:
    """An order of the manager's lines, of whose cancellation no supplier is told."""
    purchase_order = PurchaseOrder(pk=1, status=state)
    purchase_order._state.fields_cache["cancellation_notice"] = None
    return purchase_order


def ordered_lines() -> list[RequisitionLine]:
    """The lines of an order."""
    return [line(LineStatus.ORDERED)]


def received_row(state: str) -> ReceiptLine:
    """A row of ten that have come, and what has happened to it since; of none where its line could end."""
    is_old = state == "received long ago"
    received_at = AT - TAKEN_BACK_WITHIN - timedelta(days=1) if is_old else AT
    row = ReceiptLine(
        pk=1,
        receipt=Receipt(pk=1, department=OWN_DEPARTMENT, received_at=received_at),
        allocation=Allocation(
            pk=1, line=line(LineStatus.SUPERSEDED if state == "line ended" else LineStatus.RECEIVED)
        ),
        quantity=Decimal(0 if state == "line ended" else 10),
    )
    row.reversed_quantity = Decimal(-10 if state in ("sent back", "taken back") else 0)
    row.is_taken_back = state == "taken back"
    row._state.fields_cache["complaint"] = _settled_complaint() if state == "complaint settled" else None
    return row


def _settled_complaint() -> Complaint:
    instance = Complaint(pk=1)
    instance._state.fields_cache["settlement"] = ComplaintSettlement(pk=1)
    return instance


def complaint() -> Complaint:
    """A complaint about a row that has come."""
    return Complaint(pk=1, receipt_line=received_row("received"))


def proposed_supplier(state: str) -> SupplierProposal:
    """A supplier that was proposed with a need of the department's, and what has come of it."""
    proposal = SupplierProposal(pk=1, proposed_by=suppose("requester"))
    proposal.supplier_id = 1 if state == "in the register" else None
    proposal._state.fields_cache["examination"] = SupplierExamination(pk=1) if state == "examined" else None
    return proposal
