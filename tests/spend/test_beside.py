"""What is bought beside the system, against an example computed by hand, on the page and in the files; and who sees what."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from office.operations.mergers import merge_categories
from organizations.models import User
from registers.models import Import
from reporting.models import LoyalMonth, ReceivedMonth
from reporting.operations.months import sum_up_months
from spend.meanings import meanings_of
from spend.models import Meaning
from spend.off_system import Part, off_system_spend, sellers
from spend.operations.meanings import decide_meaning
from spend.selection import Selection
from spend.spans import spans
from tests.cast import NOW, Cast
from tests.pages import flat, signed_in
from tests.reporting import initiatives
from tests.spend.ledgers import SOURCE, YEAR, brought_in, table
from tests.worlds import received

pytestmark = pytest.mark.usefixtures("at_nine")

MOST_STATEMENTS = 15
MONTHS = [date(2021, 3, 1), date(2021, 5, 1)]


def by_name(parts: tuple[Part, ...]) -> dict[tuple[int | None, str], tuple[Decimal, Decimal, Decimal]]:
    return {(part.id, part.name): (part.booked, part.here, part.beside) for part in parts}


@pytest.mark.usefixtures("ledger")
def test_the_example(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Booked 2 000 + 500 − 100 + 300 = 2 700; 580 of it was received here; 2 120 is 78.5 % of it."""
    with django_assert_num_queries(4):
        result = off_system_spend(YEAR)
    assert (result.whole.booked, result.whole.here, result.whole.beside) == (
        Decimal(2700),
        Decimal(580),
        Decimal(2120),
    )
    assert result.whole.share == Decimal("78.5")
    assert by_name(result.administrations) == {
        (cast.administration.pk, cast.administration.name): (Decimal(2800), Decimal(580), Decimal(2220)),
        (None, ""): (Decimal(-100), Decimal(0), Decimal(-100)),
    }
    assert by_name(result.categories) == {
        (cast.medical.pk, ""): (Decimal(2400), Decimal(580), Decimal(1820)),
        (None, ""): (Decimal(300), Decimal(0), Decimal(300)),
    }


@pytest.mark.usefixtures("ledger")
def test_what_was_received_is_that_of_the_lines_whatever_is_kept(cast: Cast) -> None:
    """Of whole months that are summed up it is what is kept, of others the lines; reach, day and returns make no difference."""
    initiatives.delivered(cast, date(2021, 5, 3), "4", "58.00")
    initiatives.delivered(cast, date(2021, 3, 3), "9", "58.00")
    half = replace(YEAR, ends=date(2021, 5, 20))
    choices = [YEAR, half, replace(YEAR, reach=[cast.medical.pk]), replace(YEAR, reach=[cast.office.pk])]
    of_lines = [off_system_spend(each) for each in choices]
    from_whom = [sellers(each, months=MONTHS, limit=10) for each in choices]
    assert of_lines[0].whole.here == of_lines[1].whole.here == Decimal(580)
    sum_up_months()
    assert [off_system_spend(each) for each in choices] == of_lines
    assert [sellers(each, months=MONTHS, limit=10) for each in choices] == from_whom
    ReceivedMonth.objects.update(amount=Decimal(1))
    assert [seller.here for seller in sellers(YEAR, months=MONTHS, limit=10)] == [1, 0]
    LoyalMonth.objects.filter(here__gt=0).update(here=Decimal(1))
    assert off_system_spend(YEAR).whole.here == 1
    line = received(cast, (cast.gown, 2)).lines.get()
    again = Decimal(580) + line.amount
    assert off_system_spend(YEAR).whole.here == again


@pytest.mark.usefixtures("ledger")
def test_how_sure_the_example_is(cast: Cast) -> None:
    """
    Of 2 700 booked 300 has no category, and 40 is on an account without a meaning: 340 of 2 740 is 12.4 %.

    The debt of 12 800 is on an account without a meaning too, but is no debit. 400 is of a supplier that is not matched, 300 of nobody.
    """
    result = off_system_spend(YEAR)
    assert (result.without_category, result.undecided, result.uncategorised) == (
        Decimal(300),
        Decimal(40),
        Decimal(340),
    )
    assert (result.uncategorised_share, result.undecided_accounts) == (Decimal("12.4"), 2)
    assert (result.unmatched, result.unnamed, result.unmatched_share) == (
        Decimal(400),
        Decimal(300),
        Decimal("25.9"),
    )


