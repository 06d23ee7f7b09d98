"""A typed number is read as its language writes it, or refused; never as another number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import formatting
from core.formatting import MINUS, NBSP
from core.numbers import KRONOR, NotANumber, TwoReadings, parse_number, whole_number

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("20", "20"),
        ("12 500", "12500"),
        ("12500", "12500"),
        ("1 250,00", "1250.00"),
        (f"1{NBSP}250,5", "1250.5"),
        ("1\u202f250,5 kr", "1250.5"),
        ("1.234,50 kr", "1234.50"),
        ("8.750,00 kr", "8750.00"),
        ("SEK 100", "100"),
        ("100:-", "100"),
        ("58.5", "58.5"),
        ("12.50", "12.50"),
        ("0.125", "0.125"),
        ("0,5825", "0.5825"),
        ("1,500", "1.500"),
        (f"{MINUS}5", "-5"),
        ("- 5", "-5"),
        (f"{MINUS}SEK 5", "-5"),
        ("0012", "12"),
    ],
)
def test_swedish_number(typed: str, value: str) -> None:
    assert parse_number(typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "thousands", "decimals"),
    [
        ("12.500", "12 500", "12,5"),
        ("8.750 kr", "8 750", "8,75"),
        ("1.500", "1 500", "1,5"),
        ("-1.000", "1 000", "1,0"),
    ],
)
def test_swedish_number_with_two_readings_is_refused(typed: str, thousands: str, decimals: str) -> None:
    with pytest.raises(TwoReadings) as exc_info:
        parse_number(typed)
    assert (exc_info.value.thousands, exc_info.value.decimals) == (thousands, decimals)


@pytest.mark.parametrize(
    "typed",
    ["", "kr", "1e9", "nan", "inf", "0x10", "1,2,3.4.5", "tjugo", "٣", "--1", "-kr-1", "1.", "+-1", ",5", "5,", "1_000",
     "1,234.5", "1,234,567", "1.234.567", "12 50", "1 2345", "1.23,5", "12 500.000,5", "20 st", "1/2", "1\n2"],
)  # fmt: skip
def test_swedish_text_that_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1,234.5", "1234.5"), ("12.500", "12.5"), ("1,500", "1500"), ("SEK 1,450.00", "1450"), ("1 450.5", "1450.5")],
)  # fmt: skip
def test_english_number(typed: str, value: str) -> None:
    assert parse_number(typed, language="en") == Decimal(value)


@pytest.mark.parametrize("typed", ["1.234,5", "12,50", "12,5000", "1,23,456"])
def test_swedish_number_in_english_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(typed, language="en")


def test_unit_that_the_field_does_not_have_is_refused() -> None:
    with pytest.raises(NotANumber):
        parse_number("20 kr", units=())


@pytest.mark.parametrize("language", ["sv", "en"])
@given(value=AMOUNTS)
def test_what_is_written_is_read_back(value: Decimal, language: str) -> None:
    assert parse_number(formatting.kr(value, language=language), language=language) == value
    assert parse_number(formatting.unit_price(value, language=language), language=language) == value
    assert parse_number(formatting.number_as_typed(value, language=language), language=language) == value


@given(text=st.text("0123456789., ", max_size=12))
def test_no_swedish_text_is_read_as_less_than_its_digits_or_as_another_number(text: str) -> None:
    try:
        value = parse_number(text)
    except NotANumber:
        return
    by_comma = (
        text.replace(" ", "").replace(".", "").replace(",", ".") if "," in text else text.replace(" ", "")
    )
    assert value == Decimal(by_comma.strip())


@pytest.mark.parametrize("text", [":- 5", "kr. 5", "m² 5"])
def test_a_unit_that_is_no_word_stands_behind_the_number(text: str) -> None:
    with pytest.raises(NotANumber):
        parse_number(text, units=(*KRONOR, "m²"))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("17", 17),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", None),
        ("0" * 19 + "1", None),
        ("9" * 5000, None),
        ("-1", None),
        ("1.0", None),
        ("٣", None),
        ("²", None),
        ("", None),
    ],
)
def test_whole_number(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_whole_number_above_the_most_is_none() -> None:
    assert (whole_number("100", most=100), whole_number("101", most=100)) == (100, None)
