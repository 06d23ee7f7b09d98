"""Bids are secret until it is decided (OSL 19:3): only those who answer for the agreement, and those who see the region, read them."""

import json

import pytest
from django.test import Client

from agreements.models import Agreement
from catalog.models import RenewedCompetition
from catalog.operations import competition_decisions as decisions
from tests.cast import NOW, TODAY, Cast
from tests.competing import THROUGH, bid, started
from tests.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

SHUT_OUT = ["requester", "colleague", "budget_holder"]
LET_IN = ["manager", "deputy", "head", "auditor", "controller"]


def opened(cast: Cast) -> RenewedCompetition:
    return bid(cast, started(cast, cast.gloves), cast.supplier, "48200", price="5712.50")


def page_of(client: Client, competition: RenewedCompetition) -> str:
    return text_of(client.get(f"/avtal/{competition.agreement_id}/konkurrens/{competition.pk}/"))


def told_of(client: Client, competition: RenewedCompetition) -> dict[str, object]:
    one: dict[str, object] = client.get(f"/api/v1/competitions/{competition.pk}/").json()
    listed = client.get("/api/v1/competitions/").json()["results"]
    assert listed == [one]
    return one


@pytest.mark.parametrize("who", SHUT_OUT)
def test_bids_are_not_shown_before_it_is_decided(cast: Cast, who: str) -> None:
    competition, client = opened(cast), signed_in(getattr(cast, who))
    page, told = page_of(client, competition), told_of(client, competition)
    assert told["bids"] == []
    assert told["are_bids_shown"] is False
    for secret in ("48 200", "5 712,50", "5712.5", "48200", "Nordic Care", cast.supplier.name):
        assert secret not in page.partition("Vad svarade leverantörerna?")[2].partition("Vad gäller den?")[0]
        assert secret not in json.dumps(told)
    assert "Anbuden är hemliga tills det är avgjort" in page


@pytest.mark.parametrize("who", LET_IN)
def test_bids_are_shown_to_those_who_decide_or_see_the_region(cast: Cast, who: str) -> None:
    competition, client = opened(cast), signed_in(getattr(cast, who))
    assert "48 200" in page_of(client, competition)
    told = told_of(client, competition)
    assert told["are_bids_shown"] is True
    assert "48200.00" in json.dumps(told)


def test_bids_are_shown_to_the_owner_of_the_agreement(cast: Cast) -> None:
    competition = opened(cast)
    Agreement.objects.filter(pk=competition.agreement_id).update(owner=cast.requester)
    assert "48 200" in page_of(signed_in(cast.requester), competition)


@pytest.mark.parametrize("is_awarded", [True, False])
def test_bids_are_shown_when_it_is_decided(cast: Cast, is_awarded: bool) -> None:
    competition = opened(cast)
    if is_awarded:
        decisions.award_competition(
            competition=competition, winner=cast.supplier, from_date=TODAY, through_date=THROUGH,
            reason="Lägst pris", by=cast.manager, at=NOW,
        )  # fmt: skip
    else:
        decisions.cancel_competition(competition=competition, reason="För dyrt", by=cast.manager, at=NOW)
    client = signed_in(cast.requester)
    assert "48 200" in page_of(client, competition)
    assert told_of(client, competition)["are_bids_shown"] is True
