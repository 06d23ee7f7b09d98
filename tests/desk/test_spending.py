"""The ward manager's page: what her department spends against its frame, and the lines behind it."""

import io
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from organizations.models import Role
from procurement.operations.line_deliveries import AS_THE_REST, Delivery
from tests import worlds
from tests.cast import Cast, membership
from tests.pages import signed_in, text_of
from tests.procurement.part_deliveries import frame, placed


def test_the_page_says_what_is_taken_and_left(cast: Cast) -> None:
    frame(cast.ward, 1000, "warn")
    worlds.submitted(cast, (cast.gloves, 10))
    page = signed_in(cast.budget_holder).get(f"/enheter/{cast.ward.cost_center}/?ar=2021")
    text = text_of(page).replace("\xa0", " ")
    assert "420 kr är kvar" in text
    assert "Begärt 580 kr" in text


def test_only_what_is_charged_to_the_department_is_on_it(cast: Cast) -> None:
    membership(cast.controller, Role.BUDGET_HOLDER, cast.home)
    placed(cast, (cast.gloves, 10, AS_THE_REST), (cast.gown, 1, Delivery(cast.home)))
    page = signed_in(cast.stranger).get(f"/enheter/{cast.home.cost_center}/rader/?ar=2021&manad=5")
    assert cast.gown.name in text_of(page)
    assert cast.gloves.name not in text_of(page)


@pytest.mark.parametrize("ending", ["", "rader/", "rader.csv", "rader.xlsx"])
def test_others_departments_are_not_hers_to_see(cast: Cast, ending: str) -> None:
    assert signed_in(cast.stranger).get(f"/enheter/{cast.ward.cost_center}/{ending}").status_code == 404
    response = signed_in(cast.controller).get(f"/enheter/{cast.ward.cost_center}/{ending}")
    assert response.status_code == 200
    assert response.getvalue() if ending.startswith("rader.") else response.content


def test_the_lines_come_as_files(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 10))
    client: Client = signed_in(cast.budget_holder)
    address = f"/enheter/{cast.ward.cost_center}/rader"
    csv = client.get(f"{address}.csv?ar=2021").getvalue().decode("utf-8-sig")
    assert "580" in csv
    content = client.get(f"{address}.xlsx?ar=2021").getvalue()
    rows = list(load_workbook(io.BytesIO(content)).active.values)  # type: ignore[union-attr]
    assert Decimal(580) in [cell for row in rows for cell in row if isinstance(cell, int | float)]


def test_one_department_is_shown_at_once(cast: Cast) -> None:
    answer = signed_in(cast.budget_holder).get("/enheter/")
    assert answer.headers["Location"] == f"/enheter/{cast.ward.cost_center}/"


@pytest.mark.usefixtures("at_nine")
def test_who_sees_the_region_sees_what_each_department_has_left(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    frame(cast.ward, 1000, "warn")
    worlds.submitted(cast, (cast.gloves, 10))
    client = signed_in(cast.controller)
    with django_assert_max_num_queries(12):
        text = text_of(client.get("/enheter/"))
    assert "420 kr" in text
    assert "58 %" in text
    assert "Ingen ram i dag" in text


@pytest.mark.parametrize(
    ("words", "found"),
    [("2140", True), ("MEDICINavd", True), ("säbo", False), ("%", False), ("x" * 200, True)],
)
def test_a_department_is_searched_for_by_code_or_name(cast: Cast, words: str, found: bool) -> None:
    text = text_of(signed_in(cast.controller).get("/enheter/", {"q": words}))
    assert (cast.ward.name in text) == found


def test_the_basket_says_whether_the_frame_suffices(cast: Cast) -> None:
    frame(cast.ward, 500, "warn")
    worlds.basket(cast, (cast.gloves, 10))
    text = text_of(signed_in(cast.requester).get("/korg/")).replace("\xa0", " ")
    assert "80 kr saknas" in text


def test_the_attest_says_what_is_left_afterwards(cast: Cast) -> None:
    frame(cast.ward, 500)
    worlds.submitted(cast, (cast.gloves, 10))
    text = text_of(signed_in(cast.budget_holder).get("/attester/")).replace("\xa0", " ")
    assert "80 kr saknas" in text


@pytest.mark.parametrize(("amount", "said"), [(500, "80 kr saknas"), (5000, "4 420 kr kvar")])
def test_who_decides_sees_what_is_left_of_the_frame(cast: Cast, amount: int, said: str) -> None:
    frame(cast.ward, amount, "warn")
    line = worlds.line(cast, (cast.gloves, 10))
    assert said in text_of(signed_in(cast.manager).get(f"/rader/{line.pk}/")).replace("\xa0", " ")
