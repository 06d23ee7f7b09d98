"""Numbers, money and time as a reader meets them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core import formatting

NBSP, MINUS = "\u00a0", "\u2212"
TODAY = date(2021, 5, 18)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        (Decimal("16714"), f"16{NBSP}714,00{NBSP}kr", f"SEK{NBSP}16,714.00"),
        (Decimal("-12.4"), f"{MINUS}12,40{NBSP}kr", f"{MINUS}SEK{NBSP}12.40"),
        (Decimal("0.005"), f"0,01{NBSP}kr", f"SEK{NBSP}0.01"),
        (Decimal("-0.004"), f"0,00{NBSP}kr", f"SEK{NBSP}0.00"),
        (13500000, f"13{NBSP}500{NBSP}000,00{NBSP}kr", f"SEK{NBSP}13,500,000.00"),
        (None, "–", "–"),
    ],
)
def test_kr_in_both_languages(value: Any, swedish: str, english: str) -> None:
    assert formatting.kr(value) == swedish
    assert formatting.kr(value, language="en") == english


def test_signed_amount_shows_its_plus() -> None:
    assert formatting.kr(Decimal("61400"), 0, signed=True) == f"+61{NBSP}400{NBSP}kr"
    assert formatting.kr(Decimal(0), 0, signed=True) == f"0{NBSP}kr"


def test_msek_and_thousands() -> None:
    assert formatting.msek(Decimal("13500000")) == f"13,5{NBSP}MSEK"
    assert formatting.msek(Decimal("13500000"), language="en") == f"SEK{NBSP}13.5{NBSP}million"
    assert formatting.thousands(Decimal("1318640")) == f"1{NBSP}319"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("93.7"), None, f"93,7{NBSP}%"),
        (Decimal("64"), None, f"64{NBSP}%"),
        (Decimal("93.7"), 0, f"94{NBSP}%"),
        (Decimal("-8.02"), None, f"{MINUS}8{NBSP}%"),
    ],
)
def test_percent(value: Any, decimals: int | None, text: str) -> None:
    assert formatting.percent(value, decimals) == text


def test_share_is_a_fraction_of_one() -> None:
    assert formatting.share(Decimal("0.784")) == f"78,4{NBSP}%"
    assert formatting.share(Decimal("0.784"), language="en") == "78.4%"


@pytest.mark.parametrize(
    ("value", "text"),
    [("20.000", "20"), ("2.500", "2,5"), ("0.125", "0,125"), ("1200", f"1{NBSP}200"), ("0", "0")],
)
def test_quantity_strips_idle_zeros(value: Any, text: str) -> None:
    assert formatting.quantity(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("58", "58,00"), ("0.5825", "0,5825"), ("0.5800", "0,58"), ("7.125", "7,125")]
)
def test_unit_price_has_two_to_four_decimals(value: Any, text: str) -> None:
    assert formatting.unit_price(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2021, 5, 18), f"i{NBSP}dag"),
        (date(2021, 5, 17), f"i{NBSP}går"),
        (date(2021, 5, 19), f"i{NBSP}morgon"),
        (date(2021, 5, 25), f"tis{NBSP}25{NBSP}maj"),
        (date(2022, 3, 1), f"tis{NBSP}1{NBSP}mars{NBSP}2022"),
        (None, "–"),
    ],
)
def test_day_as_a_person_says_it(value: Any, text: str) -> None:
    assert formatting.day(value, TODAY) == text


def test_day_in_english() -> None:
    assert formatting.day(date(2021, 5, 25), TODAY, language="en") == f"Tue{NBSP}25{NBSP}May"
    assert formatting.day(TODAY, TODAY, language="en-gb") == "today"


def test_moment_is_local_time() -> None:
    at = datetime(2021, 5, 18, 6, 40, tzinfo=UTC)
    assert formatting.moment(at, at, STOCKHOLM) == f"i{NBSP}dag kl.{NBSP}08.40"
    assert formatting.moment(at, at, STOCKHOLM, language="en") == f"today at{NBSP}08:40"
    assert formatting.clock(at, STOCKHOLM) == "08.40"


def test_other_dates() -> None:
    assert formatting.iso(datetime(2021, 5, 25, 8, 0, tzinfo=UTC)) == "2021-05-25"
    assert formatting.month(date(2021, 5, 1)) == f"maj{NBSP}2021"
    assert formatting.long_day(TODAY) == f"tisdag 18{NBSP}maj 2021"
    assert formatting.short_day(date(2021, 5, 25), TODAY) == f"25{NBSP}maj"
    assert formatting.short_month(3) == "mars"


def test_order_number_never_breaks() -> None:
    assert formatting.order_number("2021-04417") == "2021\u201104417"
    assert formatting.order_number("") == "–"


@pytest.mark.parametrize(
    ("size", "text"),
    [(412, f"412{NBSP}byte"), (412_000, f"412{NBSP}kB"), (2_100_000, f"2,1{NBSP}MB"), (None, "–")],
)
def test_file_size(size: int | None, text: str) -> None:
    assert formatting.file_size(size) == text


@pytest.mark.parametrize(
    ("name", "letters"), [("Elin Bergvall", "EB"), ("Anna af Klint", "AK"), ("åsa", "Å"), ("", "?")]
)
def test_initials(name: str, letters: str) -> None:
    assert formatting.initials(name) == letters


def test_small_numbers_in_words() -> None:
    assert [formatting.in_words(n) for n in (0, 1, 3, 12, 13)] == ["noll", "en", "tre", "tolv", "13"]
    assert formatting.in_words(1, neuter=True) == "ett"
