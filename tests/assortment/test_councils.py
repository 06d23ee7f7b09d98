"""What changes while a council votes: a question, a post, a conflict of interest, a member who leaves, the item itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from assortment.answering import waiting_for
from assortment.models import CouncilSeat, Proposal, ProposalDecision, Stance
from assortment.operations import answers, proposals, votes
from assortment.operations.councils import end_seats_of_leavers
from assortment.operations.mergers import merge_categories
from assortment.operations.mornings import proposals_in_the_morning
from assortment.operations.proposals import ProposedItemHasLeft
from assortment.permissions import DeciderInConflict, QuestionWaits
from catalog.models import Item
from catalog.states import ItemStatus
from categories.models import CategoryAssignment
from organizations.models import User
from procurement.operations.leaving import leave
from tests.assortment import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, item
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def seated(cast: Cast, person: User) -> User:
    CouncilSeat.objects.create(category=cast.medical, user=person, valid_during=ALWAYS)
    return person


def test_a_question_stops_no_vote(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast)
    answers.ask(proposal=proposal, question="Vilka storlekar?", by=cast.manager, at=NOW)
    assert list(Proposal.objects.to_vote_on(council[0], TODAY)) == [proposal]
    assert "röstar till och med" in text_of(signed_in(cast.manager).get(f"/sortiment/forslag/{proposal.pk}/"))
    votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=council[0], at=NOW)
    with pytest.raises(answers.CouncilStillVotes):
        answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW)


def test_the_days_that_a_question_waits_are_added_to_the_vote(cast: Cast, council: list[User]) -> None:
    """Asked on Tuesday and answered on Friday, of a vote that was to end on Thursday."""
    proposal = worlds.at_council(cast, days=2)
    answers.ask(proposal=proposal, question="Vilka storlekar?", by=cast.manager, at=NOW)
    friday = NOW + timedelta(days=3)
    proposals.reply(proposal=proposal, text="Alla", by=cast.requester, at=friday)
    proposal.refresh_from_db()
    assert proposal.vote_through_date == TODAY + timedelta(days=7)
    votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=council[0], at=friday)


def test_a_vote_that_had_ended_is_not_opened_by_a_question(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast, days=0)
    answers.ask(proposal=proposal, question="Vilka storlekar?", by=cast.manager, at=NOW + timedelta(days=1))
    proposals.reply(proposal=proposal, text="Alla", by=cast.requester, at=NOW + timedelta(days=3))
    proposal.refresh_from_db()
    assert proposal.vote_through_date == TODAY


def test_a_proposal_is_not_put_to_a_council_while_a_question_waits(cast: Cast, council: list[User]) -> None:
    proposal = worlds.proposed(cast)
    answers.ask(proposal=proposal, question="Vilka storlekar?", by=cast.manager, at=NOW)
    with pytest.raises(QuestionWaits):
        answers.put_to_council(proposal=proposal, vote_through_date=TODAY, by=cast.manager, at=NOW)


def test_a_merger_takes_along_what_a_council_is_asked_about_again(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast)
    answers.ask(proposal=proposal, question="Vilka storlekar?", by=cast.manager, at=NOW)
    merge_categories(category=cast.medical, into=cast.office, by=cast.head, at=NOW)
    assert list(Proposal.objects.to_vote_on(council[0], TODAY)) == [proposal]


def test_whoever_declared_a_conflict_does_not_decide(cast: Cast, council: list[User]) -> None:
    """Neither as the head who sits in the council, nor with a post that she has got since; it waits for somebody else."""
    head = seated(cast, cast.head)
    proposal = worlds.at_council(cast)
    for person in (head, council[0]):
        votes.vote(proposal=proposal, stance=Stance.CONFLICT, note="Min bror säljer dem", by=person, at=NOW)
    CategoryAssignment.objects.filter(category=cast.medical).update(manager=council[0])
    later = NOW + timedelta(days=8)
    for person in (head, council[0]):
        with pytest.raises(DeciderInConflict):
            answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=person, at=later)
    assert waiting_for(User.objects.get(pk=council[0].pk), TODAY) == []
    assert waiting_for(cast.deputy, TODAY) == [proposal]
    recipient_ids = {news.person_id for news in proposals_in_the_morning(TODAY, None)}
    assert cast.deputy.pk in recipient_ids
    assert not recipient_ids & {head.pk, council[0].pk}
    decided = answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.deputy, at=later)
    assert (decided.decision.by, decided.decision.conflicts) == (cast.deputy, 2)


def test_nobody_decides_in_conflict_in_the_database(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast)
    votes.vote(proposal=proposal, stance=Stance.CONFLICT, note="Min bror säljer dem", by=council[0], at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposalDecision.objects.create(
            proposal=proposal,
            is_yes=True,
            reason="Ja",
            by=council[0],
            at=NOW,
            promised_date=TODAY,
            response_days=0,
        )


def test_a_vote_of_whoever_decides_is_not_counted(cast: Cast, council: list[User]) -> None:
    head = seated(cast, cast.head)
    proposal = worlds.at_council(cast)
    votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=head, at=NOW)
    for member in council:
        votes.vote(proposal=proposal, stance=Stance.AGAINST, note="", by=member, at=NOW)
    decision = answers.decide(proposal=proposal, is_yes=True, reason="Ändå", by=head, at=NOW).decision
    assert (decision.votes_for, decision.votes_against, decision.seats) == (0, 2, 2)


def test_a_council_does_not_wait_for_the_manager_who_sits_in_it(cast: Cast, council: list[User]) -> None:
    """Whoever decides has no vote: it is not asked for, not waited for, and no seat in the decision."""
    manager = seated(cast, cast.manager)
    proposal = worlds.voted(cast, council, days=0)
    assert not Proposal.objects.to_vote_on(manager, TODAY).exists()
    assert answers.members_to_vote(proposal, TODAY) == []
    reminded = [
        news.person_id for news in proposals_in_the_morning(TODAY, None) if news.kind.name == "council"
    ]
    assert reminded == []
    decision = answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=manager, at=NOW).decision
    assert (decision.seats, decision.votes_for) == (2, 2)


def test_whoever_voted_and_left_is_one_of_those_who_had_a_vote(cast: Cast, council: list[User]) -> None:
    """One of two in conflict, who has left since: the other alone is no majority of the two that had a vote."""
    oskar, _nora = council
    proposal = worlds.at_council(cast)
    votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=oskar, at=NOW)
    leave(user=oskar, successor=None, by=cast.head, at=NOW)
    later = NOW + timedelta(days=8)
    decision = answers.decide(
        proposal=proposal, is_yes=False, reason="Nej", by=cast.manager, at=later
    ).decision
    assert (decision.seats, decision.votes_cast, decision.has_quorum) == (2, 1, False)


def test_whoever_comes_back_has_no_seat(cast: Cast, council: list[User]) -> None:
    nora = council[1]
    leave(user=nora, successor=None, by=cast.head, at=NOW)
    assert end_seats_of_leavers(at=NOW) == 1
    assert end_seats_of_leavers(at=NOW) == 0
    User.objects.filter(pk=nora.pk).update(is_active=True)
    assert not CouncilSeat.objects.on(TODAY).filter(user=nora).exists()
    assert CouncilSeat.objects.on(TODAY).filter(user=council[0]).exists()


def test_what_has_left_for_good_is_not_proposed_nor_said_yes_to(cast: Cast, council: list[User]) -> None:
    new = item("104999", "Handske nitril, mjuk", cast.gloves_category, unit="ask")
    proposal = worlds.voted(cast, council, new_item=new)
    Item.objects.filter(pk=new.pk).update(status=ItemStatus.RETIRED)
    with pytest.raises(ProposedItemHasLeft):
        answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW)
    with pytest.raises(ProposedItemHasLeft):
        worlds.proposed(cast, new_item=Item.objects.get(pk=new.pk))
    answers.decide(proposal=proposal, is_yes=False, reason="Den finns inte längre", by=cast.manager, at=NOW)
