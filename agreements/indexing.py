"""
What an index clause gives (pure).

A price becomes price × (1 − share + share × index in the month compared with ÷ index in the base month), which is INDEXED of DOMAIN 2.2 with
one series: p × (a + w × I(t) ÷ I(0)), a + w = 1. A change of the price below the clause's threshold is none; a rise is held at its cap.
Everything is exact until ``Adjustment.price`` rounds a price once.

A series with a new base goes on as another. A value of it is told in the old base by the month that both have: value × old ÷ new
there. Values with different bases are never compared without it, and a month without a value is never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Self

from django.utils.translation import gettext_lazy as _

from agreements.models import IndexClause
from core import formatting
from core.errors import DomainError, Names
from core.money import UNIT_PRICE_STEP, from_fraction

PERCENT_STEP = Decimal("0.0001")
HUNDRED = Fraction(100)


class IndexMonthMissing(DomainError):
    """A month of an index is not known."""

    code = "index_month_missing"
    sentence = _("Indextalet för %(month)s i %(series)s saknas.")


@dataclass(frozen=True, slots=True)
class Series:
    """A series with its known values by month, and what it goes on as, from which month."""

    code: str
    values: Mapping[date, Decimal]
    continued_by: Self | None = None
    link_month: date | None = None

    def value_of(self, month: date) -> Decimal:
        """
        The value of a month.

        :raises IndexMonthMissing: it is not known.
        """
        value = self.values.get(month)
        if value is None:
            raise IndexMonthMissing(month=in_words(month), series=self.code)
        return value

    @property
    def months(self) -> list[date]:
        """The months that are known, in what it goes on as too, in their order."""
        at = self.link_month
        later = self.continued_by.months if self.continued_by is not None else []
        return sorted({*self.values, *(month for month in later if at is not None and month > at)})

    def reading(self, month: date) -> "Reading":
        """
        The value of a month, in this series or in what it goes on as.

        :raises IndexMonthMissing: it is not known, or a month that links the two is not.
        """
        series, links = self, list[Link]()
        while month not in series.values:
            following, at = series.continued_by, series.link_month
            if following is None or at is None or month <= at:
                break
            links.append(Link(following.code, at, series.value_of(at), following.value_of(at)))
            series = following
        return Reading(month, series.value_of(month), tuple(links))


@dataclass(frozen=True, slots=True)
class Link:
    """The month by which values of a series with a new base are told in the old one's."""

    code: str
    month: date
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """What an index was in a month: the number itself, and the links to the series that it is asked of."""

    month: date
    value: Decimal
    links: tuple[Link, ...] = ()

    @property
    def exact(self) -> Fraction:
        """The value in the base of the series that it is asked of."""
        exact = Fraction(self.value)
        for link in self.links:
            exact *= Fraction(link.old) / Fraction(link.new)
        return exact


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a clause gives between two months, as parts of the price."""

    base: Reading
    now: Reading
    given: Fraction
    """What the index gives of the price, before threshold and cap."""
    applied: Fraction
    """What prices change by; nought below the threshold."""

    @property
    def links(self) -> tuple[Link, ...]:
        """The links between the bases of the two months; none when both are of the same series."""
        return self.now.links[len(self.base.links) :]

    @property
    def given_percent(self) -> Decimal:
        """Per cent that the index gives, with four decimals."""
        return from_fraction(self.given * HUNDRED, PERCENT_STEP)

    @property
    def percent(self) -> Decimal:
        """Per cent that prices change by, with four decimals."""
        return from_fraction(self.applied * HUNDRED, PERCENT_STEP)

    @property
    def is_capped(self) -> bool:
        """Whether the cap holds the rise down."""
        return 0 < self.applied < self.given

    def price(self, unit_price: Decimal) -> Decimal:
        """What a price becomes, rounded to four decimals; never nothing."""
        changed = from_fraction(Fraction(unit_price) * (1 + self.applied), UNIT_PRICE_STEP)
        return max(changed, UNIT_PRICE_STEP)


def adjustment(clause: IndexClause, series: Series, *, base_month: date, month: date) -> Adjustment:
    """
    What a clause gives when prices were last set by one month and are now set by another.

    :raises IndexMonthMissing: one of the months is not known.
    """
    base, now = series.reading(base_month), series.reading(month)
    change = Fraction(clause.share_percent) / HUNDRED * (now.exact / base.exact - 1)
    applied = change
    if abs(change) * HUNDRED < Fraction(clause.threshold_percent):
        applied = Fraction()
    elif clause.cap_percent is not None:
        applied = min(change, Fraction(clause.cap_percent) / HUNDRED)
    return Adjustment(base, now, change, applied)


def is_known(series: Series, *months: date) -> bool:
    """Whether every one of some months is known."""
    try:
        return all(series.reading(month) for month in months)
    except IndexMonthMissing:
        return False


def in_words(month: date) -> Names:
    """A month, as it is said in either language."""
    return Names(sv=formatting.month(month), en=formatting.month(month, language="en"))
