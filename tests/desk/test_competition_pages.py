"""The pages of a renewed competition: starting it, registering bids with prices, comparing them, and awarding."""

from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import BidPrice, CompetitionItem, Price, RenewedCompetition
from catalog.operations.competitions import register_bid
from catalog.states import BidOutcome
from tests.cast import ALWAYS, NOW, TODAY, Cast
from tests.catalog.test_competitions import need
from tests.competing import BEFORE, LAST_DAY, THROUGH, bid, demanded, started
from tests.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def address(competition: RenewedCompetition, act: str = "") -> str:
    return f"/avtal/{competition.agreement_id}/konkurrens/{competition.pk}/{act}"


def start(client: Client, cast: Cast, items: str) -> str:
    answer = client.post(
        f"/avtal/{demanded(cast).pk}/konkurrens/ny/",
        {
            "subject": "Skydd",
            "invited_date": BEFORE.date().isoformat(),
            "bids_by_date": LAST_DAY.isoformat(),
            "items": items,
        },
    )
    return text_of(answer)


@pytest.mark.parametrize("many", ["1 250,5", "1250,5", " \t1250,5"])
def test_how_many_are_asked_for_stands_after_the_number(cast: Cast, many: str) -> None:
    start(signed_in(cast.manager), cast, f"{cast.gloves.number} {many}\n\n{cast.gown.number}")
    rows = CompetitionItem.objects.order_by("item__number").values_list("item", "quantity")
    assert dict(rows) == {cast.gloves.pk: Decimal("1250.5"), cast.gown.pk: Decimal(1)}


@pytest.mark.parametrize("row", ["{n} många", "{n} 0", "{n} -3", "{n} 99999999999999"])
def test_a_row_that_cannot_be_read_is_named(cast: Cast, row: str) -> None:
    page = start(signed_in(cast.manager), cast, row.format(n=cast.gloves.number))
    assert "skriv ett artikelnummer och hur många ni frågar efter" in page
    assert not RenewedCompetition.objects.exists()


def test_a_bid_is_asked_for_in_the_packs_that_the_supplier_sells(cast: Cast) -> None:
    terms = {
        "item": cast.gloves,
        "agreement": cast.agreement,
        "supplier": cast.supplier,
        "valid_during": ALWAYS,
    }
    Price.objects.create(**terms, unit_price=2000, order_unit="kartong", units_per_order_unit=2000)
    competition, karin = started(cast, cast.gloves, cast.gown), signed_in(cast.manager)
    page = karin.get(address(competition, f"svar/{cast.supplier.pk}/")).content.decode()
    assert page.count('name="price_') == 3
    assert 'value="kartong"' in page
    other = karin.get(address(competition, f"svar/{cast.paper_supplier.pk}/")).content.decode()
    assert other.count('name="price_') == 2
    form = {
        "outcome": "bid", "amount": "", "price_0": "55,50", "unit_0": "", "pack_0": "", "price_1": "1 050", "unit_1": "kartong",
        "pack_1": "2000", "price_2": "140", "unit_2": "", "pack_2": "",
    }  # fmt: skip
    answer = karin.post(address(competition, f"svar/{cast.supplier.pk}/"), form, follow=True)
    assert "1 925,00 kr" in text_of(answer), "ten boxes by the carton are 525, ten gowns 1 400"
    assert BidPrice.objects.count() == 3
    again = karin.get(address(competition, f"svar/{cast.supplier.pk}/")).content.decode()
    assert 'value="55,50"' in again


