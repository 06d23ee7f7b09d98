"""What a page or a file shows of spend that is split: a row for each category, and an official index beside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agreements.indexing import IndexMonthMissing
from agreements.indices import known_series
from agreements.models import IndexSeries
from history.index_changes import IndexChange, Period, index_change
from history.price_volume_mix import Indices, Split, summed

BASE = 100
"""What the earlier period is, where an index is shown."""


@dataclass(frozen=True, slots=True)
class OfficialIndex:
    """An official index beside the prices: what it did, or what is missing for that to be known."""

    series: IndexSeries
    change: IndexChange | None = None
    missing: str = ""

    @property
    def number(self) -> Decimal | None:
        """The later period's mean when the earlier's is 100."""
        return self.change.ratio * BASE if self.change else None


def official_index(
    series: IndexSeries | None, before: Period, after: Period, *, day: date
) -> OfficialIndex | None:
    """Read what an index did from one period to another, as far as it is published that day."""
    if series is None:
        return None
    try:
        change = index_change(known_series([series.pk], day=day)[series.pk], before=before, after=after)
    except IndexMonthMissing as error:
        return OfficialIndex(series, missing=str(error))
    return OfficialIndex(series, change)


@dataclass(frozen=True, slots=True)
class Row:
    """What the spend of a category, or of all, is split into; indices have 100 for the earlier period."""

    label: str
    split: Split
    url: str = ""
    official: OfficialIndex | None = None

    @property
    def unmatched(self) -> Decimal:
        """What is no change of price or quantity: what is new or gone, and lines that tell no item."""
        return self.split.new + self.split.gone + self.split.unknown

    @property
    def indices(self) -> Indices | None:
        """Price and quantity indices of what was bought in both periods."""
        return self.split.indices

    @property
    def fisher(self) -> Decimal | None:
        """Fisher's price index."""
        return self.indices.fisher_price * BASE if self.indices else None

    @property
    def laspeyres(self) -> Decimal | None:
        """The price index with the earlier quantities."""
        return self.indices.laspeyres_price * BASE if self.indices else None

    @property
    def paasche(self) -> Decimal | None:
        """The price index with the later quantities."""
        return self.indices.paasche_price * BASE if self.indices else None

    @property
    def fisher_quantity(self) -> Decimal | None:
        """Fisher's quantity index."""
        return self.indices.fisher_quantity * BASE if self.indices else None

    @property
    def real(self) -> Decimal | None:
        """Fisher's price index against the official one."""
        change = self.official.change if self.official else None
        return change.real_price(self.indices) * BASE if change and self.indices else None

    @property
    def beyond(self) -> Decimal | None:
        """What prices cost beyond the official index."""
        change = self.official.change if self.official else None
        return change.beyond(self.split) if change and self.indices else None


def total_of(rows: Iterable[Row], label: str, official: OfficialIndex | None) -> Row:
    """All of them together."""
    return Row(label, summed(row.split for row in rows), official=official)
