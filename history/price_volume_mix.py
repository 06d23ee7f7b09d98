"""
What made spend change between two periods, and what prices did: price, volume, mix and the indices of them (pure).

Of an item that was bought in both periods, q is what was bought in base units and v for how much, returns deducted, and p = v ÷ q. With
Q = Σq and V = Σv (DOMAIN 2.5):

- price = Σ(p1 − p0)·q1, quantity = Σp0·(q1 − q0), and price + quantity = V1 − V0;
- within one category with one base unit the quantity is volume = Q1·V0 ÷ Q0 − V0 and mix = Σp0·q1 − Q1·V0 ÷ Q0;
- what was bought in one of the periods only is no price change: it is new, or gone;
- Laspeyres Σp1·q0 ÷ Σp0·q0, Paasche Σp1·q1 ÷ Σp0·q1, Fisher √(Laspeyres · Paasche), and the same of quantities with the
  prices of one period as weights. Fisher's price index × his quantity index = V1 ÷ V0 (ILO and others, Consumer Price Index
  Manual, 2004, chapter 15).

What an item's quantity costs at the other period's price is rounded to öre, and so is what a category's does at its mean
price. The sums are exact, so the parts add up to the change in spend to the last öre. Indices are of 28 significant digits, and the product above holds to 26 of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from core.money import AMOUNT_STEP, ZERO, from_fraction, to_quantity

NO_QUANTITY = Decimal("0.000")
INDEX_DIGITS = 28
_WORKING = Context(prec=2 * INDEX_DIGITS)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought of one thing in one period, returns deducted: how much in base units, and for how much."""

    quantity: Decimal = NO_QUANTITY
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class ComparedItem:
    """
    An item of a category in two periods, or what it became: quantities are in its own base units.

    ``unit`` is the base unit, empty where nobody knows it. What is not ``is_known`` is what tells no item.
    """

    before: Purchase
    after: Purchase
    unit: str = ""
    is_known: bool = True

    @property
    def is_matched(self) -> bool:
        """Whether it has a price in both periods: more was kept than sent back in each."""
        return self.is_known and self.before.quantity > 0 and self.after.quantity > 0

    @property
    def after_at_old_price(self) -> Decimal:
        """What the later quantity would have cost before, p0·q1, rounded to öre."""
        return _share(self.before.amount, self.after.quantity, self.before.quantity)

    @property
    def before_at_new_price(self) -> Decimal:
        """What the earlier quantity would cost now, p1·q0, rounded to öre."""
        return _share(self.after.amount, self.before.quantity, self.after.quantity)


def old_equivalents(quantity: Decimal, factor: Decimal) -> Decimal:
    """
    Tell a quantity of what replaced an item in base units of the item itself, with three decimals.

    :param factor: base units of the new that do for one of the old.
    """
    return to_quantity(quantity / factor)


