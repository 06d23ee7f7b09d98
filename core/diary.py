"""Diary numbers (diarienummer), as people write them: ``RS 2020/653`` or ``RS 1154-2020``."""

import re

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput

_YEAR_FIRST = re.compile(r"([A-ZÅÄÖ]{1,6})\s*(\d{4})/(\d{1,6})")
_YEAR_LAST = re.compile(r"([A-ZÅÄÖ]{1,6})\s*(\d{1,6})-(\d{4})")


def normalised(text: str) -> str:
    """
    Write a diary number in its one form: ``RS 2020/1154``.

    :raises ValueError: it is none.
    """
    cleaned = " ".join(text.upper().split())
    if match := _YEAR_FIRST.fullmatch(cleaned):
        body, year, number = match.groups()
    elif match := _YEAR_LAST.fullmatch(cleaned):
        body, number, year = match.groups()
    else:
        raise ValueError(text)
    return f"{body} {year}/{int(number)}"


def both_notations(text: str) -> str:
    """A diary number in its one form, with the other beside it: ``RS 2020/1154 (RS 1154-2020)``; other text as it is."""
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        return text
    body, year, number = match.groups()
    return f"{text} ({body} {int(number)}-{year})"


def words_of(text: str) -> list[str]:
    """
    The words that somebody searches for, a diary number being one of them, in its one form.

    ``rs 1154-2020 handskar`` is ``RS 2020/1154`` and ``handskar``.
    """
    words, last = [], 0
    for match in _IN_TEXT.finditer(text):
        words += [*text[last : match.start()].split(), normalised(match.group())]
        last = match.end()
    return [*words, *text[last:].split()]


_IN_TEXT = re.compile(rf"(?<!\w)(?:{_YEAR_FIRST.pattern}|{_YEAR_LAST.pattern})(?![\w/-])", re.IGNORECASE)


class NotADiaryNumber(InvalidInput):
    """A diary number is the body's letters, the year and the number."""

    code = "not_a_diary_number"
    sentence = _("Skriv diarienumret som RS 2020/1154 eller RS 1154-2020.")


def diary_number_of(text: str) -> str:
    """
    Write a diary number in its one form.

    :raises NotADiaryNumber: it is none.
    """
    try:
        return normalised(text)
    except ValueError:
        raise NotADiaryNumber from None
