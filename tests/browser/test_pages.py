"""Every page, as the person it is for, at 1280 and 360 px: no barrier, nothing too wide, nothing in the console."""

import io
import time

import pytest
from playwright.sync_api import Route
from pypdf import PdfReader

from tests.browser.conftest import People
from tests.faults.program import Program
from tests.long import LONG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(300),
]

PAGES = {
    "elin.bergvall": [
        "/start/",
        "/katalog/",
        "/katalog/?q=handskar",
        "/katalog/?q=xylofon",
        "/katalog/104412/",
        "/katalog/skanna/",
        "/favoriter/",
        "/mallar/",
        "/mallar/ny/",
        "/mallar/{template}/",
        "/mallar/{template}/andra/",
        "/mallar/{template}/ta-bort/",
        "/aterkallelser/{recall}/",
        "/korg/",
        "/korg/konto/",
        "/behov/",
        "/tjanst/",
        "/bestallningar/",
        "/bestallningar/{requisition}/",
        "/bestallningar/{requisition}/historik/",
        "/ta-emot/",
        "/forslag/",
        "/forslag/nytt/?artikel=104412",
        "/forslag/{question}/",
        "/sortiment/forslag/{vote}/",
        "/notiser/",
        "/notiser/val/",
        "/franvaro/",
        "/api-nycklar/",
        "/mitt-konto/tva-steg/",
        "/mitt-konto/tva-steg/app/",
        "/mitt-konto/tva-steg/losennyckel/",
        "/hjalp/",
        "/tillganglighet/",
        "/kortkommandon/",
        "/personuppgifter/",
        "/finns-inte/",
    ],
    "karin.sundblad": [
        "/notiser/",
        "/i-dag/",
        "/ko/",
        "/ko/?grupp=enhet",
        "/ko/beslutade/",
        "/sortiment/forslag/",
        "/sortiment/forslag/{proposal}/",
        "/sortiment/sokningar/",
        "/sortiment/kandidater/",
        "/avtal/",
        "/avtal/?visa=ofullstandiga",
        "/prisforslag/",
        "/avtal/kalender/",
        "/avtal/{agreement}/",
        "/livscykel/104390/",
        "/livscykel/{recalled}/",
        "/aterkallelser/{recall}/",
        "/inkopsordrar/",
        "/besparingar/",
        "/utanfor-avtal/",
        "/utanfor-avtal/lackage/",
        "/artiklar/104412/filer/",
    ],
    "marianne.klintberg": ["/attester/"],
    "lars.wedin": [
        "/besparingar/",
        "/besparingar/?ar=2020",
        "/besparingar/rader/",
        "/besparingar/utan-baslinje/",
        "/besparingar/pris-volym-mix/",
        "/besparingar/pris-volym-mix/?ar=2020&index=CPI-U",
        "/besparingar/pris-volym-mix/artiklar/?ar=2020&egen=10",
        "/besparingar/rader/?ar=2020&del=avoided",
        "/besparingar/rader/{avoided}/",
        "/besparingar/trohet/?ar=2020",
        "/besparingar/periodisering/",
        "/besparingar/netto/",
        "/besparingar/kostnader/",
        "/baslinjer/",
        "/baslinjer/{indexed}/",
        "/baslinjer/{indexed}/frys-om/",
        "/inlasningar/",
        "/prisjamforelse/",
        "/prisjamforelse/pris-volym-mix/",
        "/rapporter/",
        "/rapporter/ny/",
    ],
    "helena.stenmark": [
        "/i-dag/",
        "/ansvar/",
        "/avtal/",
        "/leverantorsprovningar/",
        "/leverantorsprovningar/{supplier}/",
        "/rapporter/",
        "/rapporter/mallar/",
        "/rapporter/rubriker/",
        "/riktlinje/utkast/borja/",
        "/styrning/",
        "/styrning/uppdrag/{assignment}/",
        "/styrning/uppdrag/{assignment}/aterrapport/",
        "/styrning/rekommendationer/{recommendation}/",
        "/styrning/planer/2021–2022/",
    ],
    "gudrun.alstrom": [
        "/sparlogg/",
        "/sparlogg/forseglingar/",
        "/fragor-om-inkop/",
        "/riktlinje/",
        "/riktlinje/1/",
    ],
    "henrik.lagman": [
        "/personalkatalogen/",
        "/register/",
        "/register/items/",
        "/register/items/?category=10&ordning=-name&antal=25",
        "/register/prices/",
        "/register/roles/?q=xylofon",
        "/register/people/",
        "/register/people/ny/",
        "/register/departments/{department}/",
        "/register/departments/{department}/andra/",
        "/register/departments/{department}/avsluta/",
        "/register/departments/mall/",
        "/register/department_changes/ny/?cost_center=2140",
        "/enheter/{department}/sla-ihop/",
    ],
}

