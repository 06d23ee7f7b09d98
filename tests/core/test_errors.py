"""Every refusal is a sentence that a person can read, whatever numbers it names."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import get_resolver
from django.utils import translation

from core.errors import DomainError, Names, fact_text, localized, stored
from core.formatting import NBSP
from core.money import Kronor
from procurement.gates import CodeClosed, PriceRose

PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def refusals(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every refusal of the program, by loading all that its addresses lead to."""
    assert get_resolver().url_patterns
    for each in base.__subclasses__():
        yield each
        yield from refusals(each)


def sentence(refusal: type[DomainError], fact: Any) -> str:
    """The sentence with this fact in each of its places."""
    error = refusal.__new__(refusal)
    DomainError.__init__(error, **dict.fromkeys(PLACEHOLDER.findall(str(refusal.sentence)), fact))
    return str(error)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_no_refusal_shows_a_number_as_the_computer_writes_it(language: str) -> None:
    every = set(refusals())
    assert len(every) > 60
    with translation.override(language):
        for refusal in every:
            for fact in (Decimal("1E+2"), Decimal("1234.5000"), Kronor("1E+5"), Kronor("1234.5")):
                text = sentence(refusal, fact)
                assert not re.search(r"E\+|1234|100000", text), text
                assert not PLACEHOLDER.search(text)


@pytest.mark.parametrize(
    ("fact", "swedish", "english"),
    [
        (Decimal("1E+2"), "100", "100"),
        (Decimal("2.500"), "2,5", "2.5"),
        (Kronor("1400.00"), "1\xa0400\xa0kr", "SEK\xa01,400"),
        (Kronor("1400.5"), "1\xa0400,50\xa0kr", "SEK\xa01,400.50"),
        (date(2021, 5, 18), "tisdag 18\xa0maj 2021", "Tuesday 18\xa0May 2021"),
        ("RA 2020-014", "RA 2020-014", "RA 2020-014"),
        (1234, 1234, 1234),
    ],
)
def test_fact_is_written_as_its_reader_writes(fact: Any, swedish: Any, english: Any) -> None:
    with translation.override("sv"):
        assert fact_text(fact) == swedish
    with translation.override("en"):
        assert fact_text(fact) == english


def test_a_stored_refusal_is_read_in_any_language() -> None:
    item = Names("handske", "glove")
    record = stored(PriceRose(item=item, before=Kronor("58"), after=Kronor("1234.5")))
    assert (
        localized(record)
        .replace(NBSP, " ")
        .startswith("Priset på handske har stigit från 58 kr till 1 234,50 kr.")
    )
    with translation.override("en"):
        english = localized(record).replace(NBSP, " ")
    assert english.startswith("The price of glove has risen from SEK 58 to SEK 1,234.50.")


@pytest.mark.parametrize(
    "fact", [Decimal("2.5"), Kronor("2.50"), date(2021, 5, 18), Names("ask", "box"), 3, "x"]
)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_stored_fact_is_written_as_it_would_have_been(fact: Any, language: str) -> None:
    refusal = CodeClosed(code=fact)
    with translation.override(language):
        assert localized(stored(refusal)) == str(refusal)


@pytest.mark.parametrize(
    "text", ["", "Räcker", "{", '{"code"', '{"code": "no_such"}', '{"code": 1, "facts": 2}']
)
def test_text_of_another_kind_is_left_as_it_is(text: str) -> None:
    assert localized(text) == text


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [("58.0000", "58 kr"), ("58.5", "58,50 kr"), ("0.5825", "0,5825 kr"), ("1E+2", "100 kr")],
)
def test_a_price_of_a_part_of_an_ore_keeps_its_decimals(amount: str, sentence: str) -> None:
    assert fact_text(Kronor(amount)).replace(NBSP, " ") == sentence


def test_a_code_leads_to_one_refusal() -> None:
    with_codes = [
        each for each in refusals() if "code" in vars(each) and not each.__module__.startswith("tests.")
    ]
    assert len(with_codes) > 60
    assert [each for each in with_codes if DomainError.by_code[each.code] is not each] == []