@pytest.mark.usefixtures("ledger")
def test_only_months_with_rows_are_compared(cast: Cast) -> None:
    """No rows in April are no purchases of nought; what was received then is not counted either."""
    spring = Selection(SOURCE, date(2021, 3, 1), date(2021, 6, 30))
    result = off_system_spend(spring)
    assert result.months == (date(2021, 3, 1), date(2021, 5, 1))
    assert result.missing_months == (date(2021, 4, 1), date(2021, 6, 1))
    march = off_system_spend(Selection(SOURCE, date(2021, 3, 1), date(2021, 4, 30)))
    assert (march.whole.booked, march.whole.here, march.whole.share) == (Decimal(0), Decimal(0), None)
    nothing = off_system_spend(Selection(SOURCE, date(2019, 1, 1), date(2019, 3, 31)))
    assert (nothing.months, nothing.whole.share, nothing.uncategorised_share) == ((), None, None)


@pytest.mark.usefixtures("ledger")
def test_from_whom(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        ours, stranger = sellers(YEAR, months=MONTHS, limit=10)
    assert (ours.name, ours.is_matched, ours.has_agreement, ours.booked, ours.here, ours.beside) == (
        cast.supplier.name,
        True,
        True,
        Decimal(2000),
        Decimal(580),
        Decimal(1420),
    )
    assert (stranger.key, stranger.is_matched, stranger.has_agreement, stranger.beside) == (
        "qvxzzy jkw",
        False,
        False,
        Decimal(400),
    )


def page_of(user: User, address: str = "/reskontra/?fran=2021-01-01&till=2021-12-31") -> str:
    answer = signed_in(user).get(address)
    assert answer.status_code == 200
    return flat(answer.content.decode())


@pytest.mark.usefixtures("ledger")
def test_the_page_says_it_and_asks_little(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.controller)
    client.get("/reskontra/")
    with django_assert_max_num_queries(MOST_STATEMENTS - 1):
        page = flat(client.get("/reskontra/?fran=2021-01-01&till=2021-12-31").content.decode())
    for sentence in (
        "78,5 % köps vid sidan av systemet",
        "Det som är bokfört i raindance 2021-01-01 till 2021-12-31",
        "Källan har inga rader för januari–februari 2021, april 2021, juni–december 2021",
        "Kostnadsstället är inte känt",
        "12,4 %",
        "Det är 300 kr på konton utan kategori och 40 kr på konton utan betydelse.",
        "Det är 400 kr hos leverantörer som inte är kopplade och 300 kr utan leverantör i källan.",
        "Inte kopplad än",
        "Har avtal",
    ):
        assert sentence in page.replace("\xa0", " ").replace("\xad", ""), sentence
    assert "Lön Anna" not in page


@pytest.mark.usefixtures("ledger")
def test_every_figure_opens_to_rows_that_sum_to_it(cast: Cast) -> None:
    client = signed_in(cast.controller)
    context = client.get("/reskontra/?fran=2021-01-01&till=2021-12-31").context
    figures = [(row.url, row.part.booked) for row in (*context["administrations"], *context["categories"])]
    figures += [(url, seller.booked) for seller, url in context["sellers"]]
    assert len(figures) == 6
    for url, booked in figures:
        assert client.get(url).context["sums"]["amount"] == booked, url


@pytest.mark.usefixtures("ledger")
def test_rows_that_are_no_purchases_open_for_finance_and_auditors_only(cast: Cast) -> None:
    address = "/reskontra/rader/?fran=2021-01-01&till=2021-12-31&konto=7010"
    assert "Lön Anna" in page_of(cast.controller, address)
    assert "Lön Anna" in page_of(cast.auditor, address)
    for user in (cast.head, cast.manager):
        assert signed_in(user).get(address).status_code == 403
        assert "Lön Anna" not in page_of(user, "/reskontra/rader/?fran=2021-01-01&till=2021-12-31")


@pytest.mark.usefixtures("ledger")
def test_what_is_booked_in_a_merged_category_is_bought_in_the_one_that_goes_on(cast: Cast) -> None:
    """Merged in June: May is as it was, a period that ends later is of the other, and seen by who answers for it."""
    june = NOW.replace(month=6, day=10)
    may, later = (replace(YEAR, starts=date(2021, 5, 1), ends=date(2021, end, 30)) for end in (5, 6))
    before = off_system_spend(may)
    merge_categories(category=cast.gloves_category, into=cast.services, by=cast.head, at=june)
    assert off_system_spend(may) == before
    assert by_name(off_system_spend(later).categories)[cast.services.pk, ""][0] == Decimal(2400)
    scoped = replace(later, reach=[cast.services.pk])
    assert off_system_spend(scoped).whole.booked == Decimal(2400)
    rows = signed_in(cast.head).get(
        f"/reskontra/rader/?kalla={SOURCE}&fran={later.starts}&till={later.ends}&kategori={cast.services.code}"
    )
    assert rows.status_code == 200
    assert len(rows.context["page_obj"]) == 3


@pytest.mark.usefixtures("ledger")
def test_a_manager_sees_her_own_categories(cast: Cast) -> None:
    """Karin answers for medical supplies: the gloves are hers, the paper is nobody's; Sofia, when she does not step in, sees nothing."""
    page = page_of(cast.manager)
    assert "Du ser dina egna kategorier." in page
    assert "på konton utan betydelse" not in page
    context = signed_in(cast.manager).get("/reskontra/?fran=2021-01-01&till=2021-12-31").context
    assert (context["found"].whole.booked, context["found"].whole.here) == (Decimal(2400), Decimal(580))
    cast.medical.assignments.update(deputy=None)
    other = signed_in(cast.deputy).get("/reskontra/?fran=2021-01-01&till=2021-12-31").context
    assert (other["found"].whole.booked, other["found"].whole.here) == (Decimal(0), Decimal(0))
    rows = signed_in(cast.deputy).get("/reskontra/rader/?fran=2021-01-01&till=2021-12-31")
    assert rows.context["sums"]["count"] == 0


def status(client: Client, address: str) -> int:
    """How a page answers, its file read to the end."""
    answer = client.get(address)
    if answer.streaming:
        list(answer)
    return answer.status_code


PAGES = ("/reskontra/", "/reskontra/rader/", "/reskontra/excel/", "/reskontra/csv/")
LEDGER_PAGES = ("/reskontra/konton/", "/reskontra/leverantorer/", "/reskontra/leverantorer/kopplade/")


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    ("role", "sees", "sees_ledger"),
    [
        ("controller", True, True),
        ("auditor", True, True),
        ("head", True, False),
        ("manager", True, False),
        ("requester", False, False),
        ("budget_holder", False, False),
        ("administrator", False, False),
    ],
)
def test_who_sees_which_page(cast: Cast, role: str, sees: bool, sees_ledger: bool) -> None:
    client = signed_in(getattr(cast, role))
    assert [status(client, page) for page in PAGES] == [200 if sees else 403] * len(PAGES)
    assert [status(client, page) for page in LEDGER_PAGES] == [200 if sees_ledger else 403] * len(
        LEDGER_PAGES
    )


