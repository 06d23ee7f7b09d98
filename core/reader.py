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


def _for_the_reader(write: Callable[P, str]) -> Callable[P, str]:
    @wraps(write)
    def written(*args: P.args, **kwargs: P.kwargs) -> str:
        kwargs.setdefault("language", current_language())
        return write(*args, **kwargs)

    return written


counted = _for_the_reader(units.counted)
unit_word = _for_the_reader(units.unit_word)
day = _for_the_reader(formatting.day)
in_words = _for_the_reader(formatting.in_words)
kr = _for_the_reader(formatting.kr)
long_day = _for_the_reader(formatting.long_day)
moment = _for_the_reader(formatting.moment)
month = _for_the_reader(formatting.month)
msek = _for_the_reader(formatting.msek)
number = _for_the_reader(formatting.number)
percent = _for_the_reader(formatting.percent)
quantity = _for_the_reader(formatting.quantity)
share = _for_the_reader(formatting.share)
short_day = _for_the_reader(formatting.short_day)
short_month = _for_the_reader(formatting.short_month)
through = _for_the_reader(formatting.through)
typed = _for_the_reader(formatting.typed)
unit_price = _for_the_reader(formatting.unit_price)
weekday_day = _for_the_reader(formatting.weekday_day)
