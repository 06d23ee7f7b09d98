"""Sum up the months that something has come to."""

from datetime import date

from django.db import connection

from core.transactions import operation
from reporting.leakage_cost import LEAKED
from reporting.loyalty import LOYAL
from reporting.models import ChangedMonth
from reporting.monthly_sums import EVERY, MonthlySums
from reporting.months import DELIVERED, DELIVERED_BY_CATEGORY, RECEIVED
from reporting.price_volume_mix import BOUGHT
from reporting.saved_months import SAVED, SAVED_BY_DEPARTMENT, SAVED_BY_INITIATIVE

LOCK = 731_205
"""Two that sum up at the same time would each keep their own sums."""

KEPT = (
    DELIVERED,
    DELIVERED_BY_CATEGORY,
    SAVED_BY_DEPARTMENT,
    SAVED,
    SAVED_BY_INITIATIVE,
    BOUGHT,
    LOYAL,
    LEAKED,
    RECEIVED,
)
"""What others are made of stands before them."""

NOTED = """
WITH noted AS (
    DELETE FROM reporting_changedmonth WHERE month = %(month)s RETURNING day
), every_day AS MATERIALIZED (
    SELECT each.day::date AS day, EXISTS (SELECT FROM noted WHERE noted.day IS NULL OR noted.day = each.day::date) AS is_noted
    FROM generate_series(%(month)s::date, %(month)s::date + interval '1 month - 1 day', interval '1 day') AS each (day)
), noted_day AS MATERIALIZED (
    SELECT day FROM every_day WHERE is_noted
)"""

# What a statement adds it does not see, so the month is made of the days that it has just summed up and of the others.
ANEW = """, {table}_month_away AS (
    DELETE FROM {table} WHERE day IS NULL AND month = %(month)s
), {table}_day_away AS (
    DELETE FROM {table} WHERE day = ANY(ARRAY(SELECT day FROM noted_day))
), {table}_day AS (
    INSERT INTO {table} (month, day, {columns}) SELECT %(month)s, days.* FROM ({days}) AS days
    RETURNING day, {columns}
), {table}_month AS (
    INSERT INTO {table} (month, {columns})
    SELECT %(month)s, {summed} FROM (
        SELECT {columns} FROM {table}_day
        UNION ALL
        SELECT {columns} FROM {table} WHERE day = ANY(ARRAY(SELECT day FROM every_day WHERE NOT is_noted))
    ) AS days GROUP BY {by}
)"""


def _anew(months: MonthlySums) -> str:
    """Sum up the noted days, and their month, of one table."""
    of = months.made_of
    return ANEW.format(
        table=months.table,
        columns=months.columns,
        by=months.by,
        summed=months.summed,
        days=months.of_each_day("noted_day")
        if of is None
        else f"SELECT day, {months.summed} FROM {of.table}_day GROUP BY day, {months.by}",  # noqa: S608, constants
    )


# One statement sees one moment: the notes that it takes away are of the lines that it sums.
SUM_UP = "".join((NOTED, *map(_anew, KEPT), " SELECT"))


def sum_up_months() -> int:
    """Sum up every month that has changed, each by itself; returns how many."""
    months = list(ChangedMonth.objects.order_by("month").values_list("month", flat=True).distinct())
    for month in months:
        _sum_up(month)
    return len(months)


@operation
def _sum_up(month: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(SUM_UP, {"month": month, **EVERY})
