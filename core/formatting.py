"""
Write numbers, money and time the way a Swede reads them (and an Englishman, when asked to).

Pure functions: a value and a language in, text out. Used by the template filters and by the makers of
PDF, Word and Excel, so that a number looks the same wherever it is met.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from core.periods import UNTIL_FURTHER_NOTICE

Number = Decimal | int | float

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
NB_HYPHEN: Final = "\u2011"
NOTHING: Final = "–"

_WEEKDAYS: Final = {
    "sv": ("mån", "tis", "ons", "tor", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_LONG_WEEKDAYS: Final = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_SHORT_MONTHS: Final = {
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_MONTHS: Final = {
    "sv": (
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SMALL_NUMBERS: Final = {
    "sv": ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"),
    "en": (
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
    ),
}
_THROUGH: Final = {"sv": ("till och med", "tills vidare"), "en": ("until", "until further notice")}
_NEAR_DAYS: Final = {
    "sv": {-1: "i\u00a0går", 0: "i\u00a0dag", 1: "i\u00a0morgon"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
}


def _language(language: str) -> str:
    return "en" if language.lower().startswith("en") else "sv"


def _decimal(value: Number) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def number(value: Number | None, decimals: int = 0, *, language: str = "sv", signed: bool = False) -> str:
    """
    Write a number rounded half up to so many decimals: ``−1 234,50``.

    ``signed`` puts a plus before what is above zero.
    """
    if value is None:
        return NOTHING
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):,.{decimals}f}".partition(".")
    if _language(language) == "sv":
        text = whole.replace(",", NBSP) + (f",{fraction}" if fraction else "")
    else:
        text = whole + (f".{fraction}" if fraction else "")
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def kr(
    value: Number | None,
    decimals: int = 2,
    *,
    language: str = "sv",
    signed: bool = False,
) -> str:
    """Write an amount with its unit: ``16 714,00 kr``, in English ``SEK 16,714.00``."""
    if value is None:
        return NOTHING
    text = number(value, decimals, language=language, signed=signed)
    if _language(language) == "sv":
        return f"{text}{NBSP}kr"
    sign = text[0] if text[0] in (MINUS, "+") else ""
    return f"{sign}SEK{NBSP}{text[len(sign) :]}"


def msek(value: Number | None, decimals: int = 1, *, language: str = "sv") -> str:
    """Write kronor as millions: ``13,5 MSEK``, and in English ``SEK 13.5 million``."""
    if value is None:
        return NOTHING
    text = number(_decimal(value) / 1_000_000, decimals, language=language)
    return f"{text}{NBSP}MSEK" if _language(language) == "sv" else f"SEK{NBSP}{text}{NBSP}million"


def thousands(value: Number | None, *, language: str = "sv") -> str:
    """Write kronor as thousands, without a unit: ``1 319`` for 1 318 640."""
    return NOTHING if value is None else number(_decimal(value) / 1000, language=language)


def percent(
    value: Number | None, decimals: int | None = None, *, language: str = "sv", signed: bool = False
) -> str:
    """
    Write a percentage, the value being in percent: ``93,7 %``.

    Without ``decimals`` one is shown when there is one to show.
    """
    if value is None:
        return NOTHING
    if decimals is None:
        tenth = _decimal(value).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        decimals = 0 if tenth == tenth.to_integral_value() else 1
    text = number(value, decimals, language=language, signed=signed)
    return f"{text}{NBSP}%" if _language(language) == "sv" else f"{text}%"


def share(value: Number | None, decimals: int | None = None, *, language: str = "sv") -> str:
    """Write a fraction of one as a percentage: ``93,7 %`` for 0.937."""
    return NOTHING if value is None else percent(_decimal(value) * 100, decimals, language=language)


def quantity(value: Number | None, *, language: str = "sv") -> str:
    """Write a quantity with at most three decimals and no idle zeros: ``20``, ``2,5``."""
    return _trimmed(value, least=0, most=3, language=language)


def unit_price(value: Number | None, *, language: str = "sv") -> str:
    """Write a price per unit with two to four decimals: ``58,00``, ``0,5825``."""
    return _trimmed(value, least=2, most=4, language=language)


def number_as_typed(value: Decimal, *, language: str = "sv") -> str:
    """Write a number as it is typed, all its decimals and no idle zeros: ``1234,5``."""
    digits = f"{value.normalize():f}"
    return digits if _language(language) == "en" else digits.replace(".", ",")


def _trimmed(value: Number | None, *, least: int, most: int, language: str) -> str:
    if value is None:
        return NOTHING
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    decimals = most
    while decimals > least and rounded == rounded.quantize(
        Decimal(1).scaleb(1 - decimals), rounding=ROUND_HALF_UP
    ):
        decimals -= 1
    return number(rounded, decimals, language=language)


def iso(value: date | None) -> str:
    """Write a date as it is typed: ``2021-05-25``."""
    if value is None:
        return NOTHING
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def weekday_day(value: date | None, today: date | None = None, *, language: str = "sv") -> str:
    """Write a date with its weekday: ``tis 25 maj``; the year too when it is not this one."""
    if value is None:
        return NOTHING
    language = _language(language)
    text = f"{_WEEKDAYS[language][value.weekday()]}{NBSP}{value.day}{NBSP}{_SHORT_MONTHS[language][value.month - 1]}"
    if today is not None and today.year != value.year:
        return f"{text}{NBSP}{value.year}"
    return text


def short_day(value: date | None, today: date | None = None, *, language: str = "sv") -> str:
    """Write a date without its weekday: ``25 maj``; the year too when it is not this one."""
    if value is None:
        return NOTHING
    text = f"{value.day}{NBSP}{_SHORT_MONTHS[_language(language)][value.month - 1]}"
    if today is not None and today.year != value.year:
        return f"{text}{NBSP}{value.year}"
    return text


def through(value: date | None, today: date | None = None, *, language: str = "sv") -> str:
    """Write how long something lasts: ``till och med 24 maj``, or ``tills vidare`` when it has no end."""
    if value is None:
        return NOTHING
    lasts, forever = _THROUGH[_language(language)]
    return (
        forever if value == UNTIL_FURTHER_NOTICE else f"{lasts} {short_day(value, today, language=language)}"
    )


def long_day(value: date | None, *, language: str = "sv") -> str:
    """Write a date in full: ``tisdag 18 maj 2021``."""
    if value is None:
        return NOTHING
    language = _language(language)
    weekday, month_name = _LONG_WEEKDAYS[language][value.weekday()], _MONTHS[language][value.month - 1]
    return f"{weekday} {value.day}{NBSP}{month_name} {value.year}"


def day(value: date | None, today: date, *, language: str = "sv") -> str:
    """Write a date as a person says it: ``i dag``, ``i går``, ``tis 25 maj``."""
    if value is None:
        return NOTHING
    day_word = _NEAR_DAYS[_language(language)].get((value - today).days)
    return day_word or weekday_day(value, today, language=language)


def clock(value: datetime | None, zone: tzinfo | None = None) -> str:
    """Write the time of day: ``08.40``."""
    if value is None:
        return NOTHING
    local = value.astimezone(zone) if zone is not None else value
    return f"{local:%H.%M}"


def moment(value: datetime | None, now: datetime, zone: tzinfo | None = None, *, language: str = "sv") -> str:
    """Write a moment as a person says it: ``i dag kl. 08.40``, ``tis 25 maj kl. 08.40``."""
    if value is None:
        return NOTHING
    local = value.astimezone(zone) if zone is not None else value
    local_now = now.astimezone(zone) if zone is not None else now
    date_text = day(local.date(), local_now.date(), language=language)
    if _language(language) == "sv":
        return f"{date_text} kl.{NBSP}{local:%H.%M}"
    return f"{date_text} at{NBSP}{local:%H:%M}"


def second(value: datetime, zone: tzinfo) -> str:
    """Write a moment to the second, ``2021-05-25 08.40.00``; with the offset in the hour that comes twice in autumn."""
    local = value.astimezone(zone)
    text = f"{local:%Y-%m-%d %H.%M.%S}"
    return f"{text} (UTC{hours_from_utc(local)})" if comes_twice(local) else text


def comes_twice(local: datetime) -> bool:
    """Whether the clocks show this time of this day twice, since they are put back."""
    first, again = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    return first is not None and again is not None and first > again


def hours_from_utc(local: datetime) -> str:
    """How far from UTC the clocks are: ``+2``."""
    return f"{(local.utcoffset() or timedelta()) // timedelta(hours=1):+d}"


def month(value: date | None, *, language: str = "sv") -> str:
    """Write a month: ``maj 2021``."""
    if value is None:
        return NOTHING
    return f"{_MONTHS[_language(language)][value.month - 1]}{NBSP}{value.year}"


def short_month(value: int, *, language: str = "sv") -> str:
    """Write the name of a month, 1–12, as on an axis: ``maj``."""
    return _SHORT_MONTHS[_language(language)][value - 1]


def order_number(value: object) -> str:
    """Write a number such as ``2021-04417`` so that it never breaks across lines."""
    return NOTHING if value in (None, "") else str(value).replace("-", NB_HYPHEN)


def in_words(value: int, *, language: str = "sv", neuter: bool = False) -> str:
    """Write a small whole number as a word, as running text wants it: ``tre``; from thirteen in digits."""
    words = _SMALL_NUMBERS[_language(language)]
    if not 0 <= value < len(words):
        return number(value, language=language)
    return "ett" if neuter and value == 1 and _language(language) == "sv" else words[value]


def file_size(value: int | None, *, language: str = "sv") -> str:
    """Write a number of bytes: ``412 kB``, ``2,1 MB``."""
    if value is None:
        return NOTHING
    if value < 1000:
        return f"{value}{NBSP}byte"
    if value < 1_000_000:
        return f"{number(_decimal(value) / 1000, language=language)}{NBSP}kB"
    return f"{number(_decimal(value) / 1_000_000, 1, language=language)}{NBSP}MB"


def initials(name: str) -> str:
    """Take the first letters of the first and the last name: ``EB``."""
    words = name.split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
