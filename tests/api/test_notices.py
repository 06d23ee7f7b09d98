"""A program reads and marks its person's notices, and chooses how she is told."""

import pytest

from notices.models import Choice, Notice
from notices.operations.telling import News, tell
from notices.states import Delivery
from organizations.models import KeyScope
from procurement.notices import QUESTION
from procurement.operations import decisions
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast

pytestmark = pytest.mark.usefixtures("at_nine")


def ask(cast: Cast) -> Notice:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question="Varför tio?", by=cast.manager, at=NOW)
    return Notice.objects.get()


def test_notices_are_listed_with_their_sentence_and_place(cast: Cast) -> None:
    notice = ask(cast)
    (row,) = Program(cast.requester).get("notices/").data["results"]
    assert row["title"] == f"Fråga om beställning {notice.facts['number']}"
    assert "”Varför tio?”" in row["text"]
    assert row["address"].endswith(notice.address)
    assert row["address"].startswith("http")
    assert row["read_at"] is None
    (english,) = Program(cast.requester, language="en").get("notices/").data["results"]
    assert english["title"].startswith("Question about")
    assert Program(cast.manager).get("notices/").data["results"] == []


def test_unread_notices_are_listed_apart(cast: Cast) -> None:
    notice, program = ask(cast), Program(cast.requester)
    assert len(program.get("notices/", unread="true").data["results"]) == 1
    assert program.post(f"notices/{notice.pk}/read/").data == {"count": 1}
    assert program.post(f"notices/{notice.pk}/read/").data == {"count": 0}
    assert program.get("notices/", unread="true").data["results"] == []
    assert len(program.get("notices/", unread="false").data["results"]) == 1


def test_all_are_marked_as_read_by_a_key_that_may_order(cast: Cast) -> None:
    tell([News(cast.requester.pk, QUESTION, f"/{number}/") for number in range(3)], by=None, at=NOW)
    assert Program(cast.requester, scope=KeyScope.READ).post("notices/read-all/").status_code == 403
    assert Program(cast.requester, scope=KeyScope.ORDER).post("notices/read-all/").data == {"count": 3}


def test_nobody_reads_for_another(cast: Cast) -> None:
    notice = ask(cast)
    program = Program(cast.head)
    assert program.post(f"notices/{notice.pk}/read/").status_code == 404
    assert program.get(f"notices/{notice.pk}/").status_code == 404


def test_choices_are_told_and_made(cast: Cast) -> None:
    program = Program(cast.requester)
    rows = {row["kind"]: row for row in program.get("notice-choices/").data}
    assert (rows["question"]["usual"], rows["question"]["chosen"]) == ("at_once", None)
    assert "letter_not_sent" not in rows
    program.post("notice-choices/", kind="question", delivery="digest")
    answer = program.post("notice-choices/", delivery="program")
    assert {row["kind"]: row["chosen"] for row in answer.data if row["chosen"]} == {
        "": "program",
        "question": "digest",
    }
    program.post("notice-choices/", kind="question", delivery=None)
    assert list(Choice.objects.values_list("kind", "delivery")) == [("", Delivery.PROGRAM)]


@pytest.mark.parametrize("kind", ["letter_not_sent", "brevduva"])
def test_a_kind_that_cannot_be_chosen_is_refused(cast: Cast, kind: str) -> None:
    answer = Program(cast.requester).post("notice-choices/", kind=kind, delivery="digest")
    assert (answer.status_code, answer.data["code"]) == (400, "unknown_notice_kind")


def test_choosing_needs_a_key_that_may_act(cast: Cast) -> None:
    answer = Program(cast.requester, scope=KeyScope.READ).post("notice-choices/", delivery="digest")
    assert answer.status_code == 403
