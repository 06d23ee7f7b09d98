"""Dividing fairly: all of it, whole steps, nobody more than she asked for, and always the same."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.shares import ORE, WHOLE, fair_shares

ASKED = st.lists(st.integers(1, 500).map(Decimal), min_size=1, max_size=12)


@given(ASKED, st.data())
def test_what_is_short_is_divided_whole_and_within_what_was_asked(
    asked: list[Decimal], data: st.DataObject
) -> None:
    total = Decimal(data.draw(st.integers(0, int(sum(asked)))))
    shares = fair_shares(total, asked, step=WHOLE)
    assert sum(shares) == total
    assert all(0 <= share <= quantity for share, quantity in zip(shares, asked, strict=True))
    assert shares == fair_shares(total, asked, step=WHOLE)
    for share, quantity in zip(shares, asked, strict=True):
        assert abs(share - total * quantity / sum(asked)) < 1, "within one of the exact part"


@given(ASKED, st.integers(0, 100_000))
def test_kronor_are_divided_to_the_ore(weights: list[Decimal], ore: int) -> None:
    total = Decimal(ore) / 100
    assert sum(fair_shares(total, weights, step=ORE)) == total


@pytest.mark.parametrize(
    ("total", "asked", "shares"),
    [
        (7, [10, 5], [5, 2]),
        (1, [1, 1, 1], [1, 0, 0]),
        (2, [1, 3], [0, 2]),
        (15, [10, 5], [10, 5]),
        (0, [3, 4], [0, 0]),
        (1, [0, 0], [1, 0]),
        (5, [], []),
    ],
)
def test_shares_that_can_be_counted_by_hand(total: int, asked: list[int], shares: list[int]) -> None:
    assert fair_shares(Decimal(total), [Decimal(each) for each in asked], step=WHOLE) == shares
