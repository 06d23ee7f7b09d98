"""Something in each state, supposed: baskets, lines, attests and orders of the department, without a row in the database."""

from decimal import Decimal

from categories.models import Category
from office.rights.people import AT, CATEGORY, OWN_DEPARTMENT, suppose
from procurement.models import BudgetAttest, PurchaseOrder, Requisition, RequisitionLine
from procurement.states import AttestStatus, LineStatus, OrderStatus

BASKETS = ("basket", "submitted")
LINES = tuple(LineStatus.values)
ALLOCATED = (LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED, LineStatus.RECEIVED, LineStatus.CANCELLED)
"""Lines that stand on an order, which is what a receipt is of."""
ASKED = ("asked about its price", "not asked")
ATTESTS = tuple(AttestStatus.values)
ORDERS = tuple(OrderStatus.values)
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


def asked_line(state: str) -> RequisitionLine:
    """A line that waits, and whether its department is asked about a price that has risen."""
    made = line(LineStatus.AWAITING)
    made.asked_unit_price = Decimal(66) if state == ASKED[0] else None
    return made


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
    made = PurchaseOrder(pk=1, status=state)
    made._state.fields_cache["cancellation_notice"] = None
    return made


def ordered_lines() -> list[RequisitionLine]:
    """The lines of an order."""
    return [line(LineStatus.ORDERED)]
