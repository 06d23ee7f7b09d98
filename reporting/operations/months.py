"""Sum up the months that something has come to."""

from datetime import date

from django.db import connection

from core.transactions import operation
from reporting.models import ChangedMonth
from reporting.months import BY, LINES

LOCK = 731_205
"""Two that sum up at the same time would each keep their own sums."""

# One statement sees one moment: the notes that it takes away are of the lines that it sums.
SUM_UP = f"""
WITH noted AS (DELETE FROM reporting_changedmonth WHERE month = %(month)s),
replaced AS (DELETE FROM reporting_deliveredmonth WHERE month = %(month)s)
INSERT INTO reporting_deliveredmonth (month, {BY}, count, first_date, last_date, amount)
SELECT %(month)s, lines.*
FROM ({
    LINES.format(starts="%(month)s::date", ends="(%(month)s::date + interval '1 month - 1 day')::date")
}) AS lines
"""  # noqa: S608, all parts are constants


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
        cursor.execute(SUM_UP, {"month": month})
