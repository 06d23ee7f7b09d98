"""A need that was returned with a question is tied to a competition, and let go, without waiting for the answer (ADR 0068)."""

import pytest

from catalog.models import RenewedCompetition
from notices.models import Notice
from office.rules import breaches
from procurement.models import RequisitionLine
from procurement.operations import amendments, competed, decisions
from procurement.operations.unanswered import take_back_unanswered
from procurement.permissions.refusals import NoQuestionIsOpen
from procurement.states import LineStatus
from tests.cast import NOW, Cast
from tests.catalog.test_competitions import need
from tests.competing import started
from tests.pages import signed_in, text_of
from tests.procurement.test_competing import award
from tests.procurement.test_tied_needs import LATER, events, fresh, tie, tied, untie
from tests.races import race

pytestmark = pytest.mark.django_db


def returned(cast: Cast, line: RequisitionLine) -> RequisitionLine:
    """The head has asked the requester about it."""
    return decisions.return_with_question(
        lines=[line], question="Vilken storlek?", by=cast.head, at=NOW
    ).only()


def waits(line: RequisitionLine) -> tuple[str, RenewedCompetition | None, bool]:
    """Its status, what it waits for, and whether it has a response day."""
    line = fresh(line)
    return line.status, line.awaits_competition, line.response_due_date is not None


def test_it_waits_for_the_competition_and_not_for_the_answer(cast: Cast) -> None:
    line = tie(cast, returned(cast, need(cast)), started(cast))
    assert waits(line) == (LineStatus.AWAITING, RenewedCompetition.objects.get(), False)
    assert events(line)[-2:] == ["line.unanswered", "line.tied"]
    assert take_back_unanswered(at=LATER) == 0
    assert breaches(NOW) == []


def test_whoever_was_asked_is_told_that_no_answer_is_needed(cast: Cast) -> None:
    line = returned(cast, need(cast))
    question = Notice.objects.get(kind="question")
    tie(cast, line, started(cast))
    (notice,) = Notice.objects.filter(kind="competed_order", recipient=cast.requester)
    assert notice.sentence.text.endswith("Frågan som ställdes till dig behöver inte besvaras.")
    question.refresh_from_db()
    assert question.read_at is not None, "the question waits for her no longer"
    with pytest.raises(NoQuestionIsOpen):
        amendments.answer(line=line, text="M", by=cast.requester, at=NOW)


def test_one_that_was_asked_nothing_is_told_nothing_of_answers(cast: Cast) -> None:
    tied(cast)
    (notice,) = Notice.objects.filter(kind="competed_order")
    assert "behöver inte besvaras" not in notice.sentence.text


def test_what_is_tied_can_be_asked_about_and_let_go(cast: Cast) -> None:
    line = returned(cast, tied(cast))
    assert waits(line) == (LineStatus.RETURNED, RenewedCompetition.objects.get(), False)
    untie(cast, line, at=LATER)
    assert waits(line) == (LineStatus.RETURNED, None, True)
    amendments.answer(line=line, text="M", by=cast.requester, at=LATER)
    assert waits(line) == (LineStatus.AWAITING, None, True)
    assert breaches(LATER) == []


def test_what_is_asked_about_while_it_waits_is_competed_for_all_the_same(cast: Cast) -> None:
    line = returned(cast, tied(cast))
    award(cast, RenewedCompetition.objects.get())
    assert competed.follow_competitions(at=NOW) == 1
    assert waits(line) == (LineStatus.RETURNED, None, True)
    amendments.answer(line=line, text="M", by=cast.requester, at=LATER)
    assert fresh(line).tied_competition is not None
    assert breaches(LATER) == []


@pytest.mark.django_db(transaction=True)
def test_it_is_tied_while_it_is_answered(cast: Cast) -> None:
    line, competition = returned(cast, need(cast)), started(cast)
    outcome, answered = race(
        lambda: tie(cast, line, competition),
        lambda: amendments.answer(line=line, text="M", by=cast.requester, at=NOW),
    )
    assert isinstance(outcome, RequisitionLine), outcome
    assert isinstance(answered, RequisitionLine | NoQuestionIsOpen), answered
    assert waits(line) == (LineStatus.AWAITING, competition, False)


@pytest.mark.usefixtures("at_nine")
def test_the_pages_offer_it(cast: Cast) -> None:
    line, competition = returned(cast, need(cast)), started(cast)
    karin = signed_in(cast.manager)
    assert "Låt raden vänta på den" in text_of(karin.get(f"/rader/{line.pk}/"))
    page = text_of(karin.get(f"/avtal/{cast.agreement.pk}/konkurrens/{competition.pk}/"))
    assert "Vilka behov kan vänta på den?" in page
    karin.post(f"/rader/{line.pk}/konkurrens/", {"competition": competition.pk})
    assert waits(line) == (LineStatus.AWAITING, competition, False)
