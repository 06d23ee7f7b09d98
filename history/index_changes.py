"""
What an official index did between two periods, to hold against what prices did (pure).

The index of a period is the mean of the months that the period touches. Values with different bases are told in the first one's
by the links of the series (``agreements.indexing``). A month without a value is never guessed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from agreements.indexing import Series
from core.money import AMOUNT_STEP, from_fraction
from core.periods import add_months
from history.price_volume_mix import Indices, Split


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``starts`` through ``ends``."""

    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise ValueError("a period cannot end before it starts")

    @classmethod
    def year(cls, year: int) -> "Period":
        """A whole year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def months(self) -> list[date]:
        """The months that it touches, each by its first day."""
        first = self.starts.replace(day=1)
        count = (self.ends.year - first.year) * 12 + self.ends.month - first.month + 1
        return [add_months(first, number) for number in range(count)]


@dataclass(frozen=True, slots=True)
class IndexChange:
    """The means of an index in two periods, in the base of the series that was asked."""

    before: Fraction
    after: Fraction

    @property
    def exact(self) -> Fraction:
        """The later mean ÷ the earlier."""
        return self.after / self.before

    @property
    def ratio(self) -> Decimal:
        """The same to 28 significant digits; 1 is unchanged."""
        return Decimal(self.exact.numerator) / Decimal(self.exact.denominator)

    def real_price(self, indices: Indices) -> Decimal:
        """Fisher's price index ÷ the official one: what prices did beside what they did elsewhere; 1 is the same."""
        return indices.fisher_price / self.ratio

    def beyond(self, split: Split) -> Decimal:
        """
        What prices cost beyond the index, at the later quantities: V1 − Σp0·q1 · I1 ÷ I0, rounded to öre.

        Minus when prices rose less than the index.
        """
        return split.matched_after - from_fraction(
            Fraction(split.after_at_old_prices) * self.exact, AMOUNT_STEP
        )


def index_change(series: Series, *, before: Period, after: Period) -> IndexChange:
    """
    What an index did from one period to another.

    :raises IndexMonthMissing: a month that one of them touches is not known.
    """
    return IndexChange(_mean(series, before), _mean(series, after))


def _mean(series: Series, period: Period) -> Fraction:
    """The mean of the months of a period."""
    months = period.months
    return sum((series.reading(month).exact for month in months), Fraction()) / len(months)
