"""
By which values each kind of question is asked: those that the register of thresholds had on the day of what is asked about.

What happened on a day is judged by the values of that day, and counted only with what happened under the same ones; orders that may
be one need are judged by those of the first. So a new value changes no question about what was before it. On days when a value is
missing nothing of the kind is asked, and whoever reads the questions is told which days they are: a missing value is no permission.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Generic, TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import ngettext

from agreements.models import AMOUNTS, Threshold, ThresholdKind
from procurement.observing.observation import Measure, ObservedPeriod

M = TypeVar("M", bound=Measure)


@dataclass(frozen=True, slots=True)
class Spell(Generic[M]):
    """Days on which the same values were in force, both ends included."""

    first: date
    last: date
    measure: M


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which nothing of a kind is asked, both ends included, since these values are missing."""

    first: date
    last: date
    missing: tuple[ThresholdKind, ...]

    @property
    def sentence(self) -> str:
        """Which days they are, and what is missing."""
        text = ngettext(
            "Från och med %(first)s till och med %(last)s ställs ingen sådan fråga. Registret Gränser saknar %(missing)s för de dagarna.",
            "Från och med %(first)s till och med %(last)s ställs ingen sådan fråga. Registret Gränser saknar värden för de dagarna:"
            " %(missing)s.",
            len(self.missing),
        )
        missing = ", ".join(f"”{kind.label}”" for kind in self.missing)
        return text % {"first": self.first.isoformat(), "last": self.last.isoformat(), "missing": missing}


class Measured(Generic[M]):
    """The days of a period by the values that one kind of question was asked by."""

    def __init__(self, days: Sequence[Spell[M] | Gap], of: type[M]) -> None:
        self.spells = [each for each in days if isinstance(each, Spell)]
        self.gaps = [each for each in days if isinstance(each, Gap)]
        self.measures = list(dict.fromkeys(spell.measure for spell in self.spells))
        self._of = of

    @property
    def facts(self) -> dict[str, Any]:
        """What the statement of ``spells_of`` asks with."""
        return {
            "spell_firsts": [spell.first for spell in self.spells],
            "spell_lasts": [spell.last for spell in self.spells],
            "spell_measures": [self.measures.index(spell.measure) for spell in self.spells],
        } | {
            f"spell_{part.value}": [spell.measure.values[place] for spell in self.spells]
            for place, part in enumerate(self._of.parts)
        }


def spells_of(measure: type[Measure]) -> str:
    """A part of a statement: a row for each spell, with the number of its measure and a column for each value."""
    names = [part.value for part in measure.parts]
    columns = ", ".join(["first_day", "last_day", "measure", *names])
    arrays = ", ".join(
        [
            "%(spell_firsts)s::date[]",
            "%(spell_lasts)s::date[]",
            "%(spell_measures)s::int[]",
            *(f"%(spell_{name})s::int[]" for name in names),
        ]
    )
    return f"spells AS (SELECT * FROM unnest({arrays}) AS spell ({columns}))"  # noqa: S608, names of kinds


@dataclass(frozen=True)
class Measures:
    """The values that were in force during a period."""

    period: ObservedPeriod
    rows: Sequence[tuple[ThresholdKind, date, date, int]]
    """Each with its first and its last day within the period."""

    def of(self, measure: type[M]) -> Measured[M]:
        """The days of the period by the values of one kind of question."""
        days: list[Spell[M] | Gap] = []
        for values, run in groupby(self._runs_of(measure), key=itemgetter(0)):
            between = [each for _values, *each in run]
            first, last = between[0][0], between[-1][1]
            missing = tuple(part for part, value in zip(measure.parts, values, strict=True) if value is None)
            days.append(
                Gap(first, last, missing)
                if missing
                else Spell(first, last, measure(tuple(each for each in values if each is not None)))
            )
        return Measured(days, measure)

    def _runs_of(self, measure: type[Measure]) -> Iterator[tuple[tuple[int | None, ...], date, date]]:
        """The days between those on which a value begins or ends, with the values: None for what is missing."""
        rows = [row for row in self.rows if row[0] in measure.parts]
        turns = {self.period.first, self.period.last + timedelta(days=1)}
        for _kind, first, last, _value in rows:
            turns |= {first, last + timedelta(days=1)}
        for first, following in pairwise(sorted(turns)):
            value_by_kind = {kind: value for kind, begins, ends, value in rows if begins <= first <= ends}
            yield (
                tuple(value_by_kind.get(part) for part in measure.parts),
                first,
                following - timedelta(days=1),
            )


def measures_in(period: ObservedPeriod) -> Measures:
    """Read the values of a period: one statement."""
    thresholds = Threshold.objects.filter(
        category=None, valid_during__overlap=DateRange(period.first, period.last, "[]")
    ).exclude(kind__in=AMOUNTS)
    return Measures(
        period,
        [
            (
                ThresholdKind(kind),
                max(during.lower or period.first, period.first),
                min(during.upper - timedelta(days=1) if during.upper else period.last, period.last),
                int(value),
            )
            for kind, during, value in thresholds.values_list("kind", "valid_during", "value")
        ],
    )