def test_a_bid_that_lacks_a_price_needs_an_amount(cast: Cast) -> None:
    competition, karin = started(cast, cast.gloves, cast.gown), signed_in(cast.manager)
    place = address(competition, f"svar/{cast.supplier.pk}/")
    answer = karin.post(place, {"outcome": "bid", "amount": "", "price_0": "55,50"})
    assert answer.status_code == 422
    assert "Ange anbudets belopp, eller ett pris på varje artikel" in text_of(answer)
    karin.post(place, {"outcome": "bid", "amount": "900", "price_0": "55,50"})
    page = text_of(karin.get(address(competition)))
    assert "Inget pris" in page
    assert "Priser saknas" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"price_0": "gratis"}, "Skriv priset med siffror"),
        ({"price_0": "0"}, "Priset ska vara större än 0"),
        ({"price_0": "5", "unit_0": "kartong"}, "Ange hur många basenheter beställningsenheten innehåller"),
        ({"price_0": "5", "unit_0": "tunnland", "pack_0": "3"}, "Enheten ”tunnland” är okänd"),
    ],
)
def test_a_price_that_cannot_be_says_why(cast: Cast, typed: dict[str, str], sentence: str) -> None:
    competition = started(cast, cast.gloves)
    place = address(competition, f"svar/{cast.supplier.pk}/")
    answer = signed_in(cast.manager).post(place, {"outcome": "bid", "amount": "", **typed})
    assert answer.status_code in (400, 422)
    assert sentence in text_of(answer)
    assert not BidPrice.objects.exists()


def test_bids_are_compared_item_by_item_and_in_total(cast: Cast) -> None:
    competition, karin = started(cast, cast.gloves, cast.gown), signed_in(cast.manager)
    assert "Vad kostar artiklarna i anbuden?" not in text_of(karin.get(address(competition)))
    bid(cast, competition, cast.supplier, "1000", price="50")
    assert "Lägst" not in text_of(karin.get(address(competition))), "there is nothing to compare it with"
    register_bid(
        competition=bid(cast, competition, cast.paper_supplier, "1300", price="60"), supplier=cast.paper_supplier,
        outcome=BidOutcome.BID, amount=Decimal(1300), prices=[], by=cast.manager, at=NOW,
    )  # fmt: skip
    assert text_of(karin.get(address(competition))).count("Lägst") == 0
    bid(cast, competition, cast.paper_supplier, "1300", price="60")
    page = text_of(karin.get(address(competition)))
    assert "Vad kostar artiklarna i anbuden?" in page
    assert page.count("Lägst") == 3, "of each item, and in total"
    assert "1 000,00 kr" in page
    assert "Anbudets belopp 1 300,00 kr" in page


def test_who_awards_is_told_that_the_prices_hold(cast: Cast) -> None:
    competition, karin = (
        bid(cast, started(cast, cast.gloves), cast.supplier, price="50"),
        signed_in(cast.manager),
    )
    form = {
        "winner": cast.supplier.pk, "from_date": TODAY.isoformat(), "through_date": THROUGH.isoformat(), "reason": "Lägst",
    }  # fmt: skip
    page = text_of(karin.post(address(competition, "tilldela/"), form, follow=True))
    assert "Vinnarens priser gäller de dagar som det får avropas." in page
    assert Price.objects.filter(item=cast.gloves, unit_price=50).exists()


def test_who_reads_english_reads_no_swedish_of_ours(cast: Cast) -> None:
    line, competition = need(cast), bid(cast, started(cast, cast.gloves), cast.supplier, price="50.5")
    client = signed_in(cast.manager)
    client.cookies["django_language"] = "en"
    page = text_of(client.get(address(competition)))
    assert "What do the items cost in the bids?" in page
    assert "50.50" in page
    assert "Which needs can wait for it?" in page
    form = text_of(client.get(address(competition, f"svar/{cast.supplier.pk}/")))
    assert "What do the items cost?" in form
    assert "Let the line wait for it" in text_of(client.get(f"/rader/{line.pk}/"))
    answer = client.post(
        address(competition, f"svar/{cast.paper_supplier.pk}/"),
        {"outcome": "bid", "amount": "", "price_0": "1,050.25"},
    )
    assert answer.status_code == 302
    assert BidPrice.objects.filter(unit_price=Decimal("1050.25")).exists()
