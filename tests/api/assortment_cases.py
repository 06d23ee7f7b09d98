"""The table of operations of the assortment: what is so before, who acts, and how she says it at each door."""

from datetime import timedelta
from typing import Any

from assortment.models import Candidate, CandidateKind, CouncilSeat, MissedSearch, Proposal, Stance
from assortment.operations import answers, votes
from tests.api.door_worlds import nothing
from tests.api.doors import Act, Case
from tests.assortment.worlds import proposed
from tests.cast import ALWAYS, NOW, TODAY, Cast

DAY = (TODAY + timedelta(days=7)).isoformat()
ITEM = {
    "number": "109900", "name": "Mjuk handske", "base_unit": "st", "order_unit": "ask", "units_per_order_unit": "100",
}  # fmt: skip


def council(cast: Cast) -> Proposal:
    """A proposal that Oskar's council could vote on."""
    CouncilSeat.objects.create(category=cast.medical, user=cast.colleague, valid_during=ALWAYS)
    return proposed(cast)


def at_council(cast: Cast) -> Proposal:
    through = TODAY + timedelta(days=7)
    return answers.put_to_council(proposal=council(cast), vote_through_date=through, by=cast.manager, at=NOW)


def voted(cast: Cast) -> Proposal:
    proposal = at_council(cast)
    votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=cast.colleague, at=NOW)
    return proposal


def in_conflict(cast: Cast) -> Proposal:
    proposal = at_council(cast)
    votes.vote(proposal=proposal, stance=Stance.CONFLICT, note="", by=cast.colleague, at=NOW)
    return proposal


def asked(cast: Cast) -> Proposal:
    return answers.ask(proposal=proposed(cast), question="Vilka storlekar?", by=cast.manager, at=NOW)


def accepted(cast: Cast) -> Proposal:
    return answers.decide(proposal=proposed(cast), is_yes=True, reason="Ja", by=cast.manager, at=NOW)


def search(cast: Cast) -> MissedSearch:
    return MissedSearch.objects.create(
        text="latexfria", first_at=NOW, last_at=NOW, category=cast.gloves_category
    )


def candidate(cast: Cast) -> Candidate:
    return Candidate.objects.create(
        key="x", kind=CandidateKind.NEEDS, category=cast.gloves_category, title="Specialgungor", unit="st",
        cheapest_price=1, dearest_price=2, choices=1, times=2, departments=1, amount=3, worth=1, computed_on=TODAY,
    )  # fmt: skip


def at_proposal(name: str, before: Any, who: str, verb: str, body: Any, form: Any, refusal: str = "") -> Case:
    path = {"ask": "fraga", "move": "kategori", "put-to-council": "rad", "vote": "rosta", "decide": "besluta"}
    web = path.get(verb, "artikel")
    return Case(
        name, before, who,
        lambda cast, proposal: (f"proposals/{proposal.pk}/{verb}/", _fields_for(body, cast)),
        lambda cast, proposal: (f"/sortiment/forslag/{proposal.pk}/{web}/", _fields_for(form, cast)),
        refusal,
    )  # fmt: skip


def _fields_for(body: Any, cast: Cast) -> dict[str, Any]:
    fields: dict[str, Any] = body(cast) if callable(body) else body
    return fields


def wish(kind: str = "item", number: str = "") -> tuple[Act, Act]:
    fields = {
        "kind": kind, "title": "Mjukare handske", "reason": "Eksem", "yearly_quantity": "400", "unit": "ask",
        "device_class": "1",
    }  # fmt: skip
    items = {"items": [number]} if number else {}
    return (
        ("proposals/", {**fields, **items, "category": "10.1", "department": "2140"}),
        ("/forslag/nytt/", {**fields, "number": number}),
    )


def proposing(kind: str, number: str = "", refusal: str = "") -> Case:
    api, web = wish(kind, number)
    return Case(
        f"propose {kind}", nothing, "requester",
        lambda cast, world: api,
        lambda cast, world: (web[0], {**web[1], "category": cast.gloves_category.pk}),
        refusal,
    )  # fmt: skip


