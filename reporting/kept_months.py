"""
Sums over lines, from what is kept of whole months and from the lines of the others.

A month that has changed since it was summed up (``ChangedMonth``), and one that the period takes a part of, is asked of
its lines; so a sum is always that of the lines, whenever months were last summed up (``operations/months.py``).
"""

from dataclasses import dataclass

SUMS = "count, first_date, last_date, amount"


@dataclass(frozen=True, slots=True)
class KeptMonths:
    """
    Sums of lines that a table keeps by month.

    :param by: the columns that lines are summed by.
    :param lines: the statement that gives them of the lines themselves, with their ``delivered_date`` and ``amount``, from
        ``{starts}`` through ``{ends}``.
    :param whole: what must hold, beside, for a kept month to speak of what is asked for.
    """

    table: str
    by: str
    lines: str
    whole: str = "true"

    def of_lines(self, *, starts: str, ends: str) -> str:
        """The statement that sums up the lines from one day through another, in the columns of the table."""
        lines = self.lines.format(starts=starts, ends=ends)
        return f"""
SELECT {self.by}, count(*) AS count, min(delivered_date) AS first_date, max(delivered_date) AS last_date, sum(amount) AS amount
FROM ({lines}) AS lines
GROUP BY {self.by}
"""  # noqa: S608, all parts are constants

    @property
    def parts(self) -> str:
        """
        The beginning of a statement: ``parts``, whose sums make up those from ``%(starts)s`` through ``%(ends)s``.

        No part is of several months, so its ``first_date`` tells which month it is of.
        """
        return f"""
each_month AS (
    SELECT month::date AS month, (month + interval '1 month - 1 day')::date AS last_day
    FROM generate_series(date_trunc('month', %(starts)s::date), %(ends)s::date::timestamp, '1 month') AS month
), whole_month AS MATERIALIZED (
    SELECT month FROM each_month
    WHERE month >= %(starts)s AND {self.whole}
      AND NOT EXISTS (SELECT FROM reporting_changedmonth changed WHERE changed.month = each_month.month)
      AND (last_day <= %(ends)s OR NOT EXISTS (
          SELECT FROM {self.table} kept WHERE kept.month = each_month.month AND kept.last_date > %(ends)s
      ))
), parts AS (
    SELECT {self.by}, {SUMS}
    FROM {self.table} WHERE month = ANY(ARRAY(SELECT month FROM whole_month))
    UNION ALL
    SELECT lines.*
    FROM (SELECT * FROM each_month WHERE month NOT IN (SELECT month FROM whole_month)) AS rest
    CROSS JOIN LATERAL ({
            self.of_lines(
                starts="greatest(rest.month, %(starts)s::date)", ends="least(rest.last_day, %(ends)s::date)"
            )
        }) AS lines
)"""  # noqa: S608, all parts are constants
