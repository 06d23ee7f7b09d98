"""Recommendations go from received to verified, by those who may, and their history stays."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import Entry
from core.errors import DomainError, NotPermitted, WrongState
from governance.days import DayBeforeTheLast, DayHasNotCome
from governance.models import Indicator, Recommendation, RecommendationStep
from governance.notices import RECOMMENDATION
from governance.operations import recommendations as operations
from governance.permissions import OnlyAuditorsVerify, OwnMeasure
from governance.states import RECOMMENDATION_TRANSITIONS, RecommendationStatus
from notices.models import Notice
from organizations.models import Role, User
from tests.cast import NOW, TODAY, Cast, membership
from tests.governance import worlds

pytestmark = pytest.mark.django_db

World = Callable[[Cast], Recommendation]
WORLDS: dict[str, World] = {
    "received": worlds.received,
    "answered": worlds.answered,
    "planned": worlds.planned,
    "carried_out": worlds.carried_out,
    "verified": worlds.verified,
    "replaced": worlds.replaced,
}
DONE_IN = {
    "answer": {"received"},
    "plan": {"answered"},
    "carry_out": {"planned"},
    "verify": {"carried_out"},
    "send_back": {"carried_out"},
    "replace": {"received", "answered", "planned", "carried_out"},
}
DOERS = {
    "answer": "head",
    "plan": "head",
    "carry_out": "manager",
    "verify": "auditor",
    "send_back": "auditor",
    "replace": "head",
}


def do(cast: Cast, act: str, recommendation: Recommendation, **facts: Any) -> Recommendation:
    more: dict[str, dict[str, Any]] = {
        "plan": {"responsible": cast.manager, "due_date": TODAY, "indicator": ""},
        "carry_out": {"evidence": "RS 2021/7"},
        "verify": {"evidence": ""},
        "replace": {"guideline": None},
    }
    defaults = {"day": TODAY, "words": "Så här.", "by": getattr(cast, DOERS[act]), **more.get(act, {})}
    operation = getattr(operations, f"{act}_recommendation")
    result: Recommendation = operation(recommendation=recommendation, at=NOW, **(defaults | facts))
    return result


def test_from_received_to_verified(cast: Cast) -> None:
    recommendation = worlds.verified(cast)
    recommendation.refresh_from_db()
    assert (recommendation.status, recommendation.indicator) == ("verified", Indicator.AGREEMENT_LOYALTY)
    assert (recommendation.carried_out_by, recommendation.verified_by) == (cast.manager, cast.auditor)
    assert list(recommendation.steps.order_by("pk").values_list("status", "by")) == [
        ("answered", cast.head.pk),
        ("planned", cast.head.pk),
        ("carried_out", cast.manager.pk),
        ("verified", cast.auditor.pk),
    ]
    events = Entry.objects.filter(event__startswith="recommendation.").order_by("pk")
    assert [entry.event.split(".")[1] for entry in events] == [
        "answered", "planned", "carried_out", "verified",
    ]  # fmt: skip


@pytest.mark.parametrize("status", list(WORLDS))
@pytest.mark.parametrize("act", list(DONE_IN))
def test_each_act_in_each_state(cast: Cast, act: str, status: str) -> None:
    recommendation = WORLDS[status](cast)
    if status in DONE_IN[act]:
        do(cast, act, recommendation)
        return
    steps = RecommendationStep.objects.count()
    with pytest.raises((WrongState, NotPermitted)):
        do(cast, act, recommendation)
    assert RecommendationStep.objects.count() == steps


def test_every_state_is_reached() -> None:
    assert set(WORLDS) == set(RecommendationStatus.values) == set(RECOMMENDATION_TRANSITIONS)


@pytest.mark.parametrize("act", list(DONE_IN))
@pytest.mark.parametrize("who", ["requester", "controller", "administrator", "stranger"])
def test_who_has_no_part_in_it(cast: Cast, act: str, who: str) -> None:
    status = min(DONE_IN[act])
    with pytest.raises(NotPermitted):
        do(cast, act, WORLDS[status](cast), by=getattr(cast, who))


def test_verify_is_for_auditors(cast: Cast) -> None:
    with pytest.raises(OnlyAuditorsVerify):
        do(cast, "verify", worlds.carried_out(cast), by=cast.head)


@pytest.mark.parametrize("field", ["carried_out_by", "responsible"])
def test_nobody_verifies_her_own(cast: Cast, field: str) -> None:
    recommendation = worlds.carried_out(cast)
    Recommendation.objects.update(**{field: cast.auditor})
    with pytest.raises(OwnMeasure):
        do(cast, "verify", recommendation)
    with pytest.raises(IntegrityError, match="verified_by_another"), transaction.atomic():
        Recommendation.objects.update(status="verified", verified_by=cast.auditor)


def test_a_head_who_is_an_auditor_too_does_not_verify_what_she_carried_out(cast: Cast) -> None:
    membership(cast.head, Role.AUDITOR)
    recommendation = do(cast, "carry_out", worlds.planned(cast), by=cast.head)
    with pytest.raises(OwnMeasure):
        do(cast, "verify", recommendation, by=cast.head)


def test_send_back_lets_it_be_carried_out_again(cast: Cast) -> None:
    recommendation = do(cast, "send_back", worlds.carried_out(cast), words="Den största leverantören saknas.")
    assert (recommendation.status, recommendation.carried_out_by, recommendation.responsible) == (
        "planned",
        None,
        cast.manager,
    )
    recommendation = do(cast, "verify", do(cast, "carry_out", recommendation))
    assert recommendation.steps.count() == 6


def test_replaced_by_the_guideline(cast: Cast) -> None:
    guideline = worlds.adopted(cast)
    recommendation = do(cast, "replace", worlds.answered(cast), guideline=guideline)
    assert recommendation.replaced_by == guideline
    assert list(guideline.replacements.all()) == [recommendation]


def test_a_promise_is_not_replaced_by_a_draft(cast: Cast) -> None:
    recommendation = worlds.answered(cast)
    with pytest.raises(operations.NotAdoptedYet):
        do(cast, "replace", recommendation, guideline=worlds.draft(cast))


@pytest.mark.parametrize(
    ("act", "facts", "refusal"),
    [
        ("answer", {"day": TODAY + timedelta(days=1)}, DayHasNotCome),
        ("answer", {"day": date(2020, 3, 31)}, DayBeforeTheLast),
        ("plan", {"day": date(2020, 6, 16)}, DayBeforeTheLast),
        ("answer", {"words": " "}, operations.WordsMissing),
        ("carry_out", {"evidence": " "}, operations.EvidenceMissing),
        ("plan", {"due_date": TODAY - timedelta(days=1)}, operations.DueBeforeItIsPlanned),
    ],
)
def test_what_cannot_be_so(cast: Cast, act: str, facts: dict[str, Any], refusal: type[DomainError]) -> None:
    recommendation = WORLDS[min(DONE_IN[act])](cast)
    with pytest.raises(refusal):
        do(cast, act, recommendation, **facts)
    recommendation.refresh_from_db()
    assert recommendation.status == min(DONE_IN[act])


def test_nobody_whose_account_is_closed_answers_for_a_measure(cast: Cast) -> None:
    recommendation = worlds.answered(cast)
    cast.manager.is_active = False
    with pytest.raises(operations.ResponsibleIsAway):
        do(cast, "plan", recommendation)


def test_how_it_stood_on_a_day(cast: Cast) -> None:
    worlds.verified(cast)
    statuses_by_day = {
        day: [each.status_then for each in Recommendation.objects.as_of(day)]
        for day in (
            date(2020, 3, 31),
            date(2020, 4, 1),
            date(2020, 6, 17),
            date(2021, 1, 18),
            date(2021, 5, 10),
            TODAY,
        )
    }
    assert list(statuses_by_day.values()) == [
        [], ["received"], ["answered"], ["planned"], ["carried_out"], ["verified"],
    ]  # fmt: skip
    recommendation = Recommendation.objects.as_of(date(2021, 5, 10)).get()
    assert (recommendation.words_then, recommendation.evidence_then) == ("Den mäts.", "RS 2021/7")


def test_who_sees_it(cast: Cast) -> None:
    recommendation = worlds.planned(cast)
    sees = [cast.head, cast.controller, cast.auditor, cast.manager]
    for person in sees:
        assert list(Recommendation.objects.visible_to(person, TODAY)) == [recommendation]
    for person in (cast.requester, cast.deputy, cast.administrator):
        assert not Recommendation.objects.visible_to(person, TODAY).exists()


LATER = NOW + timedelta(hours=1)


def told_later() -> set[tuple[User, str]]:
    """Who was told of the step that was taken later, and in which words."""
    notices = Notice.objects.filter(made_at=LATER).select_related("recipient")
    return {(notice.recipient, RECOMMENDATION.sentence(notice.facts).title) for notice in notices}


def test_whoever_is_to_carry_a_measure_out_is_told(cast: Cast) -> None:
    recommendation = worlds.answered(cast)
    operations.plan_recommendation(
        recommendation=recommendation, day=TODAY, words="Mät.", responsible=cast.manager, due_date=TODAY, indicator="",
        by=cast.head, at=LATER,
    )  # fmt: skip
    title = "Du ansvarar för åtgärden för rekommendation 1 i Granskning av inköpsprocessen"
    assert told_later() == {(cast.manager, title)}


def test_the_auditors_and_the_head_are_told_of_what_is_carried_out(cast: Cast) -> None:
    recommendation = worlds.planned(cast)
    operations.carry_out_recommendation(
        recommendation=recommendation,
        day=TODAY,
        words="Den mäts.",
        evidence="RS 2021/7",
        by=cast.manager,
        at=LATER,
    )
    title = "Åtgärden för rekommendation 1 i Granskning av inköpsprocessen är genomförd"
    assert told_later() == {(cast.auditor, title), (cast.head, title)}


@pytest.mark.parametrize("suffices", [True, False])
def test_whoever_answers_for_a_measure_is_told_what_the_auditor_found(cast: Cast, suffices: bool) -> None:
    facts: dict[str, Any] = {"recommendation": worlds.carried_out(cast), "day": TODAY, "words": "Så är det."}
    if suffices:
        operations.verify_recommendation(**facts, evidence="", by=cast.auditor, at=LATER)
        title = "Revisorn har godkänt åtgärden för rekommendation 1 i Granskning av inköpsprocessen"
    else:
        operations.send_back_recommendation(**facts, by=cast.auditor, at=LATER)
        title = "Åtgärden för rekommendation 1 i Granskning av inköpsprocessen räcker inte"
    assert told_later() == {(cast.manager, title), (cast.head, title)}
    notice = Notice.objects.filter(made_at=LATER).latest("pk")
    assert RECOMMENDATION.sentence(notice.facts).text == f"{cast.auditor.full_name}: Så är det."


def test_what_was_told_of_a_step_is_done_with_the_next(cast: Cast) -> None:
    """The auditor is told that it waits for her, and no longer when she has judged it."""
    recommendation = worlds.planned(cast)
    notices = Notice.objects.unread().filter(recipient=cast.auditor, kind="recommendation")
    later: dict[str, Any] = {
        "recommendation": recommendation,
        "day": TODAY,
        "words": "Den mäts.",
        "evidence": "RS 2021/7",
    }
    operations.carry_out_recommendation(**later, by=cast.manager, at=LATER)
    assert [notice.facts["event"] for notice in notices.all()] == ["recommendation.carried_out"]
    operations.verify_recommendation(**later, by=cast.auditor, at=LATER + timedelta(hours=1))
    assert not notices.exists()
