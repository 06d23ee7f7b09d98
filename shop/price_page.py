"""What the page of an item shows of its prices: by quantity, by order unit, and over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import Item, Price
from catalog.price_history import PriceStep, price_history
from catalog.pricing import BestPrices


@dataclass(frozen=True, slots=True)
class OrderUnit:
    """An order unit that the item is sold in, and what one costs."""

    price: Price
    unit: str
    base_units: Decimal


@dataclass(frozen=True, slots=True)
class PricePage:
    """The prices of one item; what there is one of is left out."""

    day: date
    breaks: Sequence[Price]
    units: Sequence[OrderUnit]
    """The cheapest per base unit first."""
    steps: Sequence[PriceStep]
    """The latest first."""

    @property
    def coming(self) -> PriceStep | None:
        """The next price that is decided, with its day."""
        return next((step for step in reversed(self.steps) if step.from_date > self.day), None)

    @property
    def drawn(self) -> list[tuple[date, date | None, Decimal]]:
        """First day, last day and price of each step, the earliest first."""
        return [(step.from_date, step.through_date, step.unit_price) for step in reversed(self.steps)]


def price_page(
    item: Item, prices: BestPrices, price: Price | None, *, day: date, administrations: Sequence[int] | None
) -> PricePage:
    """
    Gather what an item costs and has cost: one query.

    :param prices: today's ``offers``, and ``price`` the one that the page shows first.
    :param administrations: those that the prices are for.
    """
    breaks = prices.breaks(price) if price else []
    units = [OrderUnit(each, *each.pack_of(item)) for each in prices.units(item.pk)]
    return PricePage(
        day=day,
        breaks=breaks if len(breaks) > 1 else [],
        units=units if len(units) > 1 else [],
        steps=price_history(item, day=day, administrations=administrations)[::-1],
    )
