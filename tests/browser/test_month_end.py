"""
The month is over, in a browser: Lars confirms what is new, computes, follows a figure to its receipt, and takes his files home.

"What have we saved, can I stand for it, what is bought beside the system, and what do I accrue?"
"""

import io
import re
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.faults.program import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]

NEW = "SELECT count(*) FROM reporting_savingsrun WHERE status = 'done'"
TRANSACTION = re.compile(r"#TRANS \S+ \{[^}]*\} (-?[0-9.]+)")


def amount(text: str) -> Decimal:
    """Read kronor as a page writes them."""
    (digits,) = re.findall(r"[−-]?\d[\d\s]*,\d\d", text)
    return Decimal(re.sub(r"\s", "", digits).replace("−", "-").replace(",", "."))


def computed(lars: Person, people: People) -> None:
    """Ask for the register to be computed, and wait until it is."""
    before = people.program.value(NEW)
    lars.open("/besparingar/?ar=2026")
    lars.press("Räkna om nu")
    wait_until(lambda: people.program.value(NEW) != before)
    lars.open("/besparingar/?ar=2026")


def test_from_new_prices_to_the_files_of_the_accounts(people_of_the_whole: People) -> None:
    people = people_of_the_whole
    lars = people("lars.wedin")

    # What waits for him is confirmed, by him who has not made it.
    lars.open("/besparingar/?ar=2026")
    lars.sees("Tre initiativ väntar på att du bekräftar baslinjen.")
    lars.press("Granska 3 initiativ")
    lars.press("Granska", within=lars.page.locator("main"))
    lars.press("Bekräfta", within=lars.page.locator("main"))
    lars.press("Bekräfta", within=lars.page.locator("main form"))
    lars.open("/besparingar/?ar=2026")
    lars.sees("Två initiativ väntar på att du bekräftar baslinjen.")
    computed(lars, people)
    lars.picture("month-1-computed")
    assert lars.barriers() == []

    # The net opens to its lines, and a line to how it was reckoned and the order that it came by.
    lars.page.locator("tr.is-net a.total").last.click()
    net = amount(lars.heading())
    lars.page.locator("tbody a.total").first.click()
    assert lars.heading().startswith("Så räknades")
    lars.picture("month-2-explained")
    assert lars.barriers() == []
    lars.page.locator("main a[href^='/inkopsordrar/']").first.click()
    lars.page.wait_for_load_state()
    assert "/inkopsordrar/" in lars.page.url

    # The same net stands in the file for finance.
    lars.open("/besparingar/?ar=2026")
    book = openpyxl.load_workbook(io.BytesIO(lars.download("Excel med metodblad").read_bytes()))
    sums = [row for sheet in book for row in sheet.iter_rows(values_only=True) if row and row[0] == "Summa"]
    assert any(
        Decimal(str(cell)).quantize(Decimal("0.01")) == net
        for row in sums
        for cell in row
        if isinstance(cell, float | int)
    )

    # What is bought beside the system gets a meaning, once.
    lars.open("/reskontra/konton/")
    undecided = int(lars.heading().split()[0])
    lars.press("Bestäm")
    lars.page.get_by_label("Köp utan kategori").check()
    lars.press("Spara betydelsen")
    assert lars.heading().startswith(str(undecided - 1))
    lars.open("/reskontra/")
    assert lars.heading().endswith("köps vid sidan av systemet")

    # What has come and is not invoiced goes to the accounts, and goes even.
    lars.open("/besparingar/periodisering/")
    today = timezone.localdate()
    lars.page.locator("[name=starts]").fill((today - timedelta(days=30)).isoformat())
    lars.page.locator("[name=ends]").fill(today.isoformat())
    lars.press("Visa", within=lars.page.locator("main form"))
    lars.picture("month-3-accrued")
    assert lars.barriers() == []
    accrued = amount(lars.page.locator("tfoot td").last.inner_text())
    text = lars.download("Hämta SIE-filen").read_bytes().decode("cp437")
    vouchers = text.split("#VER")[1:]
    booked = [[Decimal(each) for each in TRANSACTION.findall(voucher)] for voucher in vouchers]
    assert [sum(rows) for rows in booked] == [0, 0], "the accrual and its reversal"
    assert sum(row for row in booked[0] if row > 0) == accrued
    lars.widen(360)
    assert not lars.is_too_wide()
    expect(lars.page.locator("h1")).to_be_visible()
