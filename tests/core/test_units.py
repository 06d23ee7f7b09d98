"""Units as they are said."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from core.units import UNITS, canonical, is_whole, pack, quantity_text, unit_word


@pytest.mark.parametrize(
    ("quantity", "unit", "text"),
    [
        (1, "ask", "1\xa0ask"),
        (20, "ask", "20\xa0askar"),
        (2, "st", "2\xa0st"),
        (0, "låda", "0\xa0lådor"),
        (3, "okänd", "3\xa0okänd"),
    ],
)
def test_counted(quantity: int, unit: str, text: str) -> None:
    assert quantity_text(Decimal(quantity), unit) == text


def test_counted_writes_parts_and_english() -> None:
    assert quantity_text(Decimal("2.500"), "tim") == "2,5\xa0timmar"
    assert quantity_text(Decimal(2), "ask", language="en") == "2\xa0boxes"


def test_pack() -> None:
    assert pack("ask", Decimal(100), "st") == "Ask med 100\xa0st"
    assert pack("st", Decimal(1), "st") == "Styck"
    assert pack("förp", Decimal(50), "par", language="en") == "Pack of 50\xa0pairs"
    assert unit_word("förp") == "förpackning"


@pytest.mark.parametrize(("unit", "whole"), [("ask", True), ("st", True), ("tim", False), ("kg", False)])
def test_some_units_come_in_whole_ones(unit: str, whole: bool) -> None:
    assert is_whole(unit) is whole


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Ask", "ask"),
        ("askar", "ask"),
        ("Kartong", "kartong"),
        ("st.", "st"),
        (" ST ", "st"),
        ("tim", "timme"),
        ("KGM", "kg"),
        ("förpackningar", "förp"),
        ("xylofon", "xylofon"),
    ],
)
def test_a_unit_is_the_same_whatever_it_is_called(written: str, name: str) -> None:
    assert canonical(written) == name


@pytest.mark.parametrize("written", ["Ask", "askar", "Kartong", "st.", "KARTONGER", "okänd"])
def test_no_spelling_makes_a_part_of_what_comes_whole(written: str) -> None:
    assert is_whole(written)


def test_no_two_units_share_a_name() -> None:
    assert len({unit.name for unit in UNITS}) == len(UNITS)
    assert all(canonical(form) == unit.name for unit in UNITS for form in (unit.one, unit.several, unit.pack))


CODES = Path(__file__).resolve().parents[3] / "shared/data/peppol/codelists/UNECERec20-11e.xml"


@pytest.mark.skipif(not CODES.exists(), reason="the code list of UN/ECE recommendation 20 is not at hand")
def test_every_code_is_in_the_code_list() -> None:
    codes = set(re.findall(r"<Id>([^<]+)</Id>", CODES.read_text(encoding="utf-8")))
    assert [unit.name for unit in UNITS if unit.code not in codes] == []
