"""Models of procurement."""

from procurement.models.decisions import (
    AUTOMATIC,
    BudgetAttest,
    DecisionKind,
    DecisionRule,
    LineDecision,
    RejectionReason,
    Reply,
)
from procurement.models.lines import LineKind, RequisitionLine, RoutingRule
from procurement.models.orders import Allocation, OrderLine, PurchaseOrder
from procurement.models.receipts import Deviation, Receipt, ReceiptLine
from procurement.models.requisitions import Requisition

__all__ = [
    "AUTOMATIC",
    "Allocation",
    "BudgetAttest",
    "DecisionKind",
    "DecisionRule",
    "Deviation",
    "LineDecision",
    "LineKind",
    "OrderLine",
    "PurchaseOrder",
    "Receipt",
    "ReceiptLine",
    "RejectionReason",
    "Reply",
    "Requisition",
    "RequisitionLine",
    "RoutingRule",
]
