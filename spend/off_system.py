"""
What is bought beside the system: what the ledger has booked as purchases, less what was ordered and received here.

Booked are the rows of one source and a period, in kronor, on accounts that mean a purchase (DOMAIN 4.2: what, how much, from whom, by whom);
received are the lines of orders of the system, by the day they were received. Both are of the months in which the source has rows: a
month without is no month in which nothing was bought, and is not compared. The two are not of the same day for the same purchase, since an
invoice comes after the goods, so that a short period may show more received than booked.

*Uncategorised* is what was booked on accounts that mean a purchase without a category, and on accounts of which nothing is decided: of those
each account's net where that is debit, for they may be purchases. So the share is at most what it says.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from agreements.states import SIGNED
from core.money import ZERO, percent_of
from core.periods import add_months
from reporting.loyalty import LOYAL
from reporting.monthly_sums import EVERY
from reporting.months import RECEIVED
from spend.matches import MATCHED
from spend.meanings import MEANT
from spend.selection import Selection

_COST = f"""
WITH cost AS MATERIALIZED (
    SELECT account, supplier_key, administration_id, max(administration_name) AS administration, max(supplier_name) AS name,
           sum(amount) AS amount, count(*) AS rows
    FROM spend_bookedcost
    WHERE source = %(source)s AND currency = 'SEK' AND booked_date BETWEEN %(starts)s AND %(ends)s
    GROUP BY account, supplier_key, administration_id
), {MEANT}, {MATCHED}, purchase AS (
    SELECT cost.*, meant.lineage[1] AS root, matched.supplier_id, matched.id IS NOT NULL AS is_matched,
           CASE WHEN matched.supplier_id IS NULL THEN supplier_key END AS stranger
    FROM cost JOIN meant USING (account) LEFT JOIN matched USING (supplier_key)
    WHERE meant.meaning = ANY(%(purchases)s) AND (%(reach)s::bigint[] IS NULL OR meant.lineage && %(reach)s::bigint[])
)
"""

_BOOKED = f"""
{_COST}
SELECT grouping(administration_id, root) AS level, administration_id, max(administration), root, sum(rows), sum(amount),
       coalesce(sum(amount) FILTER (WHERE NOT is_matched AND supplier_key <> ''), 0),
       coalesce(sum(amount) FILTER (WHERE supplier_key = ''), 0)
FROM purchase GROUP BY GROUPING SETS ((), (administration_id), (root))
"""

_UNDECIDED = f"""
WITH cost AS MATERIALIZED (
    SELECT account, sum(amount) AS amount FROM spend_bookedcost
    WHERE source = %(source)s AND currency = 'SEK' AND booked_date BETWEEN %(starts)s AND %(ends)s GROUP BY account
), {MEANT}
SELECT count(*), coalesce(sum(greatest(amount, 0)), 0) FROM cost WHERE account NOT IN (SELECT account FROM meant)
"""

_MONTHS = """
SELECT date_trunc('month', booked_date)::date, count(*), count(*) FILTER (WHERE currency <> 'SEK')
FROM spend_bookedcost WHERE source = %(source)s AND booked_date BETWEEN %(starts)s AND %(ends)s GROUP BY 1
"""

_RECEIVED = f"""
WITH {LOYAL.parts()}
SELECT grouping(administration_id, category_lineage[1]), administration_id, max(administration_name), category_lineage[1],
       sum(here)
FROM parts
WHERE date_trunc('month', first_date)::date = ANY(%(months)s::date[])
  AND (%(reach)s::bigint[] IS NULL OR category_lineage && %(reach)s::bigint[])
GROUP BY GROUPING SETS ((), (administration_id), (category_lineage[1]))
HAVING sum(here) <> 0
"""

_SUPPLIERS = f"""
{_COST}, {RECEIVED.parts()}, booked AS (
    SELECT supplier_id, stranger, max(name) AS name, bool_and(is_matched) AS is_matched, sum(amount) AS amount
    FROM purchase WHERE supplier_key <> '' GROUP BY supplier_id, stranger
), here AS (
    SELECT supplier_id, sum(amount) AS amount FROM parts
    WHERE date_trunc('month', first_date)::date = ANY(%(months)s::date[])
      AND (%(reach)s::bigint[] IS NULL OR category_lineage && %(reach)s::bigint[])
    GROUP BY supplier_id
)
SELECT booked.supplier_id, ours.org_number, booked.stranger, coalesce(ours.name, booked.name), booked.is_matched, booked.amount,
       coalesce(here.amount, 0),
       EXISTS (SELECT FROM agreements_agreement a JOIN agreements_agreementsupplier m ON m.agreement_id = a.id
               WHERE m.supplier_id = booked.supplier_id AND a.status = ANY(%(signed)s)
                 AND a.valid_during && daterange(%(starts)s, %(ends)s, '[]'))
FROM booked LEFT JOIN here ON here.supplier_id = booked.supplier_id LEFT JOIN agreements_supplier ours ON ours.id = booked.supplier_id
WHERE booked.amount > coalesce(here.amount, 0)
ORDER BY booked.amount - coalesce(here.amount, 0) DESC, 4, 3
LIMIT %(limit)s
"""
WHOLE, BY_ADMINISTRATION, BY_CATEGORY = 0b11, 0b01, 0b10
"""What the bits of GROUPING() say that a row is summed over."""


@dataclass(frozen=True, slots=True)
class Part:
    """An administration by its id and its name then, or a top category by its id; None is what is known of neither."""

    id: int | None
    name: str
    booked: Decimal = ZERO
    here: Decimal = ZERO

    @property
    def beside(self) -> Decimal:
        """What was bought beside the system; minus where more was received than is booked yet."""
        return self.booked - self.here

    @property
    def share(self) -> Decimal | None:
        """The same of what was booked, per cent; None where nothing was, or more was received."""
        return percent_of(self.beside, self.booked) if self.booked > 0 and self.beside >= 0 else None


@dataclass(frozen=True, slots=True)
class Seller:
    """A supplier from whom more was booked than was received here."""

    id: int | None
    org_number: str
    key: str
    """What the source calls a supplier that is none of ours."""
    name: str
    is_matched: bool
    booked: Decimal
    here: Decimal
    has_agreement: bool

    @property
    def beside(self) -> Decimal:
        """What was bought beside the system."""
        return self.booked - self.here


@dataclass(frozen=True, slots=True)
class OffSystem:
    """
    What was bought beside the system, in all and by part, the largest first.

    ``unmatched`` was booked from suppliers of whom nothing is decided, ``unnamed`` from nobody that the source names.
    """

    whole: Part
    administrations: tuple[Part, ...]
    categories: tuple[Part, ...]
    unmatched: Decimal
    unnamed: Decimal
    without_category: Decimal
    undecided_accounts: int
    undecided: Decimal
    months: tuple[date, ...]
    """Those in which the source has rows."""
    missing_months: tuple[date, ...]
    other_currencies: int
    """So many rows are in other currencies, and are not counted."""

    @property
    def uncategorised(self) -> Decimal:
        """Kronor without a category."""
        return self.without_category + self.undecided

    @property
    def uncategorised_share(self) -> Decimal | None:
        """The same, per cent of all that was or may have been bought."""
        return _share(self.uncategorised, self.whole.booked + self.undecided)

    @property
    def unmatched_share(self) -> Decimal | None:
        """What was booked from suppliers that are not matched, or not named, per cent of what was booked."""
        return _share(self.unmatched + self.unnamed, self.whole.booked)


def off_system_spend(chosen: Selection) -> OffSystem:
    """Compute it: four queries."""
    facts = chosen.facts()
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, facts)
        counts_by_month = {month: (rows, others) for month, rows, others in cursor.fetchall()}
        months = sorted(counts_by_month)
        cursor.execute(_BOOKED, facts)
        booked = cursor.fetchall()
        cursor.execute(_RECEIVED, facts | EVERY | {"months": months})
        deliveries = cursor.fetchall()
        cursor.execute(_UNDECIDED, facts)
        accounts, undecided = cursor.fetchone()
    whole = next((row for row in booked if row[0] == WHOLE), None)
    categories = _parts(BY_CATEGORY, booked, deliveries)
    return OffSystem(
        whole=next(iter(_parts(WHOLE, booked, deliveries)), Part(None, "")),
        administrations=_parts(BY_ADMINISTRATION, booked, deliveries),
        categories=categories,
        unmatched=whole[6] or ZERO if whole else ZERO,
        unnamed=whole[7] or ZERO if whole else ZERO,
        without_category=next((each.booked for each in categories if each.id is None), ZERO),
        undecided_accounts=int(accounts),
        undecided=undecided,
        months=tuple(months),
        missing_months=tuple(month for month in _months(chosen) if month not in counts_by_month),
        other_currencies=sum(others for _rows, others in counts_by_month.values()),
    )


def sellers(chosen: Selection, *, months: Sequence[date], limit: int) -> list[Seller]:
    """From whom most was bought beside the system, the largest first: one query."""
    signed = [status.value for status in SIGNED]
    facts = chosen.facts() | {"months": list(months), "signed": signed, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_SUPPLIERS, facts)
        return [
            Seller(pk, number or "", key or "", name, is_matched, booked, received, has_agreement)
            for pk, number, key, name, is_matched, booked, received, has_agreement in cursor.fetchall()
        ]


def _parts(level: int, booked: Iterable[Any], deliveries: Iterable[Any]) -> tuple[Part, ...]:
    """The parts of one level, of what was booked and of what was received."""
    place = 1 if level == BY_ADMINISTRATION else 3
    names: dict[int | None, str] = {}
    amounts: dict[int | None, Decimal] = {}
    received: dict[int | None, Decimal] = {}
    for row in booked:
        if row[0] == level and row[5] is not None:
            amounts[row[place]], names[row[place]] = row[5], row[2] or ""
    for row in deliveries:
        if row[0] == level:
            received[row[place]] = row[4]
            names.setdefault(row[place], row[2] or "")
    parts = [
        Part(pk, name if level == BY_ADMINISTRATION else "", amounts.get(pk, ZERO), received.get(pk, ZERO))
        for pk, name in names.items()
    ]
    return tuple(sorted(parts, key=lambda part: (-part.beside, part.id is None, part.name, part.id or 0)))


def _months(chosen: Selection) -> Iterator[date]:
    """The months that the period has days in, by their first day."""
    month = chosen.starts.replace(day=1)
    while month <= chosen.ends:
        yield month
        month = add_months(month, 1)


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return percent_of(part, whole) if whole > 0 else None
