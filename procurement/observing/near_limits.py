"""
Why do the sums end up just under the limit: one person's orders close below it, more than would be expected.

Close below is the last ``NEAR_SHARE`` under a limit. As many are expected there as in the next ``NEAR_SHARE`` below, so it is asked
where at least ``NEAR_COUNT`` are close, and more than twice as many as in the next. The same item in the same quantity counts
once: a pack that happens to cost so is ordered again and again.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core import reader
from procurement.models import LimitKind, ObservationKind
from procurement.observing.limits import ASKED, DOCUMENTATION, OWN_LIMIT, STANDING, UNATTESTED, ids_in
from procurement.observing.observation import Observation, ObservedPeriod
from procurement.wording import spelled, spelled_first

NEAR_SHARE = Decimal("0.05")
NEAR_COUNT = 3
NEAR_TIMES = 2


@dataclass(frozen=True, kw_only=True)
class NearLimit(Observation):
    """One person's orders just under a limit."""

    kind = ObservationKind.NEAR_LIMIT

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
            "count": spelled_first(self.count),
            "person": self.person,
            "share": reader.share(NEAR_SHARE, 0),
            "next_share": reader.share(2 * NEAR_SHARE, 0),
            "limit_name": self.limit_kind.label,
            "limit": reader.kr(self.limit),
            "below": spelled(self.count_below),
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
WITH {ASKED},
parts AS (
    SELECT * FROM ({STANDING}) standing WHERE is_unseen UNION ALL SELECT * FROM ({OWN}) own
    UNION ALL SELECT * FROM ({DOCUMENTATION}) documentation
),
close AS (
    SELECT *, amount >= "limit" * (1 - %(share)s) AS is_close
    FROM parts
    WHERE amount >= "limit" * (1 - 2 * %(share)s) AND (amount < "limit" OR amount = "limit" AND limit_kind = 'own')
),
people AS (
    SELECT limit_kind, requester_id, "limit", count(DISTINCT habit) FILTER (WHERE is_close) AS how_many,
           count(DISTINCT habit) FILTER (WHERE NOT is_close) AS below, sum(amount) FILTER (WHERE is_close) AS amount,
           jsonb_agg(lines) FILTER (WHERE is_close) AS lines
    FROM close GROUP BY limit_kind, requester_id, "limit"
)
SELECT limit_kind, requester_id, "limit", how_many, below, amount, lines,
       person.first_name || ' ' || person.last_name
FROM people JOIN organizations_user person ON person.id = requester_id
WHERE how_many >= %(least)s AND how_many > %(times)s * below
ORDER BY limit_kind, requester_id, "limit"
"""  # noqa: S608, all parts are constants


def near_limits_in(period: ObservedPeriod) -> list[NearLimit]:
    """The questions of a period: one statement."""
    rule: dict[str, Any] = {"share": NEAR_SHARE, "least": NEAR_COUNT, "times": NEAR_TIMES}
    with connection.cursor() as cursor:
        cursor.execute(NEAR_LIMITS, {**period.facts, **rule})
        return [
            NearLimit(
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
            for kind, person, limit, count, below, amount, lines, name in cursor.fetchall()
        ]
