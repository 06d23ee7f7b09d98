"""My requisitions: where each line is, who has it, and what can still be done."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Item
from catalog.states import ItemStatus
from core.addresses import address_of
from procurement.models import Allocation, RejectionReason, Requisition, RequisitionLine
from procurement.operations import decisions, orders
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.answering import sent
from tests.procurement.test_reducing import receive, reduce

pytestmark = pytest.mark.usefixtures("at_nine")

# Session, person; requisition, lines with what is told of them; attest; standing; trail; header.
PAGE_QUERIES = 22
LIST_QUERIES = 14


def url(name: str, *args: object) -> str:
    """An address of procurement."""
    return reverse(f"shop:{name}", args=args)


def asked(cast: Cast) -> RequisitionLine:
    """A line about which its manager has asked."""
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Räcker tio?", by=cast.manager, at=NOW)
    line.refresh_from_db()
    return line


def test_page_says_who_has_each_line(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.chair, 1))
    page = text_of(signed_in(cast.requester).get(address_of(requisition)))
    assert "Karin Sundblad har raden nu och svarar senast" in page
    assert "Sofia Ekdahl" in page
    assert "Skickad av dig" in page
    assert "2140 Medicinavdelning 1" in page
    assert "Prövas" in page


@pytest.mark.parametrize(
    ("decide", "sentence"),
    [
        (
            lambda cast, line: decisions.adjust(
                line=line, quantity=Decimal(6), by=cast.manager, at=NOW, comment="Sex räcker."
            ),
            "Karin Sundblad ändrade 10 till 6. ”Sex räcker.”",
        ),
        (
            lambda cast, line: decisions.reject(
                lines=[line],
                reason_code=RejectionReason.ALREADY_ORDERED,
                comment="Kommer i dag.",
                by=cast.manager,
                at=NOW,
            ),
            "Karin Sundblad avslog: Finns redan i en beställning. ”Kommer i dag.”",
        ),
        (
            lambda cast, line: decisions.approve(lines=[line], by=cast.manager, at=NOW),
            "Beställs från Nordmedica AB i dag kl. 15.00.",
        ),
    ],
)
def test_page_says_what_was_decided(
    cast: Cast, decide: Callable[[Cast, RequisitionLine], object], sentence: str
) -> None:
    line = worlds.line(cast)
    decide(cast, line)
    assert sentence in text_of(signed_in(cast.requester).get(address_of(line.requisition)))


def test_page_follows_the_line_to_the_door(cast: Cast) -> None:
    receipt = worlds.received(cast)
    requisition = receipt.lines.get().allocation.line.requisition
    page = text_of(signed_in(cast.requester).get(address_of(requisition)))
    assert "Mottagen av Oskar Lindahl" in page


def test_page_of_an_ordered_line_receives_the_rest(cast: Cast) -> None:
    worlds.ordered(cast)
    requisition = Requisition.objects.get()
    page = text_of(signed_in(cast.requester).get(address_of(requisition)))
    assert "Nordmedica AB har raden." in page
    assert "Hur många askar har kommit?" in page
    assert "Ta emot 10 askar" in page


def test_page_is_not_there_for_strangers(cast: Cast) -> None:
    requisition = worlds.submitted(cast)
    for person in (cast.stranger, cast.office_deputy, cast.administrator):
        client = signed_in(person)
        assert client.get(address_of(requisition)).status_code == 404
        assert client.get(url("requisition_history", requisition.number)).status_code == 404
        assert client.post(url("requisition_copy", requisition.number)).status_code == 404
    for person in (cast.colleague, cast.manager, cast.auditor, cast.controller, cast.head):
        assert signed_in(person).get(address_of(requisition)).status_code == 200


def test_a_basket_has_no_page(cast: Cast) -> None:
    basket = worlds.basket(cast)
    assert signed_in(cast.requester).get(f"/bestallningar/{basket.pk}/").status_code == 404


def test_answer_sends_the_line_back_to_whoever_asked(cast: Cast) -> None:
    line = asked(cast)
    client = signed_in(cast.requester)
    page = text_of(client.get(address_of(line.requisition)))
    assert "Karin Sundblad frågar om" in page
    assert "Räcker tio?" in page
    assert "Väntar på ditt svar" in page
    answered = client.post(url("line_answer", line.pk), {"text": "Ja, det räcker."}, follow=True)
    assert "Ditt svar är skickat till Karin Sundblad." in text_of(answered)
    assert "Ja, det räcker." in text_of(answered)
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_answer_that_says_nothing_or_too_much_is_refused(cast: Cast, text: str) -> None:
    line = asked(cast)
    response = signed_in(cast.requester).post(url("line_answer", line.pk), {"text": text})
    assert response.status_code == 422
    line.refresh_from_db()
    assert line.status == LineStatus.RETURNED


def test_answer_twice_is_refused_the_second_time(cast: Cast) -> None:
    line = asked(cast)
    client = signed_in(cast.requester)
    client.post(url("line_answer", line.pk), {"text": "Ja."})
    assert client.post(url("line_answer", line.pk), {"text": "Ja."}).status_code == 409


def test_acts_on_a_strangers_line_find_nothing(cast: Cast) -> None:
    line = asked(cast)
    client = signed_in(cast.stranger)
    assert client.post(url("line_answer", line.pk), {"text": "Hej"}).status_code == 404
    assert client.get(url("line_withdraw", line.pk)).status_code == 404
    assert client.post(url("line_withdraw", line.pk)).status_code == 404
    assert client.post(url("line_revise", line.pk), {"quantity": "2"}).status_code == 404


def test_withdraw_asks_first(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.requester)
    page = text_of(client.get(url("line_withdraw", line.pk)))
    assert "Dra tillbaka 10 askar Undersökningshandske" in page
    line.refresh_from_db()
    assert line.status == LineStatus.AWAITING
    client.post(url("line_withdraw", line.pk))
    line.refresh_from_db()
    assert line.status == LineStatus.WITHDRAWN


def test_withdraw_by_a_colleague_or_too_late_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    assert signed_in(cast.colleague).post(url("line_withdraw", line.pk)).status_code == 403
    decisions.approve(lines=[line], by=cast.manager, at=NOW)
    orders.consolidate(at=NOW, due_only=False)
    assert signed_in(cast.requester).post(url("line_withdraw", line.pk)).status_code == 409
    line.refresh_from_db()
    assert line.status == LineStatus.ORDERED


def test_revise_makes_a_new_version(cast: Cast) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.requester)
    assert "10 askar" in text_of(client.get(url("line_revise", line.pk)))
    page = text_of(
        client.post(url("line_revise", line.pk), {"quantity": "4", "specification": "Storlek M"}, follow=True)
    )
    assert "är ändrad och prövas på nytt" in page
    assert "version 2" in page
    assert RequisitionLine.objects.get(version=2).quantity == 4


@pytest.mark.parametrize("quantity", ["0", "-3", "100001", "x", ""])
def test_revise_to_something_absurd_is_refused(cast: Cast, quantity: str) -> None:
    line = worlds.line(cast)
    response = signed_in(cast.requester).post(url("line_revise", line.pk), {"quantity": quantity})
    assert response.status_code == 422
    assert RequisitionLine.objects.count() == 1


def test_revise_of_an_ordered_line_is_refused(cast: Cast) -> None:
    worlds.ordered(cast)
    line = RequisitionLine.objects.get()
    assert signed_in(cast.requester).post(url("line_revise", line.pk), {"quantity": "4"}).status_code == 409


def test_copy_puts_what_can_still_be_ordered_in_the_basket(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.gown, 2))
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    client = signed_in(cast.colleague)
    page = text_of(client.post(url("requisition_copy", requisition.number), follow=True))
    assert "1 rad ligger i korgen." in page
    assert (
        RequisitionLine.objects.filter(status=LineStatus.DRAFT, requisition__requester=cast.colleague).count()
        == 1
    )
    again = text_of(client.post(url("requisition_copy", requisition.number), follow=True))
    assert "Inga rader lades till." in again


def test_history_tells_who_did_what(cast: Cast) -> None:
    line = asked(cast)
    page = text_of(signed_in(cast.auditor).get(url("requisition_history", line.requisition.number)))
    for text in (
        "Beställningen skickades",
        "En fråga ställdes om raden",
        "Räcker tio?",
        "Karin Sundblad",
        "Elin Bergvall",
    ):
        assert text in page


def test_list_has_tabs_with_what_is_in_them(cast: Cast) -> None:
    asked(cast)
    worlds.submitted(cast, (cast.gown, 1))
    worlds.received(cast)
    worlds.submitted(cast, (cast.gown, 1), by=cast.colleague)
    client = signed_in(cast.requester)
    page = text_of(client.get(url("requisitions")))
    assert page.count("row__title") == 2
    assert text_of(client.get(url("requisitions"), {"flik": "vantar"})).count("row__title") == 1
    assert text_of(client.get(url("requisitions"), {"flik": "klara"})).count("row__title") == 1
    shared = text_of(client.get(url("requisitions"), {"vilka": "enheten"}))
    assert shared.count("row__title") == 3
    assert "Oskar Lindahl" in shared
    assert "Inga beställningar pågår" in text_of(
        signed_in(cast.stranger).get(url("requisitions"), {"vilka": "enheten"})
    )


@pytest.mark.parametrize("address", ["?sida=abc", "?sida=-1", "?sida=999", "?flik=<script>", "?vilka=alla"])
def test_list_survives_any_address(cast: Cast, address: str) -> None:
    assert signed_in(cast.requester).get(url("requisitions") + address).status_code == 200


def test_list_and_page_ask_as_many_questions_for_many_as_for_few(cast: Cast) -> None:
    client = signed_in(cast.requester)
    worlds.ordered(cast, (cast.gloves, 1))
    small = Requisition.objects.get()
    client.get(url("requisitions"))
    with CaptureQueriesContext(connection) as few:
        client.get(url("requisitions"))
    with CaptureQueriesContext(connection) as short:
        client.get(address_of(small))
    for number in range(6):
        at = NOW - timedelta(minutes=number)
        big = worlds.submitted(cast, (cast.gloves, 1), (cast.gown, 2), (cast.chair, 1), at=at)
    decisions.approve(lines=list(big.lines.all()[:2]), by=cast.head, at=NOW)
    orders.consolidate(at=NOW, due_only=False)
    with CaptureQueriesContext(connection) as many:
        client.get(url("requisitions"))
    with CaptureQueriesContext(connection) as long:
        client.get(address_of(big))
    assert len(many) == len(few) <= LIST_QUERIES
    assert len(long) == len(short) <= PAGE_QUERIES


@pytest.mark.parametrize("act", ["line_withdraw", "line_revise"])
def test_amending_is_asked_only_of_who_may(cast: Cast, act: str) -> None:
    line = worlds.line(cast)
    assert signed_in(cast.requester).get(url(act, line.pk)).status_code == 200
    for who, code in [(cast.colleague, 403), (cast.manager, 403), (cast.stranger, 404)]:
        assert signed_in(who).get(url(act, line.pk)).status_code == code, who
    decisions.reject(
        lines=[line], reason_code=RejectionReason.NOT_NEEDED, comment="Nej.", by=cast.manager, at=NOW
    )
    assert signed_in(cast.requester).get(url(act, line.pk)).status_code == 409


def test_what_does_not_come_is_left_out_wherever_the_line_is_told_of(cast: Cast) -> None:
    """Ten are ordered at 58 kr and the manager needs seven: every page says seven and 406 kr, as the department's own page does."""
    order = sent(cast, (cast.gloves, 10))
    allocation = Allocation.objects.get(order_line__order=order)
    reduce(order, {allocation.pk: Decimal(7)}, by=cast.manager)
    made, client = Requisition.objects.get(), signed_in(cast.requester)

    def told() -> str:
        page = text_of(client.get(address_of(made)))
        assert "7 askar" in page
        assert page.count("406,00 kr") == 2, "the line and the sum"
        assert "3 askar av de 10 som beställdes kommer inte." in page
        assert "406,00 kr" in text_of(client.get(url("requisitions"), {"flik": "alla"}))
        file = b"".join(client.get(url("requisitions_csv"), {"flik": "alla"}).streaming_content)  # type: ignore[attr-defined]
        assert ";7,000;ask;58,0000;406,00;" in file.decode()
        return page

    assert "7 askar undersök" in text_of(client.get(url("start"))).replace("\xad", "")
    told()
    receive(cast, Allocation.objects.get(pk=allocation.pk), 4)
    assert "Resten, 3 askar, väntas" in told()
    assert "4 av 7 har kommit" in text_of(signed_in(cast.colleague).get("/ta-emot/"))
    receive(cast, Allocation.objects.get(pk=allocation.pk), 3)
    assert "Mottagen av" in told()
