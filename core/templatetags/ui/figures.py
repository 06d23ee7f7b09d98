"""Figures drawn: bars, prices over time, months, measures, agreements on an axis."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from core import charts, formatting
from core.components import Measure, Month, Term
from core.languages import current_language

register = template.Library()


@register.inclusion_tag("components/bar.html")
def bar(
    percent: Decimal | float,
    text: str = "",
    label: str = "",
    tone: str = "",
    runs_out: bool = False,
    show_percent: bool = True,
    word: str = "",
) -> dict[str, Any]:
    """Draw how much of a ceiling is used, with marks at 70, 85 and 95 per cent."""
    share = percent or 0
    percent_text = formatting.percent(share, language=current_language())
    return {
        "label": label,
        "word": word,
        "spoken": _("%(percent)s använt") % {"percent": percent_text},
        "percent": percent_text if show_percent else "",
        "text": text,
        "tone": tone or charts.ceiling_tone(share, runs_out=runs_out),
        "width": charts.position(share, 100),
        "ticks": [f"{tick}%" for tick in charts.CEILING_TICKS],
    }


@register.inclusion_tag("components/meter.html")
def meter(
    value: Decimal | float, total: Decimal | float = 100, tone: str = "blue", label: str = ""
) -> dict[str, Any]:
    """Draw a plain bar: how much of something."""
    ratio = Decimal(str(value or 0)) / Decimal(str(total)) * 100 if total else Decimal(0)
    return {
        "width": charts.position(value or 0, total),
        "tone": tone,
        "label": label or formatting.percent(ratio, 0, language=current_language()),
    }


@register.inclusion_tag("components/sparkline.html")
def sparkline(
    prices: Sequence[Decimal | float],
    agreement: Decimal | float | None = None,
    tone: str = "",
    label: str = "",
) -> dict[str, Any]:
    """Draw how a price has moved, in steps, with the agreement's price dotted."""
    chart = charts.sparkline(prices, agreement)
    if not label and prices:
        label = _("Priset har gått från %(first)s till %(last)s") % {
            "first": formatting.unit_price(prices[0], language=current_language()),
            "last": formatting.unit_price(prices[-1], language=current_language()),
        }
    return {"drawn": chart, "tone": tone or chart.tone, "label": label}


@register.inclusion_tag("components/month_columns.html")
def month_columns(months: Sequence[Month], unit: str = "") -> dict[str, Any]:
    """Draw a year of months: realised solid, plan dashed, and the figures in words."""
    actual_months = [month for month in months if month.value is not None]
    return {
        "columns": charts.columns(months),
        "unit": unit,
        "said": actual_months,
        "labels": [m.label for m in months],
    }


@register.inclusion_tag("components/ladder.html")
def ladder(measures: Sequence[Measure]) -> dict[str, Any]:
    """Draw the three measures of saving as a ladder on one scale."""
    return {"rungs": charts.ladder(measures)}


@register.inclusion_tag("components/growth.html")
def growth(
    actual: Sequence[Decimal | float],
    plan: Sequence[Decimal | float] = (),
    label: str = "",
    actual_label: str = "",
    plan_label: str = "",
    labels: Sequence[str] = (),
) -> dict[str, Any]:
    """Draw a cumulative year: what has come home as a line, the plan dashed."""
    names = labels or [
        formatting.short_month(number, language=current_language()) for number in (1, 4, 8, 12)
    ]
    return {
        "drawn": charts.growth(actual, plan),
        "label": label,
        "actual_label": actual_label,
        "plan_label": plan_label,
        "labels": names,
    }


@register.inclusion_tag("components/price_steps.html")
def price_steps(
    prices: Sequence[tuple[date, date | None, Decimal]], today: date, title: str, name: str = "price-history"
) -> dict[str, Any]:
    """
    Draw what something has cost, with today marked; the same in words as its description.

    :param prices: first day, last day (None until further notice) and price, the earliest first.
    """
    language = current_language()
    starts = prices[0][0]
    latest = max(begins for begins, _through, _price in prices)
    ends = max(today, latest) + timedelta(days=60 if latest > today else 0)
    periods = [
        (begins, ends if through is None else min(through + timedelta(days=1), ends), price)
        for begins, through, price in prices
    ]
    phrases = [
        _("%(price)s från %(day)s")
        % {
            "price": formatting.unit_price(price, language=language),
            "day": begins.isoformat(),
        }
        for begins, _through, price in prices
    ]
    return {
        "drawn": charts.steps(periods, starts=starts, ends=ends, today=today),
        "title": title,
        "name": name,
        "label": ", ".join(phrases) + ".",
        "labels": [starts.isoformat(), ends.isoformat()],
    }


@register.inclusion_tag("components/runway.html")
def runway(terms: Sequence[Term], start: date, end: date, today: date, caption: str = "") -> dict[str, Any]:
    """Draw when agreements end and when the next procurement has to start."""
    return {"drawn": charts.runway(terms, starts=start, ends=end, today=today), "caption": caption}
