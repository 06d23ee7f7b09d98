"""What happens with a proposal when something changes meanwhile."""

from datetime import timedelta

import pytest

from assortment.answering import waiting_for
from assortment.models import MissedSearch, Proposal
from assortment.operations import answers
from assortment.operations.mergers import merge_categories
from assortment.permissions import ProposerHasLeft
from audit.models import Entry
from categories.models import Category
from organizations.models import User
from procurement.operations.leaving import leave
from tests.assortment import worlds
from tests.cast import NOW, TODAY, Cast, delegation
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_a_yes_leads_to_the_life_cycle_of_the_item(cast: Cast, council: list[User]) -> None:
    proposal = worlds.decided(cast, council)
    page = text_of(signed_in(cast.manager).get(f"/sortiment/forslag/{proposal.pk}/"))
    assert f'href="/livscykel/{cast.gloves.number}/"' in page
    assert "/andra/" not in page


def test_nothing_waits_for_a_proposer_who_has_left(cast: Cast) -> None:
    proposal, other = worlds.proposed(cast), worlds.proposed(cast, title="En till")
    answers.ask(proposal=proposal, question="Vilka storlekar?", by=cast.manager, at=NOW)
    assert waiting_for(cast.manager, TODAY) == [other]
    leave(user=cast.requester, successor=None, by=cast.head, at=NOW)
    assert waiting_for(cast.manager, TODAY) == [proposal, other]
    with pytest.raises(ProposerHasLeft):
        answers.ask(proposal=other, question="Vilka storlekar?", by=cast.manager, at=NOW)
    for each in (proposal, other):
        answers.decide(proposal=each, is_yes=False, reason="Nej", by=cast.manager, at=NOW)
    assert waiting_for(cast.manager, TODAY) == []


def test_who_proposed_does_not_find_it_waiting_for_whom_she_acts_for(cast: Cast) -> None:
    delegation(cast.manager, cast.requester)
    worlds.proposed(cast)
    assert waiting_for(User.objects.get(pk=cast.requester.pk), TODAY) == []


def test_what_waits_goes_along_when_its_category_is_merged(cast: Cast, council: list[User]) -> None:
    old, into = cast.gloves_category, cast.office
    received, voted = worlds.proposed(cast), worlds.at_council(cast, title="Hos rådet")
    is_yes = worlds.decided(cast, council, kind="item", items=(), category=old, title="Ska tas in")
    is_no = worlds.decided(cast, council, is_yes=False, title="Nej")
    search = MissedSearch.objects.create(text="x", first_at=NOW, last_at=NOW, category=old)
    page = text_of(signed_in(cast.head).get(f"/kategorier/{old.pk}/sla-ihop/"))
    assert "Förslag som besvaras av den som ansvarar då" in page
    merge_categories(category=old, into=into, by=cast.head, at=NOW)
    for each in (received, voted, is_yes, is_no, search):
        each.refresh_from_db()
    assert {each.category for each in (received, voted, is_yes, search)} == {into}
    assert is_no.category == is_yes.decision.category == old
    assert waiting_for(cast.manager, TODAY) == []
    assert {each.pk for each in waiting_for(cast.deputy, TODAY)} == {received.pk, voted.pk}
    assert Entry.objects.filter(event="proposal.moved").count() == 3
    assert list(Proposal.objects.to_vote_on(council[0], TODAY)) == [voted]
    assert Category.objects.get(pk=old.pk).merged_into == into
    later = NOW + timedelta(days=9)
    answers.decide(proposal=voted, is_yes=True, reason="Ja", by=cast.deputy, at=later)