def test_without_a_ledger_the_page_says_so(cast: Cast) -> None:
    assert "Ingen reskontra är inläst" in page_of(cast.head, "/reskontra/")
    assert "Läs in en fil" in page_of(cast.controller, "/reskontra/")
    for page in ("/reskontra/konton/", "/reskontra/leverantorer/"):
        assert "Ingen reskontra är inläst" in page_of(cast.controller, page)
    assert signed_in(cast.controller).get("/reskontra/rader/").status_code == 404


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize(
    "query",
    [
        "kalla=annan",
        "fran=igår",
        "fran=0001-01-01",
        "fran=2021-02-01&till=2021-01-01",
        "fran=2000-01-01&till=2099-01-01",
    ],
)
def test_what_does_not_exist_is_not_found(cast: Cast, query: str) -> None:
    client = signed_in(cast.controller)
    assert [client.get(f"{page}?{query}").status_code for page in (*PAGES, *LEDGER_PAGES)] == [404] * 7
    for narrowed in ("kategori=X", "forvaltning=X", "leverantor=X"):
        assert client.get(f"/reskontra/rader/?{narrowed}").status_code == 404


def whole(client: Client, address: str) -> io.BytesIO:
    """A file that a page hands out."""
    return io.BytesIO(b"".join(client.get(address)))


@pytest.mark.usefixtures("ledger")
def test_the_files_say_what_the_page_says(cast: Cast) -> None:
    client = signed_in(cast.controller)
    address = "?fran=2021-01-01&till=2021-12-31"
    book = openpyxl.load_workbook(whole(client, f"/reskontra/excel/{address}"))
    assert book.sheetnames == ["Per förvaltning", "Per kategori", "Per leverantör", "Metod"]
    cells = [[cell.value for cell in row] for row in book["Per förvaltning"]]
    assert ["Totalt", 2700, 580, 2120, 78.5] in cells
    assert any("raindance" in str(row[0]) and "2021-12-31" in str(row[0]) for row in cells)
    text = whole(client, f"/reskontra/csv/{address}").read().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert [row[0] for row in rows] == ["Leverantör", cast.supplier.name, "Qvxzzy Jkw"]
    assert rows[1][2:4] == ["Kopplad", "Ja"]


