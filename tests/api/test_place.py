"""A whole requisition in one request."""

from typing import Any
from uuid import uuid4

import pytest

from categories.models import CategoryPolicy
from procurement.models import Requisition
from tests.api.clients import Program
from tests.cast import Cast


def wanted(**changes: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()),
        "department": "2140",
        "needed_by_date": "2021-06-01",
        "lines": [{"item": "104412", "quantity": "10"}, {"item": "104600", "quantity": "2"}],
    } | changes


def test_place_fills_in_what_is_the_departments_own(cast: Cast) -> None:
    answer = Program(cast.requester).post("requisitions/", **wanted())
    assert answer.status_code == 201
    data = answer.data
    assert (data["status"], data["total_amount"], data["line_count"]) == ("under_review", "878.00", 2)
    assert (data["delivery_place"], data["activity"], data["charged_department"]["code"]) == (
        cast.place.pk,
        "512",
        "2140",
    )
    assert [line["responsible"]["name"] for line in data["lines"]] == ["Karin Sundblad"] * 2


def test_place_twice_with_one_key_gives_the_first(cast: Cast) -> None:
    elin, fields = Program(cast.requester), wanted()
    first, second = elin.post("requisitions/", **fields), elin.post("requisitions/", **fields)
    assert first.data == second.data
    assert Requisition.objects.count() == 1


@pytest.mark.parametrize("quantity", ["1", "900"], ids=["approved at once", "to be attested"])
def test_place_tells_what_is_then_read(cast: Cast, quantity: str) -> None:
    CategoryPolicy.objects.update(standing_approval_limit=1000)
    elin = Program(cast.requester)
    placed = elin.post("requisitions/", **wanted(lines=[{"item": "104412", "quantity": quantity}])).data
    assert placed == elin.get(f"requisitions/{placed['id']}/").data
    assert (placed["lines"][0]["approval"] is None) == (quantity == "900") == bool(placed["attests"])


def test_place_costs_no_more_than_was_shown(cast: Cast) -> None:
    elin = Program(cast.requester)
    lines = [{"item": "104412", "quantity": "10", "shown_unit_price": "57.99"}]
    refusal = elin.post("requisitions/", **(fields := wanted(lines=lines)))
    assert (refusal.status_code, refusal.data["code"]) == (409, "prices_have_risen")
    lines[0]["shown_unit_price"] = "58"
    assert elin.post("requisitions/", **fields).data["total_amount"] == "580.00"


def test_place_in_an_order_unit_that_nobody_sells_is_refused(cast: Cast) -> None:
    lines = [{"item": "104412", "quantity": "1", "unit": "pall"}]
    refusal = Program(cast.requester).post("requisitions/", **wanted(lines=lines))
    assert (refusal.status_code, refusal.data["code"]) == (400, "order_unit_not_sold")


def test_place_for_anothers_department_is_refused(cast: Cast) -> None:
    answer = Program(cast.stranger).post("requisitions/", **wanted())
    assert (answer.status_code, answer.data["code"]) == (403, "not_your_department")
    assert not Requisition.objects.exists()


def test_place_at_anothers_delivery_place_is_refused(cast: Cast) -> None:
    answer = Program(cast.requester).post("requisitions/", **wanted(delivery_place=cast.home_place.pk))
    assert (answer.status_code, answer.data["code"]) == (400, "place_of_another_department")


def test_place_without_lines_is_refused(cast: Cast) -> None:
    answer = Program(cast.requester).post("requisitions/", **wanted(lines=[]))
    assert answer.status_code == 400
    assert set(answer.data["fields"]) == {"lines"}


def test_place_with_a_key_that_another_has_used_is_refused(cast: Cast) -> None:
    fields = wanted()
    Program(cast.requester).post("requisitions/", **fields)
    answer = Program(cast.colleague).post("requisitions/", **fields)
    assert (answer.status_code, answer.data["code"]) == (400, "key_is_taken")
