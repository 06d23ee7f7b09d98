"""What came of a yes: forms filled in with it, who was there when it was decided, who is reminded, councils that are merged."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from assortment.models import CouncilSeat, DecidedStep, Stance
from assortment.notices import COUNCIL
from assortment.operations import answers, votes
from assortment.operations.mornings import proposals_in_the_morning
from assortment.operations.steps import ItemIsNotDecided, carry_out
from audit.models import Entry
from catalog.models import Item
from catalog.refusals import StatusOutOfOrder
from catalog.states import ItemStatus
from core.errors import NotPermitted
from office.operations.mergers import merge_categories
from organizations.models import User
from procurement.operations.assortment import retire
from tests.assortment import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_an_item_is_phased_out_as_was_decided_and_its_history_says_so(
    cast: Cast, council: list[User]
) -> None:
    proposal = worlds.decided(cast, council, items=[cast.gown], new_item=cast.gloves)
    client = signed_in(cast.manager)
    page = client.get(reverse("desk:proposal", args=[proposal.pk])).content.decode()
    address = f"/livscykel/{cast.gown.number}/"
    assert address in page
    form = client.get(address).content.decode()
    reason = "Enligt beslutet om ”Undersökningshandske nitril, mjukare”: Rådet är enigt."
    assert f'name="replacement" value="{cast.gloves.number}"' in form
    assert reason in form
    fields = {
        "replacement": cast.gloves.number,
        "factor": "1",
        "equivalence": "full",
        "last_order_date": "2021-06-30",
        "comment": reason,
        f"decision_{proposal.pk}": "on",
    }
    act = reverse("desk:item_act", args=[cast.gown.number, "fasa-ut"])
    assert "Genomför beslutet om" in text_of(client.post(act, fields | {"replacement": ""}))
    client.post(act, fields)
    assert Entry.objects.get(event="item.phased_out").details["comment"] == reason
    step = DecidedStep.objects.select_related("decided__decision").get()
    assert (step.decided.decision.proposal_id, step.decided.item_id) == (proposal.pk, cast.gown.pk)
    assert (step.status, step.by, step.at) == ("phasing_out", cast.manager, NOW)
    assert Entry.objects.get(event="proposal.step_taken").subject_id == proposal.pk
    assert "Vad händer nu?" not in text_of(client.get(reverse("desk:proposal", args=[proposal.pk])))
    assert '<span>Utgår</span><span class="muted">Karin Sundblad, 2021-05-18' in text_of(client.get(address))
    assert "2 för, 0 emot" in text_of(signed_in(cast.requester).get(f"/katalog/{cast.gown.number}/"))
    others = signed_in(cast.manager).get(f"/livscykel/{cast.chair.number}/")
    assert reason not in others.content.decode()


@pytest.mark.parametrize(
    ("unit", "base", "order", "factor"),
    [("", "st", "kartong", "10"), ("kartong", "st", "kartong", "10"), ("påse", "påse", "påse", "")],
)
def test_the_item_to_take_in_is_filled_in_as_what_it_replaces_is_packed(
    cast: Cast, council: list[User], unit: str, base: str, order: str, factor: str
) -> None:
    """Unless whoever proposed counts in something else; a long title is cut to what a name may have."""
    Item.objects.filter(pk=cast.gown.pk).update(base_unit="st", order_unit="kartong", units_per_order_unit=10)
    proposal = worlds.decided(cast, council, items=[cast.gown], title="Rock " * 39 + "lång", unit=unit)
    page = signed_in(cast.manager).get(reverse("desk:proposal", args=[proposal.pk]))
    form = page.context["take_in_form"]
    assert form["name"].value() == proposal.title[:150]
    assert (form["base_unit"].value(), form["order_unit"].value()) == (base, order)
    assert (
        text_of(page).count(f'value="{factor}"') > 0 if factor else not form["units_per_order_unit"].value()
    )


def test_a_step_that_follows_no_decision_is_tied_to_none(cast: Cast, council: list[User]) -> None:
    """She takes the tick away; and a yes to take an item in is no yes to remove it."""
    proposal = worlds.decided(cast, council, items=[cast.gown], new_item=cast.gloves)
    client = signed_in(cast.manager)
    Item.objects.filter(pk__in=[cast.gloves.pk, cast.gown.pk]).update(status=ItemStatus.ASSESSED)
    form = text_of(client.get(f"/livscykel/{cast.gloves.number}/"))
    assert form.count("Genomför beslutet om") == 2, "a trial and the standard, not that it leaves"
    assert text_of(client.get(f"/livscykel/{cast.gown.number}/")).count("Genomför beslutet om") == 1
    client.post(reverse("desk:item_act", args=[cast.gloves.number, "standard"]), {"comment": "Av annat skäl"})
    assert Item.objects.get(pk=cast.gloves.pk).status == ItemStatus.STANDARD
    assert not DecidedStep.objects.exists()
    step = partial(retire, item=cast.chair, by=cast.manager, at=NOW)
    with pytest.raises(ItemIsNotDecided):
        carry_out(proposal=proposal, item=cast.chair, step=step, by=cast.manager, at=NOW)


def test_a_step_that_is_refused_is_not_tied(cast: Cast, council: list[User]) -> None:
    proposal = worlds.decided(cast, council, items=[cast.gown], new_item=cast.gloves)
    for by, refusal in ((cast.manager, StatusOutOfOrder), (cast.requester, NotPermitted)):
        with pytest.raises(refusal):
            carry_out(
                proposal=proposal,
                item=cast.gown,
                step=partial(retire, item=cast.gown, by=by, at=NOW),
                by=by,
                at=NOW,
            )
    assert not DecidedStep.objects.exists()
    assert not Entry.objects.filter(event="proposal.step_taken").exists()


@pytest.mark.parametrize(
    ("stances", "has_quorum"),
    [
        ([], False),
        (["for"], False),
        (["for", "abstains"], True),
        (["conflict"], True),
        (["conflict", "conflict"], False),
    ],
)
def test_a_decision_says_whether_more_than_half_of_those_who_could_were_there(
    cast: Cast, council: list[User], stances: list[str], has_quorum: bool
) -> None:
    """Two sit there, and a third who proposed and has no vote; who declares a conflict is not counted, nor is her vote."""
    CouncilSeat.objects.create(category=cast.medical, user=cast.requester, valid_during=ALWAYS)
    proposal = worlds.at_council(cast, days=2)
    for member, stance in zip(council, stances, strict=False):
        votes.vote(proposal=proposal, stance=Stance.FOR, note="", by=member, at=NOW)
        votes.vote(proposal=proposal, stance=stance, note="", by=member, at=NOW)
    if stances == ["conflict"]:
        votes.vote(proposal=proposal, stance="against", note="", by=council[1], at=NOW)
    later = NOW + timedelta(days=3)
    decision = answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=later).decision
    assert (decision.seats, decision.conflicts) == (2, stances.count("conflict"))
    assert decision.votes_for == stances.count("for")
    assert decision.has_quorum is has_quorum
    page = text_of(signed_in(cast.manager).get(reverse("desk:proposal", args=[proposal.pk])))
    assert ("Rådet var inte beslutfört" in page) is not has_quorum


def reminded(day: Any) -> list[tuple[int, str]]:
    news = proposals_in_the_morning(day, day - timedelta(days=1))
    return [(each.person_id, each.facts["how"]) for each in news if each.kind is COUNCIL]


def test_who_has_not_voted_is_reminded_on_the_last_working_day(cast: Cast, council: list[User]) -> None:
    """Today is a Tuesday; the vote ends on Sunday, so the last morning is Friday's."""
    proposal = worlds.at_council(cast, days=5)
    votes.vote(proposal=proposal, stance="for", note="", by=council[0], at=NOW)
    days = {day: reminded(TODAY + timedelta(days=day)) for day in (0, 1, 2, 3, 6, 7)}
    assert {day: reminders for day, reminders in days.items() if reminders} == {3: [(council[1].pk, "last")]}
    User.objects.filter(pk=council[1].pk).update(is_active=False)
    assert reminded(TODAY + timedelta(days=3)) == []


