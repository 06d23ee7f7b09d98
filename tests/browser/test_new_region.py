"""
A region of its own, in a browser: from an empty database to the first order, by those who have the right to each step.

Anna is the first administrator, Helena head of procurement, Lars finance and Karin category manager; Elin orders. What they hand
in are the demo region's registers, in workbooks made by another program.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from core.numbers import NotANumber, parse_number
from demo.operations import region as demo_region
from devservers.servers import Servers
from tests.browser.person import Person
from tests.faults.conftest import begin, finish, run_apart
from tests.faults.program import WORKERS, Program, wait_until
from tests.long import LONG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(500),
    pytest.mark.skipif(
        not LONG, reason="asked by make test-long: twenty files are handed in, which takes two minutes"
    ),
]

PASSWORD = "fyra ord som ingen gissar"
ANNA = "anna.lind@gotland.example"
ELIN = "elin.bergvall@gotland.example"
KARIN, SOFIA = "karin.sundblad@gotland.example", "sofia.ekdahl@gotland.example"
NUMBERS = {"amount_limit", "unit_price", "ceiling_amount", "estimated_amount", "committed_amount"}
LINK = (
    "from organizations.models import User; from organizations.operations.administrators import link_for;"
    "from organizations.signing_in.links import address_of; from django.utils import timezone;"
    "print(address_of(link_for(user=User.objects.get(email='{email}'), at=timezone.now())))"
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Program]:
    """A program on a database in which there is nothing."""
    servers = Servers(tmp_path / "servers", durable=False)
    begin(servers)
    run_apart(servers, "CREATE DATABASE empty")
    program = Program(servers, "empty", tmp_path, environment={"DEMO": "0"})
    program.manage("migrate", "--verbosity", "0")
    program.manage("grant_rights")
    program.manage("create_administrator", ANNA, "--name", "Anna Lind")
    try:
        program.start("web", *WORKERS, "beat")
        yield program
    finally:
        program.end()
        finish(servers)


class Region:
    """Those who build it, each in a browser of her own, and their files."""

    def __init__(self, program: Program, browser: Browser, folder: Path) -> None:
        self.program, self.browser, self.folder = program, browser, folder
        self.files = demo_region._files(timezone.localdate())

    def person(self, email: str) -> Person:
        """Somebody who opens the link that she was sent, and chooses her password."""
        address = f"http://127.0.0.1:{self.program.port}"
        person = Person(self.browser, address, width=1280, without_script=False)
        link = self.program.act(LINK.format(email=email))
        person.open(f"/{link.split('/', 3)[3]}")
        person.page.get_by_label("Välj ett lösenord").fill(PASSWORD)
        person.press("Välj lösenordet")
        if person.page.url.endswith("/logga-in/"):
            person.page.get_by_label("E-post").fill(email)
            person.page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
            person.press("Logga in")
        return person

    def hand_in(self, person: Person, register: str, rows: Sequence[demo_region.Row] | None = None) -> None:
        """Hand in a workbook, look through the difference, and have it written."""
        rows = self.files[register] if rows is None else rows
        person.open(f"/register/{register}/inlasningar/")
        person.page.locator("input[type=file]").set_input_files(self._workbook(register, rows))
        person.press("Jämför filen med registret")
        person.page.get_by_role("link", name=re.compile(r"^Genomför")).wait_for(timeout=60_000)
        person.page.get_by_role("link", name=re.compile(r"^Genomför")).click()
        person.page.get_by_role("button", name=re.compile(r"^Genomför \S+ ändring")).click()
        person.page.get_by_role("link", name=re.compile(r"^Ta tillbaka")).wait_for(timeout=60_000)
        assert person.page.get_by_text("Avvisad").count() == 0

    def _workbook(self, register: str, rows: Sequence[demo_region.Row]) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append([_cell(name, value) for name, value in row.items()])
        content = BytesIO()
        book.save(content)
        path = self.folder / f"{register}.xlsx"
        path.write_bytes(content.getvalue())
        return path


def _cell(name: str, value: object) -> object:
    """Amounts are numbers in the workbook; the rest is as it stands."""
    try:
        return parse_number(value) if name in NUMBERS and isinstance(value, str) and value else value
    except NotANumber:
        return value


def test_from_an_empty_database_to_the_first_order(empty: Program, browser: Browser, tmp_path: Path) -> None:
    region = Region(empty, browser, tmp_path)
    anna = region.person(ANNA)
    build_organisation(region, anna)
    karin = build_assortment(region, anna)
    anna.open("/kom-igang/ar-vi-redo/")
    anna.picture("region-2-ready")
    order_and_receive(region, karin)
    change_the_organisation(region, anna)
    assert [person.complaints for person in (anna, karin)] == [[], []]


def build_organisation(region: Region, anna: Person) -> None:
    """The administrator and finance fill what she can, in the order of the page."""
    anna.open("/")
    assert anna.heading() == "0 av 8 steg är klara"
    anna.picture("region-1-start")
    for register in ("authorities", "administrations", "people"):
        region.hand_in(anna, register)
    everywhere = [row for row in region.files["roles"] if not row["cost_center"]]
    region.hand_in(anna, "roles", everywhere)
    region.hand_in(region.person("lars.wedin@gotland.example"), "accounting_codes")
    for register in ("departments", "delivery_places", "roles"):
        region.hand_in(anna, register)


def build_assortment(region: Region, anna: Person) -> Person:
    """The head says who answers; the manager of supplies brings in what is hers."""
    helena = region.person("helena.stenmark@gotland.example")
    for register in ("categories", "posts", "policies", "suppliers"):
        region.hand_in(helena, register)
    karin = region.person(KARIN)
    hers = {row["category"] for row in region.files["posts"] if row["manager"] == KARIN}
    agreements = [row for row in region.files["agreements"] if row["category"] in hers]
    items = [row for row in region.files["items"] if row["category"] in hers]
    known = {row["number"] for row in agreements} | {""}
    numbers = {row["number"] for row in items}
    prices = [row for row in region.files["prices"] if row["item"] in numbers and row["agreement"] in known]
    region.hand_in(karin, "agreements", agreements)
    region.hand_in(karin, "items", items)
    region.hand_in(karin, "prices", prices)
    return karin


def order_and_receive(region: Region, karin: Person) -> None:
    """A nurse orders, the manager approves, the order goes, and she receives."""
    elin = region.person(ELIN)
    elin.open("/katalog/?q=handskar")
    row = elin.page.locator("#artikel-104412")
    row.locator("input[name=quantity]").fill("30")
    row.get_by_role("button", name="Lägg till").click()
    expect(row.get_by_text("I korgen").first).to_be_visible()
    elin.open("/korg/")
    elin.page.get_by_role("button", name=re.compile(r"^Skicka \d+ rad")).click()
    elin.page.wait_for_url(re.compile(r"/bestallningar/\d{4}-\d{5}/"))
    karin.open("/ko/")
    karin.press("Godkänn")
    wait_until(
        lambda: region.program.value("SELECT count(*) FROM procurement_linedecision WHERE kind = 'approved'")
    )
    karin.open("/inkopsordrar/bestall/")
    karin.page.get_by_role("button", name=re.compile(r"^Beställ")).click()
    wait_until(
        lambda: region.program.value("SELECT count(*) FROM procurement_purchaseorder WHERE status = 'sent'")
    )
    elin.open("/ta-emot/")
    elin.page.get_by_role("button", name=re.compile(r"^Ta emot")).first.click()
    wait_until(lambda: region.program.value("SELECT count(*) FROM procurement_receiptline"))


def change_the_organisation(region: Region, anna: Person) -> None:
    """A manager leaves and another goes on; a department becomes part of another."""
    program = region.program
    karin = program.value("SELECT id FROM organizations_user WHERE email = %s", KARIN)
    anna.open(f"/register/people/{karin}/")
    anna.press("Avsluta")
    anna.page.get_by_label("Vem tar över?").fill(SOFIA)
    anna.picture("region-3-leaving")
    anna.press("Avsluta kontot")
    anna.sees("har slutat")
    ward = program.value("SELECT id FROM organizations_department WHERE cost_center = '2141'")
    anna.open(f"/register/departments/{ward}/")
    anna.press("Slå ihop")
    anna.page.get_by_label("Vilken enhet går vidare?").fill("2140")
    anna.press("Slå ihop")
    anna.sees("ingår nu i")
    assert (
        program.value(
            "SELECT count(*) FROM categories_categoryassignment WHERE upper_inf(valid_during) AND manager_id = %s",
            karin,
        )
        == 0
    )
