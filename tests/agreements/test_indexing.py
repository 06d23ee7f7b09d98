"""What an index clause gives: worked examples by hand, a real index, and what must hold of any numbers."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from agreements import index_days, indexing
from agreements.indexing import Adjustment, IndexMonthMissing, Series
from agreements.models import Agreement, IndexClause, PriceClause
from agreements.states import AgreementStatus
from core.periods import add_months

OCTOBER, LATER = date(2020, 10, 1), date(2021, 10, 1)
CPI_U = Path(__file__).parent / "data" / "us_cpi_u.csv"


def clause(**terms: Any) -> IndexClause:
    """All of the price follows, once a year from New Year 2022, by October; nothing else is agreed on."""
    agreement = Agreement(
        price_clause=PriceClause.INDEX,
        status=AgreementStatus.ACTIVE,
        valid_during=DateRange(date(2020, 1, 1), date(2024, 1, 1)),
    )
    facts: dict[str, Any] = {
        "agreement": agreement,
        "base_month": OCTOBER,
        "first_date": date(2022, 1, 1),
        "valid_during": DateRange(date(2020, 1, 1), None),
    }
    return IndexClause(**(facts | terms))


def series(values: Mapping[date, str], code: str = "KPI", **following: Any) -> Series:
    return Series(code, {month: Decimal(value) for month, value in values.items()}, **following)


def between(base: str, now: str, **terms: str) -> Adjustment:
    index = series({OCTOBER: base, LATER: now})
    decimals = {name: Decimal(value) for name, value in terms.items()}
    return indexing.adjustment(clause(**decimals), index, base_month=OCTOBER, month=LATER)


def test_the_example_of_the_domain() -> None:
    """DOMAIN 2.2, example A: 61.00 × 118.3 ÷ 112.0 = 64.43125, which a unit price keeps four decimals of."""
    adjustment = between("112.0", "118.3")
    assert adjustment.price(Decimal("61.00")) == Decimal("64.4313")
    assert (adjustment.given_percent, adjustment.percent) == (Decimal("5.6250"), Decimal("5.6250"))


@pytest.mark.parametrize(
    ("now", "terms", "percent", "price"),
    [
        ("110", {}, "10", "110"),
        ("90", {}, "-10", "90"),
        ("110", {"share_percent": "80"}, "8", "108"),
        ("110", {"cap_percent": "4"}, "4", "104"),
        ("110", {"share_percent": "40", "cap_percent": "4"}, "4", "104"),
        ("90", {"cap_percent": "4"}, "-10", "90"),
        ("102", {"threshold_percent": "2"}, "2", "102"),
        ("101.9999", {"threshold_percent": "2"}, "0", "100"),
        ("98.0001", {"threshold_percent": "2"}, "0", "100"),
        ("98", {"threshold_percent": "2"}, "-2", "98"),
        ("102", {"share_percent": "80", "threshold_percent": "2"}, "0", "100"),
        ("100", {}, "0", "100"),
    ],
)
def test_share_threshold_and_cap(now: str, terms: dict[str, str], percent: str, price: str) -> None:
    adjustment = between("100", now, **terms)
    assert adjustment.percent == Decimal(percent)
    assert adjustment.price(Decimal(100)) == Decimal(price)


def test_what_reaches_the_cap_is_not_held_down_by_it() -> None:
    assert between("100", "104", cap_percent="4").is_capped is False
    assert between("100", "104.01", cap_percent="4").is_capped is True
    assert between("100", "90", cap_percent="4").is_capped is False


def test_no_price_becomes_nothing() -> None:
    assert between("100", "0.1").price(Decimal("0.0003")) == Decimal("0.0001")


def test_a_month_that_is_missing_is_named_and_never_guessed() -> None:
    index = series({OCTOBER: "100", date(2021, 9, 1): "104", date(2021, 11, 1): "106"})
    with pytest.raises(IndexMonthMissing) as missing:
        indexing.adjustment(clause(), index, base_month=OCTOBER, month=LATER)
    assert str(missing.value) == "Indextalet för oktober\u00a02021 i KPI saknas."
    with translation.override("en"):
        assert "October\u00a02021" in str(missing.value)


def test_a_new_base_is_linked_by_the_month_that_both_have() -> None:
    """KPI is 350 in December, which is 100 in the new base, where October is 102: 357 of the old, two per cent above 350."""
    new = series({date(2020, 12, 1): "100", LATER: "102"}, "KPI20")
    old = series({OCTOBER: "350", date(2020, 12, 1): "350"}, continued_by=new, link_month=date(2020, 12, 1))
    adjustment = indexing.adjustment(clause(), old, base_month=OCTOBER, month=LATER)
    assert adjustment.percent == Decimal(2)
    assert [(each.code, each.old, each.new) for each in adjustment.links] == [
        ("KPI20", Decimal(350), Decimal(100))
    ]
    assert (adjustment.base.value, adjustment.now.value) == (Decimal(350), Decimal(102))


def test_two_months_of_the_new_base_need_no_link() -> None:
    new = series({date(2020, 12, 1): "100", LATER: "102", add_months(LATER, 12): "104.04"}, "KPI20")
    old = series({date(2020, 12, 1): "350"}, continued_by=new, link_month=date(2020, 12, 1))
    adjustment = indexing.adjustment(clause(), old, base_month=LATER, month=add_months(LATER, 12))
    assert (adjustment.percent, adjustment.links) == (Decimal(2), ())


@pytest.mark.parametrize("lacks", ["old", "new"])
def test_bases_without_a_link_are_not_mixed(lacks: str) -> None:
    link = date(2020, 12, 1)
    new = series({LATER: "102"} | ({} if lacks == "new" else {link: "100"}), "KPI20")
    old = series(
        {OCTOBER: "350"} | ({} if lacks == "old" else {link: "350"}), continued_by=new, link_month=link
    )
    with pytest.raises(IndexMonthMissing) as missing:
        indexing.adjustment(clause(), old, base_month=OCTOBER, month=LATER)
    assert (
        str(missing.value)
        == f"Indextalet för december\u00a02020 i {'KPI' if lacks == 'old' else 'KPI20'} saknas."
    )


def test_a_month_before_the_link_is_not_read_in_the_new_base() -> None:
    new = series({OCTOBER: "97", LATER: "102", date(2020, 12, 1): "100"}, "KPI20")
    old = series({date(2020, 12, 1): "350"}, continued_by=new, link_month=date(2020, 12, 1))
    with pytest.raises(IndexMonthMissing):
        old.reading(OCTOBER)


def test_a_real_index() -> None:
    """CPI-U was 260.388 in October 2020 and 276.589 a year later; eighty per cent of that rise is 4.9775 per cent."""
    with CPI_U.open() as file:
        index = Series(
            "CPI-U",
            {date.fromisoformat(f"{row['month']}-01"): Decimal(row["value"]) for row in csv.DictReader(file)},
        )
    adjustment = indexing.adjustment(
        clause(share_percent=Decimal(80), cap_percent=Decimal(4)), index, base_month=OCTOBER, month=LATER
    )
    assert (adjustment.given_percent, adjustment.percent, adjustment.is_capped) == (
        Decimal("4.9775"),
        Decimal(4),
        True,
    )
    assert adjustment.price(Decimal("58.00")) == Decimal("60.32")


values = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(100_000), places=4)
percents = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(100), places=2)
prices = st.decimals(min_value=Decimal("0.0001"), max_value=Decimal(1_000_000), places=4)


@given(values, values, percents, st.none() | percents, prices)
def test_any_price_follows_exactly_and_is_rounded_once(
    base: Decimal, now: Decimal, share: Decimal, cap: Decimal | None, price: Decimal
) -> None:
    """A rise is no more than the cap, a fall is whole, and a price is within half a step of p × (a + w × I(t) ÷ I(0))."""
    adjustment = indexing.adjustment(
        clause(share_percent=share, cap_percent=cap),
        series({OCTOBER: str(base), LATER: str(now)}),
        base_month=OCTOBER,
        month=LATER,
    )
    weight = Fraction(share) / 100
    exact = Fraction(price) * (1 - weight + weight * Fraction(now) / Fraction(base))
    if cap is not None:
        exact = min(exact, Fraction(price) * (1 + Fraction(cap) / 100))
    new = adjustment.price(price)
    assert new == Decimal("0.0001") or abs(Fraction(new) - exact) <= Fraction(1, 20_000)
    assert new.as_tuple().exponent == -4
    assert adjustment.is_capped == (
        cap is not None and weight * (Fraction(now) / Fraction(base) - 1) > Fraction(cap) / 100
    )


@given(values, values, values, values, prices)
def test_a_new_base_changes_nothing(
    base: Decimal, now: Decimal, old: Decimal, new: Decimal, price: Decimal
) -> None:
    """A value in the new base, and the same value told in the old one, give the same price."""
    link = date(2020, 12, 1)
    following = series({link: str(new), LATER: str(now)}, "KPI20")
    linked = series({OCTOBER: str(base), link: str(old)}, continued_by=following, link_month=link)
    adjustment = indexing.adjustment(clause(), linked, base_month=OCTOBER, month=LATER)
    old_base_value = Fraction(now) * Fraction(old) / Fraction(new)
    assert adjustment.applied == old_base_value / Fraction(base) - 1
    assert adjustment.price(price) >= Decimal("0.0001")


@given(
    st.dates(date(2019, 1, 1), date(2030, 1, 1)),
    st.dates(date(2020, 1, 1), date(2025, 12, 31)),
    st.integers(1, 40),
)
def test_the_next_day_is_the_first_of_them_all(day: date, first: date, interval: int) -> None:
    terms = clause(first_date=first, interval_months=interval, valid_during=DateRange(None, None))
    terms.agreement.valid_during = DateRange(None, None)
    days = (add_months(first, number * interval) for number in range(200))
    assert index_days.next_date(terms, day) == next(each for each in days if each > day)


def test_prices_change_only_while_clause_and_agreement_are_in_force() -> None:
    terms = clause()
    assert index_days.next_date(terms, date(2021, 12, 31)) == date(2022, 1, 1)
    assert index_days.next_date(terms, date(2022, 1, 1)) == date(2023, 1, 1)
    assert index_days.next_date(terms, date(2023, 1, 1)) is None
    terms.valid_during = DateRange(date(2020, 1, 1), date(2022, 6, 1))
    assert index_days.next_date(terms, date(2022, 1, 1)) is None
    terms.agreement.price_clause = PriceClause.FIXED
    assert index_days.next_date(terms, date(2021, 12, 31)) is None


def test_it_is_due_from_a_month_before_the_last_day_to_ask() -> None:
    terms, day = clause(notice_days=60), date(2022, 1, 1)
    assert index_days.ask_by(terms, day) == date(2021, 11, 2)
    assert index_days.month_for(terms, day) == LATER
    due = [
        each
        for each in (day - timedelta(days=number) for number in range(200))
        if index_days.is_due(terms, day, each)
    ]
    assert (due[-1], due[0]) == (date(2021, 10, 3), date(2021, 12, 31))
