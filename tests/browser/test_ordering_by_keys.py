"""From the search field to a line in the basket: by keys, by a scanner that types, and by a phone's camera."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import chromium
from tests.browser.conftest import People
from tests.browser.person import Person
from tests.faults.program import Program

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(300),
]

MOST_KEYS = 5
READER = """
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["ean_13", "itf"]; }
    constructor({ formats }) { window.askedFormats = formats; }
    async detect(view) {
      window.seen = [view.tagName, view.videoWidth > 0, view.srcObject?.active];
      return window.held ? [{ rawValue: window.held }] : [];
    }
  };
"""
"""Stands where a browser on a phone has its reader of codes, which Chromium on Linux has not."""


def keys(page: Page, *pressed: str) -> None:
    """Press keys, at most as many as may be needed."""
    assert len(pressed) <= MOST_KEYS
    for key in pressed:
        page.keyboard.press(key)


@pytest.mark.parametrize("without_script", [False, True])
def test_at_most_five_keys_to_a_line_in_the_basket(people: People, without_script: bool) -> None:
    oskar = people("oskar.lindahl", without_script=without_script)
    page = oskar.page
    in_basket = page.locator("#lagg-till").get_by_text("I korgen").first
    for word in ("operationshandske",) if without_script else ("kompress",):
        oskar.open(f"/katalog/?q={word}")
        page.locator("#q").focus()
        expect(page.locator("#lagg-till").get_by_role("button", name="Lägg till")).to_be_visible()
        keys(page, "Tab", "Tab", "Enter", "Tab", "Enter")
        expect(in_basket).to_be_visible()
    oskar.open("/katalog/104390/" if without_script else "/katalog/104412/")
    keys(page, "Tab", "Tab", "Enter", "Tab", "Enter")
    expect(in_basket).to_be_visible()
    assert oskar.complaints == []


@pytest.mark.parametrize("without_script", [False, True])
def test_at_most_five_keys_to_what_was_ordered_lately(people: People, without_script: bool) -> None:
    elin = people("elin.bergvall", without_script=without_script)
    for where in ("/start/", "/katalog/?q=finnsinte"):
        elin.open(where)
        elin.page.locator("#q").focus()
        keys(elin.page, "Tab", "Tab", "Enter", "Enter")
        elin.sees("i korgen" if without_script else "I korgen")
    assert elin.complaints == []


@pytest.mark.parametrize(("name", "without_script"), [("amina.yusuf", False), ("jonas.kvarnstrom", True)])
def test_at_most_five_keys_from_a_template_or_a_list_to_the_basket(
    people: People, name: str, without_script: bool
) -> None:
    person = people(name, without_script=without_script)
    page = person.page
    person.open("/katalog/105150/")
    person.press("Spara som favorit")
    person.open("/mallar/ny/?fran=favoriter")
    page.get_by_label("Namn").fill(f"Vecka {name}")
    person.press("Spara mallen")
    person.sees("Valda kostar")
    template = page.url
    for path, pressed in (
        (template, ("Tab", "Tab", "Enter", "Tab", "Enter")),
        ("/favoriter/", ("Tab", "Tab", "Enter", "Space", "Enter")),
    ):
        person.open(path)
        keys(page, *pressed)
        expect(page).to_have_url(re.compile(r"/korg/(#.*)?$"))
        person.sees("ligger i korgen")


def test_arrow_down_and_enter_put_the_first_match_in_the_basket(people: People) -> None:
    amina = people("amina.yusuf", width=360)
    page = amina.page
    amina.open("/katalog/?q=kompress")
    page.locator("#q").focus()
    keys(page, "ArrowDown", "Enter")
    expect(page.locator("#lagg-till").get_by_text("I korgen").first).to_be_visible()


@pytest.mark.parametrize("where", ["/katalog/", "/start/"])
def test_a_scanner_types_into_the_search_field_and_the_item_is_in_the_basket(
    people: People, where: str
) -> None:
    amina = people("amina.yusuf")
    page = amina.page
    amina.open(where)
    field = page.locator("#q")
    field.focus()
    for code in ("09521000000117", "]C1010952100000011717271231", "9521000000117"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(field).to_have_value("")
        expect(field).to_be_focused()
    expect(page.locator("#scanned")).to_contain_text("Undersökningshandske vinyl")
    page.keyboard.type("9521000000124")
    page.keyboard.press("Enter")  # has left the assortment
    expect(page.locator("#scanned [role=alert]")).to_contain_text("går inte längre att beställa")
    expect(field).to_be_focused()
    page.keyboard.type("9521009999993")  # over what was selected
    page.keyboard.press("Enter")
    expect(page.locator("#scanned [role=alert]")).to_contain_text("Ingen artikel har koden 9521009999993.")
    page.keyboard.type("9521000000118")  # its last digit is wrong, so it is a word like others
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/katalog/\?q=9521000000118"))
    assert [each for each in amina.complaints if "status of 4" not in each] == []


def test_no_camera_is_offered_where_the_browser_reads_no_codes(people: People) -> None:
    elin = people("elin.bergvall")
    elin.open("/katalog/skanna/")
    expect(elin.page.locator("#code")).to_be_focused()
    expect(elin.page.locator("[data-camera]")).to_be_hidden()


@pytest.fixture
def telephone(running: Program, browser: Browser) -> Iterator[Person]:
    """A browser with a camera, whose picture is Chromium's own test picture."""
    options = [*chromium.OPTIONS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    camera_browser = browser.browser_type.launch(executable_path=chromium.path(), args=options)
    person = Person(camera_browser, f"http://127.0.0.1:{running.port}", width=360, without_script=False)
    person.log_in("elin.bergvall@gotland.example")
    yield person
    camera_browser.close()


def test_a_telephones_camera_reads_codes_one_after_another(telephone: Person) -> None:
    page = telephone.page
    page.add_init_script(READER)
    telephone.open("/katalog/skanna/")
    page.get_by_role("button", name="Läs av med kameran").click()
    expect(page.locator("video")).to_be_visible()
    page.evaluate("window.held = '9521000000117'")
    expect(page.locator("#scanned")).to_contain_text("Undersökningshandske vinyl")
    first = page.locator("#scanned .note").inner_text()
    assert page.evaluate("window.seen") == ["VIDEO", True, True]
    assert page.evaluate("window.askedFormats") == ["ean_13"]
    page.wait_for_timeout(900)
    assert page.locator("#scanned .note").inner_text() == first  # the same code is still before the camera
    page.evaluate("window.held = '9521000000025'")
    expect(page.locator("#scanned")).to_contain_text("Undersökningshandske nitril")
    assert telephone.barriers() == []
    page.get_by_role("button", name="Stäng av kameran").click()
    expect(page.locator("video")).to_be_hidden()
    assert page.evaluate("document.querySelector('video').srcObject") is None
    assert telephone.complaints == []
