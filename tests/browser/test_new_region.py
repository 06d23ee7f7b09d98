"""
A region of its own, in a browser: from an empty database to the first order and to the first reorganisation.

Anna is the first administrator, Helena head of procurement, Lars finance and Karin category manager; Elin orders, and comes in
through the region's directory, whose group gives her role. What they hand in are the demo region's registers, in workbooks made
by another program. At the end every rule holds.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import oidc_provider_mock
import openpyxl
import pytest
import requests
from django.utils import timezone
from playwright.sync_api import Browser, expect

from core.numbers import NotANumber, parse_number
from demo.operations import files as demo_files
from devservers.servers import Servers
from office.rules import breaches_in
from tests.browser.person import Person
from tests.faults.conftest import begin, finish, run_apart
from tests.faults.program import WORKERS, Program, wait_until
from tests.long import LONG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(500),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.skipif(
        not LONG, reason="asked by make test-long: twenty files are handed in, which takes two minutes"
    ),
]

PASSWORD = "fyra ord som ingen gissar"
ANNA = "anna.lind@gotland.example"
ELIN = "elin.bergvall@gotland.example"
KARIN, SOFIA = "karin.sundblad@gotland.example", "sofia.ekdahl@gotland.example"
AHMED, MIKAEL = "ahmed.hassan@gotland.example", "mikael.norrby@gotland.example"
WARD, GROUP = "2140", "Medicinavdelning 1, beställare"
NUMBERS = {"amount_limit", "unit_price", "ceiling_amount", "estimated_amount", "committed_amount"}
LINK = (
    "from organizations.models import User; from organizations.operations.administrators import link_for;"
    "from organizations.signing_in.links import address_of; from django.utils import timezone;"
    "print(address_of(link_for(user=User.objects.get(email='{email}'), at=timezone.now())))"
)


@pytest.fixture
def directory() -> Iterator[str]:
    """The region's directory, where Elin is known and in a group."""
    with oidc_provider_mock.run_server_in_thread() as running:
        address = f"http://localhost:{running.server_port}"
        claims: dict[str, Any] = {"email": ELIN, "email_verified": True, "groups": [GROUP]}
        requests.put(f"{address}/users/elin", json=claims, timeout=5).raise_for_status()
        yield address


@pytest.fixture
def empty(tmp_path: Path, directory: str) -> Iterator[Program]:
    """A program on a database in which there is nothing, with a directory to come in through."""
    servers = Servers(tmp_path / "servers", durable=False)
    begin(servers)
    run_apart(servers, "CREATE DATABASE empty")
    door = {
        "id": "region",
        "kind": "openid_connect",
        "name": "Region Gotland",
        "server_url": directory,
        "client_id": "rauk",
        "client_secret": "secret",
    }
    settings = {"DEMO": "0", "SINGLE_SIGN_ON": json.dumps([door])}
    program = Program(servers, "empty", tmp_path, environment=settings)
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
        self.files = demo_files.files(timezone.localdate())

    def person(self, email: str) -> Person:
        """Somebody who opens the link that she was sent, and chooses her password."""
        address = f"http://127.0.0.1:{self.program.port}"
        person = Person(self.browser, address, width=1280, without_script=False)
        link = self.program.act(LINK.format(email=email))
        person.open(f"/{link.split('/', 3)[3]}")
        person.page.get_by_label("Välj ett lösenord").fill(PASSWORD)
        person.press("Välj lösenordet")
        if person.page.url.endswith("/logga-in/"):
            self._sign_in(person, email)
        return person

    def _sign_in(self, person: Person, email: str) -> None:
        person.page.get_by_label("E-post").fill(email)
        person.page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
        person.page.get_by_role("button", name="Logga in", exact=True).click()
        person.page.wait_for_load_state()

    def back(self, email: str) -> Person:
        """Somebody who has a password already."""
        address = f"http://127.0.0.1:{self.program.port}"
        person = Person(self.browser, address, width=1280, without_script=False)
        person.open("/logga-in/")
        self._sign_in(person, email)
        return person

    def arrival(self, number: str) -> Person:
        """Somebody who comes in through the directory."""
        address = f"http://127.0.0.1:{self.program.port}"
        person = Person(self.browser, address, width=1280, without_script=False)
        person.open("/logga-in/")
        person.press("Logga in med Region Gotland")
        person.page.get_by_placeholder("sub").fill(number)
        person.press("Authorize")
        person.page.wait_for_url(f"{address}/**")
        return person

    def hand_in(self, person: Person, register: str, rows: Sequence[demo_files.Row] | None = None) -> None:
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

    def _workbook(self, register: str, rows: Sequence[demo_files.Row]) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        columns = list(dict.fromkeys(chain.from_iterable(rows)))
        sheet.append(columns)
        for row in rows:
            sheet.append([_cell(name, row.get(name, "")) for name in columns])
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
    elin = order_and_receive(region, karin)
    hand_over(region, elin)
    change_the_organisation(region, anna)
    assert [person.complaints for person in (anna, karin)] == [[], []]
    every_rule_holds(empty)


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
    for register in ("departments", "delivery_places"):
        region.hand_in(anna, register)
    region.hand_in(anna, "roles", [row for row in region.files["roles"] if row["email"] != ELIN])
    rule = {"directory": "region", "group": GROUP, "role": "requester", "cost_center": WARD}
    region.hand_in(anna, "group_rules", [{**rule, "amount_limit": "10000"}])


