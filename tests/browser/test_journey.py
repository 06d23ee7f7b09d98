"""
The whole story, in a browser, by seven people: from a need on a ward to a report to the board.

Elin orders and receives, Marianne attests, Karin, Sofia and Ahmed decide, Lars fetches what it saved, Helena reports.
"""

import csv
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.faults.program import wait_until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(400),
]


def add_from_catalogue(elin: Person, search: str, number: str, quantity: int) -> None:
    """Search, say how many, and put in the basket."""
    elin.open(f"/katalog/?q={search}")
    row = elin.page.locator(f"#artikel-{number}")
    row.locator("input[name=quantity]").fill(str(quantity))
    row.get_by_role("button", name="Lägg till").click()
    expect(row.get_by_text("I korgen").first).to_be_visible()


def describe_a_need(elin: Person) -> None:
    """Ask for something that is not in the catalogue."""
    elin.open("/behov/")
    page = elin.page
    page.locator("[name=description]").fill("Tvättvagn, hopfällbar")
    page.locator("[name=quantity]").fill("2")
    page.locator("[name=unit]").fill("st")
    page.locator("[name=estimated_unit_price]").fill("1450")
    choices = page.locator("[name=category] option")
    value = (
        choices.filter(has_text="Städutrustning")
        .or_(choices.filter(has_text="Städ"))
        .first.get_attribute("value")
    )
    page.locator("[name=category]").select_option(value)
    elin.press("Lägg behovet i korgen")


def submit(elin: Person) -> str:
    """Say why, and send; the requisition's number."""
    elin.open("/korg/")
    elin.page.locator("[name=reason]").fill("Två stolar är trasiga och anmälda till arbetsmiljöombudet.")
    elin.picture("journey-1-basket")
    elin.page.get_by_role("button", name=re.compile(r"^Skicka \d+ rader$")).click()
    elin.page.wait_for_url(re.compile(r"/bestallningar/\d{4}-\d{5}/"))
    elin.picture("journey-2-requisition")
    match = re.search(r"(\d{4}-\d{5})", elin.page.url)
    assert match
    return match.group(1)


def decide(manager: Person, title: str) -> None:
    """Open the ward's line in the queue."""
    manager.open("/ko/")
    row = manager.page.locator("tr[data-line]").filter(has_text="Medicinavdelning 1")
    row.get_by_label(re.compile(f"Fler val för {title}")).last.click()
    expect(manager.page.locator("#panel[data-chosen] h2")).to_contain_text(title)


