"""Receive what came: all, part, damaged, too few; pressed twice; somebody else's."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.addresses import address_of
from procurement.models import Allocation, Receipt, ReceiptLine, Requisition, RequisitionLine
from procurement.operations import baskets, decisions, orders, requisitions
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

PAGE = "/ta-emot/"
SIGN = "/ta-emot/kvittera/"
PAGE_QUERIES = 16


def form(allocation: Allocation, quantity: object, **more: object) -> dict[str, object]:
    """One row of the form, filled in."""
    fields = {f"{allocation.pk}-{name}": value for name, value in more.items()}
    return {"key": str(uuid4()), "allocation": allocation.pk, f"{allocation.pk}-quantity": quantity, **fields}


def coming(cast: Cast) -> Allocation:
    """Ten boxes on their way."""
    worlds.ordered(cast)
    return Allocation.objects.get()


def test_page_shows_what_is_to_come_with_the_rest_filled_in(cast: Cast) -> None:
    coming(cast)
    page = text_of(signed_in(cast.requester).get(PAGE))
    assert "Nordmedica AB" in page
    assert "Ta emot 10 askar" in page
    assert 'value="10"' in page


def test_receive_all_and_then_nothing_is_left(cast: Cast) -> None:
    allocation = coming(cast)
    client = signed_in(cast.requester)
    page = text_of(client.post(SIGN, form(allocation, "10"), follow=True))
    assert "Du tog emot 10 askar från Nordmedica AB." in page
    assert "Inget att ta emot" in page
    assert RequisitionLine.objects.get().status == LineStatus.RECEIVED


def test_receive_part_leaves_the_rest(cast: Cast) -> None:
    allocation = coming(cast)
    client = signed_in(cast.requester)
    client.post(SIGN, form(allocation, "4"))
    assert RequisitionLine.objects.get().status == LineStatus.PARTLY_RECEIVED
    page = text_of(client.get(PAGE))
    assert "4 av 10 har kommit" in page
    assert "Ta emot 6 askar" in page


def test_press_twice_gives_one_receipt(cast: Cast) -> None:
    data = form(coming(cast), "4")
    client = signed_in(cast.requester)
    assert client.post(SIGN, data).status_code == client.post(SIGN, data).status_code == 302
    assert Receipt.objects.count() == 1
    assert Allocation.objects.get().received_quantity == 4


@pytest.mark.parametrize(
    ("quantity", "more", "status", "sentence"),
    [
        ("11", {}, 409, "Bara 10 återstår"),
        ("-1", {}, 422, "Antalet"),
        ("100001", {}, 422, "högst 100 000"),
        ("x", {}, 422, "Skriv antalet med siffror"),
        ("", {}, 422, "Ange ett antal"),
        ("0", {}, 422, "Ange hur många som har kommit"),
        ("8", {"deviation": "damaged"}, 422, "Ange hur många som är fel."),
        ("8", {"deviation": "borta"}, 422, ""),
        ("8", {"deviation": "damaged", "deviation_quantity": "2", "comment": "x" * 201}, 422, ""),
    ],
)
def test_receive_what_cannot_be_is_refused_and_changes_nothing(
    cast: Cast, quantity: str, more: dict[str, str], status: int, sentence: str
) -> None:
    response = signed_in(cast.requester).post(SIGN, form(coming(cast), quantity, **more))
    assert response.status_code == status
    assert sentence in text_of(response)
    assert not Receipt.objects.exists()
    assert Allocation.objects.get().received_quantity == 0


@pytest.mark.parametrize(
    ("quantity", "kind", "wrong", "left"),
    [
        ("8", "damaged", "2", LineStatus.PARTLY_RECEIVED),
        ("8", "wrong", "2", LineStatus.PARTLY_RECEIVED),
        ("10", "over", "3", LineStatus.RECEIVED),
        ("8", "short", "", LineStatus.RECEIVED),
    ],
)
def test_receive_with_a_deviation(cast: Cast, quantity: str, kind: str, wrong: str, left: LineStatus) -> None:
    data = form(
        coming(cast), quantity, deviation=kind, deviation_quantity=wrong, comment="Kartongen var blöt."
    )
    assert signed_in(cast.requester).post(SIGN, data).status_code == 302
    row = ReceiptLine.objects.get()
    assert (row.deviation, row.deviation_quantity) == (kind, Decimal(wrong or 0))
    assert RequisitionLine.objects.get().status == left


def test_receive_for_another_department_finds_nothing(cast: Cast) -> None:
    allocation = coming(cast)
    for person in (cast.stranger, cast.manager, cast.auditor):
        client = signed_in(person)
        assert client.post(SIGN, form(allocation, "10")).status_code == 404
        assert "Nordmedica" not in text_of(client.get(PAGE))


@pytest.mark.parametrize(
    "change", [{"key": "x"}, {"allocation": "999999"}, {"allocation": ""}, {"allocation": "9" * 40}]
)
def test_receive_with_a_broken_form_is_refused(cast: Cast, change: dict[str, str]) -> None:
    response = signed_in(cast.requester).post(SIGN, form(coming(cast), "10") | change)
    assert response.status_code in (404, 409)
    assert not Receipt.objects.exists()


def test_whoever_decided_the_line_cannot_receive_it(cast: Cast) -> None:
    allocation = coming(cast)
    RequisitionLine.objects.update(decided_by=cast.requester)
    client = signed_in(cast.requester)
    assert "får inte också ta emot" in text_of(client.get(PAGE))
    assert client.post(SIGN, form(allocation, "10")).status_code == 403


def test_a_service_is_accepted_by_its_hours(cast: Cast) -> None:
    basket = worlds.basket(cast)
    basket.lines.all().delete()
    baskets.add_service(
        basket=basket,
        description="Ombyggnad av reception",
        specification="",
        category=cast.services,
        place="Visby lasarett",
        start_date=TODAY,
        end_date=TODAY + timedelta(days=10),
        hours=Decimal(12),
        estimated_unit_price=Decimal(500),
        suggested_supplier="",
        by=cast.requester,
        at=NOW,
    )
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    outcome = decisions.approve(
        lines=list(requisition.lines.all()), by=cast.deputy, at=NOW, supplier=cast.supplier
    )
    assert not outcome.refused
    orders.consolidate(at=NOW, due_only=False)
    client = signed_in(cast.requester)
    assert "Godkänn 12 timmar" in text_of(client.get(PAGE))
    assert "Hur många timmar är utförda?" in text_of(client.get(address_of(requisition)))
    page = text_of(client.post(SIGN, form(Allocation.objects.get(), "12"), follow=True))
    assert "Du godkände 12 timmar från Nordmedica AB." in page


def test_receive_from_the_requisition_goes_back_there(cast: Cast) -> None:
    allocation = coming(cast)
    back_url = address_of(Requisition.objects.get())
    response = signed_in(cast.requester).post(SIGN, form(allocation, "10") | {"next": back_url})
    assert response.headers["Location"] == back_url


def test_page_asks_as_many_questions_for_many_rows_as_for_few(cast: Cast) -> None:
    client = signed_in(cast.requester)
    coming(cast)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for _number in range(5):
        worlds.ordered(cast, (cast.gloves, 2), (cast.gown, 2))
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(many) == len(few) <= PAGE_QUERIES
