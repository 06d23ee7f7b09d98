"""Proposals from the operation: who answers, the answer, and the time that it takes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from assortment.answering import route_of, waiting_for
from assortment.models import CouncilSeat, DecidedItem, Proposal, ProposalDecision, ProposalKind, Stance, Vote
from assortment.operations import answers, proposals, votes
from assortment.operations.answers import CouncilHasToBeHeard, CouncilStillVotes, NoCouncil, VoteDayHasPassed
from assortment.operations.proposals import ItemIsMissing, ReplacedByItself
from assortment.permissions import (
    DeciderDoesNotVote,
    InConflict,
    NothingIsAsked,
    NotOnTheCouncil,
    NotTheProposer,
    NotYourProposal,
    OwnProposal,
    ProposalIsDecided,
    QuestionWaits,
    VoteIsClosed,
)
from assortment.states import PROPOSAL_TRANSITIONS, ProposalStatus
from audit.models import Entry
from catalog.models import Item
from categories.models import CategoryPolicy
from core.errors import DomainError, WrongState
from core.states import move
from notices.models import Notice
from organizations.models import Absence, User
from procurement.operations.leaving import leave
from tests.assortment import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, delegation, item

LATER = NOW + timedelta(days=1)


def told(user: User) -> list[str]:
    """The kinds of what the person has been told, in order."""
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("kind", flat=True))


def events() -> list[str]:
    return list(
        Entry.objects.filter(subject_type="assortment.proposal")
        .order_by("pk")
        .values_list("event", flat=True)
    )


@pytest.mark.parametrize("source", ProposalStatus)
@pytest.mark.parametrize("target", ProposalStatus)
def test_a_proposal_moves_as_the_table_says(source: ProposalStatus, target: ProposalStatus) -> None:
    proposal = Proposal(status=source)
    if target in PROPOSAL_TRANSITIONS[source]:
        move(proposal, to=target, transitions=PROPOSAL_TRANSITIONS)
    else:
        with pytest.raises(WrongState):
            move(proposal, to=target, transitions=PROPOSAL_TRANSITIONS)


def test_propose_goes_to_the_manager_of_the_items_category(cast: Cast) -> None:
    CategoryPolicy.objects.update(proposal_response_days=3)
    proposal = worlds.proposed(cast)
    assert (proposal.status, proposal.category, proposal.department) == (
        "received",
        cast.gloves_category,
        cast.ward,
    )
    assert [each.item for each in proposal.affected.all()] == [cast.gloves]
    assert proposal.response_due_date == date(2021, 5, 21)
    assert [each.pk for each in waiting_for(cast.manager, TODAY)] == [proposal.pk]
    assert waiting_for(cast.requester, TODAY) == waiting_for(cast.deputy, TODAY) == []
    assert events() == ["proposal.proposed"]


def test_the_response_time_counts_working_days(cast: Cast) -> None:
    proposal = worlds.proposed(cast)
    assert proposal.response_due_date == date(2021, 6, 1), "ten working days after 18 May 2021"


def test_a_new_item_goes_where_items_with_similar_names_are(cast: Cast) -> None:
    proposal = worlds.proposed(cast, kind="item", items=(), title="Kontorsstol ergonomisk med nackstöd")
    assert proposal.category == cast.office
    unknown = worlds.proposed(cast, kind="item", items=(), title="Xylofon")
    assert unknown.category is None
    route = route_of(unknown, TODAY)
    assert route is not None
    assert route.responsible.pk == cast.head.pk


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (lambda cast: {"items": ()}, ItemIsMissing),
        (lambda cast: {"kind": "removal", "items": ()}, ItemIsMissing),
        (lambda cast: {"new_item": cast.gloves}, ReplacedByItself),
    ],
)
def test_propose_says_what_it_is_about(
    cast: Cast, wish: Callable[[Cast], dict[str, Any]], error: type[DomainError]
) -> None:
    with pytest.raises(error):
        worlds.proposed(cast, **wish(cast))
    assert not Proposal.objects.exists()


def test_nobody_answers_her_own_proposal(cast: Cast) -> None:
    proposal = worlds.proposed(cast, by=cast.manager)
    assert [each.pk for each in waiting_for(cast.deputy, TODAY)] == [proposal.pk]
    for person in (cast.manager, cast.requester):
        with pytest.raises((OwnProposal, NotYourProposal)):
            answers.decide(proposal=proposal, is_yes=True, reason="Bra", by=person, at=NOW)
    delegation(cast.manager, cast.office_deputy)
    with pytest.raises(OwnProposal):
        answers.decide(proposal=proposal, is_yes=True, reason="Bra", by=cast.office_deputy, at=NOW)
    decided = answers.decide(proposal=proposal, is_yes=True, reason="Bra", by=cast.deputy, at=NOW)
    assert (decided.status, decided.decision.on_behalf_of) == ("accepted", None)


def test_the_database_lets_nobody_decide_her_own(cast: Cast) -> None:
    proposal = worlds.proposed(cast)
    with pytest.raises(IntegrityError, match="her own proposal"), transaction.atomic():
        ProposalDecision.objects.create(
            proposal=proposal,
            is_yes=True,
            reason="x",
            by=cast.requester,
            at=NOW,
            promised_date=TODAY,
            response_days=0,
        )


def absent(cast: Cast) -> None:
    Absence.objects.create(user=cast.manager, during=ALWAYS)


def gone(cast: Cast) -> None:
    leave(user=cast.manager, successor=None, by=cast.head, at=NOW)


def succeeded(cast: Cast) -> None:
    leave(user=cast.manager, successor=cast.office_deputy, by=cast.head, at=NOW)


def nobody(cast: Cast) -> None:
    cast.medical.assignments.update(deputy=None)
    Absence.objects.create(user=cast.manager, during=ALWAYS)


@pytest.mark.parametrize(
    ("happens", "answers_then"),
    [(absent, "deputy"), (gone, "deputy"), (succeeded, "office_deputy"), (nobody, "head")],
)
def test_nothing_waits_for_somebody_who_cannot_act(
    cast: Cast, happens: Callable[[Cast], None], answers_then: str
) -> None:
    proposal = worlds.proposed(cast)
    happens(cast)
    person: User = User.objects.get(pk=getattr(cast, answers_then).pk)
    assert [each.pk for each in waiting_for(person, TODAY)] == [proposal.pk]
    assert waiting_for(User.objects.get(pk=cast.manager.pk), TODAY) == []
    decided = answers.decide(proposal=proposal, is_yes=False, reason="Vi har redan en.", by=person, at=NOW)
    assert decided.decision.by == person


def test_a_question_waits_and_its_days_are_added(cast: Cast) -> None:
    proposal = worlds.proposed(cast)
    returned = answers.ask(proposal=proposal, question="Vilka storlekar?", by=cast.manager, at=NOW)
    assert returned.status == "returned"
    assert waiting_for(cast.manager, TODAY) == []
    assert told(cast.requester) == ["proposal_answer"]
    with pytest.raises(QuestionWaits):
        answers.ask(proposal=proposal, question="Igen?", by=cast.manager, at=NOW)
    with pytest.raises(NotTheProposer):
        proposals.reply(proposal=proposal, text="M", by=cast.colleague, at=LATER)
    friday = NOW + timedelta(days=3)
    answered = proposals.reply(proposal=proposal, text="S och M", by=cast.requester, at=friday)
    assert (answered.status, answered.response_due_date) == ("received", date(2021, 6, 4))
    assert told(cast.manager) == ["proposal_news"]
    with pytest.raises(NothingIsAsked):
        proposals.reply(proposal=proposal, text="L", by=cast.requester, at=friday)
    decided = answers.decide(
        proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW + timedelta(days=7)
    )
    assert decided.decision.response_days == 5 - 3, (
        "Tuesday to Tuesday, three days of them with the one who proposed"
    )


def test_withdraw_until_it_is_decided(cast: Cast) -> None:
    proposal = worlds.proposed(cast)
    with pytest.raises(NotTheProposer):
        proposals.withdraw(proposal=proposal, by=cast.manager, at=NOW)
    assert proposals.withdraw(proposal=proposal, by=cast.requester, at=NOW).status == "withdrawn"
    with pytest.raises(ProposalIsDecided):
        proposals.withdraw(proposal=proposal, by=cast.requester, at=NOW)
    with pytest.raises(ProposalIsDecided):
        answers.decide(proposal=proposal, is_yes=True, reason="x", by=cast.manager, at=NOW)


def test_another_category_has_another_manager(cast: Cast) -> None:
    proposal = worlds.proposed(cast, kind="item", items=(), title="Xylofon")
    with pytest.raises(NotYourProposal):
        answers.move_to_category(proposal=proposal, category=cast.office, by=cast.manager, at=NOW)
    moved = answers.move_to_category(proposal=proposal, category=cast.office, by=cast.head, at=NOW)
    assert [each.pk for each in waiting_for(cast.deputy, TODAY)] == [moved.pk]


def test_the_council_votes_and_the_decision_keeps_how(cast: Cast, council: list[User]) -> None:
    proposal = worlds.proposed(cast)
    with pytest.raises(CouncilHasToBeHeard):
        answers.decide(proposal=proposal, is_yes=True, reason="Bra", by=cast.manager, at=NOW)
    with pytest.raises(VoteDayHasPassed):
        answers.put_to_council(
            proposal=proposal, vote_through_date=TODAY - timedelta(days=1), by=cast.manager, at=NOW
        )
    answers.put_to_council(proposal=proposal, vote_through_date=TODAY, by=cast.manager, at=NOW)
    oskar, nora = council
    assert told(oskar) == told(nora) == ["council"]
    assert list(Proposal.objects.to_vote_on(oskar, TODAY)) == [proposal]
    votes.vote(proposal=proposal, stance=Stance.FOR, note="Mycket bättre", by=oskar, at=NOW)
    assert not Proposal.objects.to_vote_on(oskar, TODAY).exists()
    with pytest.raises(CouncilStillVotes):
        answers.decide(proposal=proposal, is_yes=True, reason="Bra", by=cast.manager, at=NOW)
    votes.vote(
        proposal=proposal,
        stance=Stance.AGAINST,
        note="Nej, för tunna",
        by=oskar,
        at=LATER - timedelta(hours=12),
    )
    votes.vote(proposal=proposal, stance=Stance.ABSTAINS, note="", by=nora, at=NOW)
    assert told(cast.manager) == ["proposal_news"]
    decided = answers.decide(
        proposal=proposal, is_yes=True, reason="Eksem väger tyngst.", by=cast.manager, at=LATER
    )
    decision = ProposalDecision.objects.get(proposal=decided)
    assert (decision.council_name, decision.seats) == ("Sjukvårdsmaterial", 2)
    assert (decision.votes_for, decision.votes_against, decision.votes_abstained) == (0, 1, 1)
    assert [str(each.stance) for each in Vote.objects.get(user=oskar).history.order_by("pk")] == [
        "for",
        "against",
    ]
    assert [each.item for each in decision.items.all()] == [cast.gloves]
    assert told(cast.requester) == ["proposal_answer"]
    assert told(nora) == ["council", "council"]


def test_a_decision_stays_for_ever(cast: Cast, council: list[User]) -> None:
    proposal = worlds.decided(cast, council)
    for statement in (
        "UPDATE assortment_proposaldecision SET reason = 'x'",
        "DELETE FROM assortment_proposaldecision",
        "DELETE FROM assortment_decideditem",
        "UPDATE assortment_castvote SET stance = 'against'",
        "UPDATE assortment_vote SET stance = 'against'",
        "DELETE FROM assortment_vote",
        "UPDATE assortment_proposal SET status = 'received'",
        "UPDATE assortment_proposal SET reason = 'x'",
        "DELETE FROM assortment_proposal",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(ProposalIsDecided):
        answers.decide(proposal=proposal, is_yes=False, reason="x", by=cast.manager, at=NOW)
    with pytest.raises(VoteIsClosed):
        votes.vote(proposal=proposal, stance=Stance.AGAINST, note="", by=council[0], at=NOW)


def test_one_vote_each_in_the_database(cast: Cast, council: list[User]) -> None:
    proposal = worlds.voted(cast, council)
    with pytest.raises(IntegrityError, match="vote_once"), transaction.atomic():
        Vote.objects.create(proposal=proposal, user=council[0], stance=Stance.FOR, at=NOW)
    with pytest.raises(IntegrityError, match="her own proposal"), transaction.atomic():
        Vote.objects.create(proposal=proposal, user=cast.requester, stance=Stance.FOR, at=NOW)


def test_whoever_is_in_conflict_has_no_vote_any_more(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast)
    votes.vote(proposal=proposal, stance=Stance.CONFLICT, note="Min bror säljer dem", by=council[0], at=NOW)
    with pytest.raises(InConflict):
        votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=council[0], at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Vote.objects.filter(user=council[0]).update(stance=Stance.FOR)
    votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=council[1], at=NOW)
    decided = answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW)
    assert (decided.decision.votes_for, decided.decision.conflicts) == (1, 1)


def test_who_does_not_vote(cast: Cast, council: list[User]) -> None:
    CouncilSeat.objects.create(category=cast.medical, user=cast.manager, valid_during=ALWAYS)
    CouncilSeat.objects.create(category=cast.medical, user=cast.requester, valid_during=ALWAYS)
    proposal = worlds.at_council(cast)
    for person, error in (
        (cast.requester, OwnProposal),
        (cast.stranger, NotOnTheCouncil),
        (cast.head, NotOnTheCouncil),
        (cast.manager, DeciderDoesNotVote),
    ):
        with pytest.raises(error):
            votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=person, at=NOW)
    with pytest.raises(VoteIsClosed):
        votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=council[0], at=NOW + timedelta(days=8))
    assert not Vote.objects.exists()


def test_without_a_council_the_manager_decides_alone(cast: Cast) -> None:
    proposal = worlds.proposed(cast, items=[cast.chair], title="En annan stol")
    with pytest.raises(NoCouncil):
        answers.put_to_council(proposal=proposal, vote_through_date=TODAY, by=cast.deputy, at=NOW)
    decided = answers.decide(
        proposal=proposal, is_yes=False, reason="Avtalet gäller till 2024.", by=cast.deputy, at=NOW
    )
    assert (decided.decision.council, decided.decision.votes_for) == (None, 0)


def test_a_yes_to_something_new_becomes_an_item_that_is_assessed(cast: Cast) -> None:
    proposal = worlds.proposed(
        cast,
        kind=ProposalKind.ITEM,
        items=(),
        title="Handske utan accelerator",
        category=cast.gloves_category,
    )
    answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW)
    cells = {
        "number": "109900",
        "name": "Handske utan accelerator",
        "base_unit": "st",
        "order_unit": "ask",
        "units_per_order_unit": "100",
    }
    with pytest.raises(NotYourProposal):
        answers.take_in(proposal=proposal, cells=cells, by=cast.requester, at=NOW)
    updated = answers.take_in(proposal=proposal, cells=cells, by=cast.manager, at=LATER)
    new = Item.objects.get(number="109900")
    assert (new.status, new.category, updated.new_item) == ("assessed", cast.gloves_category, new)
    assert DecidedItem.objects.get(item=new).is_new
    assert told(cast.requester) == ["proposal_answer", "proposal_answer"]
    assert events()[-1] == "proposal.carried_out"


def test_a_yes_is_tied_to_an_item_that_is_there(cast: Cast, council: list[User]) -> None:
    proposal = worlds.decided(cast, council)
    other = item("104499", "Undersökningshandske nitril, mjuk", cast.gloves_category, unit="ask")
    answers.tie_item(proposal=proposal, item=other, by=cast.manager, at=NOW)
    assert list(other.proposal_decisions.values_list("is_new", flat=True)) == [True]
    with pytest.raises(WrongState):
        answers.tie_item(proposal=proposal, item=other, by=cast.manager, at=NOW)


def test_who_sees_a_proposal(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast)
    viewers = {
        name
        for name in (
            "requester",
            "colleague",
            "stranger",
            "manager",
            "deputy",
            "office_deputy",
            "head",
            "controller",
            "auditor",
        )
        if Proposal.objects.visible_to(getattr(cast, name)).filter(pk=proposal.pk).exists()
    }
    with_posts_today = Proposal.objects.visible_to(cast.manager).exists()
    assert with_posts_today
    assert viewers == {"requester", "colleague", "manager", "deputy", "head", "controller", "auditor"}