LONGEST = """
SELECT r.number FROM procurement_requisition r
JOIN organizations_user u ON u.id = r.requester_id
JOIN procurement_requisitionline l ON l.requisition_id = r.id
WHERE u.email = %s AND r.submitted_at IS NOT NULL
GROUP BY r.id ORDER BY count(*) DESC, r.id DESC LIMIT 1
"""
"""The number of a person's requisition with most lines; its year is that of the day that the demo was loaded."""


PROPOSAL = "SELECT min(id)::text FROM assortment_proposal WHERE status = %s"

RECALLED = "106188"
"""Something that a ward has received, and that no other test here orders."""

WIDTHS = (1280, 360)


def listed_and_recalled(people: People) -> None:
    """A ward has a list and a template with an item in it, and something that it has received is recalled."""
    elin = people("elin.bergvall")
    elin.open("/katalog/104412/")
    elin.press("Spara för Medicinavdelning 1")
    elin.open("/mallar/ny/")
    elin.page.get_by_label("Namn").fill("Veckans beställning")
    elin.press("Spara mallen")
    elin.page.get_by_label("Lägg till artikel").fill("104412")
    elin.page.keyboard.press("Enter")
    elin.sees("Ask med 100 st")
    karin = people("karin.sundblad")
    karin.open(f"/livscykel/{RECALLED}/")
    karin.page.locator("summary", has_text="Spärra").click()
    karin.page.get_by_label("Varför spärras artikeln?").fill("Bladen lossnar")
    karin.page.get_by_label("Parti").fill("L-7731")
    karin.press("Spärra artikeln")
    karin.sees("Vem har den?")


def test_pages_have_no_barriers(running: Program, people: People) -> None:
    """
    An ordinary run looks at each page in one of the widths, and at the colours of every sixth.

    They are the same in a narrow window, and those of each component are looked at in the gallery.
    """
    requisition = running.value(LONGEST, "elin.bergvall@gotland.example")
    department = running.value("SELECT min(id)::text FROM organizations_department")
    listed_and_recalled(people)
    things = {"requisition": requisition, "department": department, "recalled": RECALLED}
    things["template"] = running.value("SELECT max(id)::text FROM procurement_ordertemplate")
    things["supplier"] = running.value("SELECT max(id)::text FROM procurement_supplierproposal")
    things["recall"] = running.value("SELECT max(id)::text FROM procurement_recall")
    things["assignment"] = running.value(
        "SELECT max(id)::text FROM governance_boardassignment WHERE status = 'open'"
    )
    things["recommendation"] = running.value(
        "SELECT max(id)::text FROM governance_recommendation WHERE status = 'replaced'"
    )
    things["avoided"] = running.value(
        "SELECT min(id)::text FROM reporting_saving WHERE component = 'avoidance'"
    )
    things["indexed"] = running.value(
        "SELECT min(id)::text FROM reporting_savinginitiative WHERE method = 'indexed'"
    )
    things["agreement"] = running.value(
        "SELECT min(id)::text FROM agreements_agreement WHERE status = 'active'"
    )
    for name, state in (("question", "returned"), ("vote", "assessed"), ("proposal", "received")):
        things[name] = running.value(PROPOSAL, state)
    wrong = []
    for email, paths in PAGES.items():
        person = people(email)
        for number, path in enumerate(path.format(**things) for path in paths):
            status = person.open(path)
            if status != (404 if "finns-inte" in path else 200):
                wrong.append(f"{path} answers {status}")
            for width in WIDTHS:
                person.widen(width)
                person.picture(
                    f"{email.partition('.')[0]}{path.replace('/', '-').replace('?', '')}".rstrip("-")
                )
                if LONG or width == WIDTHS[number % len(WIDTHS)]:  # each page in one of the widths, always
                    barriers = person.barriers(with_contrast=LONG or number % 6 == 0)
                    wrong += [f"{width} {path} {barrier}" for barrier in barriers]
                if person.is_too_wide():
                    wrong.append(f"{width} {path} is too wide")
        wrong += [complaint for complaint in person.complaints if "finns-inte" not in complaint]
    assert not wrong, "\n".join(wrong)


