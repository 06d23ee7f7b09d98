"""Who answers for what, and the agreements."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from categories.models import CategoryAssignment
from core.addresses import address_of
from core.periods import add_months
from organizations.models import Absence
from tests import worlds
from tests.cast import TODAY, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_category_tells_who_answers_and_under_what(cast: Cast) -> None:
    page = signed_in(cast.requester).get(address_of(cast.gloves_category)).content.decode()
    assert "Karin Sundblad ansvarar, genom Sjukvårdsmaterial." in page
    assert "Sofia Ekdahl" in page
    page = signed_in(cast.requester).get(address_of(cast.medical)).content.decode()
    assert "Handskar och skyddskläder" in page
    assert "100\xa0000\xa0kr" in page
    assert signed_in(cast.requester).get("/kategorier/finns-inte/").status_code == 404


def test_category_tells_of_absence(cast: Cast) -> None:
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=7)))
    page = signed_in(cast.requester).get(address_of(cast.medical)).content.decode()
    assert "Sofia Ekdahl går in för Karin Sundblad, som är ledig till och med 24\xa0maj." in page


def test_absence_without_an_end_lasts_until_further_notice(cast: Cast) -> None:
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, None))
    client = signed_in(cast.head)
    assert "som är ledig tills vidare." in text_of(client.get(address_of(cast.medical)))
    page = text_of(client.get("/ansvar/"))
    assert "Tills vidare. Sofia Ekdahl går in." in page
    assert "9999" not in page


def test_assignments_show_the_tree_and_what_is_missing(cast: Cast) -> None:
    client = signed_in(cast.head)
    assert "Alla kategorier har en ansvarig" in client.get("/ansvar/").content.decode()
    CategoryAssignment.objects.filter(category=cast.services).delete()
    page = client.get("/ansvar/").content.decode()
    assert "En kategori saknar ansvarig" in page
    assert "Konsulttjänster" in page


def test_assignments_ask_eight_questions(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.head)
    client.get("/ansvar/")
    with django_assert_max_num_queries(8):
        client.get("/ansvar/")


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("", True),
        ("visa=mina", True),
        ("visa=slutar-snart", False),
        ("visa=nara-taket", True),
        ("visa=avslutade", False),
        ("q=handskar+nordmedica", True),
        ("q=finns+inte", False),
        ("visa=nonsens&sida=77", True),
        ("q=%25_'%22", False),
    ],
)
def test_agreements_are_filtered_and_searched(cast: Cast, query: str, is_there: bool) -> None:
    cast.agreement.committed_amount = Decimal("75000.00")
    cast.agreement.save()
    response = signed_in(cast.manager).get(f"/avtal/?{query}")
    assert response.status_code == 200
    assert (address_of(cast.agreement) in response.content.decode()) is is_there


def test_agreement_tells_ceiling_terms_prices_and_orders(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 100))
    page = signed_in(cast.manager).get(address_of(cast.agreement)).content.decode()
    assert "94\xa0200\xa0kr" in page
    assert "kvar av 100\xa0000\xa0kr" in page
    assert "58,00" in page
    assert order.number.replace("-", "\u2011") in page
    stranger = signed_in(cast.stranger).get(address_of(cast.agreement)).content.decode()
    assert order.number.replace("-", "\u2011") not in stranger
    assert signed_in(cast.manager).get("/avtal/999999/").status_code == 404


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2021, 1, 31), 1, date(2021, 2, 28)),
        (date(2021, 12, 15), 1, date(2022, 1, 15)),
        (date(2021, 1, 15), -1, date(2020, 12, 15)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2021, 3, 31), -4, date(2020, 11, 30)),
    ],
)
def test_add_months(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected
