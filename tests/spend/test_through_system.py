"""How much of what each administration buys comes through the system: with a ledger, without one, and where nothing is known."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from organizations.models import Administration
from spend.models import Meaning
from spend.operations.meanings import decide_meaning
from spend.through_system import ShareThroughSystem, ThroughSystem, through_system
from tests.api.clients import Program
from tests.cast import NOW, TODAY, Cast
from tests.governance import worlds
from tests.pages import flat, signed_in
from tests.reporting import initiatives
from tests.spend.ledgers import SOURCE, brought_in, table
from tests.worlds import received

pytestmark = pytest.mark.usefixtures("at_nine")

SINCE = date(2020, 5, 19)


def found() -> ThroughSystem:
    return through_system(since=SINCE, through=TODAY)


def ledger(cast: Cast, *rows: dict[str, str]) -> None:
    """Rows of the month in which the gloves are received here, on an account that means a purchase."""
    may = {"Bokförd": "2021-05-17", "Konto": "4010", "Kostnadsställe": cast.ward.cost_center}
    brought_in(table(*({**may, **row} for row in rows)), cast.controller)
    decide_meaning(source="", first_account="4010", meaning=Meaning.PURCHASE, by=cast.controller, at=NOW)


def page(cast: Cast, who: str = "head") -> str:
    worlds.onboarding(cast)
    return flat(signed_in(getattr(cast, who)).get("/styrning/planer/2021/").content.decode())


def test_share_is_of_what_the_ledger_has_booked(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """580 was received here, of 2 000 that were booked: 1 420 beside, and 29 % through the system."""
    received(cast, (cast.gloves, 10))
    ledger(cast, {"Belopp": "2000"}, {"Belopp": "300", "Kostnadsställe": "9999"})
    with django_assert_num_queries(5):
        flow = found()
    assert flow.ledger is not None
    assert flow.shares == {cast.administration.pk: ShareThroughSystem(Decimal(580), Decimal(1420))}
    assert flow.shares[cast.administration.pk].percent == Decimal("29.0")
    assert (flow.ledger.source, flow.unplaced, flow.missing_months[-1]) == (
        SOURCE,
        Decimal(300),
        date(2021, 4, 1),
    )
    text = page(cast)
    for words in (
        "av det som raindance har bokfört som köp",
        "29 %",
        "maj 2020–april 2021",
        "Köp för 300 kr",
    ):
        assert words in text.replace("\u00a0", " "), words
    assert "/reskontra/?kalla=raindance" in text


def test_an_administration_that_the_ledger_says_nothing_of_has_no_share(cast: Cast) -> None:
    """Ten boxes were received for it, and yet it is neither all nor nothing of what it buys."""
    received(cast, (cast.gloves, 10))
    ledger(cast, {"Belopp": "2000", "Kostnadsställe": "9999"})
    assert found().shares == {}
    text = page(cast)
    assert "Ingen uppgift" in text
    assert "0,0" not in text


def test_nothing_through_the_system_is_nought_only_where_the_ledger_says_so(cast: Cast) -> None:
    ledger(cast, {"Belopp": "2000"})
    (share,) = found().shares.values()
    assert (share.here, share.percent) == (Decimal(0), Decimal("0.0"))


def test_more_received_than_booked_is_no_share(cast: Cast) -> None:
    received(cast, (cast.gloves, 10))
    ledger(cast, {"Belopp": "100"})
    (share,) = found().shares.values()
    assert (share.beside, share.percent) == (Decimal(-480), None)
    assert "Mer mottaget än bokfört" in page(cast)


def test_without_a_ledger_it_is_of_what_was_delivered(cast: Cast) -> None:
    assert found() == ThroughSystem({})
    received(cast, (cast.gloves, 10))
    assert found().shares[cast.administration.pk].percent == Decimal(100)
    initiatives.delivered(cast, date(2021, 5, 1), "10", "58.00")
    flow = found()
    assert flow.ledger is None
    assert flow.shares == {cast.administration.pk: ShareThroughSystem(Decimal(580), Decimal(580))}
    text = page(cast)
    assert "Ingen reskontra är inläst för tiden" in text


def test_a_ledger_of_another_time_is_not_taken(cast: Cast) -> None:
    received(cast, (cast.gloves, 10))
    ledger(cast, {"Belopp": "2000", "Bokförd": "2019-05-20"})
    assert found().ledger is None


@pytest.mark.parametrize(("who", "links"), [("head", True), ("auditor", True)])
def test_the_page_leads_to_what_is_bought_beside(cast: Cast, who: str, links: bool) -> None:
    ledger(cast, {"Belopp": "2000"})
    assert ("Vad köps vid sidan av systemet?" in page(cast, who)) is links


def test_a_share_of_the_past_stays_as_the_administration_was_then(cast: Cast) -> None:
    """A cost centre that moves afterwards takes nothing of the past with it."""
    ledger(cast, {"Belopp": "2000"})
    other: Any = Administration.objects.create(
        authority=cast.administration.authority, code="NY", name="Ny förvaltning"
    )
    type(cast.ward).objects.filter(pk=cast.ward.pk).update(administration=other)
    assert set(found().shares) == {cast.administration.pk}


def told(cast: Cast, who: str = "head") -> Any:
    return Program(getattr(cast, who)).get("shares-through-system/")


def test_a_program_reads_the_figures_of_the_page(cast: Cast) -> None:
    received(cast, (cast.gloves, 10))
    ledger(cast, {"Belopp": "2000"}, {"Belopp": "300", "Kostnadsställe": "9999"})
    Administration.objects.create(authority=cast.administration.authority, code="NY", name="Ny förvaltning")
    assert told(cast).data == {
        "first_date": "2020-05-18",
        "last_date": "2021-05-18",
        "ledger": SOURCE,
        "missing_months": [f"{year}-{month:02}-01" for year, month in [*((2020, m) for m in range(5, 13)), *((2021, m) for m in range(1, 5))]],
        "unplaced": "300.00",
        "administrations": [
            {
                "administration": "HSF",
                "name": "Hälso- och sjukvårdsförvaltningen",
                "here": "580.00",
                "beside": "1420.00",
                "percent": "29.0",
            },
            {"administration": "NY", "name": "Ny förvaltning", "here": None, "beside": None, "percent": None},
        ],
    }  # fmt: skip
    text = page(cast).replace("\u00a0", " ")
    assert all(words in text for words in ("580", "1 420", "29 %"))


def test_a_share_that_is_not_known_is_null_and_never_nought(cast: Cast) -> None:
    received(cast, (cast.gloves, 10))
    ledger(cast, {"Belopp": "100"})
    (row,) = told(cast).data["administrations"]
    assert (row["here"], row["beside"], row["percent"]) == ("580.00", "-480.00", None)


def test_a_program_chooses_the_days(cast: Cast) -> None:
    received(cast, (cast.gloves, 10))
    program, address = Program(cast.head), "shares-through-system/"
    answer = program.get(address, first_date="2021-05-01", last_date="2021-05-17").data
    assert (answer["first_date"], answer["last_date"], answer["ledger"]) == ("2021-05-01", "2021-05-17", None)
    assert answer["administrations"][0]["here"] is None
    for days in (("2021-05-18", "2021-05-17"), ("1999-01-01", "2021-05-17")):
        response = program.get(address, first_date=days[0], last_date=days[1])
        assert (response.status_code, response.data["code"]) == (400, "share_period_impossible")
    assert program.get(address, first_date="hej").status_code == 400


@pytest.mark.parametrize(
    "who",
    ["requester", "stranger", "manager", "budget_holder", "controller", "head", "auditor", "administrator"],
)
def test_the_page_and_the_program_are_open_to_the_same(cast: Cast, who: str) -> None:
    worlds.onboarding(cast)
    of_page = signed_in(getattr(cast, who)).get("/styrning/planer/2021/").status_code
    assert told(cast, who).status_code == of_page
    assert of_page == (200 if who in ("controller", "head", "auditor") else 403)