def test_a_register_is_kept_without_script_and_in_english(people: People) -> None:
    henrik = people("henrik.lagman", without_script=True)
    henrik.open("/register/administrations/")
    henrik.press("English")
    henrik.page.get_by_role("link", name="New administration").click()
    henrik.page.get_by_label("Code").fill("ZZ")
    henrik.page.get_by_label("Name").fill("Provförvaltningen")
    henrik.press("Add")
    assert henrik.page.url.endswith("/ny/")
    henrik.page.locator("select[name=authority]").select_option(index=1)
    henrik.press("Add")
    assert "ZZ Provförvaltningen has been added." in henrik.page.inner_text("body")
    henrik.page.get_by_role("link", name="Remove").click()
    henrik.press("Remove")
    assert "ZZ Provförvaltningen has been removed." in henrik.page.inner_text("body")


def test_focus_never_hides_behind_the_basket(people: People) -> None:
    oskar = people("oskar.lindahl", width=360)
    oskar.open("/katalog/?q=handskar")
    oskar.page.locator(".item button:has-text('Lägg till')").first.click()
    oskar.page.locator(".bottom-bar").wait_for()
    assert oskar.hidden_by_the_bar(".bottom-bar") == []


@pytest.mark.parametrize(
    ("path", "most_pages", "line"),
    [
        ("/i-dag/", 5, "Handskar från Apoteket vid torget"),
        ("/ko/", 6, "4 rader, 78 askar"),
    ],
)
def test_pages_are_fit_for_paper(people: People, path: str, most_pages: int, line: str) -> None:
    """A column that is too narrow for its words breaks them letter by letter, over many sheets."""
    karin = people("karin.sundblad")
    karin.open(path)
    sheets = PdfReader(io.BytesIO(karin.page.pdf(format="A4"))).pages
    assert len(sheets) <= most_pages
    printed = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
    assert line in printed


NOTES = """window.noted = ""; new MutationObserver((changes) => changes.forEach((change) =>
    change.addedNodes.forEach((node) => { window.noted += node.textContent; })))
    .observe(document.body, { childList: true, subtree: true });"""
"""Keep what comes to the page: a browser that waits for a file cannot be asked meanwhile."""


def later(route: Route) -> None:
    """Let a request go on after a while."""
    time.sleep(1.5)
    route.continue_()


def test_a_file_that_takes_time_is_said_to_be_made_until_it_comes(people: People) -> None:
    lars = people("lars.wedin")
    lars.open("/besparingar/?ar=2020")
    lars.page.route("**/besparingar/excel/**", later)
    lars.page.evaluate(NOTES)
    with lars.page.expect_download():
        lars.page.evaluate("document.querySelector('a[href*=excel]').click()")
    assert "Filen tas fram" in lars.page.evaluate("window.noted")
    lars.page.locator(".making").wait_for(state="detached")
    assert not lars.page.evaluate("document.cookie.includes('rauk-download')")


def test_sign_in_has_no_barriers(people: People) -> None:
    person = people("elin.bergvall")
    person.context.clear_cookies()
    person.open("/logga-in/")
    for width in WIDTHS:
        person.widen(width)
        person.picture("signin")
        assert not person.barriers(with_contrast=LONG or width == WIDTHS[0])
        assert not person.is_too_wide()


BESIDE_EACH_OTHER = """() => {
    const boxes = [...document.querySelectorAll(".brand__home, .nav__links > li, .header__end > *")]
        .map((each) => each.getBoundingClientRect()).filter((box) => box.width);
    return boxes.slice(1).filter((box, before) => box.left < boxes[before].right - 0.5).length;
}"""


def test_nothing_in_the_header_lies_over_something_else(people: People) -> None:
    """Above 1040 px the links stand in a row, whatever they are called and whatever the person is."""
    karin = people("karin.sundblad")
    karin.open("/hjalp/")
    for language in ("English", "Svenska"):
        karin.press(language)
        for width in (1042, 1150, 1280, 1366):
            karin.widen(width)
            assert karin.page.evaluate(BESIDE_EACH_OTHER) == 0, (language, width)
            assert not karin.is_too_wide()
