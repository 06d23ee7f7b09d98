"""Which rows of a ledger a page or a file is about, as its address says: a source, and a period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from core.periods import add_months
from reporting.selection import UnknownSelection, day_in
from spend.meanings import PURCHASES

_SOURCES = """
WITH RECURSIVE known AS (
    (SELECT source FROM spend_bookedcost ORDER BY source LIMIT 1)
    UNION ALL
    SELECT (SELECT source FROM spend_bookedcost WHERE source > known.source ORDER BY source LIMIT 1)
    FROM known WHERE known.source IS NOT NULL
)
SELECT source, (SELECT min(booked_date) FROM spend_bookedcost b WHERE b.source = known.source),
       (SELECT max(booked_date) FROM spend_bookedcost b WHERE b.source = known.source)
FROM known WHERE source IS NOT NULL ORDER BY 3 DESC, 1
"""
# A step to the next source through the index, however many rows each has.

MOST_YEARS = 20
"""No period is longer."""


@dataclass(frozen=True, slots=True)
class Source:
    """A ledger that has rows, and the first and the last day of them."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Selection:
    """
    A source and a period.

    :param reach: ids of the categories that the person sees; None for all.
    """

    source: str
    starts: date
    ends: date
    reach: Sequence[int] | None = None

    def facts(self) -> dict[str, Any]:
        """As the statements take them."""
        return {
            "source": self.source,
            "starts": self.starts,
            "ends": self.ends,
            "reach": None if self.reach is None else list(self.reach),
            "purchases": list(PURCHASES),
        }

    def address(self, **changes: str) -> str:
        """The query string of the choice, with some things added."""
        query = {
            "kalla": self.source,
            "fran": self.starts.isoformat(),
            "till": self.ends.isoformat(),
            **changes,
        }
        return "?" + urlencode({name: value for name, value in query.items() if value})


def sources() -> list[Source]:
    """The ledgers that have rows, the one with the latest row first: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES)
        return [Source(*row) for row in cursor.fetchall()]


def selection_of(
    query: Mapping[str, Any], all_sources: Sequence[Source], *, reach: Sequence[int] | None
) -> Selection | None:
    """
    Read ``kalla fran till``; the source with the latest row, and the year of that row, when nothing else is said.

    :raises UnknownSelection: there is no such source, or no such day; None when no ledger has rows.
    """
    if not all_sources:
        return None
    name = query.get("kalla", "") or all_sources[0].name
    source = next((each for each in all_sources if each.name == name), None)
    if source is None:
        raise UnknownSelection(value=name[:60])
    starts = day_in(query, "fran") or date(source.last.year, 1, 1)
    ends = day_in(query, "till") or _last_of_month(
        source.last if source.last.year == starts.year else date(starts.year, 12, 1)
    )
    if ends < starts or ends.year - starts.year > MOST_YEARS:
        raise UnknownSelection(value=ends)
    return Selection(source.name, starts, ends, reach)


def _last_of_month(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
