"""
Was it one need or several: orders that each stay under a limit and together pass it (LOU 5:5; DOMAIN 6.3, number 36).

A need is what one department orders within some days of the same item, or under no agreement from the same supplier: as many
days as were in force on the first of them, itself included. It is asked about where something of it went by unseen: an order that
nobody looked at, attested or documented. What a limit was judged on all together when it was ordered, and was attested for that,
is no question. Nor is the direct-award limit: it is judged on all of a year's similar purchases, so dividing one changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, groupby

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import ThresholdKind
from core import reader
from core.errors import Names
from core.money import ZERO
from procurement.models import LimitKind, ObservationKind
from procurement.observing.limits import ASKED, DOCUMENTATION, OWN_LIMIT, STANDING, UNATTESTED, ids_in
from procurement.observing.measures import Measures, spells_of
from procurement.observing.observation import Measure, Observation, ObservedPeriod, is_within
from procurement.wording import number_word, number_word_capitalised


class SplitMeasure(Measure):
    """On how many days orders may be one need."""

    kind = ObservationKind.SPLIT
    parts = (ThresholdKind.SPLIT_DAYS,)

    @property
    def days(self) -> int:
        """So many, the first and the last included."""
        return self.values[0]

    @property
    def rule(self) -> str:
        """On how many days, and what makes it a question."""
        return _(
            "En enhet har på högst %(days)s dagar beställt samma artikel, eller från samma leverantör utanför avtal. Varje"
            " beställning är under en gräns, tillsammans är de över den, och minst en av dem har gått igenom utan att någon såg på"
            " den."
        ) % {"days": number_word(self.days)}


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One order of a need: what it came to, and the limit and the measure that were in force on its day."""

    measure: SplitMeasure
    limit_kind: LimitKind
    department: int
    thing: int
    """The item, or the supplier."""
    day: date
    amount: Decimal
    limit: Decimal
    is_unseen: bool
    lines: tuple[int, ...]
    requester: str
    department_name: str
    thing_name: str


@dataclass(frozen=True, kw_only=True)
class Split(Observation):
    """Orders that may be one need."""

    kind = ObservationKind.SPLIT

    measure: SplitMeasure
    limit_kind: LimitKind
    limit: Decimal
    count: int
    days: int
    department: str
    thing: str

    @property
    def sentence(self) -> str:
        """How many, of what, in how many days, and the limit."""
        text = (
            _(
                "%(count)s beställningar av %(thing)s till %(department)s på %(days)s, tillsammans %(amount)s."
                " %(limit_name)s är %(limit)s."
            )
            if self.limit_kind == LimitKind.STANDING
            else _(
                "%(count)s beställningar utanför avtal från %(thing)s till %(department)s på %(days)s, tillsammans"
                " %(amount)s. %(limit_name)s är %(limit)s."
            )
        )
        name = str(self.limit_kind.label)
        return text % {
            "count": number_word_capitalised(self.count),
            "thing": self.thing,
            "department": self.department,
            "days": ngettext("en dag", "%(days)s dagar", self.days) % {"days": number_word(self.days)},
            "amount": reader.kr(self.amount),
            "limit_name": name[:1].upper() + name[1:],
            "limit": reader.kr(self.limit),
        }

    @property
    def question(self) -> str:
        """What somebody could tell."""
        return _("Var det ett behov eller flera?")


def splits_of(parts: Iterable[SplitPart]) -> list[Split]:
    """
    The needs among these parts, each part in one of them.

    :param parts: by limit, department and thing, and within these by day.
    """
    needs = groupby(parts, key=lambda part: (part.limit_kind, part.department, part.thing))
    return list(chain.from_iterable(_splits(list(of_one)) for _key, of_one in needs))


def _splits(parts: Sequence[SplitPart]) -> list[Split]:
    splits, number = [], 0
    while number < len(parts):
        first = parts[number]
        together = [part for part in parts[number:] if (part.day - first.day).days < first.measure.days]
        split = _split(together)
        if split is not None:
            splits.append(split)
        number += len(together) if split is not None else 1
    return splits


