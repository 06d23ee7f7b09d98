"""The conversation about a line: who may write, who sees it, who is told, and that it follows the line through its versions."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from attachments.detection import inspect_file
from audit.models import Entry
from core.errors import DomainError, KeyIsTaken
from core.keys import KeyHasOtherContent
from notices.models import Notice
from organizations.models import User
from procurement import permissions
from procurement.conversation import (
    consultations_of,
    consultations_waiting_for,
    conversation_about,
    latest_from_others,
)
from procurement.models import (
    Consultation,
    LineMessage,
    PurchaseOrder,
    RejectionReason,
    Requisition,
    RequisitionLine,
)
from procurement.operations import amendments, conversations, decisions, orders
from procurement.operations.conversations import CannotBeAsked, MessageMissing
from procurement.operations.morning_notices import tell_morning
from tests import worlds
from tests.attachments.files import picture
from tests.cast import NOW, Cast
from tests.changes import close_account
from tests.procurement.deciding import approve
from tests.races import race


def write(line: RequisitionLine, by: User, text: str = "Räcker två?", **given: object) -> LineMessage:
    return conversations.write(line=line, text=text, by=by, at=NOW, **given)  # type: ignore[arg-type]


def told(kind: str) -> list[User]:
    return [notice.recipient for notice in Notice.objects.filter(kind=kind).order_by("pk")]


def sees(user: User, line: RequisitionLine) -> bool:
    return RequisitionLine.objects.visible_to(user).filter(pk=line.pk).exists()


@pytest.fixture
def line(cast: Cast) -> RequisitionLine:
    return worlds.line(cast)


def test_a_message_leaves_the_line_with_whoever_answers(cast: Cast, line: RequisitionLine) -> None:
    write(line, cast.manager)
    line.refresh_from_db()
    assert (line.status, line.responsible) == ("awaiting", cast.manager)
    assert told("line_message") == [cast.requester]
    entry = Entry.objects.get(event="line.message")
    assert (entry.by_id, entry.details["comment"]) == (cast.manager.pk, "Räcker två?")
    write(line, cast.colleague, "Ja, två räcker.")
    assert told("line_remark") == [cast.manager]
    assert [(message.name, message.text) for message in conversation_about(line)] == [
        ("Karin Sundblad", "Räcker två?"),
        ("Oskar Lindahl", "Ja, två räcker."),
    ]


def test_who_is_asked_in_sees_the_line_and_nothing_else(cast: Cast, line: RequisitionLine) -> None:
    other = worlds.line(cast, (cast.gown, 1))
    assert not sees(cast.stranger, line)
    write(line, cast.manager, asked=[cast.stranger])
    assert sees(cast.stranger, line)
    assert not sees(cast.stranger, other)
    assert not RequisitionLine.objects.opened_to(cast.stranger).exists()
    assert not Requisition.objects.visible_to(cast.stranger).exists()
    approve(line, cast.manager)
    orders.consolidate(at=NOW, due_only=False)
    assert sees(cast.stranger, line)
    assert not PurchaseOrder.objects.visible_to(cast.stranger).exists()


def test_what_is_asked_waits_for_its_answer_also_when_the_line_is_changed(
    cast: Cast, line: RequisitionLine
) -> None:
    write(line, cast.manager, asked=[cast.stranger])
    new = amendments.revise_line(line=line, quantity=Decimal(4), specification="", by=cast.requester, at=NOW)
    assert consultations_waiting_for(cast.stranger).count() == 1
    tell_morning(at=NOW + timedelta(days=2))
    assert told("consultation") == [cast.stranger, cast.stranger], "she is reminded"
    decisions.reject(lines=[new], reason_code=RejectionReason.IN_STOCK, comment="", by=cast.manager, at=NOW)
    assert not consultations_waiting_for(cast.stranger).exists()


def test_who_is_asked_in_answers_and_decides_nothing(cast: Cast, line: RequisitionLine) -> None:
    write(line, cast.manager, asked=[cast.stranger])
    assert told("consultation") == [cast.stranger]
    assert [each.has_answered for each in consultations_of(cast.stranger)] == [False]  # type: ignore[attr-defined]
    write(line, cast.stranger, "Använd den längre.")
    assert told("answer") == [cast.manager]
    assert told("line_message") == [cast.requester]
    assert not consultations_waiting_for(cast.stranger).exists()
    people = conversation_about(line)[0].asked
    assert [(each.name, each.has_answered, each.has_left) for each in people] == [
        ("Jonas Kvarnström", True, False)
    ]
    with pytest.raises(permissions.NotYourLine):
        approve(line, cast.stranger)
    with pytest.raises(permissions.NotYourLine):
        write(line, cast.stranger, asked=[cast.controller])


def test_answer_reaches_whoever_asked_and_whoever_answers_now(cast: Cast, line: RequisitionLine) -> None:
    write(line, cast.head, asked=[cast.stranger])
    close_account(user=cast.manager, by=cast.administrator, at=NOW)
    write(line, cast.stranger, "Den finns i förrådet.")
    assert set(told("answer")) == {cast.head, cast.deputy}


def test_a_colleague_who_leaves_is_told_of_as_one_who_has_left(cast: Cast, line: RequisitionLine) -> None:
    write(line, cast.manager, asked=[cast.stranger])
    close_account(user=cast.stranger, by=cast.administrator, at=NOW)
    assert conversation_about(line)[0].asked[0].has_left
    with pytest.raises(CannotBeAsked):
        write(line, cast.manager, asked=[User.objects.get(pk=cast.stranger.pk)])


@pytest.mark.parametrize("who", ["stranger", "controller", "auditor", "administrator", "office_deputy"])
def test_who_has_no_part_does_not_write(cast: Cast, line: RequisitionLine, who: str) -> None:
    with pytest.raises(permissions.NotYourConversation):
        write(line, getattr(cast, who))
    assert not LineMessage.objects.exists()


@pytest.mark.parametrize(
    ("asked", "error"), [("requester", CannotBeAsked), ("manager", CannotBeAsked)], ids=str
)
def test_who_has_a_part_already_is_not_asked_in(
    cast: Cast, line: RequisitionLine, asked: str, error: type[DomainError]
) -> None:
    with pytest.raises(error):
        write(line, cast.manager, asked=[getattr(cast, asked)])
    assert not LineMessage.objects.exists()


def test_orderer_does_not_ask_others_in(cast: Cast, line: RequisitionLine) -> None:
    with pytest.raises(permissions.OwnRequest):
        write(line, cast.requester, asked=[cast.stranger])
    assert not sees(cast.stranger, line)


def test_nothing_is_no_message(cast: Cast, line: RequisitionLine) -> None:
    with pytest.raises(MessageMissing):
        write(line, cast.manager, "  ")


def test_the_same_key_is_one_message(cast: Cast, line: RequisitionLine) -> None:
    key = uuid4()
    first = write(line, cast.manager, key=key)
    assert write(line, cast.manager, key=key) == first
    with pytest.raises(KeyHasOtherContent):
        write(line, cast.manager, "Något annat", key=key)
    with pytest.raises(KeyIsTaken):
        write(line, cast.requester, key=key)
    assert LineMessage.objects.count() == 1
    assert Notice.objects.filter(kind="line_message").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_the_same_moment_is_one_message(cast: Cast) -> None:
    line, key = worlds.line(cast), uuid4()
    first, second = race(
        lambda: write(line, cast.manager, key=key), lambda: write(line, cast.manager, key=key)
    )
    assert first == second
    assert LineMessage.objects.count() == 1


def test_conversation_follows_the_line_to_its_new_version(cast: Cast, line: RequisitionLine) -> None:
    write(line, cast.manager, asked=[cast.stranger])
    soon = NOW + timedelta(minutes=1)
    decisions.return_with_question(lines=[line], question="Räcker 5?", by=cast.manager, at=soon)
    new = amendments.revise_line(line=line, quantity=Decimal(5), specification="", by=cast.requester, at=NOW)
    assert sees(cast.stranger, new)
    reply = conversations.write(
        line=line, text="Fem räcker.", by=cast.stranger, at=soon + timedelta(minutes=1)
    )
    assert reply.line == new
    assert [message.text for message in conversation_about(new)] == [
        "Räcker två?",
        "Räcker 5?",
        "Fem räcker.",
    ]
    assert [message.is_question for message in conversation_about(new)] == [False, True, False]


@pytest.mark.parametrize("close", ["withdraw", "reject"])
def test_what_is_written_about_a_closed_line_is_kept(cast: Cast, line: RequisitionLine, close: str) -> None:
    write(line, cast.manager, asked=[cast.stranger])
    if close == "withdraw":
        amendments.withdraw_line(line=line, by=cast.requester, at=NOW)
    else:
        decisions.reject(
            lines=[line], reason_code=RejectionReason.IN_STOCK, comment="", by=cast.manager, at=NOW
        )
    write(line, cast.stranger, "Vi har i förråd.")
    assert [message.text for message in conversation_about(line)][-1] == "Vi har i förråd."
    with pytest.raises(permissions.LineNotOpen):
        write(line, cast.manager, asked=[cast.colleague])


def test_files_are_seen_by_those_who_see_the_line(cast: Cast, line: RequisitionLine) -> None:
    file = inspect_file("sår.jpg", BytesIO(picture()))
    write(line, cast.requester, "Så här ser det ut.", files=[file])
    (attachment,) = conversation_about(line)[0].files
    assert attachment.is_picture
    address = reverse("attachments:attachment", args=[attachment.key])
    status = {}
    for who in ("manager", "stranger", "colleague"):
        client = Client()
        client.force_login(getattr(cast, who))
        status[who] = client.get(address).status_code
    assert status == {"manager": 200, "stranger": 404, "colleague": 200}
    write(line, cast.manager, asked=[cast.stranger])
    client = Client()
    client.force_login(cast.stranger)
    assert client.get(address).status_code == 200


def test_question_and_answer_carry_files(cast: Cast, line: RequisitionLine) -> None:
    file = inspect_file("a.jpg", BytesIO(picture()))
    decisions.return_with_question(lines=[line], question="Den här?", files=[file], by=cast.manager, at=NOW)
    amendments.answer(line=line, text="Ja.", files=[file], by=cast.requester, at=NOW)
    messages = conversation_about(line)
    assert [(each.text, len(each.files)) for each in messages] == [("Den här?", 0), ("", 1), ("Ja.", 1)]


def test_latest_from_others_is_what_she_has_not_written(cast: Cast, line: RequisitionLine) -> None:
    write(line, cast.requester, "Bråttom.")
    write(line, cast.manager, "Jag ser.")
    for reader, name, text in ((cast.manager, "Elin", "Bråttom."), (cast.requester, "Karin", "Jag ser.")):
        lines = RequisitionLine.objects.filter(pk=line.pk)
        latest = lines.annotate(latest=latest_from_others(reader)).values_list("latest", flat=True).get()
        assert (latest["name"], latest["text"]) == (name, text)


def test_messages_are_facts(cast: Cast, line: RequisitionLine) -> None:
    message = write(line, cast.manager, asked=[cast.stranger])
    for act in (
        lambda: LineMessage.objects.filter(pk=message.pk).update(text="Nej"),
        lambda: Consultation.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_page_of_who_is_asked_in(cast: Cast, line: RequisitionLine, client: Client) -> None:
    page = reverse("shop:conversation", args=[line.pk])
    client.force_login(cast.stranger)
    assert client.get(page).status_code == 404
    client.force_login(cast.manager)
    answer = client.post(
        page, {"text": "Vad säger du?", "asked": "jonas kvarnström", "key": str(uuid4())}, follow=True
    )
    assert "Jonas Kvarnström är tillfrågad." in answer.content.decode()
    client.force_login(cast.stranger)
    content = client.get(page).content.decode()
    assert "Vad säger du?" in content
    assert reverse("shop:requisition", args=[line.requisition.number]) not in content
    assert client.get(reverse("shop:requisition", args=[line.requisition.number])).status_code == 404
    assert client.get(reverse("desk:line", args=[line.pk])).status_code == 404
    assert "Vad säger du?" in client.get(reverse("shop:consultations")).content.decode()
    client.post(page, {"text": "Ja.", "key": str(uuid4())})
    client.force_login(cast.requester)
    content = client.get(reverse("shop:requisition", args=[line.requisition.number])).content.decode()
    assert "Vad säger du?" in content
    client.force_login(cast.manager)
    assert "Vad säger du?" in client.get(reverse("desk:line", args=[line.pk])).content.decode()


def test_page_lets_the_line_wait_or_asks_others_and_not_both(
    cast: Cast, line: RequisitionLine, client: Client
) -> None:
    page = reverse("shop:conversation", args=[line.pk])
    client.force_login(cast.manager)
    both = {"text": "Varför?", "asked": "jonas.kvarnstrom@gotland.example", "needs_answer": "on"}
    assert client.post(page, both).status_code == 422
    assert client.post(page, {"text": "Hej", "asked": "ingen alls"}).status_code == 422
    assert client.post(page, {"text": "Varför?", "needs_answer": "on"}).status_code == 302
    line.refresh_from_db()
    assert line.status == "returned"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"asked": "jonas.kvarnstrom@gotland.example"}, "Raden kan inte ändras längre."),
        ({"needs_answer": "on"}, "Raden är redan beslutad."),
    ],
    ids=["asked", "needs_answer"],
)
def test_page_says_why_nothing_is_sent_when_the_line_was_closed_meanwhile(
    cast: Cast, line: RequisitionLine, client: Client, said: dict[str, str], sentence: str
) -> None:
    decisions.reject(lines=[line], reason_code=RejectionReason.IN_STOCK, comment="", by=cast.manager, at=NOW)
    client.force_login(cast.manager)
    answer = client.post(reverse("shop:conversation", args=[line.pk]), {"text": "Hur?", **said})
    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert not LineMessage.objects.exists()