def test_a_council_that_nobody_is_left_in_stops_nothing(cast: Cast, council: list[User]) -> None:
    proposal = worlds.at_council(cast)
    User.objects.filter(pk__in=[member.pk for member in council]).update(is_active=False)
    decision = answers.decide(proposal=proposal, is_yes=True, reason="Ja", by=cast.manager, at=NOW).decision
    assert (decision.seats, decision.has_quorum) == (0, False)
    later = worlds.proposed(cast, title="Senare")
    assert (
        answers.decide(proposal=later, is_yes=True, reason="Ja", by=cast.manager, at=NOW).decision.council
        is None
    )


def test_whoever_sits_in_both_councils_for_some_days_sits_on_for_all_of_hers(cast: Cast) -> None:
    """What she has had in the other council, and will have, takes no day from her that it does not hold itself."""
    old, into = cast.gloves_category, cast.office
    days = [TODAY + timedelta(days=number) for number in (-900, -700, 10, 20, 30)]
    for category, first, after in [
        (old, days[0], None),
        (into, days[0], days[1]),
        (into, days[2], days[3]),
        (into, days[4], None),
    ]:
        CouncilSeat.objects.create(
            category=category, user=cast.colleague, valid_during=DateRange(first, after)
        )
    merge_categories(category=old, into=into, by=cast.head, at=NOW)
    seats = CouncilSeat.objects.filter(category=into).order_by("valid_during")
    assert [(seat.valid_during.lower, seat.valid_during.upper) for seat in seats] == [
        (days[0], days[1]),
        (TODAY, days[2]),
        (days[2], days[3]),
        (days[3], days[4]),
        (days[4], None),
    ]
