"""
Why was it approved when the region is closed: one person's decisions and attests on week-ends, closed days and at night.

The time is Sweden's, and the closed days are those of the law and of the region (``core.working_days``). What a standing approval or
a change of terms decided is nobody's evening. One day is an exception, so it is asked where it has happened on at least ``ODD_DAYS``.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from core import reader
from core.working_days import is_working_day
from procurement.models import ObservationKind
from procurement.observing.limits import DECISION, ids_in
from procurement.observing.observation import Observation, ObservedPeriod
from procurement.wording import spelled

ODD_DAYS = 2
NIGHT_BEGINS, NIGHT_ENDS = 22, 6
"""Hours of the day in Sweden."""


@dataclass(frozen=True, kw_only=True)
class OddHours(Observation):
    """What one person approved when the region is closed."""

    kind = ObservationKind.ODD_HOURS

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
            "count": spelled(self.count),
            "days": spelled(self.days),
            "amount": reader.kr(self.amount),
        }

    @property
    def question(self) -> str:
        """What somebody could tell."""
        return _("Var det jour, brådska eller en kö som inte hanns med på dagen?")


ODD_HOURS = f"""
WITH given AS (
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
    SELECT given.*, local.at::date AS day
    FROM given CROSS JOIN LATERAL (SELECT given.at AT TIME ZONE %(zone)s AS at) local
    WHERE local.at::date = ANY(%(closed)s::date[]) OR extract(hour FROM local.at) >= %(night_begins)s
       OR extract(hour FROM local.at) < %(night_ends)s
),
people AS (
    SELECT person_id, count(*) AS how_many, count(DISTINCT day) AS days, sum(amount) AS amount, jsonb_agg(id) AS lines,
           jsonb_object_agg(id, at) AS moments
    FROM odd GROUP BY person_id
)
SELECT person_id, how_many, days, amount, lines, moments, person.first_name || ' ' || person.last_name
FROM people JOIN organizations_user person ON person.id = person_id
WHERE days >= %(least)s
ORDER BY person_id
"""  # noqa: S608, all parts are constants
"""Nobody both decides and attests a line, so a line is once in a person's sum."""


def odd_hours_in(period: ObservedPeriod) -> list[OddHours]:
    """The questions of a period: one statement."""
    facts = {
        **period.facts,
        "closed": [day for day in period.days if not is_working_day(day)],
        "night_begins": NIGHT_BEGINS,
        "night_ends": NIGHT_ENDS,
        "least": ODD_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(ODD_HOURS, facts)
        return [
            OddHours(
                subject=str(person),
                lines=tuple(sorted(ids_in(lines))),
                amount=amount,
                names=(name,),
                moments={int(line): datetime.fromisoformat(at) for line, at in json.loads(moments).items()},
                person=name,
                count=count,
                days=days,
            )
            for person, count, days, amount, lines, moments, name in cursor.fetchall()
        ]
