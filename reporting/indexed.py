"""What a price would have become by an index: the INDEXED baseline, p_prev × (a + w · I(t) ÷ I(0)), a + w = 1 (DOMAIN 2.2)."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from agreements.indexing import Reading
from agreements.indices import known_series
from core.errors import WrongState
from reporting.models import SavingInitiative


class IndexMissing(WrongState):
    """The initiative does not say by which index, and between which months."""

    code = "baseline_index_missing"
    sentence = _("%(initiative)s saknar det index som priset räknas upp med, eller en av månaderna.")


@dataclass(frozen=True, slots=True)
class Indexing:
    """The exact factor of the price before, and what it was made of."""

    factor: Fraction = Fraction(1)
    evidence: dict[str, str] = field(default_factory=dict)


def indexing_of(initiative: SavingInitiative, *, day: date) -> Indexing:
    """
    Read the initiative's index between its two months, across a change of base when there is one between them.

    By what was published by the day.

    :raises IndexMissing: the initiative names no index.
    :raises IndexMonthMissing: a month of it is not known.
    """
    index, since, until = initiative.index_series, initiative.index_from, initiative.index_to
    if index is None or since is None or until is None:
        raise IndexMissing(initiative=initiative)
    series = known_series({index.pk}, day=day)[index.pk]
    before, after = series.reading(since), series.reading(until)
    share = Fraction(initiative.index_share_percent) / 100
    return Indexing(
        factor=1 - share + share * after.exact / before.exact,
        evidence={
            "index": index.code,
            "index_share": f"{initiative.index_share_percent:f}",
            "index_from": _month(since),
            "index_from_value": f"{before.value:f}",
            "index_to": _month(until),
            "index_to_value": f"{after.value:f}",
            "index_links": _links(before, after),
        },
    )


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _links(*readings: Reading) -> str:
    """By what numbers in another base were linked."""
    return ", ".join(
        f"{link.code} {_month(link.month)}: {link.old:f} ÷ {link.new:f}"
        for reading in readings
        for link in reading.links
    )
