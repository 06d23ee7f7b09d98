"""Filters that write numbers, money and time for a reader: see ``core.formatting``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.template.defaultfilters import stringfilter
from django.utils import timezone
from django.utils.html import format_html

from core import formatting
from core.hyphens import softened
from core.languages import current_language

register = template.Library()


def _number(value: Any) -> Decimal | None:
    """Read what a template holds as a number; nothing, or something else, is no number."""
    if value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return value
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


def _filter(name: str, write: Callable[[Decimal | None], str]) -> None:
    """Register a filter of one number."""

    def apply(value: Any) -> str:
        return write(_number(value))

    register.filter(name, apply)


_filter("kr", lambda value: formatting.kr(value, language=current_language()))
_filter("kr_number", lambda value: formatting.number(value, 2, language=current_language()))
_filter("kr_whole", lambda value: formatting.kr(value, 0, language=current_language()))
_filter("whole", lambda value: formatting.number(value, language=current_language()))
_filter("signed_kr", lambda value: formatting.kr(value, language=current_language(), signed=True))
_filter("signed_whole", lambda value: formatting.number(value, language=current_language(), signed=True))
_filter("msek", lambda value: formatting.msek(value, language=current_language()))
_filter("thousands", lambda value: formatting.thousands(value, language=current_language()))
_filter("quantity", lambda value: formatting.quantity(value, language=current_language()))
_filter("unit_price", lambda value: formatting.unit_price(value, language=current_language()))


@register.filter
def number(value: Any, decimals: int = 0) -> str:
    """Write a number with so many decimals."""
    return formatting.number(_number(value), int(decimals), language=current_language())


@register.filter
def percent(value: Any, decimals: int | None = None) -> str:
    """Write a percentage, the value being in percent."""
    return formatting.percent(_number(value), decimals, language=current_language())


@register.filter
def signed_percent(value: Any, decimals: int | None = None) -> str:
    """Write a change in percent with its sign."""
    return formatting.percent(_number(value), decimals, language=current_language(), signed=True)


@register.filter
def share(value: Any, decimals: int | None = None) -> str:
    """Write a fraction of one as a percentage."""
    return formatting.share(_number(value), decimals, language=current_language())


@register.filter
def day(value: Any) -> str:
    """Write a date as a person says it: "i dag", "tis 25 maj"."""
    return formatting.day(_date(value), timezone.localdate(), language=current_language())


@register.filter
def weekday_day(value: Any) -> str:
    """Write a date with its weekday."""
    return formatting.weekday_day(_date(value), timezone.localdate(), language=current_language())


@register.filter
def short_day(value: Any) -> str:
    """Write a date without its weekday."""
    return formatting.short_day(_date(value), timezone.localdate(), language=current_language())


@register.filter
def through(value: Any) -> str:
    """Write how long something lasts: "till och med 24 maj", or "tills vidare"."""
    return formatting.through(_date(value), timezone.localdate(), language=current_language())


@register.filter
def long_day(value: Any) -> str:
    """Write a date in full."""
    return formatting.long_day(_date(value), language=current_language())


@register.filter
def moment(value: Any) -> str:
    """Write a moment as a person says it: "i dag kl. 08.40"."""
    if not isinstance(value, datetime):
        return day(value)
    return formatting.moment(
        value, timezone.now(), timezone.get_current_timezone(), language=current_language()
    )


@register.filter
def clock(value: Any) -> str:
    """Write the time of day: "08.40"."""
    if not isinstance(value, datetime):
        return formatting.NOTHING
    return formatting.clock(value, timezone.get_current_timezone())


@register.filter
def second(value: datetime) -> str:
    """Write a moment to the second: "2021-05-25 08.40.00"."""
    return formatting.second(value, timezone.get_current_timezone())


@register.filter
def iso(value: Any) -> str:
    """Write a date as it is typed, as an element that never breaks across lines: ``date:"Y-m-d"`` in an attribute."""
    day = _date(value)
    return formatting.NOTHING if day is None else format_html("<time>{}</time>", formatting.iso(day))


@register.filter
def month(value: Any) -> str:
    """Write a month: "maj 2021"."""
    return formatting.month(_date(value), language=current_language())


@register.filter
def order_number(value: Any) -> str:
    """Write an order number so that it never breaks across lines."""
    return formatting.order_number(value)


@register.filter
def in_words(value: Any) -> str:
    """Write a small whole number as a word; ``{{ n|in_words|capfirst }}`` first in a sentence."""
    return formatting.in_words(int(value or 0), language=current_language())


@register.filter
@stringfilter
def soften(value: str) -> str:
    """Let long words break where a column is narrow."""
    return softened(value, language=current_language())


@register.filter
def file_size(value: Any) -> str:
    """Write a number of bytes."""
    return formatting.file_size(value, language=current_language())


@register.filter
def initials(value: Any) -> str:
    """Take the initials of a name."""
    return formatting.initials(str(value))


@register.filter
def count_of(value: Any, words: str) -> str:
    """Write a number with its word: ``{{ 23|count_of:"rad,rader" }}``."""
    one, _, many = words.partition(",")
    return f"{formatting.quantity(_number(value), language=current_language())}{formatting.NBSP}{one if value == 1 else many}"
