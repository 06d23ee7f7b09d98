"""What a browser does between two pages: Back, a line that is cut, a session that ends in the middle of a form."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(300),
]

NEED = "Tvättvagn, hopfällbar, till sköljen"


def is_whole(person: Person) -> None:
    """A page with its header and its style, not a part that was meant for HTMX."""
    expect(person.page.locator("header.header")).to_be_visible()
    expect(person.page.locator("main#content")).to_have_count(1)
    assert person.page.evaluate("document.compatMode") == "CSS1Compat"


def test_back_shows_a_whole_page_wherever_a_page_swaps_its_parts(people: People) -> None:
    elin = people("elin.bergvall")
    elin.open("/katalog/")
    elin.page.get_by_role("searchbox").first.fill("handske")
    expect(elin.page).to_have_url("/katalog/?q=handske")
    elin.page.locator("[id^=artikel-] .row__title a, [id^=artikel-] h2 a, [id^=artikel-] h3 a").first.click()
    elin.page.wait_for_url("**/katalog/1*/**")
    elin.page.go_back()
    expect(elin.page).to_have_url("/katalog/?q=handske")
    is_whole(elin)
    expect(elin.page.locator("[id^=artikel-]").first).to_be_visible()
    elin.page.go_back()
    is_whole(elin)

    karin = people("karin.sundblad")
    karin.open("/ko/")
    karin.page.locator("tr[data-line] .button--more").nth(1).click()
    expect(karin.page.locator("#panel[data-chosen]")).to_be_visible()
    url = karin.page.url
    karin.page.locator("#panel a[href^='/bestallningar/']").first.click()
    karin.page.wait_for_url("**/bestallningar/**")
    karin.page.go_back()
    expect(karin.page).to_have_url(url)
    is_whole(karin)
    karin.page.locator('button[data-key="g"]').first.click()
    expect(karin.page.get_by_text("Du godkände").first).to_be_visible()
    karin.page.go_back()
    is_whole(karin)


def test_what_did_not_come_through_is_said_and_can_be_tried_again(people: People) -> None:
    elin = people("elin.bergvall")
    page = elin.page
    elin.open("/katalog/?q=operationshandske")
    row = page.locator("#artikel-104508")
    elin.context.set_offline(True)
    row.get_by_role("button", name="Lägg till").click()
    expect(page.get_by_role("alert")).to_contain_text("Det gick inte fram")
    expect(row.get_by_text("I korgen")).to_have_count(0)
    elin.context.set_offline(False)
    page.get_by_role("button", name="Försök igen").click()
    expect(row.get_by_text("I korgen").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)

    elin.open("/korg/")
    line = page.locator("form:has([data-stepper])").first
    field = line.locator("input[name=quantity]")
    before = field.input_value()
    page.route("**/korg/rader/**", lambda route: route.fulfill(status=500, body=""))
    line.locator('[data-step="1"]').click()
    expect(page.get_by_role("alert")).to_contain_text("Det gick inte nu")
    expect(field).to_have_value(before)
    page.unroute("**/korg/rader/**")
    page.get_by_role("button", name="Försök igen").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("form:has([data-stepper]) input[name=quantity]").first).to_have_value(
        str(int(before) + 1)
    )

    elin.open("/katalog/")
    elin.context.set_offline(True)
    page.get_by_role("searchbox").first.fill("spruta")
    expect(page.get_by_role("alert")).to_contain_text("Det gick inte fram")
    elin.context.set_offline(False)

    karin = people("karin.sundblad")
    karin.open("/ko/")
    waiting = karin.heading()
    karin.context.set_offline(True)
    karin.page.locator('button[data-key="g"]').first.click()
    expect(karin.page.get_by_role("alert")).to_be_in_viewport()
    assert karin.heading() == waiting
    karin.context.set_offline(False)
    karin.page.get_by_role("button", name="Försök igen").click()
    expect(karin.page.get_by_text("Du godkände").first).to_be_visible()


def write_a_need(person: Person) -> None:
    page = person.page
    person.open("/behov/")
    page.locator("[name=description]").fill(NEED)
    page.locator("[name=quantity]").fill("2")
    page.locator("[name=unit]").fill("st")
    page.locator("[name=estimated_unit_price]").fill("1450")


def test_what_a_person_typed_is_there_when_she_has_signed_in_again(people: People) -> None:
    elin = people("elin.bergvall")
    write_a_need(elin)
    elin.context.clear_cookies(name="sessionid")
    with elin.page.expect_response(re.compile("/behov/grans/")) as hint:
        elin.page.locator("[name=quantity]").fill("3")
        elin.page.locator("[name=unit]").focus()
    assert hint.value.status == 204, "the page asked for it by itself, so it leads nowhere"
    elin.press("Lägg behovet i korgen")
    elin.sees("finns det du skrev kvar")
    elin.page.get_by_label("E-post").fill("elin.bergvall@gotland.example")
    elin.page.get_by_label("Lösenord", exact=True).fill(elin.password)
    elin.press("Logga in")
    assert elin.heading() == "Det du skrev finns kvar"
    expect(elin.page.locator("textarea")).to_have_value(NEED)
    elin.picture("kept-form")
    elin.press("Skicka igen")
    elin.sees(NEED)
    assert "/korg/" in elin.page.url
    elin.open("/fortsatt/")
    assert "/fortsatt/" not in elin.page.url


def test_what_a_person_typed_is_shown_to_nobody_else(people: People) -> None:
    elin = people("elin.bergvall")
    write_a_need(elin)
    elin.context.clear_cookies(name="sessionid")
    elin.press("Lägg behovet i korgen")
    elin.page.get_by_label("E-post").fill("karin.sundblad@gotland.example")
    elin.page.get_by_label("Lösenord", exact=True).fill(elin.password)
    elin.press("Logga in")
    assert NEED not in elin.page.content()


@pytest.mark.parametrize("without_script", [False, True])
def test_a_form_that_stood_open_too_long_comes_back_filled_in(people: People, without_script: bool) -> None:
    elin = people("elin.bergvall", without_script=without_script)
    write_a_need(elin)
    elin.context.clear_cookies(name="csrftoken")
    elin.press("Lägg behovet i korgen")
    assert elin.heading() == "Det du skrev finns kvar"
    elin.press("Skicka igen")
    elin.sees(NEED)
