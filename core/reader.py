"""
Write for whoever reads now: ``core.formatting`` and ``core.units`` in the reader's language.

What makes files for others, such as the documents of an order, passes the language itself.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from core import formatting, units
from core.languages import current_language

P = ParamSpec("P")


def _localized(write: Callable[P, str]) -> Callable[P, str]:
    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> str:
        kwargs.setdefault("language", current_language())
        return write(*args, **kwargs)

    return written


counted = _localized(units.quantity_text)
unit_word = _localized(units.unit_word)
day = _localized(formatting.day)
in_words = _localized(formatting.in_words)
kr = _localized(formatting.kr)
long_day = _localized(formatting.long_day)
moment = _localized(formatting.moment)
month = _localized(formatting.month)
msek = _localized(formatting.msek)
number = _localized(formatting.number)
percent = _localized(formatting.percent)
quantity = _localized(formatting.quantity)
share = _localized(formatting.share)
short_day = _localized(formatting.short_day)
short_month = _localized(formatting.short_month)
through = _localized(formatting.through)
typed = _localized(formatting.number_as_typed)
unit_price = _localized(formatting.unit_price)
weekday_day = _localized(formatting.weekday_day)
