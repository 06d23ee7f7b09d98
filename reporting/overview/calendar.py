"""The choice of year, and the months of one."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import reader
from core.components import Link, Month
from core.money import ZERO
from organizations.models import User
from reporting.effects import MonthAmounts
from reporting.saved_months import counted_years
from reporting.selection import Selection, reach

YEARS_SHOWN = 5
THOUSANDS_FROM = Decimal(20_000)


def years(user: User, *, today: date) -> list[int]:
    """
    The latest years that anything is planned or counted in, oldest first, through this year; at most three queries.

    What is planned for the next year is this one's overhang until then.
    """
    available_years = {today.year, *(year for year in counted_years(reach(user, today)) if year < today.year)}
    return sorted(available_years)[-YEARS_SHOWN:]


def year_links(available_years: Sequence[int], selection: Selection, split: str) -> list[Link]:
    """The choice of year."""
    return [
        Link(str(year), f"?ar={year}" + (f"&per={split}" if split else ""), is_current=year == selection.year)
        for year in available_years
    ]


def columns(year: Sequence[MonthAmounts]) -> tuple[list[Month], str]:
    """Draw the months, in thousands where they are large; the unit in words beside them."""
    largest = max((max(abs(month.plan), abs(month.realised or ZERO)) for month in year), default=ZERO)
    divisor, unit = (
        (Decimal(1000), _("Tusen kronor")) if largest >= THOUSANDS_FROM else (Decimal(1), _("Kronor"))
    )
    return [
        Month(
            reader.short_month(month.month),
            month.realised / divisor if month.realised is not None and month.lines else None,
            month.plan / divisor,
        )
        for month in year
    ], unit
