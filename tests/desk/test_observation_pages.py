"""The questions about purchases as pages: who reads them, what they say, and how often they ask the database."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agreements.models import Threshold, ThresholdKind
from organizations.models import Role
from procurement.models import ObservationAnswer
from procurement.observing.splits import Split
from tests.api.clients import Program
from tests.cast import ALWAYS, TODAY, Cast, membership
from tests.pages import signed_in, text_of
from tests.procurement.observation_worlds import YEAR, days_ago, gloves, outside, split, splits_in

pytestmark = pytest.mark.usefixtures("at_nine")

PAGE = "/fragor-om-inkop/"
PAGE_QUERIES = 8
LINE_QUERIES = 8


@pytest.fixture
def found(cast: Cast) -> Split:
    split(cast)
    return splits_in(YEAR)[0]


def said(client: Client, found: Split, **more: str) -> str:
    facts = {"digest": found.digest, "outcome": "explained", "text": "Magsjuka", **more}
    return text_of(client.post(f"{PAGE}{found.key}/", facts, follow=True))


@pytest.mark.parametrize("who", ["requester", "manager", "budget_holder", "controller", "administrator"])
def test_only_those_who_follow_up_read_the_questions(cast: Cast, found: Split, who: str) -> None:
    client = signed_in(getattr(cast, who))
    for address in (PAGE, f"{PAGE}{found.key}/"):
        assert client.get(address).status_code == 403
    assert "Frågor om inköp" not in text_of(client.get("/i-dag/"))


@pytest.mark.parametrize("who", ["head", "auditor"])
def test_the_trail_leads_to_the_questions(cast: Cast, found: Split, who: str) -> None:
    client = signed_in(getattr(cast, who))
    for address in ("/sparlogg/", "/direktupphandlingar/"):
        assert f'href="{PAGE}"' in client.get(address).content.decode()
    page = text_of(client.get(PAGE))
    assert "En fråga om inköp väntar på svar" in page
    assert "En fråga är ingen misstanke mot någon." in page
    assert "Var det ett behov eller flera?" in page
    assert "Tre beställningar av Undersökningshandske" in page
    assert "Elin Bergvall" in page


def test_a_period_without_purchases_asks_nothing(cast: Cast, found: Split) -> None:
    page = text_of(signed_in(cast.auditor).get(f"{PAGE}?fran=2021-05-18&till=2021-05-18"))
    assert "Ingen fråga om inköp väntar på svar" in page


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("fran=2021-05-18&till=2021-05-17", "Sista dagen är före den första."),
        ("fran=2001-05-18", "Välj högst tre år i taget."),
        ("fran=hej", "Skriv datumet så här: 2021-05-25"),
    ],
)
def test_what_is_no_period_is_said(cast: Cast, query: str, sentence: str) -> None:
    answer = signed_in(cast.auditor).get(f"{PAGE}?{query}")
    assert answer.status_code == 422
    assert sentence in text_of(answer)


def test_a_question_shows_its_lines_and_which_nobody_looked_at(cast: Cast, found: Split) -> None:
    page = text_of(signed_in(cast.auditor).get(f"{PAGE}{found.key}/"))
    assert page.count("stående godkännande, Karin Sundblad") == 1
    assert page.count("1 740,00") == 3
    assert "Inköpschefen tar reda på svaret och skriver det." in page
    assert "Spara svaret" not in page


def test_the_head_answers_and_the_auditor_reads(cast: Cast, found: Split) -> None:
    page = said(signed_in(cast.head), found)
    assert "Svaret är sparat." in page
    assert "Ingen fråga om inköp väntar på svar" in page
    assert "Det finns en förklaring" in page
    page = text_of(signed_in(cast.auditor).get(f"{PAGE}{found.key}/"))
    assert "Magsjuka" in page
    assert "Helena Stenmark, " in page
    trail = text_of(signed_in(cast.controller).get("/sparlogg/"))
    assert "En fråga om inköp besvarades" in trail
    assert "Magsjuka" not in trail


def test_who_has_had_a_part_is_told_why_she_does_not_answer(cast: Cast, found: Split) -> None:
    membership(cast.manager, Role.HEAD_OF_PROCUREMENT)
    client = signed_in(cast.manager)
    page = text_of(client.get(f"{PAGE}{found.key}/"))
    assert "Frågan gäller köp som du har haft del i, så en annan inköpschef svarar på den." in page
    assert "Spara svaret" not in page
    assert (
        client.post(
            f"{PAGE}{found.key}/", {"digest": found.digest, "outcome": "explained", "text": "Jag"}
        ).status_code
        == 403
    )
    assert not ObservationAnswer.objects.exists()


def test_lines_that_have_come_are_shown_before_she_answers(cast: Cast, found: Split) -> None:
    client = signed_in(cast.head)
    gloves(cast, 30, days_ago(11))
    page = said(client, found)
    assert "Frågan gäller andra rader än när du öppnade den." in page
    assert page.count("1 740,00") == 4
    assert "Svaret är sparat." in said(client, splits_in(YEAR)[0])


@pytest.mark.parametrize("key", ["nothing", "split-standing-1-1-1", "odd-hours-1"])
def test_what_is_not_asked_has_no_page(cast: Cast, found: Split, key: str) -> None:
    assert signed_in(cast.head).get(f"{PAGE}{key}/").status_code == 404
    assert signed_in(cast.head).get(f"{PAGE}{found.key}/?fran=hej").status_code == 404


def test_a_program_reads_the_same_questions(cast: Cast, found: Split) -> None:
    said(signed_in(cast.head), found)
    program = Program(cast.auditor)
    data = program.get("purchase-questions/").data
    (question,) = data["questions"]
    assert data["unasked"] == []
    assert (question["key"], question["kind"], question["amount"]) == (found.key, "split", "5220.00")
    assert (question["lines"], question["digest"], question["names"]) == (
        list(found.lines),
        found.digest,
        ["Elin Bergvall"],
    )
    assert question["is_answered"] is True
    assert question["answers"][0]["text"] == "Magsjuka"
    assert program.get(f"purchase-questions/?first_date={TODAY.isoformat()}").data["questions"] == []
    response = program.get("purchase-questions/?first_date=2021-05-18&last_date=2021-05-17")
    assert (response.status_code, response.data["code"]) == (400, "observed_period_backwards")
    assert Program(cast.controller).get("purchase-questions/").status_code == 403


def test_the_pages_say_which_values_were_in_force(cast: Cast, found: Split) -> None:
    of_days = Threshold.objects.filter(kind=ThresholdKind.SPLIT_DAYS)
    of_days.update(valid_during=DateRange(ALWAYS.lower, days_ago(10).date()))
    Threshold.objects.create(
        kind=ThresholdKind.SPLIT_DAYS, value=2, valid_during=DateRange(days_ago(10).date(), None)
    )
    client = signed_in(cast.auditor)
    page = text_of(client.get(PAGE))
    assert "En enhet har på högst två dagar beställt samma artikel" in page
    assert "Till och med 2021-05-07 var regeln en annan: En enhet har på högst fem dagar beställt" in page
    assert "En enhet har på högst fem dagar beställt" in text_of(client.get(f"{PAGE}{found.key}/"))
    question = Program(cast.auditor).get("purchase-questions/").data["questions"][0]
    assert question["rule"].startswith("En enhet har på högst fem dagar beställt")


def test_a_missing_value_is_said_on_the_page_and_to_programs(cast: Cast, found: Split) -> None:
    Threshold.objects.filter(kind=ThresholdKind.SPLIT_DAYS).delete()
    page = text_of(signed_in(cast.head).get(PAGE))
    assert "Från och med 2020-05-19 till och med 2021-05-18 ställs ingen sådan fråga." in page
    data = Program(cast.head).get("purchase-questions/").data
    assert data["questions"] == []
    (unasked,) = data["unasked"]
    assert (unasked["kind"], unasked["first_date"], unasked["last_date"], unasked["missing"]) == (
        "split",
        "2020-05-19",
        "2021-05-18",
        ["split_days"],
    )


def test_an_answer_shows_the_question_that_it_was_to(cast: Cast, found: Split) -> None:
    said(signed_in(cast.head), found)
    gloves(cast, 30, days_ago(11))
    page = text_of(signed_in(cast.auditor).get(f"{PAGE}{found.key}/"))
    assert "Frågan var då: Tre beställningar" in page


def test_the_pages_ask_as_often_however_much_they_show(
    cast: Cast, found: Split, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in range(5):
        outside(cast, 100, days_ago(7 * count), decided_at=days_ago(7 * count) - timedelta(hours=4))
    client = signed_in(cast.auditor)
    client.get(PAGE)
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(PAGE)
    with django_assert_num_queries(LINE_QUERIES):
        client.get(f"{PAGE}{found.key}/")
