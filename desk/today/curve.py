"""Whether the saving of the year has come home: a curve against the plan, with the same figures in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from categories.models import Category
from core import reader
from core.money import ZERO
from desk.today.words import month_name
from reporting.effects import months

MILLIONS_FROM = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Curve:
    """The year so far and its plan, both cumulative, month by month; ``figure`` and ``text`` say it in words."""

    actual: tuple[Decimal, ...]
    plan: tuple[Decimal, ...]
    url: str
    figure: str = ""
    text: str = ""
    actual_label: str = ""
    plan_label: str = ""

    @property
    def label(self) -> str:
        """The picture in words."""
        return f"{self.figure} {self.text} {self.plan_label}."

    @property
    def is_empty(self) -> bool:
        """Whether nothing is planned and nothing has come."""
        return not any(self.plan) and not any(self.actual)


def curve_of(categories: Sequence[Category] | None, day: date, tree: Sequence[Category]) -> Curve:
    """
    Draw the year of the categories and all that lies below them in the tree, or of the whole region for None.

    Through the last month that has ended, so that plan and outcome speak of the same months; in January through today.
    """
    through = day if day.month == 1 else day.replace(day=1) - timedelta(days=1)
    within = None
    if categories is not None:
        tops = {category.pk for category in categories}
        within = [category.pk for category in tree if tops.intersection(category.lineage)]
    year = months(year=day.year, through=through, categories=within)
    actual = tuple(accumulate(month.realised for month in year if month.realised is not None))
    plan = tuple(accumulate(month.plan for month in year))
    query = {"ar": str(day.year), "till": through.isoformat()}
    if categories is not None and len(categories) == 1:
        query["kategori"] = categories[0].code
    url = f"{reverse('reporting:savings')}?{urlencode(query)}"
    so_far, planned, whole = actual[-1], plan[len(actual) - 1], plan[-1]
    in_millions = max(abs(so_far), abs(whole)) >= MILLIONS_FROM
    until = reader.short_day(day) if day.month == 1 else month_name(through)
    is_known = any(month.lines for month in year)
    words = (
        _("har kommit hem till och med %(until)s. Planen är %(plan)s.")
        if so_far >= ZERO
        else _("dyrare till och med %(until)s. Planen är %(plan)s.")
    )
    if not is_known:
        words = _("om vad som har kommit hem till och med %(until)s. Planen är %(plan)s.")
    return Curve(
        actual=actual,
        plan=plan,
        url=url,
        figure=_amount(abs(so_far), in_millions) if is_known else _("Inget är känt"),
        text=words % {"until": until, "plan": _amount(planned, in_millions)},
        actual_label=_("%(amount)s hittills") % {"amount": _amount(so_far, in_millions)},
        plan_label=_("Plan hela året %(amount)s") % {"amount": _amount(whole, in_millions)},
    )


def _amount(amount: Decimal, in_millions: bool) -> str:
    """Write an amount as millions where the year is of that size, else as whole kronor."""
    if in_millions:
        return reader.msek(amount)
    return reader.kr(amount, 0)
