"""What the operation proposes, what the council and the managers say, and what people look for in vain."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from demo.data.files import table


@dataclass(frozen=True, slots=True)
class CouncilSeat:
    """Somebody in the council of a category."""

    category: str
    email: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes; ``days`` are working days from today, before it when negative."""

    key: str
    email: str
    cost_center: str
    days: int
    time: time
    kind: str
    title: str
    item: str
    new_item: str
    category: str
    yearly_quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    supplier_name: str
    device_class: str
    reason: str
    evidence: str
    medical_safety: str


@dataclass(frozen=True, slots=True)
class ProposalEvent:
    """What somebody does about it: puts it to the council for so many working days, votes, asks, or decides."""

    proposal: str
    days: int
    time: time
    act: str
    email: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Search:
    """Words that somebody looked for in vain."""

    text: str
    email: str
    days: int
    time: time


council_seats = table("council_seats.csv", CouncilSeat)
proposals = table("proposals.csv", Proposal)
proposal_events = table("proposal_events.csv", ProposalEvent)
searches = table("searches.csv", Search)
