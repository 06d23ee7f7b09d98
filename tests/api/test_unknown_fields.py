"""A field that no act has is a misspelt one: it is refused, and not taken as if it had not been said."""

from typing import Any
from uuid import uuid4

import pytest

from procurement.models import Requisition
from tests import worlds
from tests.api.clients import Program
from tests.api.described import description
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db


def order(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "key": str(uuid4()),
        "department": cast.ward.cost_center,
        "needed_by_date": TODAY.replace(month=6).isoformat(),
        "lines": [{"item": cast.gloves.number, "quantity": "2"}],
        **more,
    }


def test_misspelt_field_is_named_and_nothing_is_ordered(cast: Cast) -> None:
    answer = Program(cast.requester).post("requisitions/", **order(cast, delivery_placement=7, reson="x"))
    assert answer.status_code == 400
    assert answer.data["code"] == "invalid"
    assert set(answer.data["fields"]) == {"delivery_placement", "reson"}
    assert answer.data["fields"]["reson"] == ["Fältet finns inte."]
    assert not Requisition.objects.exists()
    assert Program(cast.requester, "en").post("requisitions/", **order(cast)).status_code == 201


def test_misspelt_field_within_a_list_is_found_where_it_stands(cast: Cast) -> None:
    lines = [
        {"item": cast.gloves.number, "quantity": "2"},
        {"item": cast.gown.number, "quantity": "1", "qty": "9"},
    ]
    answer = Program(cast.requester).post("requisitions/", **order(cast, lines=lines))
    assert answer.status_code == 400
    assert answer.data["fields"] == {"lines": {"1": {"qty": ["Fältet finns inte."]}}}


def test_description_says_that_there_are_no_other_fields() -> None:
    shapes = description()["components"]["schemas"]
    assert shapes["PlaceInputRequest"]["additionalProperties"] is False
    assert shapes["WantedInputRequest"]["additionalProperties"] is False
    assert "additionalProperties" not in shapes["Requisition"]


def test_what_is_said_of_a_decision_is_not_lost_by_its_name(cast: Cast) -> None:
    line = worlds.line(cast)
    answer = Program(cast.manager).post(f"lines/{line.pk}/approve/", coment="Bara denna gång")
    assert answer.status_code == 400
    line.refresh_from_db()
    assert line.decided_by is None


@pytest.mark.parametrize("address", ["requisitions/", "lines/", "orders/", "items/", "suppliers/"])
def test_misspelt_filter_does_not_give_everything(cast: Cast, address: str) -> None:
    worlds.ordered(cast)
    program = Program(cast.requester)
    answer = program.get(address, departement="2140", page_size="5")
    assert answer.status_code == 400
    assert answer.data["fields"] == {"departement": ["Filtret finns inte."]}
    assert program.get(address, page_size="5").status_code == 200
