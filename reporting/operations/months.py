"""Sum up the months that something has come to."""

from datetime import date

from django.db import connection

from core.transactions import operation
from reporting.kept_months import EVERY
from reporting.leakage_cost import LEAKED
from reporting.loyalty import LOYAL
from reporting.models import ChangedMonth
from reporting.months import DELIVERED
from reporting.price_volume_mix import BOUGHT
from reporting.saved_months import SAVED, SAVED_BY_DEPARTMENT, SAVED_BY_INITIATIVE

LOCK = 731_205
"""Two that sum up at the same time would each keep their own sums."""

KEPT = (DELIVERED, SAVED, SAVED_BY_INITIATIVE, SAVED_BY_DEPARTMENT, BOUGHT, LOYAL, LEAKED)

ANEW = """, {table}_away AS (
    DELETE FROM {table} WHERE month = %(month)s
), {table}_anew AS (
    INSERT INTO {table} (month, {columns}) SELECT %(month)s, lines.* FROM ({lines}) AS lines
)"""

# One statement sees one moment: the notes that it takes away are of the lines that it sums.
SUM_UP = "".join(
    (
        "WITH noted AS (DELETE FROM reporting_changedmonth WHERE month = %(month)s)",
        *(
            ANEW.format(
                table=kept.table,
                columns=kept.columns,
                lines=kept.of_lines(
                    starts="%(month)s::date", ends="(%(month)s::date + interval '1 month - 1 day')::date"
                ),
            )
            for kept in KEPT
        ),
        " SELECT",
    )
)


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
