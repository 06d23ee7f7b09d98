"""
Article numbers of GS1 as people type and scan them (pure).

A GTIN has 8, 12, 13 or 14 digits; the shorter ones are the longer with leading zeros left out (GS1 General
Specifications, 3.3). On a label it follows the application identifier 01: ``(01)09521000000018(17)261231``, which a
scanner writes without parentheses, after a symbology mark such as ``]d2``.
"""

import re

LENGTHS = (8, 12, 13, 14)

_ELEMENT = re.compile(
    r"^(?:\][a-z][0-9])?\s*(?:\(01\)\s*([0-9]{14})(?![0-9])|01([0-9]{14})(?:\D|1[0-9]|2[0-9]|3[0-9]|$))",
    re.IGNORECASE,
)
_SPACED = re.compile(r"[0-9]+(?:[ -][0-9]+)+")


def with_gtin(text: str) -> str:
    """The text with a scanned label, or a GTIN written in groups, replaced by the digits of its GTIN."""
    typed = text.strip()
    found = _ELEMENT.match(typed)
    digits = (found[1] or found[2]) if found else ""
    if not digits and _SPACED.fullmatch(typed):
        digits = re.sub(r"[ -]", "", typed)
    return digits if is_gtin(digits) else text


def forms(digits: str) -> list[str]:
    """Every way in which the same GTIN may be kept; nothing for what is none."""
    bare = digits.lstrip("0")
    if not (is_gtin(digits) or (len(digits) > max(LENGTHS) and is_gtin(bare.zfill(14)))):
        return []
    return [bare.zfill(length) for length in LENGTHS if len(bare) <= length]


def is_gtin(digits: str) -> bool:
    """Whether the digits have the length and the check digit of a GTIN."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) in LENGTHS):
        return False
    weights = (3, 1) * 7
    total = sum(int(digit) * weight for digit, weight in zip(reversed(digits[:-1]), weights, strict=False))
    return (10 - total % 10) % 10 == int(digits[-1])
