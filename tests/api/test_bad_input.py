"""Bad input gets a clear sentence in the person's language, a proper status, and changes nothing."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import models

from audit.models import Entry
from procurement.models import PurchaseOrder, Receipt, Requisition, RequisitionLine
from tests import worlds
from tests.api.clients import Program
from tests.cast import Cast

HUGE = 10**30
ABSURD = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "9" * 40,
    HUGE,
    "tio",
    "",
    None,
    [],
    {},
    True,
    "1\x00",
    "1,5",
]


CHAIN: list[type[models.Model]] = [Requisition, RequisitionLine, PurchaseOrder, Receipt]


def state() -> list[Any]:
    """What must not have changed."""
    return [list(model._default_manager.order_by("pk").values()) for model in CHAIN] + [Entry.objects.count()]


@pytest.mark.parametrize("quantity", ABSURD)
def test_absurd_quantity_in_a_basket(cast: Cast, quantity: Any) -> None:
    basket = worlds.basket(cast)
    elin, before = Program(cast.requester), state()
    answer = elin.post(f"baskets/{basket.pk}/add-item/", item="104412", quantity=quantity)
    assert answer.status_code == 400, answer.data
    assert set(answer.data) == {"code", "detail", "fields"}
    assert set(answer.data["fields"]) == {"quantity"}
    assert state() == before


@pytest.mark.parametrize("quantity", ["0", "-10", "100001", "-0.0001"])
def test_quantity_that_cannot_be_is_refused_by_the_operation(cast: Cast, quantity: str) -> None:
    basket = worlds.basket(cast, (cast.gown, 1))
    answer = Program(cast.requester).post(f"baskets/{basket.pk}/add-item/", item="104412", quantity=quantity)
    assert answer.status_code == 400
    if quantity != "-0.0001":
        assert answer.data == {
            "code": "quantity_out_of_range",
            "detail": "Antalet ska vara större än 0 och högst 100 000.",
        }


@pytest.mark.parametrize("item", ["999999", "1\x00", 104412, None, [], {}, True, "x" * 10_000, ""])
def test_unknown_item(cast: Cast, item: Any) -> None:
    basket = worlds.basket(cast)
    elin, before = Program(cast.requester), state()
    assert elin.post(f"baskets/{basket.pk}/add-item/", item=item, quantity="1").status_code == 400
    placed = elin.post(
        "requisitions/",
        key=str(uuid4()),
        department="2140",
        needed_by_date="2021-06-01",
        lines=[{"item": item, "quantity": "1"}],
    )
    assert placed.status_code == 400
    assert state() == before


def test_half_a_character(cast: Cast) -> None:
    basket = worlds.basket(cast)
    elin = Program(cast.requester)
    body = '{"item": "\\ud800", "quantity": "1"}'
    assert elin.send(f"baskets/{basket.pk}/add-item/", body).status_code == 400


def test_unknown_item_is_named(cast: Cast) -> None:
    answer = Program(cast.requester).post(
        "requisitions/",
        key=str(uuid4()),
        department="2140",
        needed_by_date="2021-06-01",
        lines=[{"item": "104412", "quantity": "1"}, {"item": "999999", "quantity": "1"}],
    )
    assert answer.status_code == 400
    assert answer.data["detail"] == "lines: Artikel 999999 finns inte."


@pytest.mark.parametrize("line", [HUGE, -1, 0, 1.5, 1e999, "1\x00", None, {}, [], True, "x"])
def test_absurd_line_id_in_bulk(cast: Cast, line: Any) -> None:
    karin, before = Program(cast.manager), state()
    if line == 1e999:
        answer = karin.send("lines/approve/", '{"lines": [1e999]}')
    else:
        answer = karin.post("lines/approve/", lines=[line])
    assert answer.status_code == 400, answer.data
    assert state() == before


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"x"',
        "[" * 100_000,
        '{"lines": NaN}',
        b"\xff\xfe",
        '{"lines": ' + "9" * 5000 + "}",
    ],
)
def test_what_is_no_json_object(cast: Cast, body: str | bytes) -> None:
    answer = Program(cast.manager).send("lines/approve/", body)
    assert answer.status_code == 400, answer.data
    assert answer.data["detail"]


def test_too_many_lines_at_once(cast: Cast) -> None:
    assert Program(cast.manager).post("lines/approve/", lines=list(range(1, 502))).status_code == 400


@pytest.mark.parametrize("address", [str(HUGE), "0", "x", "1%00", "-1", "١", "..%2f..", "1.0"])
def test_absurd_address(cast: Cast, address: str) -> None:
    elin = Program(cast.requester)
    for resource in (
        "requisitions",
        "lines",
        "orders",
        "receipts",
        "attests",
        "reports",
        "baskets",
        "tokens",
    ):
        assert elin.get(f"{resource}/{address}/").status_code == 404
    for resource in ("items", "categories", "departments"):
        assert elin.get(f"{resource}/{address}/").status_code == 404


@pytest.mark.parametrize(
    "cursor", ["x", "cD14", "cD0lMDA=", "bz05OTk5OTk5OTk5OTk5OTk5OTk5", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk="]
)
def test_cursor_that_nobody_was_given(cast: Cast, cursor: str) -> None:
    worlds.submitted(cast)
    elin = Program(cast.requester)
    for resource in ("requisitions", "lines", "items", "savings", "accounting-codes"):
        answer = elin.get(f"{resource}/", cursor=cursor)
        assert answer.status_code in (200, 404), (resource, answer.data)


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("lines/", {"status": "levande"}),
        ("lines/", {"supplier": "x"}),
        ("lines/", {"supplier": "NaN"}),
        ("lines/", {"supplier": "1e60"}),
        ("lines/", {"submitted_from": "i går"}),
        ("lines/", {"category": "1\x00"}),
        ("requisitions/", {"line_status": "x"}),
        ("orders/", {"created_from": "2021-13-01"}),
        ("savings/", {"year": "0"}),
        ("savings/", {"year": "99999"}),
        ("delivered-lines/", {"delivered_from": "x"}),
        ("items/", {"status": "ny"}),
        ("items/search/", {"q": "x" * 121}),
        ("items/search/", {"category": "999"}),
        ("items/search/", {"page": "0"}),
    ],
)
def test_absurd_filter(cast: Cast, address: str, query: dict[str, str]) -> None:
    answer = Program(cast.manager).get(address, **query)
    assert answer.status_code == 400, answer.data
    assert set(answer.data["fields"]) == set(query)


@pytest.mark.parametrize("unit_price", [*ABSURD[:6], "-1", "999999999999.9999"])
def test_absurd_price_of_a_need_in_free_text(cast: Cast, unit_price: Any) -> None:
    basket = worlds.basket(cast)
    elin, before = Program(cast.requester), state()
    answer = elin.post(
        f"baskets/{basket.pk}/add-free-text/",
        description="Specialgungor",
        quantity="100",
        unit="st",
        estimated_unit_price=unit_price,
    )
    assert answer.status_code == 400
    assert state() == before


@pytest.mark.parametrize("unit_price", ["-1", "999999999999.9999", "NaN"])
def test_absurd_price_in_a_decision(cast: Cast, unit_price: str) -> None:
    basket = worlds.basket(cast)
    elin = Program(cast.requester)
    elin.post(
        f"baskets/{basket.pk}/add-free-text/",
        description="Specialgungor", category="10", quantity="100", unit="st", estimated_unit_price="10",
    )  # fmt: skip
    lines = elin.post(f"baskets/{basket.pk}/submit/").data["lines"]
    karin, before = Program(cast.manager), state()
    address = f"lines/{lines[-1]['id']}/approve/"
    answer = karin.post(address, supplier=cast.supplier.pk, unit_price=unit_price)
    assert answer.status_code == 400, answer.data
    assert state() == before


@pytest.mark.parametrize("quantity", [*ABSURD[:6], "-1", "100001"])
def test_absurd_quantity_received(cast: Cast, quantity: Any) -> None:
    (order,) = worlds.ordered(cast)
    allocation = order.lines.get().allocations.get()
    oskar, before = Program(cast.colleague), state()
    answer = oskar.post(
        "receipts/",
        key=str(uuid4()),
        department="2140",
        entries=[{"allocation": allocation.pk, "quantity": quantity}],
    )
    assert answer.status_code == 400
    assert state() == before


def test_receipt_of_what_is_not_there(cast: Cast) -> None:
    oskar = Program(cast.colleague)
    absurd: tuple[Any, ...] = ([{"allocation": 999, "quantity": "1"}], [], [{}], [1], {}, None, "x")
    for entries in absurd:
        answer = oskar.post("receipts/", key=str(uuid4()), department="2140", entries=entries)
        assert answer.status_code == 400, entries
    assert oskar.post("receipts/", key="x", department="9", entries=[]).status_code == 400


@pytest.mark.parametrize(
    "day", ["2021-02-30", "i morgon", "", None, 20210601, "0000-00-00", "10000-01-01", {}]
)
def test_day_that_is_none(cast: Cast, day: Any) -> None:
    answer = Program(cast.requester).post(
        "requisitions/",
        key=str(uuid4()),
        department="2140",
        needed_by_date=day,
        lines=[{"item": "104412", "quantity": "1"}],
    )
    assert answer.status_code == 400
    assert set(answer.data["fields"]) == {"needed_by_date"}


@pytest.mark.parametrize(
    ("language", "shape", "business"),
    [
        ("", "quantity: Ett giltigt nummer krävs.", "Antalet ska vara större än 0 och högst 100 000."),
        (
            "sv-SE,sv;q=0.9",
            "quantity: Ett giltigt nummer krävs.",
            "Antalet ska vara större än 0 och högst 100 000.",
        ),
        (
            "en",
            "quantity: A valid number is required.",
            "The quantity must be more than 0 and at most 100 000.",
        ),
    ],
)
def test_sentences_are_in_the_language_asked_for(
    cast: Cast, language: str, shape: str, business: str
) -> None:
    basket = worlds.basket(cast)
    elin = Program(cast.requester, language)
    address = f"baskets/{basket.pk}/add-item/"
    answer = elin.post(address, item="104600", quantity="tio")
    assert answer.data["detail"] == shape
    assert answer["Content-Language"] == (language[:2] or "sv")
    assert elin.post(address, item="104600", quantity="0").data["detail"] == business
