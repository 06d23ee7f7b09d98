"""Three days in a browser: a deputy's during a holiday, the head's when nobody has decided, and the goods reception's."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(300)]

FRIDAY = 4
SWEEP = """
from datetime import timedelta
from django.utils import timezone
from procurement.operations.rerouting import reroute_waiting
reroute_waiting(at=timezone.now() + timedelta(days={days}))"""

COMING_TO_THE_WARD = """
    SELECT o.number, i.number FROM procurement_allocation a JOIN procurement_orderline ol ON ol.id = a.order_line_id
    JOIN procurement_purchaseorder o ON o.id = ol.order_id JOIN catalog_item i ON i.id = ol.item_id
    JOIN procurement_requisitionline l ON l.id = a.line_id JOIN procurement_requisition r ON r.id = l.requisition_id
    JOIN organizations_department d ON d.id = r.department_id
    WHERE d.name = 'Medicinavdelning 1' AND o.status = 'sent' AND ol.unit = 'ask'
    AND a.quantity - a.received_quantity - a.closed_quantity >= 3 AND r.requester_id <> l.decided_by_id
    ORDER BY o.id LIMIT 1"""


def rows(person: Person) -> int:
    """How many lines her queue has."""
    person.open("/ko/")
    return person.page.locator("tr.queue-row").count()


def more(row: Locator) -> Locator:
    """What opens the panel of a line."""
    return row.get_by_label(re.compile("Fler val för")).last


def is_fit_for_a_phone(person: Person) -> None:
    """Nobody is shut out of the page, and it is not wider than a telephone."""
    assert person.barriers() == []
    person.widen(360)
    assert not person.is_too_wide()
    person.widen(1280)


def test_the_deputy_decides_during_the_holiday_and_no_longer(people: People) -> None:
    people.program.act(SWEEP.format(days=0))
    karin, ahmed = people("karin.sundblad"), people("ahmed.hassan")
    karin_count, ahmed_count = rows(karin), rows(ahmed)
    karin.open("/franvaro/")
    form = karin.page.locator("main form").first
    today = timezone.localdate()
    form.locator("[name=first_date]").fill(today.isoformat())
    form.locator("[name=last_date]").fill((today + timedelta(days=4)).isoformat())
    form.get_by_role("button", name="Anmäl frånvaro").click()
    karin.sees("Din ersättare går in")
    people.program.act(SWEEP.format(days=0))
    assert rows(karin) == 0

    assert rows(ahmed) > ahmed_count
    row = ahmed.page.locator("tr.queue-row").filter(has_text="Medicinavdelning 1").first
    more(row).click()
    expect(ahmed.page.locator("#panel[data-chosen]")).to_contain_text("Karin Sundblad")
    ahmed.picture("deputy-1-line")
    is_fit_for_a_phone(ahmed)
    waiting = ahmed.page.locator("tr.queue-row").count()
    ahmed.page.keyboard.press("g")
    expect(ahmed.page.locator("tr.queue-row")).to_have_count(waiting - 1)
    decided = people.program.query(
        "SELECT rule, on_behalf_of_id FROM procurement_linedecision ORDER BY id DESC LIMIT 1"
    )
    assert decided[0][0] == "deputy"

    karin.open("/franvaro/")
    karin.press("Ta tillbaka")
    karin.sees("är tillbakatagen")
    people.program.act(SWEEP.format(days=0))
    assert 0 < rows(karin) < karin_count + 1
    assert rows(ahmed) <= ahmed_count
    assert karin.complaints == ahmed.complaints == []


def test_the_head_has_what_nobody_has_decided(people: People) -> None:
    helena = people("helena.stenmark")
    had = rows(helena)
    weekday = timezone.localdate().weekday()
    people.program.act(SWEEP.format(days=7 + (7 - weekday if weekday > FRIDAY else 0)))
    helena.open("/i-dag/")
    helena.sees("har gått vidare till dig")
    helena.picture("head-1-today")
    helena.press("Se raderna")
    lines = helena.page.locator("tr.queue-row")
    assert lines.count() > had
    more(lines.filter(has_text="Munskydd IIR")).click()
    panel = helena.page.locator("#panel[data-chosen]")
    expect(panel).to_contain_text("Har gått vidare från")
    helena.picture("head-2-line")
    is_fit_for_a_phone(helena)
    helena.page.keyboard.press("l")
    to = helena.page.locator("#panel select[name=to]")
    to.select_option(to.locator("option").filter(has_text="Karin Sundblad").get_attribute("value"))
    helena.page.locator("#panel textarea").first.fill("Ta den i dag.")
    line_count = lines.count()
    helena.page.keyboard.press("Control+Enter")
    expect(lines).to_have_count(line_count - 1)
    karin = people("karin.sundblad")
    karin.open("/notiser/")
    karin.sees("Ta den i dag.")
    assert helena.complaints == []


def test_the_goods_reception_scans_counts_and_says_what_was_broken(people: People) -> None:
    order, item = people.program.query(COMING_TO_THE_WARD)[0]
    elin = people("elin.bergvall", width=360)
    elin.open("/godsmottagning/")
    elin.picture("reception-1-day")
    assert elin.barriers() == []
    code = elin.page.locator("#code")
    expect(code).to_be_focused()
    for scanned in (order, item, item):
        code.fill(scanned)
        code.press("Enter")
        elin.page.wait_for_load_state()
        elin.page.wait_for_url(re.compile(rf"order={order}"))
    elin.sees("2 askar skannade")
    elin.page.get_by_text("Skadat, för många").first.click()
    elin.page.locator("select[name$=-deviation]").first.select_option("damaged")
    elin.page.locator("input[name$=-deviation_quantity]").first.fill("1")
    elin.picture("reception-2-counted")
    assert elin.barriers() == []
    assert not elin.is_too_wide()
    elin.page.get_by_role("button", name="Ta emot 2 askar").click()
    elin.page.wait_for_load_state()
    elin.picture("reception-3-done")
    received = people.program.query(
        "SELECT quantity, deviation FROM procurement_receiptline ORDER BY id DESC LIMIT 1"
    )
    assert received == [(2, "damaged")]
    assert (
        people.program.value("SELECT expects FROM procurement_complaint ORDER BY id DESC LIMIT 1")
        == "replacement"
    )
    assert elin.complaints == []
