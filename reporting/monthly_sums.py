"""
Sums over lines, from what is kept of whole months and of single days, and from the lines of the other days.

A month that the period takes a part of, and one that something has come to since it was summed up (``ChangedMonth``), is asked
of its days, and a day that something has come to of its lines; so a sum is always that of the lines, whenever months were last
summed up (``operations/months.py``), and what it costs grows with the lines of the days that have changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from agreements.states import SIGNED

DAYS = {"count": "count(*)", "first_date": "min(delivered_date)", "last_date": "max(delivered_date)"}
"""What is kept of each sum beside it."""
EVERY = {"signed": [status.value for status in SIGNED], "item": None, "department": None}
"""What the lines are limited to, as facts of a statement, when all of them are summed up."""


@dataclass(frozen=True, slots=True)
class MonthlySums:
    """
    Sums of lines that a table keeps by month and by day.

    :param by: the columns that lines are summed by.
    :param lines: the statement that gives them of the lines themselves, those of one ``{day}``, with their ``delivered_date``.
    :param sums: what is summed, each column with the expression that sums it up.
    :param whole: what must hold, beside, for what is kept to speak of what is asked for.
    :param made_of: sums of the same lines that tell more apart, which these are made of when days are summed up.
    """

    table: str
    by: str
    lines: str
    sums: Mapping[str, str] = field(default_factory=lambda: {"amount": "sum(amount)"})
    whole: str = "true"
    made_of: "MonthlySums | None" = None

    @property
    def columns(self) -> str:
        """The columns of the table beside the month and the day."""
        return ", ".join((self.by, *DAYS, *self.sums))

    @property
    def summed(self) -> str:
        """The same, of rows of the table or of one that it is made of, grouped by the columns that lines are summed by."""
        sums = {"count": "sum(count)", "first_date": "min(first_date)", "last_date": "max(last_date)"} | {
            name: f"sum({name})" for name in self.sums
        }
        return ", ".join((self.by, *sums.values()))

    def of_each_day(self, days: str) -> str:
        """The statement that sums up the lines of each ``day`` of a table by themselves: the day, and the columns of the table."""
        sums = ", ".join(f"{expression} AS {name}" for name, expression in (DAYS | dict(self.sums)).items())
        lines = (
            f"SELECT {self.by}, {sums} FROM ({self.lines.format(day='each.day')}) AS lines GROUP BY {self.by}"  # noqa: S608
        )
        return f"SELECT each.day, lines.* FROM {days} AS each CROSS JOIN LATERAL ({lines}) AS lines"  # noqa: S608

    def parts(self, of: str = "") -> str:
        """
        The beginning of a statement: ``parts``, whose sums make up those from ``%(starts)s`` through ``%(ends)s``.

        No part is of several months, so its ``first_date`` tells which month it is of. With ``of``, the names of all that it
        has begin so: ``before_parts`` through ``%(before_ends)s``.
        """
        starts, ends = f"%({of}starts)s::date", f"%({of}ends)s::date"
        return f"""
{of}each_month AS (
    SELECT month::date AS month, (month + interval '1 month - 1 day')::date AS last_day
    FROM generate_series(date_trunc('month', {starts}), {ends}::timestamp, '1 month') AS month
), {of}whole_month AS MATERIALIZED (
    SELECT month FROM {of}each_month AS every
    WHERE month >= {starts} AND {self.whole}
      AND NOT EXISTS (SELECT FROM reporting_changedmonth changed WHERE changed.month = every.month)
      AND (last_day <= {ends} OR NOT EXISTS (
          SELECT FROM {self.table} kept WHERE kept.day IS NULL AND kept.month = every.month AND kept.last_date > {ends}
      ))
), {of}rest_day AS MATERIALIZED (
    SELECT day::date AS day, NOT ({self.whole}) OR EXISTS (
        SELECT FROM reporting_changedmonth changed
        WHERE changed.month = every.month AND (changed.day IS NULL OR changed.day = every_day.day::date)
    ) AS is_changed
    FROM {of}each_month AS every
    CROSS JOIN generate_series(greatest(month, {starts}), least(last_day, {ends}), interval '1 day') AS every_day (day)
    WHERE month NOT IN (SELECT month FROM {of}whole_month)
), {of}parts AS (
    SELECT {self.columns} FROM {self.table} WHERE day IS NULL AND month = ANY(ARRAY(SELECT month FROM {of}whole_month))
    UNION ALL
    SELECT {self.columns} FROM {self.table} WHERE day = ANY(ARRAY(SELECT day FROM {of}rest_day WHERE NOT is_changed))
    UNION ALL
    SELECT {self.columns} FROM ({self.of_each_day(f"(SELECT day FROM {of}rest_day WHERE is_changed)")}) AS of_lines
)"""  # noqa: S608, all parts are constants
