"""A need in words is tied to a competition, waits as lines of items do, is offered its winner, and is let go when it is over."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from agreements.models import AgreementAdministration, Supplier
from audit.models import Entry
from catalog.models import RenewedCompetition
from catalog.operations.competition_decisions import award_competition, cancel_competition
from catalog.operations.competitions import CompetitionIsDecided, start_competition
from categories.models import CategoryPolicy
from core.errors import DomainError
from core.working_days import add_working_days
from notices.models import Notice
from office.rules import breaches
from organizations.models import Administration
from procurement.approving import AgreementOfAnotherCategory
from procurement.competing import CompetitionState, competition_states
from procurement.gates import AgreementNotForYou
from procurement.models import LineDecision, RejectionReason, RequisitionLine
from procurement.operations import amendments, competed, decisions, orders, tying
from procurement.permissions.refusals import LineIsDecided, NotYourLine, OwnRequest
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.catalog.test_competitions import need
from tests.competing import BEFORE, LAST_DAY, bid, demanded, started
from tests.pages import signed_in, text_of
from tests.procurement.test_competing import award, cancel
from tests.races import race

LATER = NOW + timedelta(days=30)


def tie(
    cast: Cast, line: RequisitionLine, competition: RenewedCompetition, **changed: Any
) -> RequisitionLine:
    return tying.tie_to_competition(
        line=line, competition=competition, **{"by": cast.manager, "at": NOW, **changed}
    )


def untie(cast: Cast, line: RequisitionLine, **changed: Any) -> RequisitionLine:
    return tying.untie_from_competition(line=line, **{"by": cast.manager, "at": NOW, **changed})


def tied(cast: Cast) -> RequisitionLine:
    """A need that waits for a competition whose time to bid is over."""
    return tie(cast, need(cast), started(cast), at=NOW - timedelta(minutes=1))


def fresh(line: RequisitionLine) -> RequisitionLine:
    return RequisitionLine.objects.get(pk=line.pk)


def events(line: RequisitionLine) -> list[str]:
    return list(Entry.objects.about(line).order_by("pk").values_list("event", flat=True))


def days_from(day: Any) -> Any:
    return add_working_days(day, CategoryPolicy.objects.get().response_days)


def test_it_waits_for_no_day_and_the_requester_is_told(cast: Cast) -> None:
    line = tied(cast)
    competition = RenewedCompetition.objects.get()
    line = fresh(line)
    assert (line.tied_competition, line.awaits_competition, line.response_due_date) == (
        competition,
        competition,
        None,
    )
    assert events(line)[-1] == "line.tied"
    (notice,) = Notice.objects.filter(kind="competed_order")
    assert notice.recipient == cast.requester
    assert "väntar tills någon har vunnit" in notice.sentence.text
    assert competed.follow_competitions(at=NOW) == 0
    assert competition_states([line], day=TODAY) == {line.pk: CompetitionState(going_on=competition)}
    assert breaches(NOW) == []


@pytest.mark.parametrize("ending", [award, cancel])
def test_its_time_runs_from_when_the_competition_was_decided(
    cast: Cast, ending: Callable[[Cast, RenewedCompetition], Any]
) -> None:
    line = tied(cast)
    ending(cast, RenewedCompetition.objects.get())
    assert competed.follow_competitions(at=LATER) == 1
    line = fresh(line)
    assert (line.awaits_competition, line.competed_at, line.response_due_date) == (
        None,
        NOW,
        days_from(TODAY),
    )
    is_won = ending is award
    assert (line.tied_competition is not None) == is_won, "a winner is offered until the line is decided"
    assert events(line)[-1] == ("line.competed" if is_won else "line.untied")
    kinds = set(Notice.objects.filter(recipient=cast.manager).values_list("kind", flat=True))
    assert "competed_queue" in kinds
    assert Notice.objects.filter(recipient=cast.requester, kind="competed_order").count() == 2
    assert breaches(LATER) == []


@pytest.mark.usefixtures("at_nine")
def test_the_winner_is_offered_and_bought_from_though_it_is_not_the_agreements_first(cast: Cast) -> None:
    line = tied(cast)
    competition = bid(cast, RenewedCompetition.objects.get(), cast.paper_supplier)
    award_competition(
        competition=competition, winner=cast.paper_supplier, from_date=TODAY, through_date=TODAY, reason="Bäst", by=cast.head,
        at=NOW,
    )  # fmt: skip
    competed.follow_competitions(at=NOW)
    karin = signed_in(cast.manager)
    page = karin.get(f"/rader/{line.pk}/").content.decode()
    assert f'<option value="{cast.paper_supplier.pk}" selected>' in page
    assert f'<option value="{cast.agreement.pk}" selected>' in page
    assert "vann konkurrensutsättningen" in text_of(karin.get(f"/rader/{line.pk}/"))
    karin.post(
        f"/rader/{line.pk}/besluta/",
        {
            "decision": "approve", "supplier": cast.paper_supplier.pk, "agreement": cast.agreement.pk, "unit_price": "100,00",
        },
    )  # fmt: skip
    line = fresh(line)
    assert (line.status, line.approved_supplier, line.approved_agreement) == (
        LineStatus.APPROVED, cast.paper_supplier, cast.agreement,
    )  # fmt: skip
    assert line.tied_competition is None


def test_it_can_be_let_go(cast: Cast) -> None:
    line = untie(cast, tied(cast), at=LATER)
    line = fresh(line)
    assert (line.tied_competition, line.awaits_competition, line.competed_at) == (None, None, LATER)
    assert line.response_due_date == days_from(LATER.date())
    assert events(line)[-2:] == ["line.tied", "line.untied"]
    assert competed.follow_competitions(at=LATER) == 0
    with pytest.raises(tying.NeedIsNotTied):
        untie(cast, line)
    assert tie(cast, line, RenewedCompetition.objects.get()).response_due_date is None
    assert breaches(LATER) == []


def test_it_is_tied_once(cast: Cast) -> None:
    line = tied(cast)
    with pytest.raises(tying.NeedIsTied):
        tie(cast, line, RenewedCompetition.objects.get())
    assert Notice.objects.filter(kind="competed_order").count() == 1


def test_what_came_of_nothing_can_be_tied_to_a_new_one(cast: Cast) -> None:
    line = tied(cast)
    cancel(cast, RenewedCompetition.objects.get())
    again = started(cast)
    assert tie(cast, line, again).tied_competition == again, "also before the clock has let it go"
    assert competed.follow_competitions(at=NOW) == 0
    assert breaches(NOW) == []


def other_category(cast: Cast) -> RequisitionLine:
    line = need(cast)
    return decisions.reassign_category(line=line, category=cast.office, by=cast.manager, at=NOW)


@pytest.mark.parametrize("who", ["budget_holder", "controller", "auditor", "stranger"])
def test_who_does_not_decide_the_line_may_not(cast: Cast, who: str) -> None:
    line, competition, person = need(cast), started(cast), getattr(cast, who)
    with pytest.raises(NotYourLine):
        tie(cast, line, competition, by=person)
    with pytest.raises(NotYourLine):
        untie(cast, line, by=person)
    with pytest.raises(OwnRequest):
        tie(cast, line, competition, by=cast.requester)


def test_what_cannot_be_tied(cast: Cast) -> None:
    competition = started(cast)
    cases: list[tuple[RequisitionLine, type[DomainError], Any]] = [
        (worlds.line(cast), tying.LineIsNoNeed, cast.manager),
        (other_category(cast), AgreementOfAnotherCategory, cast.head),
    ]
    for line, refusal, by in cases:
        with pytest.raises(refusal):
            tie(cast, line, competition, by=by)
    line = need(cast)
    other = Administration.objects.create(authority=cast.authority, name="Kultur", code="99")
    AgreementAdministration.objects.create(agreement=cast.agreement, administration=other)
    with pytest.raises(AgreementNotForYou):
        tie(cast, line, competition)
    cancel(cast, competition)
    with pytest.raises(CompetitionIsDecided):
        tie(cast, line, competition)
    assert not RequisitionLine.objects.exclude(tied_competition=None).exists()


def reject(cast: Cast, line: RequisitionLine) -> None:
    decisions.reject(
        lines=[line], reason_code=RejectionReason.NOT_NEEDED, comment="Finns", by=cast.manager, at=LATER
    )


def withdraw(cast: Cast, line: RequisitionLine) -> None:
    amendments.withdraw_line(line=line, by=cast.requester, at=LATER)


def move(cast: Cast, line: RequisitionLine) -> None:
    decisions.reassign_category(line=line, category=cast.office, by=cast.manager, at=LATER)


def approve(cast: Cast, line: RequisitionLine) -> None:
    decisions.approve(lines=[line], supplier=cast.paper_supplier, by=cast.manager, at=LATER).only()


@pytest.mark.parametrize("close", [reject, withdraw, move, approve])
def test_whatever_closes_it_lets_it_go(cast: Cast, close: Callable[[Cast, RequisitionLine], None]) -> None:
    line = tied(cast)
    close(cast, line)
    line = fresh(line)
    assert line.tied_competition is None
    before = Notice.objects.filter(kind="competed_order").count()
    award(cast, RenewedCompetition.objects.get())
    assert Notice.objects.filter(kind="competed_order").count() == before, (
        "nothing is told of what it does not wait for"
    )
    competed.follow_competitions(at=LATER)
    assert breaches(LATER) == []


def test_what_is_moved_has_the_days_of_its_new_category(cast: Cast) -> None:
    line = tied(cast)
    move(cast, line)
    line = fresh(line)
    assert line.awaits_competition is None
    assert line.response_due_date is not None
    assert line.response_due_date > LATER.date()
    assert "line.untied" in events(line)


def test_a_decision_while_it_waits_is_nobodys_response(cast: Cast) -> None:
    reject(cast, tied(cast))
    decision = LineDecision.objects.get()
    assert (decision.response_days, decision.promised_date) == (None, None)


def test_a_new_version_waits_for_the_same(cast: Cast) -> None:
    line = tied(cast)
    new = amendments.revise_line(
        line=line, quantity=Decimal(3), specification="Större", by=cast.requester, at=LATER
    )
    new, old = fresh(new), fresh(line)
    assert (new.tied_competition, new.awaits_competition, new.response_due_date) == (
        RenewedCompetition.objects.get(), RenewedCompetition.objects.get(), None,
    )  # fmt: skip
    assert (old.status, old.tied_competition) == (LineStatus.SUPERSEDED, None)
    assert competed.follow_competitions(at=LATER) == 0
    assert breaches(LATER) == []


def test_an_approval_that_is_taken_back_waits_no_more(cast: Cast) -> None:
    line = tied(cast)
    approve(cast, line)
    decisions.undo(lines=[line], by=cast.manager, at=LATER)
    line = fresh(line)
    assert (line.status, line.tied_competition, line.awaits_competition) == (LineStatus.AWAITING, None, None)
    assert line.response_due_date is not None
    assert breaches(LATER) == [], "at once, not when the clock has seen it"
    assert competed.follow_competitions(at=LATER) == 0


def test_an_approval_that_lapses_waits_no_more(cast: Cast) -> None:
    line = tied(cast)
    approve(cast, line)
    Supplier.objects.filter(pk=cast.paper_supplier.pk).update(blocked_reason="Sanktioner")
    assert orders.consolidate(at=LATER + timedelta(hours=1), due_only=False) == []
    line = fresh(line)
    assert (line.status, line.awaits_competition) == (LineStatus.AWAITING, None)
    assert line.response_due_date is not None
    assert breaches(LATER) == []


def test_the_database_ties_undecided_needs_alone(cast: Cast) -> None:
    competition, line = started(cast), worlds.line(cast)
    with pytest.raises(IntegrityError, match="line_tied_is_an_undecided_need"), transaction.atomic():
        RequisitionLine.objects.filter(pk=line.pk).update(tied_competition=competition)
    tied_line = tie(cast, need(cast), competition)
    RequisitionLine.objects.filter(pk=tied_line.pk).update(status=LineStatus.WITHDRAWN)
    assert fresh(tied_line).tied_competition is None


def test_the_rules_find_a_need_that_waits_for_another(cast: Cast) -> None:
    line = tied(cast)
    RequisitionLine.objects.filter(pk=line.pk).update(tied_competition=None)
    assert [each.rule.number for each in breaches(NOW)] == ["2g"]
    assert competed.follow_competitions(at=NOW) == 1
    assert breaches(NOW) == []


@pytest.mark.django_db(transaction=True)
def test_it_is_tied_while_it_is_decided(cast: Cast) -> None:
    line, competition = need(cast), started(cast)
    outcome, _done = race(lambda: tie(cast, line, competition), lambda: reject(cast, line))
    assert isinstance(outcome, RequisitionLine | LineIsDecided), outcome
    line = fresh(line)
    assert (line.status, line.tied_competition) == (LineStatus.REJECTED, None)


@pytest.mark.django_db(transaction=True)
def test_it_is_tied_while_the_competition_is_decided(cast: Cast) -> None:
    line, competition = need(cast), bid(cast, started(cast), cast.supplier)

    def end() -> RenewedCompetition:
        return cancel_competition(competition=competition, reason="Föll bort", by=cast.head, at=NOW)

    outcome, ended = race(lambda: tie(cast, line, competition), end)
    assert isinstance(ended, RenewedCompetition), ended
    notice_count = Notice.objects.filter(kind="competed_queue").count()
    if isinstance(outcome, CompetitionIsDecided):
        assert (fresh(line).tied_competition, notice_count) == (None, 0)
    else:
        assert (fresh(line).tied_competition, notice_count) == (competition, 1)


@pytest.mark.django_db(transaction=True)
def test_it_is_tied_once_however_many_tie_it(cast: Cast) -> None:
    line, competition = need(cast), started(cast)
    other = start_competition(
        agreement=demanded(cast),
        subject="Annat",
        invited_date=BEFORE.date(),
        bids_by_date=LAST_DAY,
        by=cast.manager,
        at=BEFORE,
    )
    results = race(lambda: tie(cast, line, competition), lambda: tie(cast, line, other, by=cast.head))
    assert sorted(type(each).__name__ for each in results) == ["NeedIsTied", "RequisitionLine"]


@pytest.mark.usefixtures("at_nine")
def test_the_pages_tie_it_and_let_it_go(cast: Cast) -> None:
    line, competition = need(cast), started(cast)
    other = worlds.line(cast)
    karin, elin = signed_in(cast.manager), signed_in(cast.requester)
    place = f"/avtal/{cast.agreement.pk}/konkurrens/{competition.pk}/"
    page = text_of(karin.get(place))
    assert "Vilka behov kan vänta på den?" in page
    assert "Vilka behov väntar på den?" not in page
    assert "Låt raden vänta på den" not in text_of(karin.get(f"/rader/{other.pk}/"))
    answer = karin.post(
        f"/rader/{line.pk}/konkurrens/", {"competition": competition.pk, "from_competition": "1"}, follow=True
    )
    assert answer.redirect_chain[-1][0] == place
    assert "Vilka behov väntar på den?" in text_of(answer)
    panel = text_of(karin.get(f"/rader/{line.pk}/"))
    assert "tävlar om den" in panel
    assert "Räknas från när konkurrensutsättningen är avgjord" in panel
    assert "svarar när leverantörerna har tävlat" in text_of(
        elin.get(f"/bestallningar/{line.requisition.number}/")
    )
    answer = karin.post(f"/rader/{line.pk}/konkurrens/ta-bort/", follow=True)
    assert "Raden väntar inte längre på konkurrensutsättningen." in text_of(answer)
    assert "Låt raden vänta på den" in text_of(answer)
    assert karin.post(f"/rader/{line.pk}/konkurrens/", {"competition": "999"}).status_code == 404
    assert karin.post(f"/rader/{line.pk}/konkurrens/", {"competition": "x"}).status_code == 404
    assert karin.post(f"/rader/{line.pk}/konkurrens/ta-bort/").status_code == 409
