"""Shared lists and order templates through the API: the same acts, the same refusals, as on the pages."""

from decimal import Decimal

import pytest

from catalog.models import DepartmentFavourite, Price
from procurement.models import OrderTemplate, RequisitionLine
from tests.api.clients import Program
from tests.cast import ALWAYS, Cast

pytestmark = pytest.mark.usefixtures("at_nine")

WEEK = {
    "name": "Vecka",
    "notes": "Mindre i juli",
    "remind_weekday": 2,
    "items": [{"item": "104412", "quantity": "6"}, {"item": "104600", "quantity": "2"}],
}


def test_a_departments_list_is_kept_by_program(cast: Cast) -> None:
    elin, oskar, stranger = (Program(who) for who in (cast.requester, cast.colleague, cast.stranger))
    for number in ("104412", "104600"):
        assert elin.post("department-favourites/", department="2140", item=number).status_code == 201
    response = oskar.post("department-favourites/move/", department="2140", item="104600", up=True)
    assert (response.status_code, response.data["position"]) == (200, 1)
    rows = oskar.get("department-favourites/").data["results"]
    assert [each["item"] for each in rows] == ["104600", "104412"]
    refusal = stranger.post("department-favourites/", department="2140", item="104412")
    assert (refusal.status_code, refusal.data["code"]) == (403, "list_is_for_those_who_order")
    assert stranger.get("department-favourites/").data["results"] == []
    assert elin.post("department-favourites/remove/", department="2140", item="104412").status_code == 204
    assert DepartmentFavourite.objects.count() == 1


def test_a_template_is_made_changed_filled_and_let_go_of(cast: Cast) -> None:
    elin, oskar = Program(cast.requester), Program(cast.colleague)
    response = elin.post("order-templates/", department="2140", **WEEK)
    assert response.status_code == 201
    assert [(each["item"], each["quantity"]) for each in response.data["items"]] == [
        ("104412", "6.000"),
        ("104600", "2.000"),
    ]
    address = f"order-templates/{response.data['id']}/"
    assert oskar.get(address).data["remind_weekday"] == 2
    filled = elin.post(f"{address}fill/")
    assert filled.status_code == 200
    assert filled.data["lines"][0]["quantity"] == "6.000"
    assert RequisitionLine.objects.filter(requisition__submitted_at=None).count() == 2
    few = elin.post(f"{address}fill/", items=[{"item": "104412", "quantity": "1"}])
    assert Decimal(few.data["lines"][0]["quantity"]) == 7
    changed = oskar.post(f"{address}change/", version=1, **WEEK | {"name": "Ny", "items": []})
    assert (changed.status_code, changed.data["version"], changed.data["items"]) == (200, 2, [])
    late = elin.post(f"{address}change/", version=1, **WEEK)
    assert (late.status_code, late.data["code"]) == (409, "template_has_changed")
    assert oskar.post(f"{address}keep/", keep=True).status_code == 204
    assert OrderTemplate.objects.get().keepers.count() == 2
    assert elin.post(f"{address}remove/").status_code == 204
    assert not OrderTemplate.objects.exists()


def test_a_template_is_filled_in_the_order_units_that_it_says(cast: Cast) -> None:
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        order_unit="kartong",
        units_per_order_unit=1000,
        unit_price=Decimal(500),
        valid_during=ALWAYS,
    )
    elin = Program(cast.requester)
    cartons = [{"item": "104412", "quantity": "2", "unit": "kartong"}]
    template = elin.post("order-templates/", department="2140", **WEEK | {"items": cartons}).data
    assert template["items"][0]["unit"] == "kartong"
    for fields in ({}, {"items": cartons}):
        data = elin.post(f"order-templates/{template['id']}/fill/", **fields).data
    (line,) = data["lines"]
    assert (line["unit"], line["quantity"], line["unit_price"]) == ("kartong", "4.000", "500.0000")


def test_nobody_else_reaches_it(cast: Cast) -> None:
    address = f"order-templates/{Program(cast.requester).post('order-templates/', department='2140', **WEEK).data['id']}/"
    stranger, holder = Program(cast.stranger), Program(cast.budget_holder)
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}remove/").status_code == 404
    assert stranger.post("order-templates/", department="2140", **WEEK).status_code == 403
    assert holder.get(address).status_code == 200
    assert holder.post(f"{address}fill/").status_code == 403
    assert holder.post(f"{address}change/", version=1, **WEEK).status_code == 403
    assert OrderTemplate.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "\x00"},
        {"remind_weekday": 0},
        {"remind_weekday": 1, "remind_month_day": 1},
        {"items": [{"item": "000000", "quantity": "1"}]},
        {"items": [{"item": "104412", "quantity": "-1"}]},
        {"items": [{"item": "104412", "quantity": "NaN"}]},
        {"delivery_place": 999999},
        {"department": "x"},
    ],
)
def test_bad_input_is_refused(cast: Cast, change: dict[str, object]) -> None:
    fields = {"department": "2140", **WEEK} | change
    assert Program(cast.requester).post("order-templates/", **fields).status_code == 400
    assert not OrderTemplate.objects.exists()