def build_assortment(region: Region, anna: Person) -> Person:
    """The head says who answers; the manager of supplies brings in what is hers."""
    helena = region.person("helena.stenmark@gotland.example")
    for register in ("categories", "posts", "policies", "suppliers"):
        region.hand_in(helena, register)
    karin = region.person(KARIN)
    own_categories = {row["category"] for row in region.files["posts"] if row["manager"] == KARIN}
    agreements = [row for row in region.files["agreements"] if row["category"] in own_categories]
    items = [row for row in region.files["items"] if row["category"] in own_categories]
    agreement_numbers = {row["number"] for row in agreements} | {""}
    numbers = {row["number"] for row in items}
    prices = [
        row
        for row in region.files["prices"]
        if row["item"] in numbers and row["agreement"] in agreement_numbers
    ]
    region.hand_in(karin, "agreements", agreements)
    region.hand_in(karin, "items", items)
    region.hand_in(karin, "prices", prices)
    return karin


def order(elin: Person) -> None:
    """She puts gloves in her basket and sends it."""
    elin.open("/katalog/?q=handskar")
    row = elin.page.locator("#artikel-104412")
    row.locator("input[name=quantity]").fill("30")
    row.get_by_role("button", name="Lägg till").click()
    expect(row.get_by_text("I korgen").first).to_be_visible()
    elin.open("/korg/")
    elin.page.get_by_role("button", name=re.compile(r"^Skicka \d+ rad")).click()
    elin.page.wait_for_url(re.compile(r"/bestallningar/\d{4}-\d{5}/"))


def order_and_receive(region: Region, karin: Person) -> Person:
    """A nurse comes in through the directory and orders, the manager approves, the order goes, and she receives."""
    elin = region.arrival("elin")
    order(elin)
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
    return elin


def hand_over(region: Region, elin: Person) -> None:
    """The nurse orders again, and the head lets another manager answer for it: what waits goes along."""
    order(elin)
    helena = region.back("helena.stenmark@gotland.example")
    helena.open("/register/posts/ny/?category=1010")
    helena.page.get_by_label("Ansvarig").select_option(SOFIA)
    helena.page.get_by_label("Ersättare").select_option(AHMED)
    helena.page.get_by_label("Från och med").fill(timezone.localdate().isoformat())
    helena.press("Lägg till")
    helena.sees("1 rad som väntar flyttas till den som ansvarar då.")
    helena.picture("region-4-handover")
    helena.press("Lägg till")
    helena.sees("är tillagd")
    waiting = "SELECT u.email FROM procurement_requisitionline l JOIN organizations_user u ON u.id = l.responsible_id"
    assert region.program.query(f"{waiting} WHERE l.status = 'awaiting'") == [(SOFIA,)]


def choose(person: Person, label: str, name: str) -> None:
    """Choose what is called so; there are few enough to be shown in a list."""
    field = person.page.get_by_label(label)
    option = field.locator("option").filter(has_text=name).first
    field.select_option(option.get_attribute("value"))


def change_the_organisation(region: Region, anna: Person) -> None:
    """A manager leaves and another goes on; a department becomes part of another; the clock does what is planned."""
    program = region.program
    karin = program.value("SELECT id FROM organizations_user WHERE email = %s", KARIN)
    anna.open(f"/register/people/{karin}/")
    anna.press("Avsluta")
    choose(anna, "Vem tar över?", "Sofia Ekdahl")
    anna.picture("region-3-leaving")
    anna.press("Avsluta kontot")
    anna.sees("har slutat")
    ward = program.value("SELECT id FROM organizations_department WHERE cost_center = '2141'")
    anna.open(f"/register/departments/{ward}/")
    anna.press("Slå ihop")
    choose(anna, "Vilken enhet går vidare?", "Medicinavdelning 1")
    anna.press("Slå ihop")
    anna.sees("ingår nu i")
    today = timezone.localdate()
    anna.open("/register/department_changes/ny/?cost_center=2150")
    anna.page.get_by_label("Från och med").fill(today.isoformat())
    anna.page.get_by_label("Nytt namn").fill("Vårdavdelning Norr")
    anna.press("Lägg till")
    anna.sees("är tillagd")
    anna.open(f"/register/departures/ny/?email={MIKAEL}&successor={SOFIA}")
    anna.page.get_by_label("Sista dag").fill((today - timedelta(days=1)).isoformat())
    anna.press("Lägg till")
    anna.sees("går till den som tar över.")
    anna.press("Lägg till")
    anna.sees("är tillagd")
    wait_until(
        lambda: program.value("SELECT count(*) FROM organizations_departure WHERE status = 'done'") == 2
    )
    name = "SELECT name FROM organizations_department WHERE cost_center = '2150'"
    wait_until(lambda: program.value(name) == "Vårdavdelning Norr")
    assert program.value("SELECT is_active FROM organizations_user WHERE email = %s", MIKAEL) is False
    assert (
        program.value(
            "SELECT count(*) FROM categories_categoryassignment WHERE upper_inf(valid_during) AND manager_id = %s",
            karin,
        )
        == 0
    )


def every_rule_holds(program: Program) -> None:
    """Nothing in the region breaks a rule that the business lives by."""
    with program.transaction() as connection, connection.cursor() as cursor:
        assert breaches_in(cursor, timezone.now()) == []
