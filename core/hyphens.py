"""Soft hyphens in long words, so that a narrow place breaks them where the language does (pure)."""

import re
from functools import cache

from pyphen import Pyphen

from core.formatting import NBSP

SOFT_HYPHEN = "\u00ad"
FEWEST_LETTERS = 4
"""So many letters stay together before and after a hyphen."""

_DICTIONARIES = {"sv": "sv", "en": "en_GB"}
_MEASURE = re.compile(r"(?<=\d) (?=(?:g|kg|mg|l|ml|m|cm|mm|st|×)\b)|(?<=\d) (?=×)|(?<=×) (?=\d)")
_LONG = re.compile(r"[^\W\d_]{13,}")


def softened(text: str, *, language: str = "sv") -> str:
    """Put soft hyphens in words of thirteen letters or more, and keep measures together."""
    hyphens = _hyphens(_DICTIONARIES.get(language[:2], "sv"))
    with_nbsp = _MEASURE.sub(NBSP, text)
    return _LONG.sub(lambda word: hyphens.inserted(word.group(), SOFT_HYPHEN), with_nbsp)


@cache
def _hyphens(dictionary: str) -> Pyphen:
    return Pyphen(lang=dictionary, left=FEWEST_LETTERS, right=FEWEST_LETTERS)
