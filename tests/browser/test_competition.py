"""A need that the suppliers of an agreement compete for: asked for, competed for, won, and approved from whoever won."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(400),
]

INVESTIGATOR, WINNER = "183108", "KPMG AB"
BIDS = {WINNER: "1 180", "Dedicare AB": "1 290"}
"""What an hour costs; it costs 1 260 before they have competed."""


def order(elin: Person) -> str:
    """Ask for ten hours under the agreement; the requisition's number."""
    elin.open(f"/katalog/{INVESTIGATOR}/")
    elin.sees("kräver att leverantörerna tävlar om den")
    elin.page.locator("#buy input[name=quantity]").fill("10")
    elin.press("Lägg till")
    expect(elin.page.get_by_text("I korgen").first).to_be_visible()
    elin.open("/korg/")
    elin.sees("Avtalet kräver att leverantörerna tävlar först")
    elin.page.locator("[name=reason]").fill("Utredning av städningen på avdelningen.")
    elin.page.get_by_role("button", name=re.compile(r"^Skicka \d+ rad")).first.click()
    elin.page.wait_for_url(re.compile(r"/bestallningar/\d{4}-\d{5}/"))
    return elin.page.url.rstrip("/").rpartition("/")[2]


def compete(helena: Person) -> None:
    """Invite the suppliers from the line, register what an hour costs, and let the lowest win."""
    day = timezone.localdate()
    helena.page.get_by_role("link", name="Starta en förnyad konkurrensutsättning").first.click()
    page = helena.page
    expect(page.locator("[name=items]")).to_have_value(f"{INVESTIGATOR} 10")
    page.locator("[name=subject]").fill("Utredning av städningen")
    page.locator("[name=invited_date]").fill((day - timedelta(days=9)).isoformat())
    page.locator("[name=bids_by_date]").fill((day - timedelta(days=1)).isoformat())
    helena.press("Starta konkurrensutsättningen")
    for supplier, price in BIDS.items():
        page.get_by_role("row").filter(has_text=supplier).get_by_role("link").click()
        page.get_by_label("Anbud", exact=True).check()
        page.get_by_label("Pris på Utredare").fill(price)
        helena.press("Spara svaret")
    page.get_by_role("link", name="Tilldela").click()
    page.get_by_label(WINNER).check()
    page.locator("[name=reason]").fill("Lägst pris.")
    helena.press("Tilldela")
    helena.sees("vann med 11 800,00 kr")


def test_from_a_need_to_an_award(people: People) -> None:
    elin, helena = people("elin.bergvall"), people("helena.stenmark")
    number = order(elin)
    elin.sees("ska tävla om den först")
    row = elin.page.locator("li.part").filter(has_text="Utredare").get_attribute("id") or ""
    line = f"/rader/{row.removeprefix('rad-')}/"
    helena.open(line)
    compete(helena)
    elin.open("/notiser/")
    elin.sees(f"Leverantörerna har tävlat om något i beställning {number}")
    helena.open(line)
    helena.sees("vann konkurrensutsättningen")
    helena.sees("11 800,00 kr")
    helena.press("Godkänn 10 timmar")
    helena.page.wait_for_load_state("networkidle")
    elin.open(f"/bestallningar/{number}/")
    expect(elin.page.locator(f"#{row}")).not_to_contain_text("har raden nu")