def test_a_name_that_a_spreadsheet_would_compute_stays_a_name(cast: Cast) -> None:
    brought_in(table({"Leverantör": '=HYPERLINK("http://x";"y")', "Bokförd": "2021-05-01"}), cast.controller)
    decide_meaning(source="", first_account="4010", meaning=Meaning.PURCHASE, by=cast.controller, at=NOW)
    client = signed_in(cast.controller)
    book = openpyxl.load_workbook(whole(client, "/reskontra/excel/"))
    name = next(cell for row in book["Per leverantör"] for cell in row if "HYPERLINK" in str(cell.value))
    assert name.data_type == "s"
    text = whole(client, "/reskontra/csv/").read().decode("utf-8-sig")
    assert "\n=" not in text
    assert '\n"=' not in text


def test_an_account_is_given_a_meaning_on_its_page(
    cast: Cast, ledger: Import, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(cast.controller)
    address = "/reskontra/konton/?fran=2021-01-01&till=2021-12-31"
    with django_assert_max_num_queries(MOST_STATEMENTS - 1):
        page = flat(client.get(address).content.decode())
    assert "2 konton saknar betydelse" in page
    data = {"first_account": "6990", "last_account": "", "meaning": "category", "category": ""}
    response = client.post(address, data)
    assert response.status_code == 422
    assert "Välj kategori när kontot är köp i en kategori" in response.content.decode()
    assert client.post(address, {**data, "category": cast.office.pk}).status_code == 302
    assert off_system_spend(YEAR).whole.booked == Decimal(2740)
    assert "1 konto saknar betydelse" in flat(client.get(address).content.decode())
    assert client.post(address, {**data, "first_account": "–", "meaning": "other"}).status_code == 302
    assert meanings_of(SOURCE, [""])[""].meaning == Meaning.OTHER
    assert "Spara betydelsen" not in page_of(cast.auditor, address)
    assert signed_in(cast.auditor).post(address, {**data, "category": cast.office.pk}).status_code == 403


def test_a_supplier_is_matched_with_one_press_and_undone(
    cast: Cast, ledger: Import, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, query = signed_in(cast.controller), "?fran=2021-01-01&till=2021-12-31"
    with django_assert_max_num_queries(MOST_STATEMENTS - 1):
        page = flat(client.get(f"/reskontra/leverantorer/{query}").content.decode())
    assert "1 leverantör att koppla" in page
    assert "Vår leverantör" in flat(
        client.get(f"/reskontra/leverantorer/{query}&valj=qvxzzy+jkw").content.decode()
    )
    pressed = {"key": "qvxzzy jkw", "supplier": cast.paper_supplier.org_number}
    answer = client.post(f"/reskontra/leverantorer/koppla/{query}", pressed, follow=True)
    assert f"Qvxzzy Jkw är kopplad: {cast.paper_supplier.name}." in flat(answer.content.decode())
    assert off_system_spend(YEAR).unmatched == 0
    again = client.post(f"/reskontra/leverantorer/koppla/{query}", pressed, follow=True)
    assert "Leverantören är redan kopplad." in flat(again.content.decode())
    matched = client.get(f"/reskontra/leverantorer/kopplade/{query}")
    assert len(matched.context["page_obj"]) == 2
    client.post(f"/reskontra/leverantorer/angra/{query}", {"key": "qvxzzy jkw"})
    assert off_system_spend(YEAR).unmatched == 400
    for address in ("koppla", "angra"):
        assert (
            signed_in(cast.auditor).post(f"/reskontra/leverantorer/{address}/{query}", pressed).status_code
            == 403
        )
    assert client.post(f"/reskontra/leverantorer/angra/{query}", {"key": "\x00"}).status_code == 400
    for supplier in ("Ingen alls", ""):
        response = client.post(
            f"/reskontra/leverantorer/koppla/{query}", {**pressed, "supplier": supplier}, follow=True
        )
        assert response.status_code == 422
        assert "Ingen leverantör heter" in flat(response.content.decode()) or "Välj en leverantör" in flat(
            response.content.decode()
        )
    assert off_system_spend(YEAR).unmatched == 400


def test_months_that_follow_each_other_are_said_together() -> None:
    months = [date(2020, 11, 1), date(2020, 12, 1), date(2021, 1, 1), date(2021, 3, 1)]
    assert spans(months) == ["november\xa02020–januari\xa02021", "mars\xa02021"]
    assert spans(months[:2]) == ["november–december\xa02020"]
