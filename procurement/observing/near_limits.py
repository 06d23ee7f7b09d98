"""
Why do the sums end up just under the limit: one person's orders close below it, more than would be expected.

Close below is the last part under a limit, ``percent`` of it. As many are expected there as in the next part below, so it is asked
where at least ``count`` are close, and more than ``times`` as many as in the next. The same item in the same quantity counts
once: a pack that happens to cost so is ordered again and again.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from agreements.models import ThresholdKind
from core import reader
from procurement.models import LimitKind, ObservationKind
from procurement.observing.limits import ASKED, DOCUMENTATION, OWN_LIMIT, STANDING, UNATTESTED, ids_in
from procurement.observing.measures import Measures, spells_of
from procurement.observing.observation import Measure, Observation, ObservedPeriod
from procurement.wording import number_word, number_word_capitalised


class NearMeasure(Measure):
    """What is close below a limit, and how many make it a question."""

    kind = ObservationKind.NEAR_LIMIT
    parts = (ThresholdKind.NEAR_PERCENT, ThresholdKind.NEAR_COUNT, ThresholdKind.NEAR_TIMES)

    @property
    def percent(self) -> int:
        """So far below a limit, at the most, is close below it."""
        return self.values[0]

    @property
    def rule(self) -> str:
        """How many, how near."""
        _percent, count, times = self.values
        return _(
            "Minst %(count)s av en persons beställningar ligger högst %(share)s under en gräns, och det är mer än %(times)s gånger"
            " så många som ligger mellan %(share)s och %(next_share)s under den. Samma artikel i samma antal räknas en gång."
        ) % {"count": number_word(count), "times": number_word(times), **self.shares}

    @property
    def shares(self) -> dict[str, str]:
        """How far below is close, and how far is next to that."""
        return {"share": reader.percent(self.percent), "next_share": reader.percent(2 * self.percent)}


@dataclass(frozen=True, kw_only=True)
class NearLimit(Observation):
    """One person's orders just under a limit."""

    kind = ObservationKind.NEAR_LIMIT

    measure: NearMeasure
    limit_kind: LimitKind
    limit: Decimal
    person: str
    count: int
    count_below: int
    """How many lie as far below again."""

    @property
    def sentence(self) -> str:
        """How many are close, how many lie next below, and the limit."""
        return _(
            "%(count)s beställningar av %(person)s ligger högst %(share)s under %(limit_name)s, %(limit)s. Mellan"
            " %(share)s och %(next_share)s under den ligger %(below)s."
        ) % {
            "count": number_word_capitalised(self.count),
            "person": self.person,
            "limit_name": self.limit_kind.label,
            "limit": reader.kr(self.limit),
            "below": number_word(self.count_below),
            **self.measure.shares,
        }

    @property
    def question(self) -> str:
        """What somebody could tell."""
        return _("Är det priset, förpackningen eller gränsen som gör att det blir just så mycket?")


# A row for each requisition that nobody attested, with all that stands of it.
OWN = f"""
SELECT 'own' AS limit_kind, asked.department_id, requisition_id AS thing_id, requisition_id AS unit_id, requester_id, day,
       NULL AS description, requisition_id::text AS habit, sum(amount) AS amount, max(own.amount_limit) AS "limit",
       true AS is_unseen, jsonb_agg(asked.id) AS lines
FROM asked {OWN_LIMIT}
WHERE {UNATTESTED}
GROUP BY asked.department_id, requisition_id, requester_id, day
"""  # noqa: S608, all parts are constants

NEAR_LIMITS = f"""
WITH {spells_of(NearMeasure)},
{ASKED},
parts AS (
    SELECT * FROM ({STANDING}) standing WHERE is_unseen UNION ALL SELECT * FROM ({OWN}) own
    UNION ALL SELECT * FROM ({DOCUMENTATION}) documentation
),
close AS (
    SELECT *, amount >= "limit" * (1 - near_percent / 100.0) AS is_close
    FROM parts JOIN spells ON parts.day BETWEEN first_day AND last_day
    WHERE amount >= "limit" * (1 - 2 * near_percent / 100.0) AND (amount < "limit" OR amount = "limit" AND limit_kind = 'own')
),
people AS (
    SELECT limit_kind, requester_id, "limit", measure, near_count, near_times, count(DISTINCT habit) FILTER (WHERE is_close) AS how_many,
           count(DISTINCT habit) FILTER (WHERE NOT is_close) AS below, sum(amount) FILTER (WHERE is_close) AS amount,
           jsonb_agg(lines) FILTER (WHERE is_close) AS lines
    FROM close GROUP BY limit_kind, requester_id, "limit", measure, near_count, near_times
)
SELECT measure, limit_kind, requester_id, "limit", how_many, below, amount, lines,
       person.first_name || ' ' || person.last_name
FROM people JOIN organizations_user person ON person.id = requester_id
WHERE how_many >= near_count AND how_many > near_times * below
ORDER BY limit_kind, requester_id, "limit", measure
"""  # noqa: S608, all parts are constants


def near_limits_in(period: ObservedPeriod, measures: Measures) -> list[NearLimit]:
    """The questions of a period: one statement."""
    measured = measures.of(NearMeasure)
    with connection.cursor() as cursor:
        cursor.execute(NEAR_LIMITS, {**period.facts, **measured.facts})
        return [
            NearLimit(
                measure=measured.measures[measure],
                subject=f"{kind}-{person}-{int(limit * 100)}",
                lines=tuple(sorted(ids_in(lines))),
                amount=amount,
                names=(name,),
                limit_kind=LimitKind(kind),
                limit=limit,
                person=name,
                count=count,
                count_below=below,
            )
            for measure, kind, person, limit, count, below, amount, lines, name in cursor.fetchall()
        ]
