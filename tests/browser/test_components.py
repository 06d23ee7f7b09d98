"""The components in a browser: what script adds, what works without it, and what axe says."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser import axe
from tests.long import LONG

pytestmark = pytest.mark.browser

WIDTHS = (1280, 360)
STICKING_OUT = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 80))"""


@pytest.fixture(autouse=True)
def closed(browser: Browser) -> Iterator[None]:
    """Leave nothing open for the next test."""
    yield
    for context in browser.contexts:
        context.close()


@pytest.fixture
def gallery(browser: Browser, live_server: LiveServer, settings: Settings) -> Page:
    """The gallery, opened wide."""
    settings.DEBUG = True
    page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="sv-SE")
    page.goto(f"{live_server.url}/komponenter/")
    return page


@pytest.mark.parametrize(
    "path",
    [
        "/komponenter/",
        "/logga-in/",
        "/hjalp/",
        "/kortkommandon/",
        "/tillganglighet/",
        "/personuppgifter/",
        "/x/",
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, live_server: LiveServer, settings: Settings, path: str
) -> None:
    """An ordinary run looks at the colours in the wide window only: they are the same in the narrow one."""
    settings.DEBUG = path == "/komponenter/"
    page = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True).new_page()
    page.goto(live_server.url + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(STICKING_OUT) == []
        assert axe.barriers(page, with_contrast=LONG or width == WIDTHS[0]) == []


def test_policy_lets_everything_through(
    browser: Browser, live_server: LiveServer, settings: Settings
) -> None:
    settings.DEBUG = True
    complaints: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/komponenter/", wait_until="networkidle")
    assert complaints == []


def test_error_summary_has_focus_and_leads_to_its_field(gallery: Page) -> None:
    assert gallery.evaluate("document.activeElement.className") == "error-summary"
    gallery.get_by_role("link", name="Ange ett datum").click()
    assert gallery.evaluate("document.activeElement.id") == "id_needed_by"


def test_button_says_what_was_chosen(gallery: Page) -> None:
    button = gallery.locator("[data-repeats-choice]")
    gallery.locator(".choice__body [data-step='1']").click()
    assert button.text_content() == "Ändra till 21 och godkänn"
    gallery.get_by_label("Fråga Jonas").check()
    assert button.text_content() == "Skicka frågan"


def test_selection_is_counted_and_summed(gallery: Page) -> None:
    gallery.locator("[data-select-group]").first.check()
    assert gallery.locator("[data-selected-count]").text_content() == "2 rader valda"
    assert gallery.locator("[data-selected-sum]").text_content() == "1\u00a0740,00\u00a0kr"
    count_label = gallery.locator("[data-selection-bar]:not([hidden]) [data-count-label]")
    assert count_label.text_content() == "Godkänn 2"
    gallery.locator("[data-select-group]").first.uncheck()
    assert gallery.locator("[data-selection-bar]").is_hidden()


def test_keys_move_and_select_but_not_in_a_field(gallery: Page) -> None:
    gallery.keyboard.press("k")
    gallery.keyboard.press("k")
    gallery.keyboard.press("x")
    assert gallery.locator("[data-selection-bar]").is_hidden()
    gallery.locator("#id_project").press("x")
    assert gallery.input_value("#id_project") == "x"


def test_keys_can_be_switched_off(gallery: Page) -> None:
    gallery.keyboard.press("?")
    gallery.wait_for_url("**/kortkommandon/")
    gallery.get_by_label("Kortkommandon är på").uncheck()
    gallery.go_back()
    gallery.keyboard.press("?")
    gallery.wait_for_timeout(300)
    assert gallery.url.endswith("/komponenter/")


def test_date_is_swedish_and_has_a_calendar(gallery: Page) -> None:
    gallery.fill("#id_needed_by", "2021-05-25")
    gallery.get_by_role("button", name="Öppna kalendern").click()
    assert gallery.locator(".day__native").input_value() == "2021-05-25"


def test_page_is_whole_without_script(browser: Browser, live_server: LiveServer, settings: Settings) -> None:
    settings.DEBUG = True
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{live_server.url}/komponenter/")
    assert page.locator(".stepper__button").first.is_hidden()
    assert page.locator("[name=gallery]").is_visible()
    assert page.locator("[data-selection-bar]").is_visible()
    assert page.locator("[data-menu]").count() == 0
