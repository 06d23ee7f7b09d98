"""What each person sees through the API, and how lists are narrowed and paged."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from procurement.models import Allocation, Requisition, RequisitionLine
from procurement.operations import baskets
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast

LISTS = [
    "me", "tokens", "departments", "accounting-codes", "categories", "suppliers", "agreements", "items", "baskets",
    "requisitions", "lines", "attests", "orders", "deliveries", "receipts", "savings", "delivered-lines", "reports",
    "account-meanings", "ledger-suppliers",
]  # fmt: skip


def numbers(program: Program, address: str, **query: Any) -> list[Any]:
    answer = program.get(address, **query)
    assert answer.status_code == 200, answer.data
    return [row.get("number") or row["id"] for row in answer.data["results"]]


@pytest.mark.parametrize("name", LISTS)
def test_stranger_without_a_key_gets_nowhere(cast: Cast, name: str) -> None:
    answer = APIClient().get(f"/api/v1/{name}/")
    assert answer.status_code == 401
    assert answer.data == {
        "code": "not_authenticated",
        "detail": "Autentiseringsuppgifter ej tillhandahållna.",
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["requester", "manager", "auditor", "administrator"])
def test_every_list_opens_for_everybody(cast: Cast, name: str, who: str) -> None:
    assert Program(getattr(cast, who)).get(f"{name}/").status_code == 200


def test_requisition_is_seen_by_those_it_concerns(cast: Cast) -> None:
    requisition = worlds.submitted(cast)
    answer_by_person = {
        who: (
            Program(getattr(cast, who)).get(f"requisitions/{requisition.pk}/").status_code,
            numbers(Program(getattr(cast, who), "sv"), "requisitions/"),
        )
        for who in ("requester", "colleague", "budget_holder", "manager", "head", "controller", "auditor")
    }
    assert set(map(str, answer_by_person.values())) == {str((200, [requisition.number]))}
    for who in ("stranger", "office_deputy", "administrator"):
        assert Program(getattr(cast, who)).get(f"requisitions/{requisition.pk}/").status_code == 404
        assert numbers(Program(getattr(cast, who), "sv"), "requisitions/") == []


def test_basket_is_its_owners_alone(cast: Cast) -> None:
    basket = worlds.basket(cast)
    line = basket.lines.get()
    for who in ("colleague", "manager", "head", "auditor", "stranger"):
        other = Program(getattr(cast, who))
        assert other.get(f"baskets/{basket.pk}/").status_code == 404
        assert other.get(f"requisitions/{basket.pk}/").status_code == 404
        assert other.get(f"lines/{line.pk}/").status_code == 404
        assert other.post(f"baskets/{basket.pk}/submit/").status_code == 404
        assert other.post(f"lines/{line.pk}/set-quantity/", quantity="1").status_code == 404
    assert Program(cast.requester).get(f"baskets/{basket.pk}/").data["lines"][0]["id"] == line.pk


ACTS = [
    ("withdraw", {}), ("answer", {"text": "x"}), ("revise", {"quantity": "1"}), ("approve", {}),
    ("adjust", {"quantity": "1", "comment": "x"}), ("substitute", {"item": "104600", "quantity": "1", "comment": "x"}),
    ("return", {"question": "x"}), ("reject", {"reason_code": "in_stock"}), ("undo", {}), ("reassign", {"category": "20"}),
    ("hand-over", {"to": "1"}),
]  # fmt: skip


@pytest.mark.parametrize(("verb", "body"), ACTS)
def test_anothers_line_is_not_there(cast: Cast, verb: str, body: dict[str, str]) -> None:
    line = worlds.line(cast)
    before = RequisitionLine.objects.values().get()
    assert Program(cast.stranger).post(f"lines/{line.pk}/{verb}/", **body).status_code == 404
    assert RequisitionLine.objects.values().get() == before


def test_anothers_lines_in_bulk_are_told_as_not_there(cast: Cast) -> None:
    line = worlds.line(cast)
    answer = Program(cast.stranger).post("lines/approve/", lines=[line.pk, 999_999])
    assert answer.status_code == 200
    assert answer.data["done"] == []
    assert [(each["line"], each["code"]) for each in answer.data["refused"]] == [
        (line.pk, "not_found"),
        (999_999, "not_found"),
    ]


def test_bulk_does_what_it_can_and_says_why_not_the_rest(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 1000))
    gloves, gown = requisition.lines.order_by("position")
    answer = Program(cast.manager).post("lines/approve/", lines=[gown.pk, gloves.pk, gloves.pk])
    assert [line["id"] for line in answer.data["done"]] == [gloves.pk]
    (refusal,) = answer.data["refused"]
    assert (refusal["line"], refusal["code"]) == (gown.pk, "ceiling_reached")
    assert answer.data["done"][0]["approval"]["amount"] == "580.00"


def test_anothers_order_and_delivery_are_not_there(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    stranger = Program(cast.stranger)
    assert stranger.get(f"orders/{order.pk}/").status_code == 404
    assert stranger.get(f"orders/{order.pk}/pdf/").status_code == 404
    assert stranger.post(f"orders/{order.pk}/cancel/", reason="x").status_code == 404
    assert stranger.get("deliveries/").data["results"] == []
    entry = {"allocation": Allocation.objects.get().pk, "quantity": "1"}
    for department, code in (("3310", "wrong_allocation"), ("2140", "not_your_department")):
        answer = stranger.post("receipts/", key=str(uuid4()), department=department, entries=[entry])
        assert answer.data["code"] == code


def test_key_of_anothers_receipt_gives_nothing_away(cast: Cast) -> None:
    receipt = worlds.received(cast)
    line = receipt.lines.get()
    entry = {"allocation": line.allocation_id, "quantity": str(line.quantity)}
    answer = Program(cast.stranger).post(
        "receipts/", key=str(receipt.key), department="3310", entries=[entry]
    )
    assert (answer.status_code, answer.data["code"]) == (400, "key_is_taken")
    again = Program(cast.colleague).post(
        "receipts/", key=str(receipt.key), department="2140", entries=[entry]
    )
    assert (again.status_code, again.data["id"]) == (201, receipt.pk)


def test_receipt_is_told_alike_when_it_is_made_asked_for_again_and_read(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 3), (cast.gown, 2))
    entries = [
        {"allocation": each.pk, "quantity": "1.0", "deviation": "damaged", "deviation_quantity": "1"}
        if each.quantity == 3
        else {"allocation": each.pk, "quantity": "0", "deviation": "short", "comment": " slut "}
        for each in Allocation.objects.order_by("pk")
    ]
    key, program = str(uuid4()), Program(cast.colleague)
    receipt = program.post("receipts/", key=key, department="2140", entries=entries).data
    assert len(receipt["lines"]) == 2, receipt
    assert program.post("receipts/", key=key, department="2140", entries=entries).data == receipt
    assert program.get(f"receipts/{receipt['id']}/").data == receipt


def test_order_is_told_alike_when_it_is_made_and_read(cast: Cast) -> None:
    worlds.approved(cast, (cast.gloves, 3), (cast.gown, 2))
    worlds.approved(cast, (cast.gloves, 1))
    program = Program(cast.manager)
    orders = program.post("orders/consolidate/").data
    assert sum(len(line["allocations"]) for order in orders for line in order["lines"]) == 3, orders
    for order in orders:
        assert program.get(f"orders/{order['id']}/").data == order


def test_order_shows_what_each_requisition_has_of_it(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 3))
    data = Program(cast.manager).get(f"orders/{order.pk}/").data
    (line,) = data["lines"]
    (allocation,) = line["allocations"]
    assert (data["number"], data["line_count"], data["total_amount"]) == (order.number, 1, "174.00")
    assert (line["item"], line["quantity"], line["unit_price"]) == ("104412", "3.000", "58.0000")
    assert (allocation["quantity"], allocation["received_quantity"]) == ("3.000", "0.000")


@pytest.mark.parametrize(("kind", "beginning"), [("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbf")])
def test_order_as_a_file(cast: Cast, kind: str, beginning: bytes) -> None:
    (order,) = worlds.ordered(cast)
    answer = Program(cast.manager).get(f"orders/{order.pk}/{kind}/")
    assert answer.status_code == 200
    assert answer.content.startswith(beginning)
    assert answer["Content-Disposition"] == f'attachment; filename="Inkopsorder-{order.number}.{kind}"'


def test_refused_file_is_told_in_words(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    answer = Program(cast.stranger).get(f"orders/{order.pk}/pdf/")
    assert answer["Content-Type"] == "application/json"
    assert b'"code":"not_found"' in answer.content


def test_lists_are_narrowed(cast: Cast) -> None:
    first, second = worlds.submitted(cast, (cast.gloves, 1)), worlds.submitted(cast, (cast.gown, 2))
    gloves, gown = first.lines.get().pk, second.lines.get().pk
    karin = Program(cast.manager)
    karin.post(f"lines/{gown}/reject/", reason_code="in_stock")
    assert numbers(karin, "lines/") == [gown, gloves]
    for query, expected in (
        ({"awaiting_me": "true"}, [gloves]),
        ({"awaiting_me": "false"}, [gown]),
        ({"status": ["awaiting", "rejected"]}, [gown, gloves]),
        ({"status": "rejected"}, [gown]),
        ({"category": "10.1"}, [gloves]),
        ({"category": "10"}, [gown, gloves]),
        ({"category": "99"}, []),
        ({"item": "104600"}, [gown]),
        ({"department": "2140"}, [gown, gloves]),
        ({"department": "3310"}, []),
        ({"supplier": cast.supplier.pk}, [gown, gloves]),
        ({"supplier": 10**30}, []),
        ({"submitted_from": "2021-05-18", "submitted_through": "2021-05-18"}, [gown, gloves]),
        ({"submitted_from": "2021-05-19"}, []),
        ({"requisition": first.pk}, [gloves]),
    ):
        assert numbers(karin, "lines/", **query) == expected, query
    assert numbers(karin, "requisitions/", line_status="awaiting") == [first.number]
    assert numbers(karin, "requisitions/", number=second.number) == [second.number]
    assert numbers(karin, "items/", category="20") == [cast.chair.number]
    assert numbers(karin, "agreements/", valid_on="2021-05-18") == [cast.agreement.number]
    assert numbers(karin, "agreements/", valid_on="2031-05-18") == []


def test_orders_are_narrowed(cast: Cast) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 1))
    karin = Program(cast.manager)
    for query, is_there in (
        ({"status": "ready"}, True),
        ({"status": "sent"}, False),
        ({"item": "104412"}, True),
        ({"item": "104600"}, False),
        ({"department": "2140"}, True),
        ({"agreement": cast.agreement.pk}, True),
        ({"supplier": cast.paper_supplier.pk}, False),
        ({"created_from": "2021-05-18"}, True),
        ({"created_through": "2021-05-17"}, False),
    ):
        assert numbers(karin, "orders/", **query) == ([order.number] if is_there else []), query


def test_pages_are_followed_by_cursor(cast: Cast) -> None:
    placed_numbers = [worlds.submitted(cast).number for _ in range(5)]
    elin = Program(cast.requester)
    answer, listed_numbers = elin.get("requisitions/", page_size="2"), []
    while True:
        listed_numbers += [row["number"] for row in answer.data["results"]]
        if not answer.data["next"]:
            break
        answer = elin.client.get(answer.data["next"])
    assert listed_numbers == placed_numbers[::-1]


def test_search_is_the_catalogues_own(cast: Cast) -> None:
    elin = Program(cast.requester)
    data = elin.get("items/search/", q="handske").data
    assert [(item["number"], item["price"]["unit_price"]) for item in data["results"]] == [
        ("104412", "58.0000")
    ]
    assert elin.get("items/search/", q="undersökningshanske").data["is_similar"]
    assert elin.get("items/search/", q="handske", category="20").data["total"] == 0
    assert elin.get("items/104412/").data["price"]["agreement"] == cast.agreement.number


def test_numbers_are_exact_text(cast: Cast) -> None:
    line = Program(cast.requester).get(f"lines/{worlds.line(cast).pk}/").data
    assert (line["quantity"], line["unit_price"], line["amount"]) == ("10.000", "58.0000", "580.00")
    assert line["routing_reason"] == "Handskar hör till Sjukvårdsmaterial, som Karin Sundblad ansvarar för."


def test_open_basket_is_the_same_one_again(cast: Cast) -> None:
    elin = Program(cast.requester)
    first, second = (elin.post("baskets/", department="2140") for _ in range(2))
    assert first.data["id"] == second.data["id"]
    assert Requisition.objects.count() == 1
    assert elin.post("baskets/", department="3310").data["code"] == "not_your_department"


def test_preview_tells_what_will_happen(cast: Cast) -> None:
    basket = worlds.basket(cast, (cast.gloves, 10), (cast.chair, 5))
    plan = Program(cast.requester).get(f"baskets/{basket.pk}/preview/").data
    assert [line["responsible"] for line in plan["lines"]] == ["Karin Sundblad", "Sofia Ekdahl"]
    assert [line["is_approved_at_once"] for line in plan["lines"]] == [False, False]
    assert (plan["total"], plan["limit"], plan["attested_by"]) == (
        "17980.00",
        "10000.00",
        "Marianne Klintberg",
    )


def test_copying_what_one_may_not_see_is_not_possible(cast: Cast) -> None:
    requisition = worlds.submitted(cast)
    basket = baskets.open_basket(department=cast.home, by=cast.stranger, at=NOW)
    answer = Program(cast.stranger).post(f"baskets/{basket.pk}/copy-lines/", requisition=requisition.pk)
    assert answer.status_code == 404
    assert not basket.lines.exists()


def test_wrong_method_and_media_type_are_told_in_words(cast: Cast) -> None:
    elin = Program(cast.requester)
    assert elin.client.delete("/api/v1/requisitions/").data["code"] == "method_not_allowed"
    answer = elin.client.post("/api/v1/baskets/", "x", content_type="text/plain")
    assert (answer.status_code, answer.data["code"]) == (415, "unsupported_media_type")


def test_a_requisition_is_summed_in_lists_over_the_lines_that_the_reader_may_open(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.chair, 1))
    programs = {who: Program(getattr(cast, who)) for who in ("requester", "manager", "auditor")}
    row_by_person = {
        who: program.get("requisitions/").data["results"][0] for who, program in programs.items()
    }
    gloves, chair = requisition.lines.order_by("position").values_list("amount", flat=True)
    assert [
        (row_by_person[who]["line_count"], Decimal(row_by_person[who]["total_amount"]))
        for who in row_by_person
    ] == [
        (2, gloves + chair),
        (1, gloves),
        (2, gloves + chair),
    ]
    for who, row in row_by_person.items():
        alone = programs[who].get(f"requisitions/{requisition.pk}/").data
        assert {name: alone[name] for name in row} == dict(row)
