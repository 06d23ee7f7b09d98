"""Organisation numbers as people write them."""

import pytest

from core.organisation_numbers import LONGEST, check_digit, normalised


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("556016-0680", "556016-0680"),
        ("5560160680", "556016-0680"),
        (" 556016 – 0680 ", "556016-0680"),
        ("165560160680", "556016-0680"),
        ("SE556016068001", "556016-0680"),
        ("212000-0803", "212000-0803"),
        ("DE 811 907 980", "DE811907980"),
        ("no 923 609 016 mva", "NO923609016MVA"),
        ("DK-13585628", "DK13585628"),
    ],
)
def test_each_number_has_one_form(written: str, number: str) -> None:
    assert normalised(written) == number
    assert normalised(number) == number
    assert len(number) <= LONGEST


@pytest.mark.parametrize(
    "written",
    ["", "556016-0681", "55601606", "556016-06801", "SE556016068101", "Nordmedica AB", "DE", "811907980", "D811907980"],
)  # fmt: skip
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=written or "^$"):
        normalised(written)


def test_the_check_digit_follows_from_the_others() -> None:
    """The examples are the numbers of Volvo, Ericsson and Region Gotland."""
    assert [check_digit(each) for each in ("556012579", "556016068", "212000080")] == [0, 0, 3]
