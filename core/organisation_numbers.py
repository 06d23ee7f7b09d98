"""Organisation numbers (organisationsnummer), as people write them; those of other countries as they are written there."""

import re

LONGEST = 20
"""Characters of the longest, which are of other countries."""

_SWEDISH = re.compile(r"(?:16)?(\d{6})-?(\d{4})")
_VAT = re.compile(r"SE(\d{6})(\d{4})01")
_FOREIGN = re.compile(r"(?!SE)(?=(?:\D*\d){4})[A-Z]{2}[A-Z0-9]{4,18}")
"""Another country's code and at least four digits, so that no name is taken for a number."""


def normalised(text: str) -> str:
    """
    Write an organisation number in its one form: ``556016-0680``, or ``DE811907980`` where it begins with another country's code.

    :raises ValueError: it is none, or its last digit does not follow from the others.
    """
    cleaned = re.sub(r"[\s.]", "", text.upper().replace("–", "-"))
    if match := _SWEDISH.fullmatch(cleaned) or _VAT.fullmatch(cleaned):
        number = "".join(match.groups())
        if check_digit(number[:-1]) != int(number[-1]):
            raise ValueError(text)
        return f"{number[:6]}-{number[6:]}"
    foreign = cleaned.replace("-", "")
    if _FOREIGN.fullmatch(foreign):
        return foreign
    raise ValueError(text)


def check_digit(digits: str) -> int:
    """The digit that is to follow these, by the formula of Luhn (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -sum(value // 10 + value % 10 for value in doubled) % 10
