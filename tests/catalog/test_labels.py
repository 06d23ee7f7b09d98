"""Labels of items: rows of registers, proven until a day, and told wherever an item is."""

from datetime import timedelta

import pytest

from catalog.models import ItemLabel, Label
from registers.register import REGISTERS
from tests.api.clients import Program
from tests.cast import TODAY, Cast
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")


def label(code: str, name: str) -> Label:
    return Label.objects.create(code=code, name=name)


def test_a_label_is_told_through_its_last_day(cast: Cast) -> None:
    for code, name, last in (
        ("a", "Svanen", TODAY),
        ("b", "Bra Miljöval", None),
        ("c", "KRAV", TODAY - timedelta(days=1)),
    ):
        ItemLabel.objects.create(item=cast.gloves, label=label(code, name), valid_through_date=last)
    program = Program(cast.requester)
    assert program.get("items/104412/").data["labels"] == ["Bra Miljöval", "Svanen"]
    labels_by_item = {each["number"]: each["labels"] for each in program.get("items/").data["results"]}
    assert labels_by_item["104412"] == ["Bra Miljöval", "Svanen"]
    assert labels_by_item["104600"] == []
    rows = program.get("items/search/", q="104412").data["results"]
    assert rows[0]["labels"] == ["Bra Miljöval", "Svanen"]


def test_a_manager_labels_the_items_of_her_own_categories(cast: Cast) -> None:
    label("svanen", "Svanen")
    values = {
        "label": "svanen",
        "licence_number": "3083 0021",
        "valid_through_date": "2022-05-18",
        "bekraftat": "1",
    }
    client = signed_in(cast.manager)
    address = "/register/item_labels/ny/"
    assert client.post(address, values | {"item": "104412"}).status_code == 302
    (row,) = [values for _pk, _key, values in REGISTERS["item_labels"].rows()]
    assert row == {
        "item": "104412",
        "label": "svanen",
        "licence_number": "3083 0021",
        "valid_through_date": "2022-05-18",
    }
    for wrong in ({"item": cast.chair.number}, {"item": "104412"}, {"item": "104600", "label": "okänd"}):
        assert client.post(address, values | wrong).status_code in (403, 409, 422)
    assert signed_in(cast.head).post(address, values | {"item": "104600"}).status_code == 403
    assert ItemLabel.objects.count() == 1


def test_a_new_label_is_a_row(cast: Cast) -> None:
    new = {"code": "gots", "name": "GOTS", "kind": "organic", "bekraftat": "1"}
    assert signed_in(cast.manager).post("/register/labels/ny/", new).status_code == 403
    assert signed_in(cast.head).post("/register/labels/ny/", new).status_code == 302
    assert Label.objects.get().name == "GOTS"
