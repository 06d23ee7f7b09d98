"""The ratios of loyalty: DOMAIN's example C from lines to page, and what is not known is never nought."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from catalog.models import Price
from organizations.models import Administration, Department
from reporting.loyalty import Loyalty, loyalties
from tests.cast import Cast
from tests.pages import flat, signed_in
from tests.reporting.initiatives import delivered

DAY = date(2020, 6, 1)


@pytest.fixture
def region(cast: Cast) -> Cast:
    """An agreement on all that is medical, with gloves at 58.00; the office has none."""
    cast.agreement.valid_during = DateRange(date(2020, 1, 1), date(2024, 1, 1))
    cast.agreement.save()
    Price.objects.filter(agreement=cast.agreement).update(valid_during=DateRange(date(2020, 1, 1), None))
    return cast


def bought(cast: Cast, amount: int, price: str, **facts: object) -> None:
    fields: dict[str, object] = {"agreement": cast.agreement} | facts
    delivered(cast, DAY, "1", price, amount=Decimal(amount), **fields)  # type: ignore[arg-type]


def sums(found: Loyalty, *names: str) -> list[int]:
    return [int(getattr(found, name)) for name in names]


def whole() -> Loyalty:
    return loyalties(starts=date(2020, 1, 1), ends=date(2020, 12, 31)).whole


def test_worked_example_c(region: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """
    DOMAIN 2.4: 1 000 000 in all, 820 000 from contracted suppliers, 900 000 in covered categories, 640 000 of it at
    the agreed price, of 700 000 that has one.
    """
    bought(region, 640_000, "58.00")
    bought(region, 60_000, "60.00")
    bought(region, 120_000, "50.00", agreement=None)
    bought(region, 80_000, "50.00", agreement=None, supplier=region.paper_supplier)
    bought(region, 100_000, "900.00", agreement=None, supplier=region.paper_supplier, item=region.chair)
    with django_assert_num_queries(1):
        loyalty = whole()
    assert sums(loyalty, "spend", "contracted", "covered") == [1_000_000, 820_000, 900_000]
    assert sums(loyalty, "agreed", "priced", "at_price") == [640_000, 700_000, 640_000]
    assert loyalty.supplier_loyalty == Decimal("82.0")
    assert loyalty.coverage == Decimal("90.0")
    assert loyalty.agreement_loyalty == Decimal("71.1")
    assert loyalty.price_loyalty == Decimal("91.4")
    page = flat(signed_in(region.controller).get("/besparingar/trohet/?ar=2020").content.decode())
    for share in ("71,1\xa0% köps till avtalat pris", "82\xa0%", "90\xa0%", "91,4\xa0%"):
        assert share in page, share


def test_a_price_is_compared_in_the_pack_that_came(region: Cast) -> None:
    units = int(region.gloves.units_per_order_unit)
    bought(region, 100, "116.00", units=2 * units)
    bought(region, 100, "116.01", units=2 * units)
    loyalty = whole()
    assert sums(loyalty, "priced", "at_price") == [200, 100]


def test_what_an_agreement_has_no_price_for_is_not_loyal_and_is_named(region: Cast) -> None:
    bought(region, 100, "1.00", item=region.chair)
    loyalty = whole()
    assert sums(loyalty, "priced", "at_price", "unpriced") == [0, 0, 1]
    assert loyalty.price_loyalty is None


def test_an_agreement_that_had_ended_covers_nothing(region: Cast) -> None:
    region.agreement.valid_during = DateRange(date(2020, 1, 1), DAY)
    region.agreement.save()
    bought(region, 100, "58.00")
    loyalty = whole()
    assert sums(loyalty, "spend", "contracted", "covered", "priced") == [100, 0, 0, 0]
    assert loyalty.agreement_loyalty is None
    page = flat(signed_in(region.head).get("/besparingar/trohet/?ar=2020").content.decode())
    assert "Inget är köpt i kategorier med avtal" in page


def test_returns_are_deducted(region: Cast) -> None:
    bought(region, 100, "58.00")
    bought(region, -40, "58.00")
    assert sums(whole(), "spend", "agreed") == [60, 60]


def test_parts_add_up_to_the_whole(region: Cast) -> None:
    other = Administration.objects.create(code="TF", name="Tekniska", authority=region.authority)
    workshop = Department.objects.create(
        cost_center="9100", name="Verkstaden", administration=other, activity=region.activity
    )
    bought(region, 300, "58.00")
    bought(region, 200, "60.00", department=workshop)
    bought(region, 100, "900.00", item=region.chair, agreement=None, department=workshop)
    result = loyalties(starts=DAY, ends=DAY)
    assert [(part.name, int(part.loyalty.spend)) for part in result.administrations] == [
        ("Hälso- och sjukvårdsförvaltningen", 300),
        ("Tekniska", 300),
    ]
    for parts in (result.administrations, result.categories):
        for name in ("lines", "spend", "covered", "agreed", "priced", "at_price"):
            assert sum(getattr(part.loyalty, name) for part in parts) == getattr(result.whole, name), name


def test_a_manager_sees_her_own_categories(region: Cast) -> None:
    bought(region, 300, "58.00")
    bought(region, 100, "900.00", item=region.chair, agreement=None)
    assert signed_in(region.manager).get("/besparingar/trohet/?ar=2020").context["whole"].spend == 300
    assert signed_in(region.controller).get("/besparingar/trohet/?ar=2020").context["whole"].spend == 400
    assert signed_in(region.requester).get("/besparingar/trohet/").status_code == 403


def test_where_nothing_is_bought_the_page_says_so(region: Cast) -> None:
    assert (
        "Inget är köpt under tiden"
        in signed_in(region.auditor).get("/besparingar/trohet/?ar=2020").content.decode()
    )
