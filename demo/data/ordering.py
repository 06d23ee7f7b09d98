"""Who buys, what is bought outside the agreements, and what is asked for in the last weeks."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from demo.data.files import table


@dataclass(frozen=True, slots=True)
class Buyer:
    """How much of a category a department buys, as a weight among its buyers."""

    category: str
    cost_center: str
    weight: int


@dataclass(frozen=True, slots=True)
class OutsidePurchase:
    """
    What a department goes on buying in a shop instead: how much at a time, since when, and how often.

    The shops are in no register of suppliers, and what they sell has no number in the assortment.
    """

    category: str
    cost_center: str
    description: str
    supplier: str
    unit: str
    quantity: int
    unit_price: Decimal
    first: str
    every_days: int


@dataclass(frozen=True, slots=True)
class Requisition:
    """What somebody asks for in the last weeks; ``days`` are working days from today, before it when negative."""

    key: str
    email: str
    cost_center: str
    days: int
    time: time
    needed_in_days: int
    reason: str
    project: str


@dataclass(frozen=True, slots=True)
class RequisitionLine:
    """A line of it: an item, a need in free text, or a service whose quantity is hours."""

    requisition: str
    position: int
    kind: str
    item: str
    quantity: Decimal
    description: str
    specification: str
    category: str
    unit_price: Decimal | None
    unit: str
    suggested_supplier: str
    place: str
    starts_in_days: int | None
    ends_in_days: int | None


@dataclass(frozen=True, slots=True)
class RequisitionEvent:
    """What happens to a line, or with position 0 to the whole requisition."""

    requisition: str
    position: int
    days: int
    time: time
    verb: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class SupplierProposal:
    """A supplier that is proposed with a need."""

    requisition: str
    position: int
    name: str
    org_number: str
    contact: str
    reason: str
    has_interest: bool


buyers = table("buyers.csv", Buyer)
outside_purchases = table("outside_purchases.csv", OutsidePurchase)
requisitions = table("requisitions.csv", Requisition)
requisition_lines = table("requisition_lines.csv", RequisitionLine)
requisition_events = table("requisition_events.csv", RequisitionEvent)
supplier_proposals = table("supplier_proposals.csv", SupplierProposal)
