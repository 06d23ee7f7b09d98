"""Units as they are said."""

from decimal import Decimal

import pytest

from core.units import counted, is_whole, pack, unit_word


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
    assert counted(Decimal(quantity), unit) == text


def test_counted_writes_parts_and_english() -> None:
    assert counted(Decimal("2.500"), "tim") == "2,5\xa0timmar"
    assert counted(Decimal(2), "ask", language="en") == "2\xa0boxes"


def test_pack() -> None:
    assert pack("ask", Decimal(100), "st") == "Ask med 100\xa0st"
    assert pack("st", Decimal(1), "st") == "Styck"
    assert pack("förp", Decimal(50), "par", language="en") == "Pack of 50\xa0pairs"
    assert unit_word("förp") == "förpackning"


@pytest.mark.parametrize(("unit", "whole"), [("ask", True), ("st", True), ("tim", False), ("kg", False)])
def test_some_units_come_in_whole_ones(unit: str, whole: bool) -> None:
    assert is_whole(unit) is whole
