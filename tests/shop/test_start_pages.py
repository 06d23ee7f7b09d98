"""The first page, and the header that everybody has."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from organizations.models import Role
from procurement.models import Allocation, OrderLine
from procurement.operations import decisions
from procurement.reasons import reason_for
from tests import worlds
from tests.cast import NOW, TODAY, Cast, membership
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

START = "/start/"
START_QUERIES = 17


def test_start_greets_and_says_that_nothing_waits(cast: Cast) -> None:
    page = text_of(signed_in(cast.requester).get(START))
    assert "Hej Elin, vad behöver avdelningen?" in page
    assert "Inget väntar på dig just nu." in page
    assert "Inget är på väg" in page


def test_start_shows_questions_and_late_deliveries_first(cast: Cast) -> None:
    worlds.ordered(cast)
    OrderLine.objects.update(expected_date=TODAY - timedelta(days=4))
    line = worlds.line(cast, (cast.gown, 2))
    decisions.return_with_question(lines=[line], question="Räcker en?", by=cast.manager, at=NOW)
    page = text_of(signed_in(cast.requester).get(START))
    assert "Karin Sundblad har en fråga om skyddsrock engångs, fluidresistent" in page
    assert "Räcker en?" in page
    assert "Nordmedica AB skulle ha lämnat 10 askar undersökningshandske" in page
    assert "Försenad 4 dagar" in page
    assert page.index("Svara") < page.index("Nordmedica AB skulle")


def test_start_offers_what_the_department_usually_buys(cast: Cast) -> None:
    for quantity in (6, 6, 12):
        worlds.submitted(cast, (cast.gloves, quantity))
    page = text_of(signed_in(cast.colleague).get(START))
    assert "Lägg till 6" in page
    assert "58,00 kr per ask" in page


def test_start_offers_the_same_as_last_time(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 6), (cast.gown, 2))
    client = signed_in(cast.requester)
    page = text_of(client.get(START))
    assert "Lägg till alla 2" in page
    assert "Du beställde 2 artiklar i dag, för 646 kr." in page
    assert reverse("shop:requisition_copy", args=[requisition.number]) in page
    assert "Lägg till alla 2" in text_of(signed_in(cast.colleague).get(START))
    assert "Lägg till alla" not in text_of(signed_in(cast.stranger).get(START))


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ("requester", "shop:start"),
        ("manager", "desk:today"),
        ("head", "desk:today"),
        ("budget_holder", "desk:attests"),
        ("controller", "reporting:savings"),
        ("auditor", "desk:trail"),
        ("administrator", "office:getting_started"),
    ],
)
def test_home_leads_everybody_to_a_page_of_their_own(cast: Cast, person: str, name: str) -> None:
    client = signed_in(getattr(cast, person))
    assert client.get("/").headers["Location"] == reverse(name)
    if person != "requester":
        assert client.get(START).headers["Location"] == "/"


def header(cast: Cast, person: str) -> str:
    """The header that a person sees."""
    page = text_of(signed_in(getattr(cast, person)).get("/katalog/"))
    return page[page.index('class="nav__links"') : page.index('id="content"')]


@pytest.mark.parametrize(
    ("person", "labels", "missing"),
    [
        (
            "requester",
            ["Start", "Katalog", "Mina beställningar", "Ta emot", "Korg"],
            ["Kö", "Attest", "Spår"],
        ),
        ("manager", ["I dag", "Kö", "Avtal", "Besparingar"], ["Ta emot", "Korg", "Attest"]),
        ("budget_holder", ["Attest"], ["Kö", "Korg"]),
        ("controller", ["Besparingar", "Rapporter"], ["Kö", "Korg"]),
        ("head", ["I dag", "Ansvar", "Avtal", "Besparingar", "Rapporter"], ["Korg"]),
        ("auditor", ["Spår", "Besparingar", "Rapporter"], ["Kö", "Korg"]),
        ("administrator", ["Katalog"], ["Kö", "Korg", "Spår"]),
    ],
)
def test_header_shows_what_the_role_opens(
    cast: Cast, person: str, labels: list[str], missing: list[str]
) -> None:
    text = header(cast, person)
    for label in labels:
        assert label in text, label
    for label in missing:
        assert f">{label}" not in text, label


def test_header_counts_what_waits(cast: Cast) -> None:
    worlds.ordered(cast)
    OrderLine.objects.update(expected_date=TODAY)
    line = worlds.line(cast, (cast.gown, 2))
    decisions.return_with_question(lines=[line], question="Räcker en?", by=cast.manager, at=NOW)
    worlds.line(cast, (cast.gown, 1))
    worlds.basket(cast, (cast.gloves, 1), (cast.gown, 1))
    text = header(cast, "requester")
    assert 'badge--needs">1' in text
    assert 'badge">1' in text
    assert 'badge--blue">2' in text
    assert 'badge--needs">1' in header(cast, "manager")


def test_header_of_somebody_with_two_roles_is_their_union(cast: Cast) -> None:
    membership(cast.manager, Role.REQUESTER, cast.ward, "1000")
    text = header(cast, "manager")
    for label in ("I dag", "Kö", "Avtal", "Beställ", "Katalog", "Korg"):
        assert label in text
    assert "Sida" not in text


def test_header_asks_one_statement_of_its_own(cast: Cast) -> None:
    client = signed_in(cast.auditor)
    client.get("/katalog/")
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("core:help"))
    # Session and person, roles, and the counts.
    assert len(queries) <= 4


def test_start_asks_as_many_questions_for_many_lines_as_for_few(cast: Cast) -> None:
    client = signed_in(cast.requester)
    worlds.ordered(cast, (cast.gloves, 2), (cast.gown, 2))
    worlds.line(cast, (cast.gown, 2))
    client.get(START)
    with CaptureQueriesContext(connection) as few:
        client.get(START)
    for _number in range(5):
        worlds.ordered(cast, (cast.gloves, 2), (cast.gown, 2))
        line = worlds.line(cast, (cast.chair, 1))
        decisions.return_with_question(lines=[line], question="Behövs den?", by=cast.deputy, at=NOW)
    assert Allocation.objects.count() > 5
    with CaptureQueriesContext(connection) as many:
        client.get(START)
    assert len(many) == len(few) <= START_QUERIES


def test_english_reader_sees_items_and_categories_in_english(cast: Cast) -> None:
    cast.gloves.name_en = "Nitrile gloves"
    cast.gloves.save()
    cast.medical.name_en = "Medical supplies"
    cast.medical.save()
    requisition = worlds.submitted(cast, (cast.gloves, 10))
    line = requisition.lines.get()
    decisions.return_with_question(lines=[line], question="?", by=cast.manager, at=NOW)
    client = signed_in(cast.requester)
    client.cookies["django_language"] = "en"
    for address in ("/start/", "/bestallningar/", f"/bestallningar/{requisition.number}/"):
        page = text_of(client.get(address)).casefold()
        assert "nitrile gloves" in page, address
        assert cast.gloves.name.casefold() not in page, address
    with translation.override("en"):
        assert "Medical supplies" in reason_for(line)
    assert "Medical supplies" not in reason_for(line)


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        (
            f"Det står fyra stolar i förrådet på {'K' * 60}. Kan ni ta tre? {'Då slipper ni kostnaden ' * 5}",
            "Kan ni ta tre?",
        ),
        ("ord " * 60, "ord …"),
        ("Räcker tio", "Räcker tio."),
    ],
    ids=["whole sentences", "one long sentence", "no sign"],
)
def test_a_long_question_is_cut_where_a_sentence_ends(cast: Cast, question: str, shown: str) -> None:
    line = worlds.line(cast)
    decisions.return_with_question(lines=[line], question=question, by=cast.manager, at=NOW)
    assert f"{shown} Frågan kom" in text_of(signed_in(cast.requester).get("/start/"))