def _split(parts: Sequence[SplitPart]) -> Split | None:
    """What these come to together; None where it is nothing to ask about."""
    first, last = parts[0], parts[-1]
    amount = sum((part.amount for part in parts), ZERO)
    limit = max(part.limit for part in parts)
    is_one_order = len(parts) == 1
    is_seen = not any(part.is_unseen for part in parts)
    if is_one_order or is_seen or is_within(first.limit_kind, amount, limit):
        return None
    lines = tuple(sorted(chain.from_iterable(part.lines for part in parts)))
    return Split(
        measure=first.measure,
        subject=f"{first.limit_kind.value}-{first.department}-{first.thing}",
        lines=lines,
        amount=amount,
        names=tuple(dict.fromkeys(part.requester for part in parts)),
        limit_kind=first.limit_kind,
        limit=limit,
        count=len(parts),
        days=(last.day - first.day).days + 1,
        department=first.department_name,
        thing=first.thing_name,
    )


# From one supplier under no agreement, a row for each requisition that nobody attested.
OWN = f"""
SELECT 'own' AS limit_kind, asked.department_id, supplier_id AS thing_id, requisition_id AS unit_id, requester_id, day,
       NULL AS description, requisition_id::text AS habit, sum(amount) AS amount, max(own.amount_limit) AS "limit",
       true AS is_unseen, jsonb_agg(asked.id) AS lines
FROM asked {OWN_LIMIT}
WHERE agreement_id IS NULL AND {UNATTESTED}
GROUP BY asked.department_id, supplier_id, requisition_id, requester_id, day
"""  # noqa: S608, all parts are constants

SPLITS = f"""
WITH {spells_of(SplitMeasure)},
{ASKED},
parts AS (
    SELECT * FROM ({STANDING}) standing UNION ALL SELECT * FROM ({OWN}) own
    UNION ALL SELECT * FROM ({DOCUMENTATION}) documentation
),
beside AS (
    SELECT *, count(*) OVER near AS how_many, sum(amount) OVER near AS together
    FROM parts WHERE amount < "limit" OR amount = "limit" AND limit_kind = 'own'
    WINDOW near AS (PARTITION BY limit_kind, department_id, thing_id ORDER BY day
                    RANGE BETWEEN %(reach)s::interval PRECEDING AND %(reach)s::interval FOLLOWING)
)
SELECT measure, beside.limit_kind, beside.department_id, beside.thing_id, beside.day, beside.amount, beside."limit",
       beside.is_unseen, beside.lines, requester.first_name || ' ' || requester.last_name, department.name,
       coalesce(beside.description, supplier.name),
       CASE WHEN item.name_en <> '' AND beside.description = concat_ws(', ', item.name, nullif(item.size, ''))
            THEN concat_ws(', ', item.name_en, nullif(item.size, '')) ELSE coalesce(beside.description, supplier.name) END
FROM beside
JOIN spells ON beside.day BETWEEN first_day AND last_day
JOIN organizations_user requester ON requester.id = beside.requester_id
JOIN organizations_department department ON department.id = beside.department_id
LEFT JOIN catalog_item item ON limit_kind = 'standing' AND item.id = thing_id
LEFT JOIN agreements_supplier supplier ON limit_kind <> 'standing' AND supplier.id = thing_id
WHERE how_many > 1 AND together >= "limit"
ORDER BY beside.limit_kind, beside.department_id, beside.thing_id, beside.day, beside.unit_id
"""  # noqa: S608, all parts are constants
"""Parts that have others near them, so that they may be one need; ``splits_of`` says which are."""


def splits_in(period: ObservedPeriod, measures: Measures) -> list[Split]:
    """The questions of a period: one statement."""
    measured = measures.of(SplitMeasure)
    reach = max((measure.days - 1 for measure in measured.measures), default=0)
    with connection.cursor() as cursor:
        cursor.execute(SPLITS, {**period.facts, **measured.facts, "reach": f"{reach} days"})
        return splits_of(
            SplitPart(
                measure=measured.measures[measure],
                limit_kind=LimitKind(kind),
                department=department,
                thing=thing,
                day=day,
                amount=amount,
                limit=limit,
                is_unseen=is_unseen,
                lines=tuple(sorted(ids_in(lines))),
                requester=requester,
                department_name=department_name,
                thing_name=str(Names(name, name_en)),
            )
            for (
                measure, kind, department, thing, day, amount, limit, is_unseen, lines,
                requester, department_name, name, name_en,
            ) in cursor.fetchall()
        )  # fmt: skip
