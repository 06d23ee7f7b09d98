"""
Why was it approved when the region is closed: one person's decisions and attests on week-ends, closed days and at night.

The time is Sweden's, and the closed days are those of the law and of the region (``core.working_days``). What a standing approval or
a change of terms decided is nobody's evening. One day is an exception, so it is asked where it has happened on several.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from agreements.models import ThresholdKind
from core import reader
from core.working_days import is_working_day
from procurement.models import ObservationKind
from procurement.observing.limits import DECISION, ids_in
from procurement.observing.measures import Measures, spells_of
from procurement.observing.observation import Measure, Observation, ObservedPeriod
from procurement.wording import number_word


class OddMeasure(Measure):
    """On how many days, and when it is night: hours of the day in Sweden."""

    kind = ObservationKind.ODD_HOURS
    parts = (ThresholdKind.ODD_DAYS, ThresholdKind.NIGHT_BEGINS, ThresholdKind.NIGHT_ENDS)

    @property
    def rule(self) -> str:
        """On how many days, between which hours."""
        days, begins, ends = self.values
        text = _(
            "Någon har på minst %(days)s dagar godkänt eller attesterat på en helg, en stängd dag eller mellan kl. %(begins)s och"
            " %(ends)s, svensk tid. Stående godkännanden räknas inte."
        )
        return text % {"days": number_word(days), "begins": f"{begins:02}", "ends": f"{ends:02}"}


@dataclass(frozen=True, kw_only=True)
class OddHours(Observation):
    """What one person approved when the region is closed."""

    kind = ObservationKind.ODD_HOURS

    measure: OddMeasure
    person: str
    count: int
    days: int

    @property
    def sentence(self) -> str:
        """How many, on how many days, for how much."""
        return _(
            "%(person)s har godkänt eller attesterat %(count)s rader på %(days)s dagar, på helger, stängda dagar eller nätter,"
            " för %(amount)s."
        ) % {
            "person": self.person,
            "count": number_word(self.count),
            "days": number_word(self.days),
            "amount": reader.kr(self.amount),
        }

    @property
    def question(self) -> str:
        """What somebody could tell."""
        return _("Var det jour, brådska eller en kö som inte hanns med på dagen?")


ODD_HOURS = f"""
WITH {spells_of(OddMeasure)},
given AS (
    SELECT decision.by_id AS person_id, line.id, decision.at, line.approved_amount AS amount
    FROM procurement_requisitionline line
    {DECISION}
    WHERE line.decided_at >= %(since)s AND line.decided_at < %(until)s AND line.status = ANY(%(committed)s)
      AND decision.at >= %(since)s AND decision.rule <> 'policy'
    UNION ALL
    SELECT attest.decided_by_id, line.id, attest.decided_at, line.approved_amount
    FROM procurement_budgetattest attest
    JOIN procurement_requisitionline line ON line.requisition_id = attest.requisition_id AND line.status = ANY(%(committed)s)
        AND line.charged_department_id = attest.department_id AND line.delivery_place_id = attest.delivery_place_id
        AND line.needed_by_date = attest.needed_by_date
    WHERE attest.status = 'attested' AND attest.decided_at >= %(since)s AND attest.decided_at < %(until)s
),
odd AS (
    SELECT given.*, local.at::date AS day, measure, odd_days
    FROM given CROSS JOIN LATERAL (SELECT given.at AT TIME ZONE %(zone)s AS at) local
    JOIN spells ON local.at::date BETWEEN first_day AND last_day
    WHERE local.at::date = ANY(%(closed)s::date[]) OR extract(hour FROM local.at) >= night_begins
       OR extract(hour FROM local.at) < night_ends
),
people AS (
    SELECT person_id, measure, odd_days, count(*) AS how_many, count(DISTINCT day) AS days, sum(amount) AS amount, jsonb_agg(id) AS lines,
           jsonb_object_agg(id, at) AS moments
    FROM odd GROUP BY person_id, measure, odd_days
)
SELECT measure, person_id, how_many, days, amount, lines, moments, person.first_name || ' ' || person.last_name
FROM people JOIN organizations_user person ON person.id = person_id
WHERE days >= odd_days
ORDER BY person_id, measure
"""  # noqa: S608, all parts are constants
"""Nobody both decides and attests a line, so a line is once in a person's sum."""


def odd_hours_in(period: ObservedPeriod, measures: Measures) -> list[OddHours]:
    """The questions of a period: one statement."""
    measured = measures.of(OddMeasure)
    closed = [day for day in period.days if not is_working_day(day)]
    with connection.cursor() as cursor:
        cursor.execute(ODD_HOURS, {**period.facts, **measured.facts, "closed": closed})
        return [
            OddHours(
                measure=measured.measures[measure],
                subject=str(person),
                lines=tuple(sorted(ids_in(lines))),
                amount=amount,
                names=(name,),
                moments={int(line): datetime.fromisoformat(at) for line, at in json.loads(moments).items()},
                person=name,
                count=count,
                days=days,
            )
            for measure, person, count, days, amount, lines, moments, name in cursor.fetchall()
        ]
