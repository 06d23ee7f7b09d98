"""The pages of new prices: the list by agreement, one proposal, deciding, proposing, and where else they are seen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Price, PriceProposal
from catalog.operations.price_decisions import approve_prices
from catalog.states import PriceProposalStatus
from desk.today.prices import price_tasks
from tests import worlds
from tests.attachments import files
from tests.cast import NOW, TODAY, Cast, many_items, person
from tests.catalog.proposing import NEXT, both, may_rise, price_of, proposed
from tests.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
LIST = "/prisforslag/"


@pytest.fixture(autouse=True)
def rising(cast: Cast) -> None:
    may_rise(cast)


def page(proposal: PriceProposal, act: str = "") -> str:
    return f"{LIST}{proposal.pk}/{act}"


def raise_page(cast: Cast) -> str:
    return reverse("desk:price_raise", args=[cast.agreement.pk])


def statuses(*proposals: PriceProposal) -> list[str]:
    return [PriceProposal.objects.get(pk=each.pk).status for each in proposals]


def test_the_list_tells_what_waits_with_old_and_new_price_and_what_it_costs_in_a_year(cast: Cast) -> None:
    proposed(cast)
    text = text_of(signed_in(cast.deputy).get(LIST))
    assert "58,00 → <strong>61,00 kr</strong>, +5,2 %, +360,00 kr på ett år" in text
    assert "1 pris från 17 juni" in text
    assert "Karin Sundblad registrerade" in text
    assert "Råvaran har blivit dyrare." in text
    assert "Sofia Ekdahl beslutar." in text
    assert "Godkänn markerade" in text


@pytest.mark.parametrize(
    ("who", "decides"),
    [
        ("manager", False),
        ("deputy", True),
        ("office_deputy", False),
        ("head", True),
        ("auditor", False),
        ("controller", False),
        ("requester", False),
    ],
)
def test_everybody_with_a_part_reads_and_who_may_decides(cast: Cast, who: str, *, decides: bool) -> None:
    """The manager registered it herself, so it is not hers to decide."""
    proposal, client = proposed(cast), signed_in(getattr(cast, who))
    listed, one = text_of(client.get(LIST)), text_of(client.get(page(proposal)))
    assert ("Godkänn markerade" in listed, "Vad beslutar du?" in one) == (decides, decides)
    answer = client.post(page(proposal, "besluta/"), {"answer": "yes"})
    several = client.post(f"{LIST}besluta/", {"gor": "godkann", "forslag": proposal.pk})
    assert answer.status_code == (302 if decides else 403)
    assert several.status_code == 302
    assert statuses(proposal) == [PriceProposalStatus.APPROVED if decides else PriceProposalStatus.PROPOSED]


def test_who_has_no_part_sees_none(cast: Cast) -> None:
    proposal, client = proposed(cast), signed_in(person("ny.anstalld", "Ny", "Anställd"))
    assert client.get(LIST).status_code == 403
    assert client.get(page(proposal)).status_code == 404


def test_several_are_decided_in_one_act_and_twice_is_told(cast: Cast) -> None:
    first = proposed(cast)
    second = proposed(cast, prices={price_of(cast.gown): Decimal(160)})
    deputy, fields = signed_in(cast.deputy), {"gor": "godkann-alla", "avtal": cast.agreement.pk}
    assert "Godkänn alla 2" in text_of(deputy.get(LIST))
    text = text_of(deputy.post(f"{LIST}besluta/", fields, follow=True))
    assert "2 prisförslag är beslutade." in text
    assert statuses(first, second) == [PriceProposalStatus.APPROVED] * 2
    assert deputy.post(f"{LIST}besluta/", fields).status_code == 422
    again = {"gor": "avsla", "forslag": [first.pk], "skal": "Nej"}
    repeat_text = text_of(deputy.post(f"{LIST}besluta/", again, follow=True))
    assert cast.agreement.number in repeat_text
    assert statuses(first) == [PriceProposalStatus.APPROVED]
    assert len(Price.objects.filter(item=cast.gloves)) == 2


def test_who_decides_sees_what_a_list_says_beside_the_price(cast: Cast) -> None:
    """58 kr for 100 pieces and 61 kr for 80: a piece becomes 31 per cent dearer."""
    proposal = proposed(cast)
    proposal.rows.update(units_per_order_unit=80, lead_days=9, through_date=NEXT + timedelta(days=364))
    text = text_of(signed_in(cast.deputy).get(page(proposal)))
    for words in (
        "80 st per",
        "var 100",
        "+31,5 % per st",
        "Levereras på 9 dagar",
        "Till och med 2022-06-16",
    ):
        assert words in text


def test_a_no_of_several_says_why(cast: Cast) -> None:
    proposal, deputy = proposed(cast), signed_in(cast.deputy)
    for skal, status, became in (("", 422, "proposed"), ("För dyrt", 302, "rejected")):
        answer = deputy.post(f"{LIST}besluta/", {"gor": "avsla", "forslag": proposal.pk, "skal": skal})
        assert (answer.status_code, statuses(proposal)) == (status, [became])


def test_one_price_of_several_is_chosen_and_a_lower_one_agreed_on(cast: Cast) -> None:
    proposal, deputy = proposed(cast, prices=both(cast)), signed_in(cast.deputy)
    row = proposal.rows.get(price__item=cast.gloves)
    fields = {"answer": "yes", "scope": "marked", "rad": [row.pk], "most_percent": "2"}
    unsaid = deputy.post(page(proposal, "besluta/"), fields)
    assert (unsaid.status_code, "Skriv varför" in text_of(unsaid)) == (422, True)
    none = deputy.post(page(proposal, "besluta/"), {"answer": "no", "scope": "marked", "reason": "Nej"})
    assert (none.status_code, "Välj minst ett" in text_of(none)) == (422, True)
    assert deputy.post(page(proposal, "besluta/"), {**fields, "reason": "Samtal"}).status_code == 302
    part = PriceProposal.objects.get(split_from=proposal)
    text = text_of(deputy.get(page(part)))
    assert "59,16" in text
    assert "Föreslaget: 61,00" in text
    assert "kostar +139,20 kr på ett år" in text
    assert "1 pris är godkänt" in text_of(deputy.get(page(proposal)))


def test_a_proposal_tells_that_its_day_has_come_or_its_price_changed(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal, deputy = proposed(cast), signed_in(cast.deputy)
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(59))
    assert "1 pris har ändrats sedan" in text_of(deputy.get(page(proposal)))
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(58))
    (task,) = price_tasks(cast.deputy, TODAY)
    assert (task.figure, task.text.replace("\xa0", " ")) == (
        "1",
        "De kostar +360 kr på ett år. Det första gäller från 17 juni.",
    )
    assert task.needs is False
    late = NOW + timedelta(days=40)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    (task,) = price_tasks(cast.deputy, late.date())
    assert (task.needs, "har passerat sin dag, så det gamla priset gäller" in task.text) == (True, True)
    deputy = signed_in(cast.deputy)
    assert "Dagen har kommit utan beslut" in text_of(deputy.get(page(proposal)))
    answer = deputy.post(page(proposal, "besluta/"), {"answer": "yes"})
    assert (answer.status_code, "dagen efter beslutet" in text_of(answer)) == (422, True)
    fields = {"answer": "yes", "from_date": (late + timedelta(days=9)).date().isoformat()}
    assert deputy.post(page(proposal, "besluta/"), fields).status_code == 302


def test_the_one_who_proposed_takes_it_back(cast: Cast) -> None:
    proposal, manager = proposed(cast), signed_in(cast.manager)
    assert manager.post(page(proposal, "ta-tillbaka/")).status_code == 302
    assert manager.post(page(proposal, "ta-tillbaka/")).status_code == 409
    assert statuses(proposal) == [PriceProposalStatus.WITHDRAWN]


def test_a_proposal_is_made_on_a_page_with_the_suppliers_letter(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10), at=NOW - timedelta(days=1))
    manager, name = signed_in(cast.manager), f"price_{price_of(cast.gloves).pk}"
    assert "Nytt pris på Undersökningshandske" in text_of(manager.get(raise_page(cast)))
    fields = {
        "from_date": NEXT.isoformat(),
        "reason": "Dyrare råvara",
        name: "61,50",
        "letters": SimpleUploadedFile("brev.pdf", files.pdf("brev")),
    }
    response = manager.post(raise_page(cast), fields)
    proposal = PriceProposal.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, page(proposal))
    assert proposal.rows.get().annual_effect == Decimal(35)
    deputy, requester = signed_in(cast.deputy), signed_in(cast.requester)
    text = text_of(deputy.get(page(proposal)))
    assert "brev.pdf" in text
    key = proposal.files.get().attachment.key
    assert deputy.get(reverse("attachments:attachment", args=[key])).status_code == 200
    assert requester.get(raise_page(cast)).status_code == 403


def test_all_prices_rise_by_a_percentage_on_every_page(cast: Cast) -> None:
    many_items(cast, 40)
    fields = {"from_date": NEXT.isoformat(), "reason": "Index", "percent": "2,5"}
    assert signed_in(cast.manager).post(raise_page(cast), fields).status_code == 302
    rows = PriceProposal.objects.get().rows
    assert rows.count() == 42
    assert rows.get(price__item=cast.gloves).new_price == Decimal("59.45")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "Ange hur mycket priserna ska höjas"),
        ({"percent": "abc"}, "Skriv procenten med siffror"),
        ({"percent": "2", "price": "61"}, "inte båda"),
        ({"price": "-1"}, "Priset ska vara större än 0"),
        ({"price": "58"}, "höjer inget pris"),
        ({"price": "61", "from_date": TODAY.isoformat()}, "dagen efter beslutet"),
        ({"price": "61", "reason": ""}, "Skriv varför"),
    ],
)
def test_what_is_no_proposal_is_said(cast: Cast, given: dict[str, str], sentence: str) -> None:
    given = {"from_date": NEXT.isoformat(), "reason": "Dyrt", **given}
    if "price" in given:
        given[f"price_{price_of(cast.gloves).pk}"] = given.pop("price")
    answer = signed_in(cast.manager).post(raise_page(cast), given)
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert not PriceProposal.objects.exists()


def test_the_decision_stays_on_the_pages_of_the_item_and_the_agreement(cast: Cast) -> None:
    approve_prices(proposal=proposed(cast), reason="Enligt avtalet", by=cast.deputy, at=NOW)
    manager = signed_in(cast.manager)
    item = text_of(manager.get(reverse("desk:item", args=[cast.gloves.number])))
    assert "58,00 → 61,00 kr (+5,2 %) från 17 juni" in item
    assert "Sofia Ekdahl beslutade" in item
    assert "Enligt avtalet" in item
    assert "Föreslå ett nytt pris under" in item
    agreement = text_of(manager.get(reverse("desk:agreement", args=[cast.agreement.pk])))
    assert "Vilka prishöjningar har föreslagits?" in agreement
    assert "Sofia Ekdahl beslutade" in agreement


def test_the_orderer_sees_the_coming_price_with_its_day(cast: Cast) -> None:
    client = signed_in(cast.requester)
    address = reverse("shop:item", args=[cast.gloves.number])
    proposal = proposed(cast)
    assert "61,00" not in text_of(client.get(address))
    approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    assert "Från 17 juni är priset 61,00 kr per ask." in text_of(client.get(address))


def test_as_many_statements_for_many_proposals_as_for_one(cast: Cast) -> None:
    items = many_items(cast, 6)
    deputy = signed_in(cast.deputy)
    counts = []
    for some in (items[:1], items[1:]):
        for each in some:
            proposed(cast, prices={price_of(each): Decimal(2)})
        counts.append(_statements(deputy, LIST))
    assert counts[1] <= counts[0] <= 14


def _statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as statements:
        assert client.get(address).status_code == 200
    return len(statements)