def _share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Take amount × part ÷ whole, exact until it is rounded to öre."""
    return from_fraction(Fraction(amount) * Fraction(part) / Fraction(whole), AMOUNT_STEP)


@dataclass(frozen=True, slots=True)
class Split:
    """
    Sums of what was bought in two periods, and what made them differ.

    ``new_after`` and ``gone_before`` are amounts of what has a price in the other period only; what is left of an item of which no more
    was kept than sent back is in them too. ``unknown_before`` and ``unknown_after`` are of lines that tell no item. The
    quantities are None unless everything matched is of one category and one base unit.
    """

    matched_before: Decimal = ZERO
    matched_after: Decimal = ZERO
    after_at_old_prices: Decimal = ZERO
    before_at_new_prices: Decimal = ZERO
    gone_before: Decimal = ZERO
    new_after: Decimal = ZERO
    unknown_before: Decimal = ZERO
    unknown_after: Decimal = ZERO
    quantity_before: Decimal | None = None
    quantity_after: Decimal | None = None
    unit: str = ""

    @property
    def before(self) -> Decimal:
        """Spend of the earlier period, V0."""
        return self.matched_before + self.gone_before + self.unknown_before

    @property
    def after(self) -> Decimal:
        """Spend of the later period, V1."""
        return self.matched_after + self.new_after + self.unknown_after

    @property
    def change(self) -> Decimal:
        """V1 − V0: price + quantity + new + gone + unknown."""
        return self.after - self.before

    @property
    def decrease(self) -> Decimal:
        """V0 − V1."""
        return -self.change

    @property
    def saving(self) -> Decimal:
        """What lower prices gave, at the later quantities: the price with the other sign."""
        return -self.price

    @property
    def price(self) -> Decimal:
        """Σ(p1 − p0)·q1: what other prices cost, at the later quantities."""
        return self.matched_after - self.after_at_old_prices

    @property
    def price_at_old_quantities(self) -> Decimal:
        """Σ(p1 − p0)·q0: the same at the earlier quantities, so that buying more makes no larger saving."""
        return self.before_at_new_prices - self.matched_before

    @property
    def quantity(self) -> Decimal:
        """Σp0·(q1 − q0): what other quantities cost, at the earlier prices; volume + mix where it can be split."""
        return self.after_at_old_prices - self.matched_before

    @property
    def volume(self) -> Decimal | None:
        """Q1·V0 ÷ Q0 − V0, which is (Q1 − Q0)·V0 ÷ Q0: what more or less of the whole costs; None where base units differ."""
        if self.quantity_before is None or self.quantity_after is None:
            return None
        return _share(self.matched_before, self.quantity_after, self.quantity_before) - self.matched_before

    @property
    def mix(self) -> Decimal | None:
        """Σp0·q1 − Q1·V0 ÷ Q0: what choosing dearer or cheaper items costs; None where base units differ."""
        return None if self.volume is None else self.quantity - self.volume

    @property
    def new(self) -> Decimal:
        """What was bought in the later period only."""
        return self.new_after

    @property
    def gone(self) -> Decimal:
        """What was bought in the earlier period only, with a minus."""
        return -self.gone_before

    @property
    def unknown(self) -> Decimal:
        """How the spend changed of lines that tell no item."""
        return self.unknown_after - self.unknown_before

    @property
    def indices(self) -> "Indices | None":
        """Price and quantity indices of what is matched; None when one of its sums is not above nought."""
        sums = (self.matched_before, self.matched_after, self.after_at_old_prices, self.before_at_new_prices)
        return Indices(*sums) if min(sums) > 0 else None


@dataclass(frozen=True, slots=True)
class Indices:
    """Price and quantity indices of what was bought in both periods: 1 is unchanged."""

    before: Decimal
    after: Decimal
    after_at_old_prices: Decimal
    before_at_new_prices: Decimal

    @property
    def laspeyres_price(self) -> Decimal:
        """Σp1·q0 ÷ Σp0·q0: prices weighed by the earlier quantities."""
        return self.before_at_new_prices / self.before

    @property
    def paasche_price(self) -> Decimal:
        """Σp1·q1 ÷ Σp0·q1: prices weighed by the later quantities."""
        return self.after / self.after_at_old_prices

    @property
    def fisher_price(self) -> Decimal:
        """The geometric mean of the two."""
        return _geometric_mean(
            (self.before_at_new_prices, self.before), (self.after, self.after_at_old_prices)
        )

    @property
    def laspeyres_quantity(self) -> Decimal:
        """Σp0·q1 ÷ Σp0·q0: quantities weighed by the earlier prices."""
        return self.after_at_old_prices / self.before

    @property
    def paasche_quantity(self) -> Decimal:
        """Σp1·q1 ÷ Σp1·q0: quantities weighed by the later prices."""
        return self.after / self.before_at_new_prices

    @property
    def fisher_quantity(self) -> Decimal:
        """The geometric mean of the two."""
        return _geometric_mean(
            (self.after_at_old_prices, self.before), (self.after, self.before_at_new_prices)
        )

    @property
    def value(self) -> Decimal:
        """V1 ÷ V0, which is Fisher's price index × his quantity index."""
        return self.after / self.before


def _geometric_mean(*ratios: tuple[Decimal, Decimal]) -> Decimal:
    """Take the root of the product of two ratios, with working digits to spare."""
    (above, below), (over, under) = ratios
    with localcontext(_WORKING):
        root = (above * over / (below * under)).sqrt()
    with localcontext(prec=INDEX_DIGITS):
        return +root


def split(things: Iterable[ComparedItem]) -> Split:
    """Sum up the things of one category; each is told once."""
    every = list(things)
    matched = [thing for thing in every if thing.is_matched]
    rest = [thing for thing in every if thing.is_known and not thing.is_matched]
    unknown = [thing for thing in every if not thing.is_known]
    units = {thing.unit for thing in matched}
    unit = units.pop() if len(units) == 1 else ""
    return Split(
        matched_before=sum((thing.before.amount for thing in matched), ZERO),
        matched_after=sum((thing.after.amount for thing in matched), ZERO),
        after_at_old_prices=sum((thing.after_at_old_price for thing in matched), ZERO),
        before_at_new_prices=sum((thing.before_at_new_price for thing in matched), ZERO),
        gone_before=sum((thing.before.amount for thing in rest), ZERO),
        new_after=sum((thing.after.amount for thing in rest), ZERO),
        unknown_before=sum((thing.before.amount for thing in unknown), ZERO),
        unknown_after=sum((thing.after.amount for thing in unknown), ZERO),
        quantity_before=sum((thing.before.quantity for thing in matched), NO_QUANTITY) if unit else None,
        quantity_after=sum((thing.after.quantity for thing in matched), NO_QUANTITY) if unit else None,
        unit=unit,
    )


AMOUNTS = tuple(field.name for field in fields(Split) if field.default is ZERO)
"""The sums that add up over categories; quantities of different categories do not."""


def summed(splits: Iterable[Split]) -> Split:
    """Add up what several categories are split into; volume and mix are of one category only."""
    every = list(splits)
    amounts: dict[str, Any] = {name: sum((getattr(each, name) for each in every), ZERO) for name in AMOUNTS}
    return Split(**amounts)