ASSORTMENT = [
    proposing("item"),
    proposing("replacement", "104412"),
    proposing("removal", "", "proposal_item_is_missing"),
    Case("reply", asked, "requester", lambda cast, made: (f"proposals/{made.pk}/reply/", {"text": "S och M"}),
         lambda cast, made: (f"/forslag/{made.pk}/svara/", {"text": "S och M"})),
    Case("reply", proposed, "requester", lambda cast, made: (f"proposals/{made.pk}/reply/", {"text": "S"}),
         lambda cast, made: (f"/forslag/{made.pk}/svara/", {"text": "S"}), "proposal_nothing_asked"),
    Case("withdraw proposal", proposed, "requester", lambda cast, made: (f"proposals/{made.pk}/withdraw/", {}),
         lambda cast, made: (f"/forslag/{made.pk}/dra-tillbaka/", {})),
    Case("withdraw proposal", accepted, "requester", lambda cast, made: (f"proposals/{made.pk}/withdraw/", {}),
         lambda cast, made: (f"/forslag/{made.pk}/dra-tillbaka/", {}), "proposal_is_decided"),
    at_proposal("ask", proposed, "manager", "ask", {"question": "Vilka?"}, {"question": "Vilka?"}),
    at_proposal("ask", asked, "manager", "ask", {"question": "Vilka?"}, {"question": "Vilka?"}, "proposal_question_waits"),
    at_proposal("move", proposed, "manager", "move", {"category": "20"}, lambda cast: {"category": cast.office.pk}),
    at_proposal("move", voted, "manager", "move", {"category": "20"}, lambda cast: {"category": cast.office.pk},
                "proposal_is_not_received"),
    at_proposal("put to council", council, "manager", "put-to-council", {"vote_through_date": DAY}, {"through_date": DAY}),
    at_proposal("put to council", proposed, "manager", "put-to-council", {"vote_through_date": DAY},
                {"through_date": DAY}, "category_has_no_council"),
    at_proposal("put to council", council, "manager", "put-to-council", {"vote_through_date": "2021-05-17"},
                {"through_date": "2021-05-17"}, "vote_day_has_passed"),
    at_proposal("vote", at_council, "colleague", "vote", {"stance": "against", "note": "Nej"},
                {"stance": "against", "note": "Nej"}),
    at_proposal("vote again", voted, "colleague", "vote", {"stance": "abstains"}, {"stance": "abstains", "note": ""}),
    at_proposal("vote", in_conflict, "colleague", "vote", {"stance": "for"}, {"stance": "for"}, "vote_in_conflict"),
    at_proposal("decide", voted, "manager", "decide", {"is_yes": True, "reason": "Ja"}, {"answer": "yes", "reason": "Ja"}),
    at_proposal("decide", proposed, "manager", "decide", {"is_yes": False, "reason": "Nej"},
                {"answer": "no", "reason": "Nej"}),
    at_proposal("decide", council, "manager", "decide", {"is_yes": True, "reason": "Ja"},
                {"answer": "yes", "reason": "Ja"}, "council_has_to_be_heard"),
    at_proposal("decide", at_council, "manager", "decide", {"is_yes": False, "reason": "Nej"},
                {"answer": "no", "reason": "Nej"}, "council_still_votes"),
    at_proposal("decide", accepted, "manager", "decide", {"is_yes": False, "reason": "Nej"},
                {"answer": "no", "reason": "Nej"}, "proposal_is_decided"),
    at_proposal("decide", voted, "colleague", "decide", {"is_yes": True, "reason": "Ja"},
                {"answer": "yes", "reason": "Ja"}, "not_your_proposal"),
    at_proposal("tie item", accepted, "manager", "tie-item", {"item": "104600"}, {"number": "104600"}),
    at_proposal("take in", accepted, "manager", "take-in", ITEM, ITEM),
    at_proposal("take in", proposed, "manager", "take-in", ITEM, ITEM, "proposal_not_accepted"),
    Case("synonym", search, "manager",
         lambda cast, made: (f"missed-searches/{made.pk}/synonym/", {"term": "latexfria", "means": "nitril"}),
         lambda cast, made: (f"/sortiment/sokningar/{made.pk}/", {"term": "latexfria", "means": "nitril"})),
    Case("take search", search, "manager", lambda cast, made: (f"missed-searches/{made.pk}/take/", {"category": "10.1"}),
         lambda cast, made: (f"/sortiment/sokningar/{made.pk}/kategori/", {"category": cast.gloves_category.pk})),
    Case("take search", search, "manager", lambda cast, made: (f"missed-searches/{made.pk}/take/", {"category": "20"}),
         lambda cast, made: (f"/sortiment/sokningar/{made.pk}/kategori/", {"category": cast.office.pk}),
         "search_not_your_category"),
    Case("propose search", search, "manager",
         lambda cast, made: (f"missed-searches/{made.pk}/propose/", {
             "title": "latexfria", "reason": "0 personer har sökt efter det utan att hitta något, sammanlagt 0 gånger."}),
         lambda cast, made: (f"/sortiment/sokningar/{made.pk}/foresla/", {})),
    Case("dismiss", search, "manager", lambda cast, made: (f"missed-searches/{made.pk}/dismiss/", {}),
         lambda cast, made: (f"/sortiment/sokningar/{made.pk}/lamna/", {})),
    Case("propose candidate", candidate, "manager",
         lambda cast, made: (f"standardisation-candidates/{made.pk}/propose/", {}),
         lambda cast, made: (f"/sortiment/kandidater/{made.pk}/foresla/", {})),
]  # fmt: skip
