"""Two periods that a page or a file compares, as its address says them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from agreements.models import IndexSeries
from categories.models import Category
from history.index_changes import Period
from reporting.periods import a_year_before
from reporting.price_volume_mix import Compared


@dataclass(frozen=True, slots=True)
class Comparison:
    """A period and the one that it is compared with, perhaps of one category, perhaps beside an index."""

    before: Period
    after: Period
    category: Category | None = None
    series: IndexSeries | None = None

    @property
    def labels(self) -> tuple[str, str]:
        """What the periods are called in a heading: by their years, when each is of one and they differ."""
        years = [{period.starts.year, period.ends.year} for period in (self.before, self.after)]
        if years[0] != years[1] and all(len(each) == 1 for each in years):
            return str(self.before.ends.year), str(self.after.ends.year)
        return _("Före"), _("Efter")

    def compared(self, reach: Sequence[int] | None, *, category: int | None = None) -> Compared:
        """Which lines are meant, of those that the reader sees; ``category`` is their own."""
        within = self.category.pk if self.category else None
        return Compared(self.before, self.after, reach=reach, within=within, category=category)

    def parameters(self) -> dict[str, str]:
        """Write the comparison as an address reads it."""
        return {
            "fran": self.after.starts.isoformat(),
            "till": self.after.ends.isoformat(),
            "mot_fran": self.before.starts.isoformat(),
            "mot_till": self.before.ends.isoformat(),
            "kategori": self.category.code if self.category else "",
            "index": self.series.code if self.series else "",
        }

    def address(self, **changes: str) -> str:
        """Write the query string with some things changed; empty takes a thing away."""
        return "?" + urlencode({name: text for name, text in (self.parameters() | changes).items() if text})


def periods_of(year: int, *, today: date) -> tuple[Period, Period]:
    """The year before and a year so far: the same days of both."""
    after = Period(date(year, 1, 1), min(date(year, 12, 31), max(today, date(year, 1, 1))))
    return Period(a_year_before(after.starts), a_year_before(after.ends)), after
