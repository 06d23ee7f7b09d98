"""Answers to what follow-up asks about purchases: who gives them, about which lines, and that they stay."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from organizations.models import Role, User
from procurement.models import (
    ObservationAnswer,
    ObservationOutcome,
    ObservedLine,
    RequisitionLine,
)
from procurement.observing.asking import questions_in
from procurement.observing.measures import measures_in
from procurement.observing.observation import ObservedPeriod
from procurement.operations import amendments
from procurement.operations.observations import (
    AnswerHasNoText,
    ObservationHasChanged,
    ObservationIsAnswered,
    ObservationIsGone,
    answer_observation,
)
from procurement.permissions import AskedAboutYou, NotYoursToAnswer
from tests.cast import NOW, TODAY, Cast, delegation, membership, person
from tests.procurement.observation_worlds import (
    YEAR,
    buy_often,
    days_ago,
    gloves,
    split,
    splits_in,
)

QUESTION_QUERIES = 6
"""One for the values, one for each kind, and one for the answers."""


@pytest.fixture
def digest(cast: Cast) -> str:
    split(cast)
    return splits_in(YEAR)[0].digest


def key() -> str:
    return splits_in(YEAR)[0].key


def answer(
    by: User,
    digest: str,
    *,
    text: str = "Magsjuka",
    period: ObservedPeriod = YEAR,
    named: str = "",
) -> ObservationAnswer:
    return answer_observation(
        key=named or key(), period=period, digest=digest, outcome=ObservationOutcome.EXPLAINED, text=text,
        by=User.objects.get(pk=by.pk), at=NOW,
    )  # fmt: skip


def test_answer_observation_keeps_what_was_found(cast: Cast, digest: str) -> None:
    new_answer = answer(cast.head, digest, text="  Magsjuka på två avdelningar.\n")
    assert (new_answer.kind, new_answer.outcome, new_answer.text) == (
        "split",
        "explained",
        "Magsjuka på två avdelningar.",
    )
    assert (new_answer.amount, new_answer.answered_by, new_answer.answered_at) == (
        Decimal(5220),
        cast.head,
        NOW,
    )
    assert new_answer.sentence == splits_in(YEAR)[0].sentence
    assert new_answer.lines.count() == 3
    (question,) = questions_in(measures_in(YEAR))
    assert question.is_answered
    assert [each.pk for each in question.answers] == [new_answer.pk]
    entry = Entry.objects.latest("pk")
    assert (entry.event, entry.by_name) == ("observation.answered", "Helena Stenmark")
    assert entry.details == {"outcome": "explained", "amount": "5220.00", "count": 3}


@pytest.mark.parametrize(
    "who", ["requester", "manager", "budget_holder", "controller", "auditor", "administrator"]
)
def test_answer_observation_is_for_the_head(cast: Cast, digest: str, who: str) -> None:
    with pytest.raises(NotYoursToAnswer):
        answer(getattr(cast, who), digest)
    assert not ObservationAnswer.objects.exists()


def take_part(cast: Cast, who: str) -> User:
    """A head who has ordered, decided, or acts for somebody who has."""
    head: User = getattr(cast, who, None) or person("ny.chef", "Nya", "Chefen")
    membership(head, Role.HEAD_OF_PROCUREMENT)
    if who == "delegate":
        delegation(cast.manager, head)
    return head


@pytest.mark.parametrize("who", ["requester", "manager", "delegate"])
def test_nobody_answers_about_herself(cast: Cast, digest: str, who: str) -> None:
    with pytest.raises(AskedAboutYou):
        answer(take_part(cast, who), digest)
    assert not ObservationAnswer.objects.exists()


def test_an_answer_is_about_the_lines_that_were_read(cast: Cast, digest: str) -> None:
    gloves(cast, 30, days_ago(11))
    with pytest.raises(ObservationHasChanged):
        answer(cast.head, digest)


def test_a_question_that_is_gone_has_no_answer(cast: Cast, digest: str) -> None:
    with pytest.raises(ObservationIsGone):
        answer(cast.head, digest, period=ObservedPeriod(TODAY, TODAY))
    with pytest.raises(ObservationIsGone):
        answer(cast.head, digest, named="nothing-1")


def test_a_question_is_answered_once(cast: Cast, digest: str) -> None:
    answer(cast.head, digest)
    with pytest.raises(ObservationIsAnswered):
        answer(cast.head, digest)
    assert ObservationAnswer.objects.count() == 1


def test_an_answer_says_something(cast: Cast, digest: str) -> None:
    with pytest.raises(AnswerHasNoText):
        answer(cast.head, digest, text=" ")


def test_what_comes_later_is_asked_about_anew(cast: Cast, digest: str) -> None:
    answer(cast.head, digest)
    gloves(cast, 30, days_ago(11))
    (question,) = questions_in(measures_in(YEAR))
    assert (question.is_answered, question.unanswered_count, len(question.answers)) == (False, 1, 1)
    answer(cast.head, question.observation.digest, text="Samma magsjuka")
    (question,) = questions_in(measures_in(YEAR))
    assert question.is_answered
    assert [each.text for each in question.answers] == ["Samma magsjuka", "Magsjuka"]


def test_an_answer_keeps_the_question_that_it_was_to(cast: Cast, digest: str) -> None:
    with override("en"):
        new_answer = answer(cast.head, digest)
    gloves(cast, 30, days_ago(11))
    (question,) = questions_in(measures_in(YEAR))
    assert question.observation.sentence.startswith("Fyra beställningar")
    assert question.answers[0].sentence == new_answer.sentence
    assert new_answer.sentence.startswith("Tre beställningar")


def test_fewer_lines_are_still_answered(cast: Cast, digest: str) -> None:
    answer(cast.head, digest)
    last = RequisitionLine.objects.latest("pk")
    amendments.withdraw_line(line=last, by=cast.requester, at=NOW)
    (question,) = questions_in(measures_in(YEAR))
    assert (question.is_answered, len(question.observation.lines)) == (True, 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda: ObservationAnswer.objects.update(text="Annat"),
        lambda: ObservationAnswer.objects.all().delete(),
        lambda: ObservedLine.objects.all().delete(),
        lambda: ObservedLine.objects.update(line=1),
    ],
)
def test_an_answer_is_never_changed(cast: Cast, digest: str, change: Callable[[], object]) -> None:
    answer(cast.head, digest)
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_questions_ask_as_often_however_many_they_are(
    cast: Cast, digest: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer(cast.head, digest)
    buy_often(cast, 5)
    with django_assert_num_queries(QUESTION_QUERIES):
        assert len(questions_in(measures_in(YEAR))) == 3
