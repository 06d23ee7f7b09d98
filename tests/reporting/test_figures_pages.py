"""All pages of figures: who may open them, bad addresses, few queries."""

from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import Cast
from tests.history.scms_files import EXTRACT, brought_in, handed_in, table
from tests.pages import signed_in
from tests.reporting import initiatives

SAVINGS = (
    "/besparingar/?ar=2020",
    "/besparingar/?ar=2020&oppna=10",
    "/besparingar/?ar=2020&oppna=okningar",
    "/besparingar/?ar=2020&per=forvaltning&oppna=HSF",
    "/besparingar/?ar=2020&per=leverantor",
    "/besparingar/?ar=2020&per=manad",
    "/besparingar/rader/?ar=2020",
    "/besparingar/utan-baslinje/?ar=2020",
    "/besparingar/excel/?ar=2020",
    "/besparingar/csv/?ar=2020",
    "/baslinjer/",
)

HISTORY = (
    "/inlasningar/",
    "/prisjamforelse/",
    "/prisjamforelse/?per=ar",
    "/prisjamforelse/rader/",
    "/besparingar/netto/",
    "/besparingar/kostnader/",
)


@pytest.mark.parametrize("address", SAVINGS)
@pytest.mark.parametrize("who", ["controller", "head", "auditor", "manager", "deputy"])
def test_savings_pages_open_for_those_who_may(cast: Cast, who: str, address: str) -> None:
    initiatives.example_b(cast)
    answer = signed_in(getattr(cast, who)).get(address)
    assert answer.status_code == 200
    if answer.streaming:
        assert answer.getvalue()


@pytest.mark.parametrize("address", [*SAVINGS, *HISTORY])
@pytest.mark.parametrize("who", ["requester", "budget_holder", "administrator"])
def test_figures_are_closed_to_others(cast: Cast, who: str, address: str) -> None:
    assert signed_in(getattr(cast, who)).get(address).status_code == 403


@pytest.mark.parametrize("address", HISTORY)
def test_history_pages_are_for_those_who_see_the_region(cast: Cast, address: str) -> None:
    brought_in(EXTRACT.read_bytes())
    for person in (cast.controller, cast.head, cast.auditor):
        assert signed_in(person).get(address).status_code == 200
    assert signed_in(cast.manager).get(address).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/besparingar/?ar=abc",
        "/besparingar/?ar=99999",
        "/besparingar/?per=allt",
        "/besparingar/rader/?kategori=finns-inte",
        "/besparingar/rader/?initiativ=%27%3B--",
        "/besparingar/rader/?till=2020-13-40",
        "/besparingar/rader/?ar=2020&till=2021-01-01",
        "/besparingar/rader/?manad=13",
        "/besparingar/rader/?okning=2",
        "/prisjamforelse/?per=allt",
        "/prisjamforelse/rader/?visa=allt",
        "/prisjamforelse/rader/?ar=x",
        "/baslinjer/999999/",
        "/inlasta-register/999999/",
        "/besparingar/rakna/999999/",
    ],
)
def test_an_address_to_nothing_is_not_found(cast: Cast, address: str) -> None:
    assert signed_in(cast.controller).get(address).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999"])
def test_an_absurd_page_number_is_harmless(cast: Cast, page: str) -> None:
    initiatives.example_b(cast)
    client = signed_in(cast.controller)
    assert client.get(f"/besparingar/rader/?ar=2020&sida={page}").status_code == 200
    assert client.get(f"/prisjamforelse/rader/?sida={page}").status_code == 200


def queries_of(
    client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries, limit: int
) -> int:
    with django_assert_max_num_queries(limit) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize(
    ("address", "limit"),
    [
        ("/besparingar/?ar=2020&oppna=10", 13),
        ("/besparingar/?ar=2020&per=forvaltning&oppna=HSF", 13),
        ("/besparingar/?ar=2020&per=leverantor", 12),
        ("/besparingar/?ar=2020&per=manad", 12),
        ("/besparingar/?ar=2020&till=2020-10-17", 12),
        ("/besparingar/rader/?ar=2020", 6),
        ("/besparingar/utan-baslinje/?ar=2020", 6),
        ("/baslinjer/", 14),
        ("/inlasningar/", 14),
        ("/prisjamforelse/rader/", 14),
    ],
)
def test_list_pages_use_the_same_queries_however_long(
    cast: Cast, address: str, limit: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 11, 1), "2", "3480.00", item=cast.chair)
    handed_in(table({}).encode())
    initiatives.initiative(cast, effective=date(2024, 1, 1))
    client = signed_in(cast.controller)
    client.get(address)
    few = queries_of(client, address, django_assert_max_num_queries, limit)
    for day in range(1, 29):
        initiatives.delivered(cast, date(2020, 9, day), "1", "58.00", department=cast.home)
        initiatives.delivered(cast, date(2020, 9, day), "1", "3480.00", item=cast.chair, department=cast.home)
    initiatives.computed()
    for number in range(5):
        handed_in(table({}).encode())
        initiatives.initiative(cast, effective=date(2025, 1 + number, 1))
    assert queries_of(client, address, django_assert_max_num_queries, limit) == few
