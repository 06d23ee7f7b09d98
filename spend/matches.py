"""
Which of our suppliers the ledger's suppliers are: what has been decided, and what is suggested where nothing is.

A suggestion has its ground: the same organisation number, else the likeness of the names by their trigrams (pg_trgm), legal form
left out, from nought to one. People decide; nothing is matched by itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet

from agreements.models import Supplier
from core.money import to_amount
from spend.meanings import MEANT
from spend.models import SupplierMatch
from spend.rows import name_key
from spend.selection import Selection

LEAST_LIKE: Final = Decimal("0.45")
"""Names less alike are not suggested."""

MATCHED = """
matched AS (
    SELECT * FROM (
        SELECT DISTINCT ON (supplier_key) id, supplier_key, supplier_id, is_undone
        FROM spend_suppliermatch WHERE source = %(source)s ORDER BY supplier_key, id DESC
    ) AS latest WHERE NOT is_undone
)
"""
"""SQL of the decisions that hold for a source."""

_UNMATCHED = f"""
WITH cost AS MATERIALIZED (
    SELECT account, supplier_key, max(supplier_name) AS name, max(supplier_number) AS number, sum(amount) AS amount, count(*) AS rows
    FROM spend_bookedcost
    WHERE source = %(source)s AND currency = 'SEK' AND booked_date BETWEEN %(starts)s AND %(ends)s AND supplier_key <> ''
    GROUP BY account, supplier_key
), {MEANT}, {MATCHED}
SELECT supplier_key, max(name), max(number), sum(amount), sum(rows), count(*) OVER ()
FROM cost LEFT JOIN meant USING (account)
WHERE meant.account IS NULL OR meant.meaning = ANY(%(purchases)s)
GROUP BY supplier_key
HAVING NOT EXISTS (SELECT FROM matched WHERE matched.supplier_key = cost.supplier_key)
ORDER BY sum(amount) DESC, supplier_key
LIMIT %(limit)s OFFSET %(offset)s
"""

_ALIKE = """
SELECT wanted.key, best.id, best.alike
FROM unnest(%(keys)s::text[], %(names)s::text[]) AS wanted (key, name)
CROSS JOIN LATERAL (
    SELECT ours.id, similarity(ours.name, wanted.name) AS alike
    FROM unnest(%(ids)s::bigint[], %(ours)s::text[]) AS ours (id, name)
    ORDER BY alike DESC, ours.id LIMIT 1
) AS best
WHERE best.alike >= %(least)s
"""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One of our suppliers, and why it is thought to be the one."""

    supplier: Supplier
    alike: Decimal | None
    """How alike the names are; nothing where the organisation number is the same."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A supplier of the source of whom nothing is decided."""

    key: str
    name: str
    number: str
    amount: Decimal
    rows: int
    suggestion: Suggestion | None = None


def unmatched(chosen: Selection, *, limit: int, offset: int = 0) -> tuple[list[Unmatched], int]:
    """
    Suppliers of whom nothing is decided, the largest first, and how many there are in all: three queries.

    Rows on accounts that are no purchases are left out; those on accounts without a meaning may be purchases.
    """
    facts = chosen.facts() | {"limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(_UNMATCHED, facts)
        rows = cursor.fetchall()
    count = int(rows[0][-1]) if rows else 0
    suppliers = [
        Unmatched(key, name, number, amount, int(lines)) for key, name, number, amount, lines, _all in rows
    ]
    suggested = suggestions(suppliers)
    return [
        Unmatched(each.key, each.name, each.number, each.amount, each.rows, suggested.get(each.key))
        for each in suppliers
    ], count


def suggestions(of: Sequence[Unmatched]) -> Mapping[str, Suggestion]:
    """For each supplier of a source the one of ours that it most likely is, where there is any: two queries."""
    ours = list(Supplier.objects.in_order()) if of else []
    numbers = {supplier.org_number: supplier for supplier in ours}
    supplier_by_id = {supplier.pk: supplier for supplier in ours}
    suggestion_by_key = {
        each.key: Suggestion(numbers[each.number], None) for each in of if each.number in numbers
    }
    others = [each for each in of if each.key not in suggestion_by_key and each.name]
    if others and ours:
        facts: dict[str, Any] = {
            "keys": [each.key for each in others],
            "names": [name_key(each.name) for each in others],
            "ids": list(supplier_by_id),
            "ours": [name_key(supplier.name) for supplier in ours],
            "least": LEAST_LIKE,
        }
        with connection.cursor() as cursor:
            cursor.execute(_ALIKE, facts)
            for key, supplier, alike in cursor.fetchall():
                suggestion_by_key[key] = Suggestion(supplier_by_id[supplier], to_amount(Decimal(str(alike))))
    return suggestion_by_key


def latest_match(source: str, key: str) -> SupplierMatch | None:
    """What was last decided of a source's supplier; None where nothing is, or it was undone."""
    latest = SupplierMatch.objects.filter(source=source, supplier_key=key).order_by("-pk").first()
    return latest if latest is not None and not latest.is_undone else None


def keys_of(source: str, supplier: Supplier) -> list[str]:
    """What a source calls one of our suppliers."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {MATCHED} SELECT supplier_key FROM matched WHERE supplier_id = %(supplier)s",
            {"source": source, "supplier": supplier.pk},
        )
        return [key for (key,) in cursor.fetchall()]


def decided_matches(source: str) -> QuerySet[SupplierMatch]:
    """The decisions that hold for a source, the latest first."""
    later = SupplierMatch.objects.filter(
        source=OuterRef("source"), supplier_key=OuterRef("supplier_key"), pk__gt=OuterRef("pk")
    )
    standing = SupplierMatch.objects.filter(~Exists(later), source=source, is_undone=False)
    return standing.select_related("supplier", "decided_by").order_by("-pk")
