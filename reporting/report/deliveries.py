"""What was delivered in a report's period, what of it the measures could not count, and the months that nothing is known of."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from core.money import to_amount
from reporting.months import DELIVERED_BY_CATEGORY, LineSelection, by_month

DELIVERIES_SQL = f"""
WITH {DELIVERED_BY_CATEGORY.parts()}, delivered AS (SELECT *, currency = 'SEK' AS is_sek FROM parts)
SELECT coalesce(sum(count) FILTER (WHERE is_sek), 0)::bigint, coalesce(sum(amount) FILTER (WHERE is_sek), 0),
       coalesce(sum(count) FILTER (WHERE is_sek AND NOT is_counted), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE is_sek AND NOT is_counted), 0),
       coalesce(sum(without_item) FILTER (WHERE is_sek), 0)::bigint,
       coalesce(sum(count) FILTER (WHERE is_sek AND category_id IS NULL), 0)::bigint,
       coalesce(sum(amount) FILTER (WHERE is_sek AND NOT is_outside), 0),
       coalesce(sum(count) FILTER (WHERE NOT is_sek), 0)::bigint
FROM delivered
"""  # noqa: S608, all parts are constants


def deliveries(starts: date, ends: date) -> dict[str, Any]:
    """What was delivered in the period, and how much of it the measures could not count."""
    with connection.cursor() as cursor:
        cursor.execute(DELIVERIES_SQL, {"starts": starts, "ends": ends})
        count, amount, uncounted, uncounted_amount, unknown, uncategorised, agreed, foreign = (
            cursor.fetchone()
        )
    return {
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "count": count,
        "amount": _text(amount),
        "without_baseline": uncounted,
        "without_baseline_amount": _text(uncounted_amount),
        "without_item": unknown,
        "without_category": uncategorised,
        "agreed_amount": _text(agreed),
        "foreign_currency": foreign,
        "months_without": [first.isoformat() for first in _months_without(starts, ends)],
    }


def _months_without(starts: date, ends: date) -> list[date]:
    """The first days of the whole months within the period that no delivery is known of: one query."""
    delivered_months = {each.month for each in by_month(LineSelection(starts, ends))}
    months = (date(starts.year, month, 1) for month in range(starts.month, ends.month + 1))
    return [first for first in months if first not in delivered_months and _last_of(first) <= ends]


def _last_of(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _text(amount: Decimal) -> str:
    return f"{to_amount(amount):f}"
