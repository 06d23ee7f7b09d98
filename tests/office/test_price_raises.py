"""Rises of a price list become proposals with their yearly effect; falls and new items are written."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from agreements.models import Agreement, PriceClause
from audit.models import Entry
from catalog.models import Item, Price, PriceProposal
from catalog.operations.price_decisions import approve_prices, decide_prices
from categories.models import CategoryAssignment
from core.addresses import address_of
from notices.models import Notice
from organizations.models import User
from registers.bundles import BUNDLES
from registers.models import Import
from registers.operations.applying import (
    BuiltUpon,
    RegisterHasChanged,
    apply_import,
    request_application,
    run_application,
    take_back_import,
)
from registers.operations.imports import request_import, run_import
from registers.operations.leaving_out import leave_out
from registers.register import REGISTERS
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, many_items
from tests.catalog.proposing import may_rise
from tests.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]
FROM = date(2021, 6, 1)


@pytest.fixture(autouse=True)
def rising(cast: Cast) -> None:
    may_rise(cast)


def listed(cast: Cast, *lines: str, by: User | None, head: str = "", register: str = "prices") -> Import:
    """Rows of item and price, of the agreement from the first of June, compared with the register."""
    header = f"Artikelnummer;Pris;Avtalsnummer;Leverantör;Från och med{head}"
    terms = f"{cast.agreement.number};{cast.supplier.org_number};{FROM}"
    rows = [
        f"{line.split('|')[0]};{terms}{''.join(f';{each}' for each in line.split('|')[1:])}" for line in lines
    ]
    of_import = request_import(
        register=BUNDLES.get(register) or REGISTERS[register],
        file_name="lista.csv",
        content=BytesIO("\n".join([header, *rows]).encode()),
        by=by,
        at=NOW,
    )
    run_import(of_import=of_import, at=NOW)
    return Import.objects.get(pk=of_import.pk)


def both(cast: Cast, by: User | None) -> Import:
    """Gloves from 58 to 61, gowns from 149 to 140."""
    return listed(cast, f"{cast.gloves.number};61", f"{cast.gown.number};140", by=by)


def prices_of(item: Item) -> list[Decimal]:
    return list(Price.objects.filter(item=item).order_by("valid_during").values_list("unit_price", flat=True))


def test_a_rise_becomes_a_proposal_and_a_fall_is_written(cast: Cast) -> None:
    """Ten boxes came in the last year: three kronor more for each are thirty kronor."""
    worlds.received(cast, (cast.gloves, 10), at=NOW - timedelta(days=1))
    of_import = both(cast, cast.manager)
    assert {kind: count for kind, count in of_import.counts().items() if count} == {"new": 1, "proposed": 1}
    moves = of_import.moves()
    assert moves is not None
    assert (moves.rises, moves.falls) == (1, 1)
    apply_import(of_import=of_import, by=cast.manager, at=NOW)
    assert (prices_of(cast.gloves), prices_of(cast.gown)) == ([Decimal(58)], [Decimal(149), Decimal(140)])
    proposal = PriceProposal.objects.get()
    assert (proposal.agreement, proposal.supplier, proposal.from_date) == (
        cast.agreement,
        cast.supplier,
        FROM,
    )
    assert (proposal.of_import, proposal.registered_by, proposal.reason) == (
        of_import,
        cast.manager,
        "Prislistan lista.csv.",
    )
    row = proposal.rows.get()
    assert (row.old_price, row.new_price, row.annual_quantity) == (Decimal(58), Decimal(61), Decimal(10))
    assert (row.annual_effect, row.department_count) == (Decimal(30), 1)
    notice = Notice.objects.get(kind="price_proposals_waiting")
    assert notice.recipient == cast.deputy
    approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    assert prices_of(cast.gloves) == [Decimal(58), Decimal(61)]


def test_what_the_command_line_hands_in_is_written(cast: Cast) -> None:
    apply_import(of_import=both(cast, None), by=None, at=NOW)
    assert (prices_of(cast.gloves), prices_of(cast.gown)) == (
        [Decimal(58), Decimal(61)],
        [Decimal(149), Decimal(140)],
    )
    assert not PriceProposal.objects.exists()


def test_what_the_command_line_compared_a_person_compares_again(cast: Cast) -> None:
    with pytest.raises(RegisterHasChanged):
        apply_import(of_import=both(cast, None), by=cast.manager, at=NOW)
    assert prices_of(cast.gloves) == [Decimal(58)]


def test_a_rise_in_place_is_proposed_from_the_next_day(cast: Cast) -> None:
    """A file without days would have changed the price that is; nobody pays more for what is past."""
    text = f"Artikelnummer;Pris;Avtalsnummer;Leverantör\n{cast.gloves.number};61;{cast.agreement.number};{cast.supplier.org_number}\n"
    of_import = request_import(
        register=REGISTERS["prices"],
        file_name="x.csv",
        content=BytesIO(text.encode()),
        by=cast.manager,
        at=NOW,
    )
    run_import(of_import=of_import, at=NOW)
    of_import.refresh_from_db()
    apply_import(of_import=of_import, by=cast.manager, at=NOW)
    assert prices_of(cast.gloves) == [Decimal(58)]
    assert PriceProposal.objects.get().from_date == TODAY + timedelta(days=1)


def test_a_rise_of_a_price_to_come_is_proposed_from_its_day(cast: Cast) -> None:
    apply_import(of_import=both(cast, None), by=None, at=NOW)
    of_import = listed(cast, f"{cast.gloves.number};63", by=cast.manager)
    assert of_import.counts()["proposed"] == 1
    apply_import(of_import=of_import, by=cast.manager, at=NOW)
    proposal = PriceProposal.objects.get()
    assert (proposal.from_date, proposal.rows.get().old_price) == (FROM, Decimal(61))
    approve_prices(proposal=proposal, by=cast.deputy, at=NOW)
    assert prices_of(cast.gloves) == [Decimal(58), Decimal(63)]


def test_a_list_that_follows_one_that_ends_rises_too(cast: Cast) -> None:
    """Yearly lists: the old one ends the day before, and nothing is left to end."""
    Price.objects.filter(item=cast.gloves).update(valid_during=DateRange(date(2018, 1, 1), FROM))
    through = date(2022, 5, 31)
    of_import = listed(
        cast, f"{cast.gloves.number};61|9|{through}", by=cast.manager, head=";Leveranstid, dagar;Till och med"
    )
    apply_import(of_import=of_import, by=cast.manager, at=NOW)
    assert prices_of(cast.gloves) == [Decimal(58)]
    approve_prices(proposal=PriceProposal.objects.get(), by=cast.deputy, at=NOW)
    new = Price.objects.get(item=cast.gloves, unit_price=61)
    assert (new.valid_during, new.lead_days) == (DateRange(FROM, date(2022, 6, 1)), 9)


def test_two_rises_of_a_price_in_one_list_are_approved_together(cast: Cast) -> None:
    """A rise now and another next year: two proposals, and each begins on its day."""
    later = FROM.replace(year=2022)
    terms = f"{cast.agreement.number};{cast.supplier.org_number}"
    rows = [f"{cast.gloves.number};{price};{terms};{day}" for price, day in ((61, FROM), (64, later))]
    of_import = request_import(
        register=REGISTERS["prices"],
        file_name="lista.csv",
        content=BytesIO(
            "\n".join(["Artikelnummer;Pris;Avtalsnummer;Leverantör;Från och med", *rows]).encode()
        ),
        by=cast.manager,
        at=NOW,
    )
    run_import(of_import=of_import, at=NOW)
    apply_import(of_import=Import.objects.get(pk=of_import.pk), by=cast.manager, at=NOW)
    outcome = decide_prices(
        proposals=list(PriceProposal.objects.all()), is_yes=True, reason="", by=cast.deputy, at=NOW
    )
    assert (len(outcome.decided), outcome.refused) == (2, [])
    prices = Price.objects.filter(item=cast.gloves).order_by("valid_during")
    assert [(each.unit_price, each.valid_during.lower, each.valid_during.upper) for each in prices] == [
        (58, date(2018, 1, 1), FROM),
        (61, FROM, later),
        (64, later, None),
    ]


def test_she_who_answers_decides_at_once_and_says_why(cast: Cast) -> None:
    of_import = both(cast, cast.manager)
    application = request_application(
        of_import=of_import, by=cast.manager, at=NOW, rises_reason="Förhandlat och klart"
    )
    run_application(application=application, at=NOW)
    assert prices_of(cast.gloves) == [Decimal(58), Decimal(61)]
    assert not PriceProposal.objects.exists()
    entry = Entry.objects.get(event="register.import_rises_decided")
    assert (entry.by_id, entry.details["comment"]) == (cast.manager.pk, "Förhandlat och klart")
    of_import.refresh_from_db()
    take_back_import(of_import=of_import, by=cast.manager, at=NOW)
    assert (prices_of(cast.gloves), prices_of(cast.gown)) == ([Decimal(58)], [Decimal(149)])


def test_prices_under_a_fixed_agreement_and_those_of_others_are_refused(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(price_clause=PriceClause.FIXED)
    of_import = both(cast, cast.manager)
    change = of_import.changes.get(kind="refused")
    assert change.sentence == f"Avtalet {cast.agreement.number} har fast pris, så priserna kan inte höjas."
    may_rise(cast)
    Agreement.objects.filter(pk=cast.agreement.pk).update(category=cast.office)
    Item.objects.filter(pk=cast.gloves.pk).update(category=cast.medical)
    CategoryAssignment.objects.filter(category=cast.office).update(manager=cast.office_deputy, deputy=None)
    of_import = both(cast, cast.manager)
    change = of_import.changes.get(kind="refused")
    assert "ansvarar för avtalet eller dess kategori" in change.sentence


def test_what_rises_only_now_is_looked_at_again(cast: Cast) -> None:
    """The price fell between the difference and the act: what was a fall is a rise now, and nobody has seen it."""
    of_import = both(cast, cast.manager)
    Price.objects.filter(item=cast.gown).update(unit_price=Decimal(130))
    with pytest.raises(RegisterHasChanged):
        apply_import(of_import=of_import, by=cast.manager, at=NOW)
    assert not PriceProposal.objects.exists()


def test_the_same_list_again_proposes_nothing_anew(cast: Cast) -> None:
    for _turn in range(2):
        of_import = both(cast, cast.manager)
        apply_import(of_import=of_import, by=cast.manager, at=NOW)
    assert PriceProposal.objects.count() == 1


def test_taking_back_withdraws_what_nobody_has_approved(cast: Cast) -> None:
    of_import = both(cast, cast.manager)
    apply_import(of_import=of_import, by=cast.manager, at=NOW)
    of_import.refresh_from_db()
    proposal = PriceProposal.objects.get()
    waiting = Notice.objects.unread().filter(kind="price_proposals_waiting")
    assert waiting.exists()
    take_back_import(of_import=of_import, by=cast.manager, at=NOW)
    proposal.refresh_from_db()
    assert not waiting.exists(), "nobody is asked to decide what is taken back"
    assert (proposal.status, prices_of(cast.gown)) == ("withdrawn", [Decimal(149)])
    other = both(cast, cast.manager)
    apply_import(of_import=other, by=cast.manager, at=NOW + timedelta(hours=1))
    approve_prices(proposal=PriceProposal.objects.get(of_import=other), by=cast.deputy, at=NOW)
    other.refresh_from_db()
    with pytest.raises(BuiltUpon):
        take_back_import(of_import=other, by=cast.manager, at=NOW)


def test_breaks_are_counted_once_and_what_is_left_out_is_not_proposed(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10), at=NOW - timedelta(days=1))
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(50),
        minimum_quantity=10,
        valid_during=ALWAYS,
    )
    lines = [f"{cast.gloves.number};61|1", f"{cast.gloves.number};52|10", f"{cast.gown.number};160|1"]
    of_import = listed(cast, *lines, by=cast.manager, head=";Minsta antal")
    gown = of_import.changes.get(key__startswith=cast.gown.number)
    leave_out(of_import=of_import, ids=[gown.pk], by=cast.manager, at=NOW)
    apply_import(of_import=of_import, by=cast.manager, at=NOW)
    rows = PriceProposal.objects.get().rows.order_by("price__minimum_quantity")
    assert [row.annual_effect for row in rows] == [Decimal(30), Decimal(0)]


def test_the_bundle_of_price_lists_proposes_too(cast: Cast) -> None:
    of_import = listed(
        cast, f"{cast.gloves.number};61", f"{cast.gown.number};140", by=cast.manager, register="price_list"
    )
    apply_import(of_import=of_import, by=cast.manager, at=NOW)
    assert PriceProposal.objects.get().rows.get().price.item == cast.gloves
    assert prices_of(cast.gown) == [Decimal(149), Decimal(140)]


def test_the_page_tells_what_becomes_proposals_and_asks_how(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10), at=NOW - timedelta(days=1))
    of_import, manager = both(cast, cast.manager), signed_in(cast.manager)
    text = text_of(manager.get(address_of(of_import)))
    assert "1 höjning blir ett prisförslag." in text
    rises = text_of(manager.get(f"{address_of(of_import)}?visa=proposed"))
    assert "Höjning, blir ett prisförslag. Var 58, +5,2 %, +30 kr på ett år" in rises
    assert cast.gown.number not in rises
    apply_page = f"{address_of(of_import)}genomfor/"
    assert "Vad ska hända med höjningarna?" in text_of(manager.get(apply_page))
    unsaid = manager.post(apply_page, {"how": "decide", "reason": " "})
    assert (unsaid.status_code, "Skriv varför" in text_of(unsaid)) == (422, True)
    assert manager.post(apply_page, {"how": "propose", "reason": "x"}).status_code == 302
    run_application(application=of_import.applications.get(), at=NOW)
    text = text_of(manager.get(address_of(of_import)))
    assert "Prisförslag för" in text
    assert "2 rader är ändrade" in text
    assert PriceProposal.objects.count() == 1


def test_as_many_statements_for_many_rises_as_for_few(cast: Cast) -> None:
    counts = []
    for items in (many_items(cast, 2), many_items(cast, 30)):
        of_import = listed(cast, *(f"{each.number};2" for each in items), by=cast.manager)
        with CaptureQueriesContext(connection) as statements:
            apply_import(of_import=of_import, by=cast.manager, at=NOW + timedelta(minutes=len(items)))
        counts.append(len(statements))
    assert counts[1] <= counts[0]
    assert PriceProposal.objects.latest("pk").rows.count() == 30
