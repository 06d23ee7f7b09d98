"""Two people at the same moment: a decision twice, a vote while it is decided, two votes of one member."""

from uuid import uuid4

import pytest

from assortment.models import CastVote, MissedSearch, Proposal, ProposalDecision, Stance, Vote
from assortment.operations import answers, searches, votes
from catalog.models import Synonym
from core.errors import DomainError
from organizations.models import User
from tests.assortment import worlds
from tests.cast import NOW, Cast
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)


def codes(results: list[object]) -> list[str]:
    return [result.code for result in results if isinstance(result, DomainError)]


def test_one_form_sent_twice_at_once(cast: Cast) -> None:
    key = uuid4()
    first, again = race(
        lambda: worlds.proposed(cast, key=key),
        lambda: worlds.proposed(cast, key=key),
    )
    assert first == again == Proposal.objects.get()


def test_two_decisions_on_one_proposal(cast: Cast) -> None:
    proposal = worlds.proposed(cast)
    results = race(
        lambda: answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW),
        lambda: answers.decide(proposal=proposal, is_yes=False, reason="Nej", by=cast.head, at=NOW),
    )
    assert codes(results) == ["proposal_is_decided"]
    proposal.refresh_from_db()
    assert (proposal.status == "accepted") == ProposalDecision.objects.get().is_yes


def test_a_vote_while_it_is_decided(cast: Cast, council: list[User]) -> None:
    proposal = worlds.voted(cast, council)
    race(
        lambda: answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW),
        lambda: votes.vote(proposal=proposal, stance=Stance.AGAINST, note="", by=council[0], at=NOW),
    )
    decision = ProposalDecision.objects.get()
    against = Vote.objects.filter(stance=Stance.AGAINST).count()
    assert (decision.votes_for, decision.votes_against) == (2 - against, against), "counted is what stands"


def test_one_member_votes_twice_at_once(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast)
    results = race(
        lambda: votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=council[0], at=NOW),
        lambda: votes.vote(proposal=proposal, stance=Stance.AGAINST, note="", by=council[0], at=NOW),
    )
    assert codes(results) == []
    assert Vote.objects.count() == 1
    assert CastVote.objects.count() == 2


def test_two_answers_to_one_search(cast: Cast) -> None:
    search = MissedSearch.objects.create(text="latexfria", first_at=NOW, last_at=NOW)
    results = race(
        lambda: searches.answer_with_synonym(
            search=search, term="latexfria", means="nitril", by=cast.manager, at=NOW
        ),
        lambda: searches.dismiss_search(search=search, by=cast.manager, at=NOW),
    )
    assert codes(results) == ["search_is_handled"]
    search.refresh_from_db()
    assert Synonym.objects.exists() == (search.status == "answered")
