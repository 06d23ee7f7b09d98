"""
Read a number that a person has typed, or refuse it; never read it as another number (pure).

In Swedish spaces part the thousands and a comma the decimals: ``1 234,50``. A point may part the thousands when a comma
follows (``1.234,50``), and may stand for the comma when what follows cannot be thousands (``12.50``, ``0.125``).
``12.500`` is either, and is refused. Where commas part both, the last one parts the decimals: ``1,234,50``. In English a comma parts the thousands and a point the decimals: ``1,234.50``.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

LARGEST_ID: Final = 2**63 - 1
MINUS: Final = "\u2212"
KRONOR: Final = ("kronor", "kr.", "kr", "sek", ":-")

_SPACES: Final = re.compile("[ \u00a0\u2009\u2007\u202f]")
_GROUPED_BY_SPACE: Final = r"[0-9]{1,3}(?: [0-9]{3})+"
_SWEDISH: Final = re.compile(
    rf"(?P<whole>{_GROUPED_BY_SPACE}|[0-9]+)(?:,(?P<decimals>[0-9]+))?"
    r"|(?P<pointed>[0-9]{1,3}(?:\.[0-9]{3})+),(?P<after>[0-9]+)"
    r"|(?P<commaed>[0-9]{1,3}(?:,[0-9]{3})+),(?P<cents>[0-9]{1,2})"
    r"|(?P<before>[0-9]+)\.(?P<rest>[0-9]+)"
)
_AMBIGUOUS: Final = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_ENGLISH: Final = re.compile(
    rf"(?P<whole>[0-9]{{1,3}}(?:,[0-9]{{3}})+|{_GROUPED_BY_SPACE}|[0-9]+)(?:\.(?P<decimals>[0-9]+))?"
)


class NotANumber(ValueError):
    """The text is not a number."""


class TwoReadings(NotANumber):
    """The text is one number with thousands and another with decimals; both as people write them."""

    def __init__(self, text: str, *, thousands: str, decimals: str) -> None:
        self.thousands, self.decimals = thousands, decimals
        super().__init__(text)


def parse_number(text: str, *, language: str = "sv", units: Sequence[str] = KRONOR) -> Decimal:
    """
    Read a number as it is written in the language: ``1 234,50 kr``, ``−5``.

    :param units: what may stand before or after the number, in lower case.
    :raises TwoReadings: a Swede may mean thousands or decimals by it.
    :raises NotANumber: it is no number.
    """
    digits, sign = _split_sign(_SPACES.sub(" ", text).strip())
    digits, sign = _split_sign(_without_unit(digits, units), sign)
    if language.lower().startswith("en"):
        match = _ENGLISH.fullmatch(digits)
        if match is None:
            raise NotANumber(text)
        return Decimal(sign + _joined(match["whole"], match["decimals"]))
    if _AMBIGUOUS.fullmatch(digits):
        whole, _point, rest = digits.partition(".")
        raise TwoReadings(text, thousands=f"{whole} {rest}", decimals=f"{whole},{rest.rstrip('0') or '0'}")
    match = _SWEDISH.fullmatch(digits)
    if match is None:
        raise NotANumber(text)
    whole = match["whole"] or match["pointed"] or match["commaed"] or match["before"]
    decimals = match["decimals"] or match["after"] or match["cents"] or match["rest"]
    return Decimal(sign + _joined(whole, decimals))


def whole_number(text: str, *, most: int = LARGEST_ID) -> int | None:
    """Read a whole number from an address or a hidden field: an id, a page; None for anything else or larger."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 19):
        return None
    number = int(text)
    return number if number <= most else None


def _without_unit(text: str, units: Sequence[str]) -> str:
    lowered = text.lower()
    for unit in units:
        if lowered.endswith(unit):
            return text[: -len(unit)].rstrip()
        if unit.isalpha() and lowered.startswith(unit):
            return text[len(unit) :].lstrip()
    return text


def _split_sign(text: str, sign: str = "") -> tuple[str, str]:
    if not sign and text.startswith((MINUS, "-")):
        return text[1:].lstrip(), "-"
    return text, sign


def _joined(whole: str, decimals: str | None) -> str:
    digits = re.sub(r"[ .,]", "", whole)
    return f"{digits}.{decimals}" if decimals else digits
