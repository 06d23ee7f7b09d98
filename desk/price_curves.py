"""How the price of an item has moved, as the queue draws it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catalog.models import Price
from catalog.pricing import PriceLists, best_of
from core.money import percent_of
from procurement.models import RequisitionLine

DAYS_BACK = 365


@dataclass(frozen=True, slots=True)
class PriceCurve:
    """How an item's price has moved, oldest first, per order unit excluding VAT."""

    steps: tuple[Decimal, ...]
    agreement_price: Decimal | None = None
    change_percent: Decimal | None = None
    now: tuple[Price, ...] = ()
    """Every price today, with its quantity breaks."""
    agreed: tuple[Price, ...] = ()
    """Those of them that somebody may order at, under agreement."""

    def price_of(self, line: RequisitionLine) -> Decimal | None:
        """What one unit costs today of so many as a line asks for, on its own terms."""
        price = PriceLists.of_rows(self.now).of(
            line.item_id, line.agreement_id, line.supplier_id, quantity=line.quantity, unit=line.unit
        )
        return price.unit_price if price else None

    def agreed_price_of(self, line: RequisitionLine) -> Decimal | None:
        """What one unit costs today of so many as a line asks for under the best agreement that it may use, in the same pack."""
        administration = line.requisition.department.administration_id
        agreed = [
            price
            for price in self.agreed
            if price.agreement is not None
            and price.agreement.is_open_to(administration)
            and price.units_per_order_unit == line.units_per_order_unit
            and price.minimum_quantity <= line.quantity
        ]
        price = best_of(agreed, line.quantity)
        return price.unit_price if price else None


def price_curves(prices: Iterable[Price], *, day: date) -> dict[int, PriceCurve]:
    """
    Draw up each item's price over the last year, from its price rows, read with their agreements and suppliers.

    Prices under agreement make the curve; an item without any is drawn from its indicative prices.
    """
    by_item: dict[int, list[Price]] = {}
    for price in prices:
        by_item.setdefault(price.item_id, []).append(price)
    return {item_id: _curve(rows, day) for item_id, rows in by_item.items()}


def _curve(prices: Sequence[Price], day: date) -> PriceCurve:
    smallest = _smallest_breaks([price for price in prices if price.agreement_id is not None] or prices)
    chronological = sorted(smallest, key=lambda price: (price.valid_during.lower or date.min, price.pk))
    agreed = [price for price in prices if day in price.valid_during and _is_offered(price, day)]
    now = [price.unit_price for price in smallest if price in agreed]
    started = [price for price in chronological if (price.valid_during.lower or date.min) <= day]
    year_ago = day - timedelta(days=DAYS_BACK)
    before = [price.unit_price for price in started if year_ago in price.valid_during]
    change = None
    if before and started:
        change = percent_of(started[-1].unit_price - before[0], before[0])
    return PriceCurve(
        steps=tuple(price.unit_price for price in started[-6:]),
        agreement_price=min(now) if now else None,
        change_percent=change,
        now=tuple(price for price in prices if day in price.valid_during),
        agreed=tuple(agreed),
    )


def _is_offered(price: Price, day: date) -> bool:
    """Whether the price is under an agreement that orders may be placed under that day, from a supplier that gets orders."""
    under = price.agreement
    return under is not None and under.is_orderable_on(day) and not price.supplier.is_blocked


def _smallest_breaks(prices: Sequence[Price]) -> list[Price]:
    """What anybody pays: of the prices of the same terms those with the smallest quantity, in one order unit."""
    unit = "" if any(price.order_unit == "" for price in prices) else prices[0].order_unit
    same = [price for price in prices if price.order_unit == unit]
    smallest: dict[tuple[int | None, int], Decimal] = {}
    for price in same:
        terms = (price.agreement_id, price.supplier_id)
        smallest[terms] = min(price.minimum_quantity, smallest.get(terms, price.minimum_quantity))
    return [
        price for price in same if price.minimum_quantity == smallest[price.agreement_id, price.supplier_id]
    ]