def test_from_a_need_on_a_ward_to_a_report_to_the_board(people_of_the_whole: People) -> None:
    people = people_of_the_whole
    elin = people("elin.bergvall")
    add_from_catalogue(elin, "operationshandske", "104508", 8)
    add_from_catalogue(elin, "kontorsstol", "132101", 3)
    describe_a_need(elin)
    number = submit(elin)

    marianne = people("marianne.klintberg")
    marianne.open("/attester/")
    marianne.picture("journey-3-attest")
    order = marianne.page.locator("section.paper, .paper").filter(has_text=number[-5:]).first
    order.get_by_role("button", name="Attestera").click()
    marianne.sees("attesterade")

    karin = people("karin.sundblad")
    decide(karin, "Operationshandske")
    panel = karin.page.locator("#panel")
    panel.get_by_text("Ändra antal").click()
    panel.locator("input[name=quantity]").fill("6")
    panel.locator("[name=adjust_comment]").fill("Sex räcker till nästa leverans.")
    karin.picture("journey-4-queue")
    karin.page.evaluate("scrollTo(0, 0)")
    karin.picture("queue", whole=False)  # the one in README
    panel.get_by_role("button", name=re.compile("Ändra till 6|Spara beslutet")).click()
    karin.sees("Ångra")

    sofia = people("sofia.ekdahl")
    sofia.open("/ko/")
    row = sofia.page.locator("tr[data-line]").filter(has_text="Medicinavdelning 1").filter(has_text="10")
    row.get_by_role("button", name=re.compile("Godkänn Kontorsstol")).first.click()
    sofia.sees("Ångra")

    ahmed = people("ahmed.hassan")
    decide(ahmed, "Tvättvagn")
    panel = ahmed.page.locator("#panel")
    panel.get_by_text("Godkänn och välj leverantör").click()
    supplier = panel.locator("[name=supplier] option:not([value=''])").first.get_attribute("value")
    panel.locator("[name=supplier]").select_option(supplier)
    panel.locator("[name=unit_price]").fill("1390")
    panel.get_by_role("button", name=re.compile("Godkänn 2 st|Spara beslutet")).click()
    ahmed.sees("Ångra")

    for manager in (karin, sofia, ahmed):
        manager.open("/inkopsordrar/bestall/")
        manager.page.get_by_role("button", name="Beställ").click()
        manager.page.wait_for_load_state()
    outbox = Path(people.program.folder) / "var" / "outbox"
    allocated = """
        SELECT o.number, o.status FROM procurement_purchaseorder o
        JOIN procurement_orderline ol ON ol.order_id = o.id JOIN procurement_allocation a ON a.order_line_id = ol.id
        JOIN procurement_requisitionline l ON l.id = a.line_id JOIN procurement_requisition r ON r.id = l.requisition_id
        WHERE r.number = %s"""
    wait_until(lambda: {status for _number, status in people.program.query(allocated, number)} == {"sent"})
    order_numbers = {order_number for order_number, _status in people.program.query(allocated, number)}
    assert order_numbers <= {path.stem for path in outbox.glob("*.eml")}

    elin.open("/ta-emot/")
    elin.picture("journey-5-receive")
    gloves = (
        elin.page.locator("section[id^='order-']")
        .filter(has_text="Operationshandske")
        .filter(has_text=number[-5:])
        .first
    )
    gloves.locator("input[name$=quantity]").first.fill("4")
    gloves.get_by_role("button", name="Ta emot").first.click()
    elin.page.wait_for_load_state()
    elin.open(f"/bestallningar/{number}/")
    elin.sees("4 av 6 mottagna")
    elin.picture("journey-6-received")

    lars = people("lars.wedin")
    lars.open("/besparingar/")
    with lars.page.expect_navigation():
        lars.press("Räkna om nu")
    wait_until(lambda: people.program.value("SELECT bool_and(status = 'done') FROM reporting_savingsrun"))
    lars.page.locator(".work").wait_for(state="detached")  # the page reads itself again when the work is done
    lars.page.wait_for_load_state()
    lars.open("/besparingar/?ar=2020")
    lars.sees("13,5")
    lars.picture("journey-7-savings")
    workbook = openpyxl.load_workbook(BytesIO(lars.download("Excel").read_bytes()), read_only=True)
    assert len(workbook.sheetnames) >= 2
    text = lars.download("CSV").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(text.decode("utf-8-sig").splitlines(), delimiter=";"))
    saved = rows[0].index("Besparing, kr")
    register = (
        "SELECT sum(amount) FROM reporting_saving WHERE date_part('year', delivered_date) = 2020"
        " AND component = 'reduction' AND nature = 'recurring'"
    )
    assert sum(Decimal(row[saved].replace(",", ".")) for row in rows[1:]) == people.program.value(register)

    helena = people("helena.stenmark")
    helena.open("/rapporter/ny/")
    helena.page.locator("[name=title]").fill("Återrapport om inköpsorganisationen")
    helena.page.get_by_role("button", name="Bygg återrapporten").click()
    helena.page.wait_for_url(re.compile(r"/rapporter/\d+/"))
    helena.page.get_by_role("link", name="Tjänsteskrivelse med bilaga, PDF").wait_for(timeout=90_000)
    helena.picture("journey-8-report")
    assert helena.download("Tjänsteskrivelse med bilaga, PDF").read_bytes().startswith(b"%PDF-1.7")
    assert helena.download("Tjänsteskrivelse, Word").read_bytes().startswith(b"PK")
    helena.page.get_by_role("link", name="Bilaga 1, Excel").wait_for(timeout=90_000)
    assert helena.download("Bilaga 1, Excel").read_bytes().startswith(b"PK")

    complaints = [complaint for person in people.known.values() for complaint in person.complaints]
    assert not complaints


def test_ordering_without_script(people: People) -> None:
    oskar = people("oskar.lindahl", without_script=True)
    oskar.open("/katalog/?q=104412")
    row = oskar.page.locator("#artikel-104412")
    row.locator("input[name=quantity]").fill("3")
    row.get_by_role("button", name="Lägg till").click()
    oskar.open("/korg/")
    oskar.page.get_by_role("button", name="Skicka").click()
    oskar.page.wait_for_url(re.compile(r"/bestallningar/\d{4}-\d{5}/"))
    assert oskar.heading().startswith("Beställning")
