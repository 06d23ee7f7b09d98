"""A column that holds a month, which the model keeps as its first day."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from core.fields import FIRST_YEAR, LAST_YEAR
from registers.cells import Cell, text_of
from registers.days import day_in
from registers.kinds import PLAIN, Conventions, Kind
from registers.unreadable import NotADay, NotAMonth

_YEAR_FIRST = re.compile(r"(\d{4})[-/. ]?M?(\d{1,2})")
_NAMED = re.compile(r"[a-zåäö]{3,9}\.?[ -]*\d{4}")


@dataclass(frozen=True, slots=True)
class Month(Kind):
    """A month of a year."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        """Read a month: 2020-10, 2020M10, okt 2020, or any day of it."""
        if isinstance(cell, date):
            return f"{cell:%Y-%m}"
        text = text_of(cell)
        if not text:
            return ""
        try:
            month = _month_in(text, conventions)
        except (NotADay, ValueError):
            month = date.min
        if not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise NotAMonth(value=text[:40])
        return f"{month:%Y-%m}"

    def current(self, path: str) -> Combinable:
        """What the register holds, as 2020-10."""
        text = Func(F(path), Value("YYYY-MM"), function="to_char", output_field=TextField())
        return Coalesce(text, Value("", output_field=TextField()))

    def stored(self, text: str) -> str:
        """SQL that makes the month's first day of SQL that is plain text."""
        return f"to_date(nullif({text}, ''), 'YYYY-MM')"


def _month_in(text: str, conventions: Conventions) -> date:
    """
    The month that a text tells.

    :raises NotADay: it tells none.
    :raises ValueError: there is no such month.
    """
    if parts := _YEAR_FIRST.fullmatch(text.upper()):
        return date(int(parts[1]), int(parts[2]), 1)
    if _NAMED.fullmatch(text.lower()):
        return day_in(f"1 {text}")
    return day_in(text, order=conventions.day_order)
