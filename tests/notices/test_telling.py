"""Each thing that happens is told once, to the right person, in her language; never to the one who did it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from agreements.models import Supplier
from categories.operations.delegations import accept_delegation, delegate
from notices.kinds import kinds, sentence_of, urgency_of
from notices.models import Notice
from notices.operations.telling import News, tell
from notices.states import Delivery
from organizations.models import User
from procurement.models import PurchaseOrder, RejectionReason
from procurement.notices import HANDOVER, QUESTION
from procurement.operations import amendments, attests, decisions, orders, sending
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.changes import close_account
from tests.history.scms_files import compared, table
from tests.notices.letters import the_notice, told
from tests.reporting import follow_ups


def ask(cast: Cast) -> User:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför tio?", by=cast.manager, at=NOW)
    return cast.requester


def answer(cast: Cast) -> User:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför tio?", by=cast.manager, at=NOW)
    Notice.objects.all().delete()
    amendments.answer(line=line, text="Vi är många.", by=cast.requester, at=NOW)
    return cast.manager


def adjust(cast: Cast) -> User:
    line = worlds.line(cast)
    decisions.adjust(line=line, quantity=Decimal(2), by=cast.manager, at=NOW, comment="Räcker").only()
    return cast.requester


def substitute(cast: Cast) -> User:
    line = worlds.line(cast)
    decisions.substitute(
        line=line, item=cast.gown, quantity=Decimal(1), by=cast.manager, at=NOW, comment="Slut"
    ).only()
    return cast.requester


def reject(cast: Cast) -> User:
    lines = list(worlds.submitted(cast, (cast.gloves, 1), (cast.gown, 1)).lines.all())
    decisions.reject(lines=lines, reason_code=RejectionReason.IN_STOCK, comment="", by=cast.manager, at=NOW)
    return cast.requester


def refuse_attest(cast: Cast) -> User:
    attest = worlds.submitted(cast, (cast.chair, 3)).attests.get()
    attests.refuse_attest(attest=attest, by=cast.budget_holder, at=NOW, comment="För dyrt")
    return cast.requester


def cancel(cast: Cast) -> User:
    (order,) = worlds.ordered(cast)
    orders.cancel_order(order=order, reason="Fel sak", by=cast.manager, at=NOW)
    return cast.requester


def take_back(cast: Cast) -> User:
    worlds.approved(cast)
    Supplier.objects.filter(pk=cast.supplier.pk).update(blocked_reason="Konkurs")
    orders.consolidate(at=NOW, due_only=False)
    return cast.manager


def not_sent(cast: Cast) -> User:
    worlds.unsent(cast)
    return cast.manager


def hand_over(cast: Cast) -> User:
    worlds.line(cast)
    close_account(user=cast.manager, by=cast.administrator, at=NOW)
    return cast.deputy


def report(cast: Cast) -> User:
    follow_ups.built(cast)
    Notice.objects.exclude(kind="report").delete()  # of the baselines that it is about
    return cast.head


def import_file(cast: Cast) -> User:
    compared(table({}).encode(), cast.controller, name="inkop.csv")
    return cast.controller


def ask_to_step_in(cast: Cast) -> User:
    week = DateRange(TODAY, TODAY + timedelta(days=7))
    delegate(
        delegator=cast.manager, delegate=cast.colleague, valid_during=week, reason="", by=cast.manager, at=NOW
    )
    return cast.colleague


def accept_to_step_in(cast: Cast) -> User:
    ask_to_step_in(cast)
    Notice.objects.all().delete()
    accept_delegation(delegation=cast.manager.delegations_given.get(), by=cast.colleague, at=NOW)
    return cast.manager


CASES: dict[str, tuple[Callable[[Cast], User], str, str]] = {
    "question": (ask, "question", "Karin Sundblad undrar om Undersökningshandske nitril"),
    "answer": (answer, "answer", "”Vi är många.”"),
    "adjusted": (adjust, "decision", "Karin Sundblad godkände färre av Undersökningshandske nitril"),
    "substituted": (substitute, "decision", "godkände en annan artikel än Undersökningshandske"),
    "rejected": (reject, "decision", "och en rad till. Skäl: Finns i förråd."),
    "attest refused": (refuse_attest, "decision", "nekade attest"),
    "order cancelled": (cancel, "decision", "makulerade ordern"),
    "taken back": (take_back, "taken_back", "Konkurs"),
    "not sent": (not_sent, "order_not_sent", "vet inte vad som gäller"),
    "handover": (hand_over, "handover", "En rad väntar nu på dig. Förut väntade det på Karin Sundblad."),
    "report": (report, "report", ""),
    "asked to step in": (
        ask_to_step_in,
        "delegation",
        "Karin Sundblad vill att du går in tis 18 maj–mån 24 maj.",
    ),
    "stepping in": (accept_to_step_in, "delegation", "Oskar"),
    "import": (import_file, "import", "inkop.csv"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_kind_is_told_once_to_the_right_person(cast: Cast, name: str) -> None:
    act, kind, text = CASES[name]
    person = act(cast)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.kind, notice.read_at) == (person, kind, None)
    assert text in notice.sentence.text.replace("\xa0", " ")
    assert notice.address.startswith("/")


@pytest.mark.parametrize("name", CASES)
def test_each_kind_is_told_in_english_too(cast: Cast, name: str) -> None:
    CASES[name][0](cast)
    notice = Notice.objects.get()
    swedish = notice.sentence
    with translation.override("en"):
        english = notice.sentence
    assert english.title != swedish.title
    assert "%(" not in f"{english.title}{english.text}{swedish.title}{swedish.text}"


@pytest.mark.parametrize("name", CASES)
def test_what_is_taken_back_is_not_told(cast: Cast, name: str) -> None:
    with transaction.atomic():
        CASES[name][0](cast)
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_whoever_acts_is_not_told_of_it(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.manager, at=NOW)
    tell([News(person.pk, QUESTION, "/x/") for person in (cast.manager, cast.head)], by=cast.manager, at=NOW)
    assert told(cast.manager) == []
    assert (told(cast.requester), told(cast.head)) == (["question"], ["question"])


def test_a_closed_account_is_not_told(cast: Cast) -> None:
    line = worlds.line(cast)
    User.objects.filter(pk=cast.requester.pk).update(is_active=False)
    decisions.return_with_question(lines=[line], question="?", by=cast.manager, at=NOW)
    assert not Notice.objects.filter(recipient=cast.requester).exists()


def test_the_same_thing_twice_in_one_moment_is_one(cast: Cast) -> None:
    news = News(cast.requester.pk, QUESTION, "/bestallningar/1/")
    with transaction.atomic():
        tell([news], by=None, at=NOW)
        tell([news, news], by=None, at=NOW)
    tell([news], by=None, at=NOW + timedelta(seconds=1))
    assert told(cast.requester) == ["question", "question"]


@pytest.mark.parametrize("count", [0, 1, 30])
def test_telling_is_one_statement_and_none_for_nobody(cast: Cast, count: int) -> None:
    news = [News(cast.requester.pk, QUESTION, f"/{number}/") for number in range(count)]
    with CaptureQueriesContext(connection) as queries:
        tell(news, by=cast.manager, at=NOW)
    assert len(queries) == min(count, 1)


def test_what_goes_as_it_was_asked_for_is_not_told(cast: Cast) -> None:
    worlds.received(cast)
    assert not Notice.objects.exists()


def test_lines_of_two_requisitions_are_told_to_each_requester(cast: Cast) -> None:
    lines = [worlds.line(cast), worlds.line(cast, by=cast.colleague)]
    decisions.return_with_question(lines=lines, question="Varför?", by=cast.manager, at=NOW)
    assert told(cast.requester) == told(cast.colleague) == ["question"]
    assert the_notice(cast.colleague).address == (
        f"/bestallningar/{lines[1].requisition.number}/#rad-{lines[1].pk}"
    )


def test_both_are_told_when_the_line_has_moved_from_whoever_asked(cast: Cast) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför?", by=cast.head, at=NOW)
    amendments.answer(line=line, text="Därför.", by=cast.requester, at=NOW)
    assert told(cast.manager) == told(cast.head) == ["answer"]


def test_titles_hold_nothing_but_what_and_where(cast: Cast) -> None:
    """They are the subjects of e-mails, which others may see."""
    for name, (act, _kind, _text) in CASES.items():
        with transaction.atomic():
            act(cast)
            notice = Notice.objects.get()
            title = notice.sentence.title
            secrets = [notice.facts.get(key) for key in ("what", "text", "supplier", "who", "reason")]
            assert not any(secret and str(secret) in title for secret in secrets), name
            transaction.set_rollback(True)


def test_every_kind_has_a_label_and_a_way(cast: Cast) -> None:
    assert all(str(kind.label) and kind.delivery in Delivery for kind in kinds().values())
    assert kinds()["handover"] is HANDOVER


def test_a_notice_of_a_kind_that_is_gone_can_still_be_read() -> None:
    assert sentence_of("gone", {}).title == "Något har hänt som rör dig"
    assert sentence_of("question", {}).title == "Något har hänt som rör dig"


def test_a_cancellation_that_could_not_be_sent_is_told_as_such(cast: Cast) -> None:
    (order,) = worlds.ordered(cast)
    orders.send_order(order=order, at=NOW)
    orders.cancel_order(order=order, reason="Fel", by=cast.head, at=NOW)
    Notice.objects.all().delete()
    notice = PurchaseOrder.objects.get(pk=order.pk).cancellation_notice
    type(notice).objects.update(send_attempts=99)
    sending.send_cancellation(notice=notice, at=NOW)
    assert (
        the_notice(cast.manager).sentence.title
        == f"Makuleringen av inköpsorder {order.number} gick inte att skicka"
    )


def test_what_is_urgent_are_kinds_each_once() -> None:
    urgent = settings.URGENT_NOTICES
    assert sorted(set(urgent) - kinds().keys()) == []
    assert len(urgent) == len(set(urgent))
    assert urgency_of("recall") < urgency_of("waiting") < urgency_of("price_proposals_answered")
