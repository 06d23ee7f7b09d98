"""
Read a day that a person or a program has written, or refuse it (pure): 2026-11-25, 25.11.2026, 25 nov 2026, 20261125.

A time of day after a day that begins with its year, as databases write it, is left out, as it is of a workbook's moment.
"""

import re
from datetime import date

from registers.unreadable import AmbiguousDay, NotADay

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?|(\d{4})(\d{2})(\d{2})")
_PARTED = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4}|\d{2})")
_NAMED = re.compile(r"(\d{1,2})[. -]*([a-zåäö]{3,9})\.?[ -]*(\d{4}|\d{2})")
_MONTHS = (
    "januari january", "februari february", "mars march", "april", "maj may", "juni june", "juli july",
    "augusti august", "september", "oktober october", "november", "december",
)  # fmt: skip
"""What the months are called in both languages; three letters or more of a name are enough."""
_LONGEST = 40


def day_in(text: str, *, order: str = "") -> date:
    """
    Read a day.

    :param order: ``dmy`` or ``mdy``, where somebody has said what stands first.
    :raises AmbiguousDay: it is two different days.
    :raises NotADay: it is none.
    """
    try:
        if iso := _ISO.fullmatch(text):
            year, month, day = (part for part in iso.groups() if part is not None)
            return date(int(year), int(month), int(day))
        if parted := _PARTED.fullmatch(text):
            return _ordered(*parted.groups(), order=order, text=text)
        if match := _NAMED.fullmatch(text.lower()):
            return date(_year(match[3]), _month(match[2]), int(match[1]))
    except ValueError:
        pass
    raise NotADay(value=text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")


def _ordered(first: str, second: str, digits: str, *, order: str, text: str) -> date:
    """
    A day whose parts stand in an order that only the numbers tell, or the one who handed it in.

    Where two digits are the year, the first ones may be it too, so it must be said.
    """
    one, two, year = int(first), int(second), _year(digits)
    is_clear = len(digits) == 4 and (one == two or one > 12 or two > 12)
    if not order and not is_clear:
        raise AmbiguousDay(value=text)
    is_day_first = order == "dmy" if order else one > 12 or one == two
    return date(year, two, one) if is_day_first else date(year, one, two)


def _year(digits: str) -> int:
    """A year; two digits stand for 1970–2069."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


def _month(name: str) -> int:
    """
    The number of a month.

    :raises ValueError: there is none such.
    """
    for number, names in enumerate(_MONTHS, start=1):
        if any(each.startswith(name) for each in names.split()):
            return number
    raise ValueError(name)
