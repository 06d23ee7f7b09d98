"""Nobody reads "1 personer": a number beside a noun in the plural has a sentence of its own for one."""

import re

import polib

from tests.repository.test_translations import CATALOGUE

PLURALS = [
    "personer",
    "artiklar",
    "rader",
    "enheter",
    "dagar",
    "arbetsdagar",
    "gånger",
    "beställningar",
    "ordrar",
    "träffar",
    "timmar",
    "veckor",
    "månader",
    "filer",
    "kolumner",
    "kategorier",
    "avtal",
    "leverantörer",
    "priser",
    "svar",
    "frågor",
]
ALIKE = {"avtal", "svar"}
"""Are the same in the singular."""
NUMBER = re.compile(rf"(?<!minst )(?<!högst )%\((\w+)\)[sd] ({'|'.join(PLURALS)})\b", re.IGNORECASE)
NEVER_ONE = {
    "%(choices)s artiklar liknar varandra",
    "Samma behov har skrivits i fritext %(times)s gånger",
    "%(count)s gånger en normal vecka",
    "%(count)s rader beslutas direkt",
    "%(name)s beslutar %(count)s rader",
    "%(count)s rader ligger kvar i korgen.",
    "%(counter)s rader ligger kvar i korgen.",
    "%(count)s rader är beslutade.",
    "%(count)s rader är godkända direkt.",
    "%(name)s beställde %(count)s artiklar",
    "Du beställde %(count)s artiklar",
    "Avslå %(counter)s rader från %(n)s enheter?",
    "Enhetens lista har redan %(most)s artiklar.",
    "Förslaget har fler än %(most)s priser.",
    "Kostnaden är registrerad för %(covered)s av %(days)s dagar.",
    "per år, takten %(starts)s till %(ends)s gånger fyra",
    "Sammanlagt %(n)s rader för %(amount)s.",
    "%(count)s beställningar av %(person)s ligger högst",
    "Minst %(count)s av en persons beställningar ligger högst",
    "%(count)s beställningar av %(thing)s till %(department)s",
    "%(count)s beställningar utanför avtal från %(thing)s",
    "%(person)s har beställt %(count)s gånger utanför avtal",
    "%(person)s har godkänt %(count)s beställningar utanför avtal",
    "%(person)s har godkänt eller attesterat %(count)s rader på %(days)s dagar",
}
"""How those sentences begin whose number is two or more whenever they are said: one has a sentence of its own, or is no list."""


def numbers_beside_plurals(sentence: str) -> list[str]:
    """The numbers of a sentence that stand before a noun that is in the plural alone."""
    return [name for name, noun in NUMBER.findall(sentence) if noun.lower() not in ALIKE]


def test_no_sentence_says_one_of_several() -> None:
    wrong = []
    for entry in polib.pofile(str(CATALOGUE)):
        if entry.obsolete or entry.msgid.startswith(tuple(NEVER_ONE)):
            continue
        # Of a sentence with a plural, the first form is said of one.
        if numbers_beside_plurals(entry.msgid):
            wrong.append((entry.msgid, entry.occurrences))
    assert wrong == []


def test_the_kind_is_found() -> None:
    assert numbers_beside_plurals("%(people)s personer har sökt %(times)s gånger") == ["people", "times"]
    assert (
        numbers_beside_plurals("högst %(most)s artiklar, minst %(count)s rader, %(n)s avtal, 3 rader") == []
    )
