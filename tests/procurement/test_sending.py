"""Orders leave once, safely, and somebody knows: attempts, back-off, an end, another try."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from agreements.models import Supplier
from audit.models import Entry
from core.addresses import address_of
from core.errors import NotPermitted, WrongState
from organizations.models import User
from procurement.documents.order import order_csv, order_facts, order_pdf
from procurement.models import (
    AttemptOutcome,
    OrderDocument,
    PurchaseOrder,
    SendAttempt,
)
from procurement.operations import orders, resending, sending
from procurement.states import OrderStatus
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.faults.mail import MailServer, Mood
from tests.pages import signed_in, text_of
from tests.procurement.messages import LATER, attempts, fresh, outcomes, try_until_it_ends


def test_send_order_mails_it_once(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    sent = orders.send_order(order=order, at=NOW)
    assert orders.send_order(order=order, at=NOW + LATER).sent_at == sent.sent_at
    assert sent.status == OrderStatus.SENT
    assert sent.sent_at is not None
    assert NOW <= sent.sent_at < NOW + timedelta(minutes=1)
    (message,) = mail.outbox
    assert message.to == ["order@nordmedica.example"]
    assert len(message.attachments) == 2
    (attempt,) = attempts(order)
    assert (attempt.number, attempt.outcome, attempt.address, attempt.reason) == (
        1,
        AttemptOutcome.SENT,
        "order@nordmedica.example",
        "",
    )
    assert attempt.finished_at == sent.sent_at
    entry = Entry.objects.about(order).get(event="order.sent")
    assert entry.details == {"to": "order@nordmedica.example", "attempt": 1}


def test_send_order_asks_the_same_for_many_lines_as_for_one(cast: Cast) -> None:
    def queries(*wishes: Any) -> int:
        (order,) = worlds.ordered(cast, *wishes)
        with CaptureQueriesContext(connection) as captured:
            orders.send_order(order=order, at=NOW)
        return len([each for each in captured if "SAVEPOINT" not in each["sql"]])

    one, two = queries((cast.gloves, 1)), queries((cast.gloves, 1), (cast.gown, 3))
    assert one == two <= 26


@pytest.mark.parametrize("counter", [32767, 2**31 - 1])
def test_no_counter_runs_over_and_mails_for_ever(cast: Cast, counter: int) -> None:
    (order,) = worlds.ordered(cast)
    PurchaseOrder.objects.update(send_attempts=counter)
    assert try_until_it_ends(order) <= 1
    assert fresh(order).status == OrderStatus.NOT_SENT
    assert mail.outbox == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "order@a.example\n",
        "a@b.se, c@d.se",
        "a@b.se;c@d.se",
        "Namn <a@b.se>",
        "a@b",
        "a b@c.se",
        "a@b.se\r\nBcc: x@y.se",
    ],
)
def test_a_supplier_without_one_well_formed_address_cannot_be(cast: Cast, address: str) -> None:
    with pytest.raises(IntegrityError, match="supplier_order_email_is_one_address"), transaction.atomic():
        Supplier.objects.filter(pk=cast.supplier.pk).update(order_email=address)


@pytest.mark.parametrize("address", ["order@a.example", "inkop@a.example", "a.b+c@sub.räksmörgås.se"])
def test_a_well_formed_address_is_taken(cast: Cast, address: str) -> None:
    assert Supplier.objects.filter(pk=cast.supplier.pk).update(order_email=address) == 1


def test_one_order_that_cannot_be_written_stops_no_other(cast: Cast, settings: Any) -> None:
    (sick,) = worlds.ordered(cast, (cast.gloves, 1))
    (well,) = worlds.ordered(cast, (cast.chair, 1))
    type(cast.authority).objects.filter(pk=cast.authority.pk).update(name="Region\nBcc: nagon@annan.example")
    sending.send_due(at=NOW)
    assert mail.outbox == []
    assert {fresh(order).status for order in (sick, well)} == {OrderStatus.NOT_SENT}
    type(cast.authority).objects.filter(pk=cast.authority.pk).update(name="Region Gotland")
    resending.retry_sending(order=well, by=cast.head, at=NOW)
    sending.send_due(at=NOW)
    assert (fresh(sick).status, fresh(well).status) == (OrderStatus.NOT_SENT, OrderStatus.SENT)


def test_one_recipient_that_is_refused_stops_no_other(cast: Cast, server: MailServer) -> None:
    (bad_order,) = worlds.ordered(cast, (cast.gloves, 1))
    (well,) = worlds.ordered(cast, (cast.chair, 1))
    server.unknown_recipient = cast.supplier.order_email
    assert sending.send_due(at=NOW) == 2
    assert (fresh(bad_order).status, fresh(well).status) == (OrderStatus.NOT_SENT, OrderStatus.SENT)
    assert "550 5.1.1 no such mailbox" in fresh(bad_order).send_error
    assert len(server.received) == 1


def test_why_it_was_not_sent_is_read_in_the_readers_language(cast: Cast, server: MailServer) -> None:
    server.unknown_recipient = cast.supplier.order_email
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    error = json.loads(fresh(order).send_error)
    assert error["code"] == "address_refused"
    assert "550 5.1.1 no such mailbox" in error["facts"]["error"]
    sentences = {
        "sv": "E-postservern tar inte emot mottagarens adress: 550 5.1.1 no such mailbox",
        "en": "The mail server does not accept the recipient’s address: 550 5.1.1 no such mailbox",
    }
    for language, sentence in sentences.items():
        client = signed_in(cast.manager)
        client.cookies["django_language"] = language
        page = text_of(client.get(address_of(order)))
        assert page.count(sentence) == 2  # above the order, and at the attempt
        answer = Program(cast.manager, language).get(f"orders/{order.pk}/")
        assert answer.data["send_error"].startswith(sentence)


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        (Mood.REFUSES_MESSAGE, "message_refused"),
        (Mood.GREYLISTING, "address_refused"),
        (Mood.SILENT, "mail_server_away"),
        (Mood.DROPS_AFTER_MESSAGE, "connection_broken"),
    ],
)
def test_what_went_wrong_is_kept_by_its_kind(cast: Cast, server: MailServer, mood: Mood, code: str) -> None:
    server.mood = mood
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    (attempt,) = attempts(order)
    assert attempt.reason == fresh(order).send_error
    assert json.loads(attempt.reason)["code"] == code


def test_what_is_refused_for_good_ends_at_once(cast: Cast, server: MailServer) -> None:
    server.mood = Mood.REFUSES_MESSAGE
    (order,) = worlds.ordered(cast)
    assert try_until_it_ends(order) == 1
    assert outcomes(order) == [AttemptOutcome.REFUSED]
    assert Entry.objects.about(order).get(event="order.not_sent").details["reason"] == fresh(order).send_error


def test_what_is_refused_for_now_is_tried_again_with_longer_pauses_until_it_ends(
    cast: Cast, server: MailServer
) -> None:
    server.mood = Mood.GREYLISTING
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    pauses = []
    for _attempt in range(sending.MOST_ATTEMPTS - 1):
        before = fresh(order)
        ended = attempts(order)[-1].finished_at
        assert ended is not None
        pauses.append(before.next_attempt_at - ended)
        assert sending.send_due(at=before.next_attempt_at - timedelta(seconds=1)) == 0
        assert sending.send_due(at=before.next_attempt_at) == 1
    assert [round(pause.total_seconds() / 60) for pause in pauses] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert fresh(order).status == OrderStatus.NOT_SENT
    assert outcomes(order) == [AttemptOutcome.REFUSED] * sending.MOST_ATTEMPTS
    assert server.received == []
    assert try_until_it_ends(order) == 0


def test_what_may_have_arrived_is_sent_three_times_and_recognised(cast: Cast, server: MailServer) -> None:
    server.mood = Mood.DROPS_AFTER_MESSAGE
    (order,) = worlds.ordered(cast)
    try_until_it_ends(order)
    assert fresh(order).status == OrderStatus.NOT_SENT
    assert outcomes(order) == [AttemptOutcome.UNCERTAIN] * sending.MOST_UNCERTAIN_ATTEMPTS
    ids = {line for text in server.received for line in text.splitlines() if line.startswith("Message-ID")}
    assert (len(server.received), len(ids)) == (3, 1)


def test_a_silent_server_ends_the_sweep_and_costs_the_others_no_attempt(
    cast: Cast, server: MailServer
) -> None:
    server.mood = Mood.SILENT
    worlds.ordered(cast, (cast.gloves, 1))
    worlds.ordered(cast, (cast.chair, 1))
    assert sending.send_due(at=NOW) == 1
    assert sorted(PurchaseOrder.objects.values_list("send_attempts", flat=True)) == [0, 1]
    assert SendAttempt.objects.get().outcome == AttemptOutcome.REFUSED


def test_a_claim_whose_sender_died_is_taken_over_when_its_lease_is_over(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    claim = sending._claim(PurchaseOrder, order.pk, NOW)
    assert claim is not None
    assert sending.send_due(at=NOW + sending.LEASE - timedelta(seconds=1)) == 0
    assert sending.send_due(at=NOW + sending.LEASE) == 1
    assert outcomes(order) == [AttemptOutcome.UNCERTAIN, AttemptOutcome.SENT]
    assert len(mail.outbox) == 1


def test_a_sender_that_dies_each_time_is_given_up(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    at = NOW
    for _time in range(5):
        sending._claim(PurchaseOrder, order.pk, at)
        at += sending.LEASE
    assert fresh(order).status == OrderStatus.NOT_SENT
    assert outcomes(order) == [AttemptOutcome.UNCERTAIN] * sending.MOST_UNCERTAIN_ATTEMPTS


def test_a_sender_that_comes_late_changes_nothing_of_what_another_has_sent(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    late = sending._claim(PurchaseOrder, order.pk, NOW)
    assert late is not None
    assert sending.send_due(at=NOW + sending.LEASE) == 1
    sent_at = fresh(order).sent_at
    sending._mark(PurchaseOrder, order.pk, late, None, at=NOW + LATER)
    assert (fresh(order).status, fresh(order).sent_at) == (OrderStatus.SENT, sent_at)
    assert outcomes(order) == [AttemptOutcome.UNCERTAIN, AttemptOutcome.SENT]
    assert Entry.objects.about(order).filter(event="order.sent").count() == 1


def test_a_sweep_begins_nothing_more_when_its_minute_is_over(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order,) = worlds.ordered(cast)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "SWEEP_SECONDS", -1.0)
        assert sending.send_due(at=NOW) == 0
    assert fresh(order).send_attempts == 0
    assert sending.send_due(at=NOW) == 1


def test_retry_sending_begins_anew_with_the_same_files(cast: Cast, server: MailServer) -> None:
    server.mood = Mood.REFUSES_MESSAGE
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    first = OrderDocument.objects.get()
    server.mood = Mood.HELPFUL
    again = resending.retry_sending(order=order, by=cast.manager, at=NOW + LATER)
    assert (again.status, again.send_attempts) == (OrderStatus.READY, 0)
    assert orders.send_order(order=order, at=NOW + LATER).status == OrderStatus.SENT
    assert [attempt.number for attempt in attempts(order)] == [1, 2]
    assert OrderDocument.objects.get().pdf_sha256 == first.pdf_sha256
    assert Entry.objects.about(order).get(event="order.retried").by_name == cast.manager.full_name


@pytest.mark.parametrize("actor", ["requester", "budget_holder", "controller", "auditor", "administrator"])
def test_retry_sending_is_for_managers(cast: Cast, actor: str) -> None:
    (order,) = worlds.ordered(cast)
    PurchaseOrder.objects.update(status=OrderStatus.NOT_SENT)
    with pytest.raises(NotPermitted):
        resending.retry_sending(order=order, by=User.objects.get(pk=getattr(cast, actor).pk), at=NOW)


def test_retry_sending_of_what_is_not_stuck_is_refused(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    with pytest.raises(WrongState):
        resending.retry_sending(order=order, by=cast.manager, at=NOW)
    orders.send_order(order=order, at=NOW)
    with pytest.raises(WrongState):
        resending.retry_sending(order=order, by=cast.manager, at=NOW)


def test_the_document_as_sent_is_kept_whatever_changes(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    pdf, csv = order_pdf(order_facts(order)), order_csv(order_facts(order))
    Supplier.objects.filter(pk=cast.supplier.pk).update(name="Annat AB")
    type(cast.place).objects.filter(pk=cast.place.pk).update(street="Flyttad gata 9")
    assert (order_pdf(order_facts(order)), order_csv(order_facts(order))) == (pdf, csv)
    attached = [part.get_payload(decode=True) for part in mail.outbox[0].attachments]
    assert attached == [pdf, csv]


def test_what_was_sent_cannot_be_changed_even_in_the_database(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    for change in (
        lambda: OrderDocument.objects.update(pdf=b""),
        lambda: OrderDocument.objects.all().delete(),
        lambda: SendAttempt.objects.update(outcome=AttemptOutcome.REFUSED),
        lambda: SendAttempt.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()
