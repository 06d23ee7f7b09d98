"""
Sums over lines, from what is kept of whole months and from the lines of the others.

A month that has changed since it was summed up (``ChangedMonth``), and one that the period takes a part of, is asked of
its lines; so a sum is always that of the lines, whenever months were last summed up (``operations/months.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agreements.states import SIGNED

DAYS = {"count": "count(*)", "first_date": "min(delivered_date)", "last_date": "max(delivered_date)"}
"""What is kept of each sum beside it."""
EVERY = {"signed": [status.value for status in SIGNED], "item": None, "department": None}
"""What the lines are limited to, as facts of a statement, when all of them are summed up."""


@dataclass(frozen=True, slots=True)
class KeptMonths:
    """
    Sums of lines that a table keeps by month.

    :param by: the columns that lines are summed by.
    :param lines: the statement that gives them of the lines themselves, with their ``delivered_date``, from ``{starts}`` through
        ``{ends}``.
    :param sums: what is summed, each column with the expression that sums it up.
    :param whole: what must hold, beside, for a kept month to speak of what is asked for.
    """

    table: str
    by: str
    lines: str
    sums: Mapping[str, str] = field(default_factory=lambda: {"amount": "sum(amount)"})
    whole: str = "true"

    @property
    def columns(self) -> str:
        """The columns of the table beside the month."""
        return ", ".join((self.by, *DAYS, *self.sums))

    def of_lines(self, *, starts: str, ends: str) -> str:
        """The statement that sums up the lines from one day through another, in the columns of the table."""
        sums = ", ".join(f"{expression} AS {name}" for name, expression in (DAYS | dict(self.sums)).items())
        return f"SELECT {self.by}, {sums} FROM ({self.lines.format(starts=starts, ends=ends)}) AS lines GROUP BY {self.by}"  # noqa: S608

    def parts(self, of: str = "") -> str:
        """
        The beginning of a statement: ``parts``, whose sums make up those from ``%(starts)s`` through ``%(ends)s``.

        No part is of several months, so its ``first_date`` tells which month it is of. With ``of``, the names of all that it
        has begin so: ``before_parts`` through ``%(before_ends)s``.
        """
        starts, ends = f"%({of}starts)s::date", f"%({of}ends)s::date"
        lines = self.of_lines(starts=f"greatest(rest.month, {starts})", ends=f"least(rest.last_day, {ends})")
        return f"""
{of}each_month AS (
    SELECT month::date AS month, (month + interval '1 month - 1 day')::date AS last_day
    FROM generate_series(date_trunc('month', {starts}), {ends}::timestamp, '1 month') AS month
), {of}whole_month AS MATERIALIZED (
    SELECT month FROM {of}each_month AS every
    WHERE month >= {starts} AND {self.whole}
      AND NOT EXISTS (SELECT FROM reporting_changedmonth changed WHERE changed.month = every.month)
      AND (last_day <= {ends} OR NOT EXISTS (
          SELECT FROM {self.table} kept WHERE kept.month = every.month AND kept.last_date > {ends}
      ))
), {of}parts AS (
    SELECT {self.columns} FROM {self.table} WHERE month = ANY(ARRAY(SELECT month FROM {of}whole_month))
    UNION ALL
    SELECT lines.*
    FROM (SELECT * FROM {of}each_month WHERE month NOT IN (SELECT month FROM {of}whole_month)) AS rest
    CROSS JOIN LATERAL ({lines}) AS lines
)"""  # noqa: S608, all parts are constants
