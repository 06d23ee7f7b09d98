"""
The report to the board, in a browser: Helena builds it, Lars reviews it, it is locked and handed over, and Gudrun opens a figure.

Helena needs a report that holds before the board, Lars to stand for its figures, the auditor to see where one comes from.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(400),
]

FIRST = "SELECT min(id)::text FROM reporting_followupreport"


def built(helena: Person, first: str) -> str:
    """A new version of the first report, with its files: its address."""
    helena.open(f"/rapporter/ny/?fran={first}")
    helena.press("Bygg återrapporten")
    helena.page.wait_for_url(re.compile(r"/rapporter/\d+/"))
    helena.page.get_by_role("link", name="Tjänsteskrivelse med bilaga, PDF").wait_for(timeout=90_000)
    return re.sub(r"^.*?(?=/rapporter/)", "", helena.page.url)


def write(person: Person, report: str, part: str, text: str) -> None:
    """Write a part of the report."""
    person.open(f"{report}skriv/{part}/")
    person.page.locator("[name=text]").fill(text)
    person.press("Spara")


def test_report_from_figures_to_the_boards_meeting(people_of_the_whole: People) -> None:
    people = people_of_the_whole
    helena, lars = people("helena.stenmark"), people("lars.wedin")
    report = built(helena, str(people.program.value(FIRST)))

    # An empty part keeps it a draft, and says which one.
    write(helena, report, "rural_perspective", "")
    helena.sees("Kvar att skriva")
    helena.picture("board-1-empty-part")
    expect(helena.page.get_by_role("button", name="Granska rapporten")).to_have_count(0)

    # Both write the same part; what Lars wrote is kept before him and nothing is written over.
    lars.open(f"{report}skriv/assessment/")
    write(helena, report, "assessment", "Helenas bedömning av året.")
    lars.page.locator("[name=text]").fill("Lars bedömning av siffrorna.")
    lars.press("Spara")
    lars.sees("Din text är kvar i fältet")
    expect(lars.page.locator("[name=text]")).to_have_value("Lars bedömning av siffrorna.")
    lars.sees("Helenas bedömning av året.")
    lars.picture("board-2-both-wrote")
    write(helena, report, "rural_perspective", "Lokala leverantörer lämnade anbud i tre upphandlingar.")

    lars.open(report)
    lars.press("Granska rapporten")
    lars.sees("Rapporten är granskad")
    helena.open(report)
    helena.press("Godkänn rapporten")
    helena.page.locator("[name=diary_number]").fill("RS 1154-2020")
    helena.press("Lås rapporten")
    helena.sees("Rapporten är låst")
    helena.page.locator("[name=meeting_date]").fill("2021-06-16")
    helena.page.locator("[name=paragraph]").fill("§ 94")
    helena.press("Rapporten är överlämnad")
    helena.sees("Rapporten är överlämnad.")
    helena.picture("board-3-handed-over")
    assert helena.barriers() == []
    helena.widen(360)
    assert not helena.is_too_wide()
    helena.picture("board-3-handed-over")
    helena.widen(1280)
    helena.page.get_by_role("link", name="Tjänsteskrivelse med bilaga, PDF").wait_for(timeout=90_000)
    assert helena.download("Tjänsteskrivelse med bilaga, PDF").read_bytes().startswith(b"%PDF-1.7")

    # What the board read is still what was frozen.
    gudrun = people("gudrun.alstrom")
    gudrun.open(report)
    gudrun.press("Kontrollera att inget har ändrats")
    gudrun.picture("board-4-checked")

    # A figure opens to its lines, and a line to how it was reckoned and where it came from.
    gudrun.open(report)
    gudrun.page.locator("#indicators table a").nth(1).click()
    gudrun.page.wait_for_url(re.compile(r"/besparingar/rader/"))
    gudrun.page.locator("td a.total").first.click()
    gudrun.page.wait_for_url(re.compile(r"/besparingar/rader/\d+/"))
    assert gudrun.heading().startswith("Så räknades")
    gudrun.sees("Gånger mottaget antal")
    gudrun.picture("board-5-explained")
    assert gudrun.barriers() == []

    complaints = [complaint for person in people.known.values() for complaint in person.complaints]
    # A refusal to write over is an answer of 409, which a browser tells its console.
    assert [each for each in complaints if "409" not in each] == []
