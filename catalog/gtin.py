"""
Article numbers of GS1 as people type and scan them (pure).

A GTIN has 8, 12, 13 or 14 digits; the shorter ones are the longer with leading zeros left out (GS1 General
Specifications, 3.3). On a label it follows the application identifier 01, before or after others:
``(17)261231(01)09521000000018``. A scanner writes that without parentheses, after a symbology mark such as ``]d2``, with
FNC1 (the character 29) after what has no length of its own. A web address of GS1 (Digital Link) has it after ``/01/``.
"""

import re

LENGTHS = (8, 12, 13, 14)
FNC1 = "\x1d"

_MARK = re.compile(r"^\][a-z][0-9]", re.IGNORECASE)
_ELEMENT = re.compile(r"^01([0-9]{14})(?:\D|1[0-9]|2[0-9]|3[0-9]|$)")
_WRITTEN = re.compile(r"\(([0-9]{2,4})\)\s*([^()\s]+)\s*")
_ADDRESS = re.compile(r"^https?://\S+?/01/([0-9]{8,14})(?:[/?#]|$)", re.IGNORECASE)
_SPACED = re.compile(r"[0-9]+(?:[ -][0-9]+)+")
_FIXED = {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16} | {
    **{str(number): 8 for number in range(11, 20)},
    **{str(number): 10 for number in range(31, 37)},
}
"""How long an element is that has a length of its own, identifier and all, by its first two digits (7.8.5, table 7-2)."""


def with_gtin(text: str) -> str:
    """The text with a scanned label, or a GTIN written in groups, replaced by the digits of its GTIN."""
    code = text.strip()
    digits = _gtin_on_label(_MARK.sub("", code).strip())
    if not digits and _SPACED.fullmatch(code):
        digits = re.sub(r"[ -]", "", code)
    return digits if is_gtin(digits) else text


def forms(digits: str) -> list[str]:
    """Every way in which the same GTIN may be kept; nothing for what is none."""
    short = bare(digits)
    if not (is_gtin(digits) or (len(digits) > max(LENGTHS) and is_gtin(short.zfill(14)))):
        return []
    return [short.zfill(length) for length in LENGTHS if len(short) <= length]


def bare(digits: str) -> str:
    """The digits without zeros before them, as the same GTIN is compared."""
    return digits.lstrip("0")


def is_gtin(digits: str) -> bool:
    """Whether the digits have the length and the check digit of a GTIN."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) in LENGTHS):
        return False
    return _check_digit(digits[:-1]) == digits[-1]


def packed_in(digits: str) -> str:
    """
    The GTIN of what a pack of a higher level holds, where that is told by its first digit; nothing otherwise.

    A GTIN of 14 digits that begins with 1 to 8 is of a pack of the same item, whose own twelve digits follow; 9 is of
    goods that are weighed (GS1 General Specifications, 2.1.6).
    """
    if len(digits) != max(LENGTHS) or digits[0] in "09" or not is_gtin(digits):
        return ""
    return digits[1:13] + _check_digit(digits[1:13])


def _check_digit(digits: str) -> str:
    weights = (3, 1) * 7
    total = sum(int(digit) * weight for digit, weight in zip(reversed(digits), weights, strict=False))
    return str((10 - total % 10) % 10)


def _gtin_on_label(label: str) -> str:
    """What stands as GTIN on a label without its symbology mark, if anything does."""
    if address := _ADDRESS.match(label):
        return address[1]
    if _WRITTEN.match(label):
        digits: str = dict(_WRITTEN.findall(label)).get("01", "")
        return digits if len(digits) == max(LENGTHS) else ""
    if element := _ELEMENT.match(label):
        return element[1]
    return _gtin_in_elements(label)


def _gtin_in_elements(label: str) -> str:
    """The GTIN of a string of elements without parentheses, each as long as its identifier says or ended by FNC1."""
    rest = label.lstrip(FNC1)
    while rest and rest.isascii() and rest[:2].isdecimal():
        length = _FIXED.get(rest[:2])
        if rest.startswith("01"):
            return rest[2:16]
        if length is None:
            _element, _end, rest = rest.partition(FNC1)
        elif len(rest) < length:
            return ""
        else:
            rest = rest[length:].lstrip(FNC1)
    return ""
