"""What departments order again and again, and what suppliers ask for in advance."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from demo.data.files import table


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """Another price of an item under its present agreement: of so many, or of a larger unit."""

    item: str
    order_unit: str
    units_per_order_unit: Decimal | None
    minimum_quantity: Decimal
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class PriceProposal:
    """All prices of an agreement, some per cent higher from a day on; ``days`` are working days from today."""

    agreement: str
    email: str
    days: int
    time: time
    starts_in_days: int
    percent: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class OrderTemplate:
    """A department's template; ``remind_weekday`` is 1 on Mondays."""

    key: str
    cost_center: str
    email: str
    days: int
    time: time
    name: str
    remind_weekday: int | None
    notes: str


@dataclass(frozen=True, slots=True)
class OrderTemplateItem:
    """How many of an item a template has."""

    template: str
    item: str
    quantity: Decimal
    unit: str


price_breaks = table("price_breaks.csv", PriceBreak)
price_proposals = table("price_proposals.csv", PriceProposal)
order_templates = table("order_templates.csv", OrderTemplate)
order_template_items = table("order_template_items.csv", OrderTemplateItem)
