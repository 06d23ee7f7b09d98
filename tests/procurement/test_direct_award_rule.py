"""The rule of direct awards, as a pure function."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError, Names
from procurement.direct_award import (
    Award,
    DirectAwardLimitPassed,
    ExceptionMissing,
    LimitException,
    SimilarPurchases,
    SimilarUnknown,
    direct_award,
    first_similar_day,
)


@pytest.mark.parametrize(
    ("before", "amount", "is_of_head", "exception", "refusal"),
    [
        (600, 100, False, LimitException(), None),
        (600, 101, False, LimitException(), DirectAwardLimitPassed),
        (600, 101, False, LimitException("urgency", "Brand"), DirectAwardLimitPassed),
        (600, 101, True, LimitException(), ExceptionMissing),
        (600, 101, True, LimitException("urgency", ""), ExceptionMissing),
        (600, 101, True, LimitException("urgency", "Brand"), None),
        (900, 0, False, LimitException(), DirectAwardLimitPassed),
    ],
)
def test_direct_award(
    before: int, amount: int, is_of_head: bool, exception: LimitException, refusal: type[DomainError] | None
) -> None:
    purchases = SimilarPurchases(Names("Stolar", "Chairs"), Decimal(before), Decimal(700))
    outcome = direct_award(Award(purchases, is_of_head, exception), Decimal(amount), line="Stol")
    assert type(outcome) is (refusal or type(None))


def test_direct_award_without_a_category_is_unknown() -> None:
    assert isinstance(direct_award(Award(None), Decimal(1), line="Stol"), SimilarUnknown)


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_direct_award_without_a_limit_is_never_refused(before: Decimal, amount: Decimal) -> None:
    assert direct_award(Award(SimilarPurchases(Names("a", "a"), before)), amount, line="") is None


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2), st.decimals(1, 10**6, places=2))
def test_direct_award_refuses_exactly_above_the_limit(
    before: Decimal, amount: Decimal, limit: Decimal
) -> None:
    refusal = direct_award(Award(SimilarPurchases(Names("a", "a"), before, limit)), amount, line="")
    assert (refusal is not None) == (before + amount > limit)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2021, 5, 18), date(2020, 5, 19)),
        (date(2021, 2, 28), date(2020, 2, 29)),
        (date(2020, 2, 29), date(2019, 3, 1)),
        (date(2021, 12, 31), date(2021, 1, 1)),
    ],
)
def test_first_similar_day(day: date, first: date) -> None:
    assert first_similar_day(day) == first
