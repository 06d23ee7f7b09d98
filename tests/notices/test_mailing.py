"""Letters leave once, also when two workers try, one dies, or the mail server is broken; and somebody sees it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string, policy
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from core.errors import NotPermitted, WrongState
from notices.models import Letter, Notice
from notices.operations import mailing
from notices.operations.mailing import LEASE, TOO_OLD, retry_letter, send_due
from notices.operations.reading import mark_all_read
from notices.operations.telling import News, tell
from notices.states import Delivery, LetterStatus
from organizations.models import User
from procurement.notices import ANSWER, QUESTION
from procurement.operations import decisions
from tests import worlds
from tests.cast import NOW, Cast
from tests.faults.mail import MailServer, Mood
from tests.notices.letters import choose_all, html_of, mailed, mails, told
from tests.races import race

HOUR = timedelta(hours=1)


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """A mail server that really listens, and settings that send to it."""
    mail_server = MailServer()
    mail_server.may_answer.set()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail_server.port
    settings.EMAIL_TIMEOUT = 1
    yield mail_server
    mail_server.end()


def ask(cast: Cast, at: Any = NOW) -> None:
    line = worlds.line(cast, at=at)
    decisions.return_with_question(lines=[line], question="Varför <tio>?", by=cast.manager, at=at)


def letter() -> Letter:
    return Letter.objects.get()


def sweep_until_it_ends() -> int:
    """Let the sweep come every hour for a week; returns how often it tried."""
    return sum(send_due(at=NOW + HOUR * hour) for hour in range(24 * 7))


def test_a_question_is_mailed_once_with_a_link_to_its_place(cast: Cast, settings: Any) -> None:
    settings.PUBLIC_URL = "https://rauk.example.se"
    ask(cast)
    (message,) = mailed()
    assert mailed(NOW + HOUR) == []
    notice = Notice.objects.get()
    assert message.to == [cast.requester.email]
    assert message.subject == f"Fråga om beställning {notice.facts['number']}"
    assert f"https://rauk.example.se{notice.address}" in message.body
    assert "”Varför <tio>?”" in message.body
    html = html_of(message)
    assert f'href="https://rauk.example.se{notice.address}"' in html
    assert "”Varför &lt;tio&gt;?”" in html
    assert 'lang="sv"' in html
    assert letter().status == LetterStatus.SENT
    assert letter().sent_at is not None


def test_a_letter_is_in_the_recipients_language(cast: Cast) -> None:
    User.objects.filter(pk=cast.requester.pk).update(language="en")
    ask(cast)
    (message,) = mailed()
    assert message.subject.startswith("Question about")
    assert "Hello Elin" in message.body
    assert 'lang="en"' in html_of(message)


def test_a_letter_fetches_nothing_from_anywhere(cast: Cast) -> None:
    """Nobody learns whether and when it is opened."""
    ask(cast)
    (message,) = mailed()
    html = html_of(message)
    assert not [word for word in ("<img", "src=", "url(", "<link", "<script", "@import") if word in html]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_what_is_due_for_one_person_is_one_letter(cast: Cast) -> None:
    ask(cast)
    ask(cast, NOW + timedelta(seconds=1))
    (message,) = mailed(NOW + timedelta(minutes=1))
    assert re.fullmatch(r"Fråga om beställning 2021-\d{5}, och en notis till", str(message.subject))
    assert message.body.count("Varför <tio>?") == 2


def test_a_long_letter_says_how_many_more_there_are(cast: Cast) -> None:
    tell([News(cast.requester.pk, QUESTION, f"/{number}/") for number in range(53)], by=None, at=NOW)
    (message,) = mailed()
    assert message.subject.endswith(", och 52 notiser till")
    assert "Och 3 till:" in message.body


@pytest.mark.parametrize("delivery", [Delivery.DIGEST, Delivery.PROGRAM])
def test_nothing_is_mailed_at_once_to_who_has_chosen_otherwise(cast: Cast, delivery: Delivery) -> None:
    choose_all(cast.requester, delivery)
    ask(cast)
    assert mailed(NOW + HOUR) == []
    assert told(cast.requester) == ["question"]


def test_the_choice_for_a_kind_goes_before_the_one_for_all(cast: Cast) -> None:
    choose_all(cast.requester, Delivery.PROGRAM)
    choose_all(cast.requester, Delivery.AT_ONCE, kind="question")
    ask(cast)
    assert len(mailed()) == 1


def test_what_comes_to_a_manager_waits_for_the_morning(cast: Cast) -> None:
    tell([News(cast.manager.pk, ANSWER, "/x/")], by=None, at=NOW)
    assert mailed() == []
    choose_all(cast.manager, Delivery.AT_ONCE, kind="answer")
    tell(
        [News(cast.manager.pk, ANSWER, "/y/", {"number": 1, "who": 2, "what": 3, "text": 4})], by=None, at=NOW
    )
    (message,) = mailed()
    assert message.subject == "Svar om beställning 1"


def test_what_has_been_read_is_not_mailed(cast: Cast) -> None:
    ask(cast)
    mark_all_read(by=cast.requester, at=NOW)
    assert mailed() == []
    assert not Letter.objects.exists()


def test_what_is_read_while_the_letter_waits_is_not_mailed(cast: Cast, server: MailServer) -> None:
    server.mood = Mood.GREYLISTING
    ask(cast)
    send_due(at=NOW)
    mark_all_read(by=cast.requester, at=NOW)
    server.mood = Mood.HELPFUL
    send_due(at=NOW + HOUR)
    assert letter().status == LetterStatus.DROPPED
    assert server.received == []


def test_an_account_that_is_closed_meanwhile_gets_no_letter(cast: Cast) -> None:
    ask(cast)
    User.objects.filter(pk=cast.requester.pk).update(is_active=False)
    assert mailed() == []
    assert letter().status == LetterStatus.DROPPED


def test_a_sender_that_died_after_its_claim_is_followed_by_another(cast: Cast) -> None:
    ask(cast)
    mailing.gather(at=NOW)
    claimed = mailing._claim(letter().pk, at=NOW)
    assert claimed is not None
    assert mailed(NOW + LEASE / 2) == []
    (message,) = mailed(NOW + LEASE)
    sent_letter = letter()
    assert (sent_letter.status, sent_letter.attempts, sent_letter.uncertain_attempts) == (
        LetterStatus.SENT,
        2,
        1,
    )
    assert message.extra_headers["Message-ID"] == f"<notis-{sent_letter.pk}@localhost>"
    mailing._mark(claimed, None, at=NOW + LEASE * 2)
    assert letter().sent_at == sent_letter.sent_at, "whoever was slow marks nothing"


def test_a_server_that_breaks_off_gets_the_letter_three_times_at_most(cast: Cast, server: MailServer) -> None:
    server.mood = Mood.DROPS_AFTER_MESSAGE
    ask(cast)
    assert sweep_until_it_ends() == 3
    assert letter().status == LetterStatus.NOT_SENT
    texts = [message_from_string(text, policy=policy.default) for text in server.received]
    assert len({text["Message-ID"] for text in texts}) == 1


def test_a_server_that_is_away_is_waited_for_and_then_given_up(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    ask(cast)
    assert send_due(at=NOW) == 1
    assert send_due(at=NOW + timedelta(seconds=30)) == 0, "there is a pause"
    attempts = sweep_until_it_ends()
    assert 24 < attempts <= TOO_OLD / HOUR
    assert letter().status == LetterStatus.NOT_SENT
    assert "E-postservern svarar inte" in letter().error_sentence
    assert told(cast.administrator) == ["letter_not_sent"]


def test_after_a_server_was_away_there_is_one_more_letter(cast: Cast, server: MailServer) -> None:
    server.mood = Mood.GREYLISTING
    for minute in range(5):
        ask(cast, NOW + timedelta(minutes=minute))
        send_due(at=NOW + timedelta(minutes=minute))
    server.mood = Mood.HELPFUL
    send_due(at=NOW + HOUR)
    send_due(at=NOW + HOUR * 2)
    assert len(server.received) == 2


def test_an_address_that_is_refused_stops_no_other(cast: Cast, server: MailServer) -> None:
    server.unknown_recipient = cast.requester.email
    tell([News(person.pk, QUESTION, "/x/") for person in (cast.requester, cast.colleague)], by=None, at=NOW)
    assert send_due(at=NOW) == 2
    statuses = dict(Letter.objects.values_list("recipient", "status"))
    assert statuses == {
        cast.requester.pk: LetterStatus.NOT_SENT,
        cast.colleague.pk: LetterStatus.SENT,
    }


def test_a_letter_about_letters_is_never_sent(cast: Cast, server: MailServer) -> None:
    choose_all(cast.administrator, Delivery.AT_ONCE)
    server.mood = Mood.NO_SUCH_RECIPIENT
    ask(cast)
    sweep_until_it_ends()
    assert Letter.objects.count() == 1
    assert told(cast.administrator) == ["letter_not_sent"]


def test_the_administrator_has_a_letter_sent_again(cast: Cast, server: MailServer) -> None:
    server.mood = Mood.NO_SUCH_RECIPIENT
    ask(cast)
    send_due(at=NOW)
    with pytest.raises(NotPermitted):
        retry_letter(letter=letter(), by=cast.head, at=NOW)
    server.mood = Mood.HELPFUL
    retry_letter(letter=letter(), by=cast.administrator, at=NOW + HOUR)
    send_due(at=NOW + HOUR)
    assert letter().status == LetterStatus.SENT
    with pytest.raises(WrongState):
        retry_letter(letter=letter(), by=cast.administrator, at=NOW + HOUR)


def test_a_letter_that_is_sent_has_its_time(cast: Cast) -> None:
    ask(cast)
    mailing.gather(at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(status=LetterStatus.SENT)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_letter_once(cast: Cast) -> None:
    people = [cast.requester, cast.colleague, cast.manager, cast.head, cast.auditor]
    tell([News(person.pk, QUESTION, "/x/") for person in people], by=None, at=NOW)
    race(*[lambda: send_due(at=NOW)] * 4)
    send_due(at=NOW)
    assert sorted(each.to[0] for each in mails()) == sorted(person.email for person in people)
    assert Letter.objects.count() == len(people)
    assert len({each.extra_headers["Message-ID"] for each in mails()}) == len(mail.outbox) == len(people)
