"""The pages of savings, baselines, imports and prices: who sees what, every sum opens, bad addresses, few queries."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from categories.models import CategoryAssignment
from core.work import WorkStatus
from organizations.models import Role, User
from reporting import tasks
from reporting.importing import files
from reporting.models import OrganisationCost, PurchaseImport, Saving, SavingsRun
from reporting.operations import baselines, imports
from tests import cast as cast_module
from tests.cast import ALWAYS, NOW, Cast
from tests.pages import flat
from tests.reporting import initiatives
from tests.reporting.scms_files import EXTRACT, table

SAVINGS = (
    "/besparingar/?ar=2020",
    "/besparingar/?ar=2020&oppna=10",
    "/besparingar/?ar=2020&oppna=okningar",
    "/besparingar/?ar=2020&per=forvaltning&oppna=HSF",
    "/besparingar/?ar=2020&per=leverantor",
    "/besparingar/?ar=2020&per=manad",
    "/besparingar/rader/?ar=2020",
    "/besparingar/utan-baslinje/?ar=2020",
    "/besparingar/excel/?ar=2020",
    "/besparingar/csv/?ar=2020",
    "/baslinjer/",
)
HISTORY = (
    "/inlasningar/",
    "/prisjamforelse/",
    "/prisjamforelse/?per=ar",
    "/prisjamforelse/rader/",
    "/besparingar/netto/",
    "/besparingar/kostnader/",
)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Messages that would have gone to the workers."""
    sent: list[tuple[str, int]] = []

    def note(name: str) -> Callable[..., None]:
        return lambda **ids: sent.append((name, next(iter(ids.values()))))

    for task in (tasks.run_import, tasks.compute_savings):
        monkeypatch.setattr(task, "wake", note(str(task.name)))
    return sent


@pytest.mark.parametrize("address", SAVINGS)
@pytest.mark.parametrize("who", ["controller", "head", "auditor", "manager", "deputy"])
def test_savings_pages_open_for_those_who_may(cast: Cast, who: str, address: str) -> None:
    initiatives.example_b(cast)
    answer = signed_in(getattr(cast, who)).get(address)
    assert answer.status_code == 200
    if answer.streaming:
        assert answer.getvalue()


@pytest.mark.parametrize("address", [*SAVINGS, *HISTORY])
@pytest.mark.parametrize("who", ["requester", "budget_holder", "administrator"])
def test_figures_are_closed_to_others(cast: Cast, who: str, address: str) -> None:
    assert signed_in(getattr(cast, who)).get(address).status_code == 403


@pytest.mark.parametrize("address", HISTORY)
def test_history_pages_are_for_those_who_see_the_region(cast: Cast, address: str) -> None:
    imports.run_import(
        purchase_import=imports.request_import(
            file_name="x.csv", content=EXTRACT.read_bytes(), file_format="scms", by=None, at=NOW
        ),
        at=NOW,
    )
    for person in (cast.controller, cast.head, cast.auditor):
        assert signed_in(person).get(address).status_code == 200
    assert signed_in(cast.manager).get(address).status_code == 403


def test_savings_page_shows_the_three_measures_and_their_method(cast: Cast) -> None:
    made = initiatives.example_b(cast)
    page = signed_in(cast.controller).get("/besparingar/?ar=2020&oppna=10").content.decode()
    for text in (
        "27\u00a0040",
        "9\u00a0013",
        "18\u00a0027",
        "7\u00a0800",
        "87\u00a0%",
        "Snitt\u00a012\u00a0mån.",
    ):
        assert text in page, text
    assert "63,20 → 58,00 per ask, 5\u00a0200 om året" in page
    assert made.get_absolute_url() in page
    assert f"initiativ={made.code}" in page


def test_savings_page_keeps_increases_in_a_row_of_their_own(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 12, 1), "10", "70.00")
    initiatives.computed()
    page = signed_in(cast.controller).get("/besparingar/?ar=2020&oppna=okningar").content.decode()
    assert "Kostnadsökningar, 1 avtal" in page
    assert "−68" in page
    assert page.index("Summa minskningar") < page.index("Kostnadsökningar, 1 avtal") < page.rindex("Netto")


def test_manager_sees_her_own_categories_only(cast: Cast) -> None:
    initiatives.example_b(cast)
    office = signed_in(cast.office_deputy)
    assert "Inga besparingar är räknade" in office.get("/besparingar/?ar=2020").content.decode()
    assert "0 orderrader" in office.get("/besparingar/rader/?ar=2020").content.decode()
    assert office.get("/besparingar/csv/?ar=2020").getvalue().count(b"\r\n") == 1
    made = Saving.objects.all()[0].baseline.initiative
    assert office.get(made.get_absolute_url()).status_code == 404
    assert "27\u00a0040" in signed_in(cast.manager).get("/besparingar/?ar=2020").content.decode()


def test_manager_of_a_part_opens_the_whole_initiative(cast: Cast) -> None:
    made = initiatives.example_b(cast)
    CategoryAssignment.objects.create(
        category=cast.gloves_category, manager=cast.office_deputy, valid_during=ALWAYS
    )
    client = signed_in(cast.office_deputy)
    assert "7\u00a0800" in client.get("/besparingar/?ar=2020").content.decode()
    assert client.get(made.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("query", "amount"),
    [
        ("ar=2020", "7\u00a0800,00"),
        ("ar=2020&kategori=10", "7\u00a0800,00"),
        ("ar=2020&kategori=20", "0,00"),
        ("ar=2020&manad=10", "5\u00a0200,00"),
        ("ar=2020&till=2020-10-31", "6\u00a0760,00"),
        ("fran=2020-10-01&till=2020-12-31", "6\u00a0240,00"),
        ("ar=2020&forvaltning=HSF&enhet=2140", "7\u00a0800,00"),
        ("ar=2020&enhet=3310", "0,00"),
        ("ar=2020&leverantor=556000-0001&artikel=104412", "7\u00a0800,00"),
        ("ar=2020&okning=0", "7\u00a0800,00"),
        ("ar=2020&okning=1", "0,00"),
    ],
)
def test_every_sum_opens_to_its_lines(cast: Cast, query: str, amount: str) -> None:
    initiatives.example_b(cast)
    page = flat(signed_in(cast.controller).get(f"/besparingar/rader/?{query}").content.decode())
    assert f"gav {amount}\u00a0kr</h1>" in page


@pytest.mark.parametrize(
    "address",
    [
        "/besparingar/?ar=abc",
        "/besparingar/?ar=99999",
        "/besparingar/?per=allt",
        "/besparingar/rader/?kategori=finns-inte",
        "/besparingar/rader/?kategori=%00",
        "/besparingar/rader/?initiativ=%27%3B--",
        "/besparingar/rader/?till=2020-13-40",
        "/besparingar/rader/?ar=2020&till=2021-01-01",
        "/besparingar/rader/?manad=13",
        "/besparingar/rader/?okning=2",
        "/prisjamforelse/?per=allt",
        "/prisjamforelse/rader/?visa=allt",
        "/prisjamforelse/rader/?ar=x",
        "/baslinjer/999999/",
        "/inlasningar/999999/",
        "/besparingar/rakna/999999/",
    ],
)
def test_an_address_to_nothing_is_not_found(cast: Cast, address: str) -> None:
    assert signed_in(cast.controller).get(address).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999"])
def test_an_absurd_page_number_is_harmless(cast: Cast, page: str) -> None:
    initiatives.example_b(cast)
    client = signed_in(cast.controller)
    assert client.get(f"/besparingar/rader/?ar=2020&sida={page}").status_code == 200
    assert client.get(f"/prisjamforelse/rader/?sida={page}").status_code == 200


def test_uncounted_lines_are_listed(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 11, 1), "2", "3480.00", item=cast.chair)
    client = signed_in(cast.controller)
    page = client.get("/besparingar/utan-baslinje/?ar=2020").content.decode()
    assert "Kontorsstol" in page
    assert "3 orderrader saknar baslinje" in page  # the chairs, and two from before September
    assert "<strong>3 orderrader</strong>" in client.get("/besparingar/?ar=2020").content.decode()


def queries_of(
    client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries, limit: int
) -> int:
    with django_assert_max_num_queries(limit) as context:
        assert client.get(address).status_code == 200
    return len(context)


@pytest.mark.parametrize(
    ("address", "limit"),
    [
        ("/besparingar/?ar=2020&oppna=10", 30),
        ("/besparingar/?ar=2020&per=forvaltning&oppna=HSF", 30),
        ("/besparingar/?ar=2020&per=leverantor", 30),
        ("/besparingar/rader/?ar=2020", 14),
        ("/besparingar/utan-baslinje/?ar=2020", 14),
        ("/baslinjer/", 14),
        ("/inlasningar/", 14),
        ("/prisjamforelse/rader/", 14),
    ],
)
def test_list_pages_use_the_same_queries_however_long(
    cast: Cast, address: str, limit: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 11, 1), "2", "3480.00", item=cast.chair)
    imports.request_import(file_name="first", content=table({}).encode(), file_format="scms", by=None, at=NOW)
    client = signed_in(cast.controller)
    client.get(address)
    few = queries_of(client, address, django_assert_max_num_queries, limit)
    for day in range(1, 29):
        initiatives.delivered(cast, date(2020, 9, day), "1", "58.00", department=cast.home)
        initiatives.delivered(cast, date(2020, 9, day), "1", "3480.00", item=cast.chair, department=cast.home)
    initiatives.computed()
    for number in range(5):
        imports.request_import(
            file_name=f"{number}", content=table({}).encode(), file_format="scms", by=None, at=NOW
        )
        initiatives.initiative(cast, effective=date(2025, 1 + number, 1))
    assert queries_of(client, address, django_assert_max_num_queries, limit) == few


def test_compute_asks_for_a_run_and_shows_it(cast: Cast, woken: list[tuple[str, int]]) -> None:
    client = signed_in(cast.controller)
    assert client.post("/besparingar/rakna/").status_code == 302
    run = SavingsRun.objects.get()
    assert woken == [("reporting.compute_savings", run.pk)]
    assert "Räknar besparingar" in client.get("/besparingar/").content.decode()
    moving = client.get(f"/besparingar/rakna/{run.pk}/")
    assert "HX-Refresh" not in moving
    tasks.compute_savings(run_id=run.pk)
    assert client.get(f"/besparingar/rakna/{run.pk}/")["HX-Refresh"] == "true"
    assert client.get("/besparingar/rakna/").status_code == 405


@pytest.mark.parametrize("who", ["manager", "auditor", "requester"])
def test_compute_is_refused_to_others(cast: Cast, who: str) -> None:
    assert signed_in(getattr(cast, who)).post("/besparingar/rakna/").status_code == 403
    assert not SavingsRun.objects.exists()


def test_finance_confirms_on_a_page_of_its_own(cast: Cast, woken: list[tuple[str, int]]) -> None:
    initiatives.example_deliveries(cast)
    made = initiatives.initiative(cast)
    client = signed_in(cast.controller)
    assert "Frys baslinjerna" in client.get(made.get_absolute_url()).content.decode()
    assert client.post(f"/baslinjer/{made.pk}/frys/").status_code == 302
    assert "1 initiativ väntar på att du bekräftar baslinjen" in client.get("/besparingar/").content.decode()
    assert "1 initiativ väntar på dig" in client.get("/baslinjer/").content.decode()
    asked = client.get(f"/baslinjer/{made.pk}/bekrafta/").content.decode()
    assert "27\u00a0040,00\u00a0kr" in asked
    assert made.baselines.get().confirmed_at is None
    assert client.post(f"/baslinjer/{made.pk}/bekrafta/").status_code == 302
    assert made.baselines.get().confirmed_by == cast.controller
    assert woken == [("reporting.compute_savings", SavingsRun.objects.get().pk)]
    client.post(f"/baslinjer/{made.pk}/bekrafta/")
    assert len(woken) == 1


def test_a_category_manager_does_not_confirm_her_own(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    made = initiatives.initiative(cast)
    baselines.freeze_baselines(initiative=made, at=NOW, by=cast.head)
    cast_module.membership(cast.manager, Role.CONTROLLER)
    client = signed_in(cast.manager)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "En annan ekonom bekräftar baslinjen." in page
    assert f"/baslinjer/{made.pk}/bekrafta/" not in page
    for method in (client.get, client.post):
        assert method(f"/baslinjer/{made.pk}/bekrafta/").status_code == 403
    assert client.post(f"/baslinjer/{made.pk}/frys/").status_code == 302  # already frozen: said in a note


def handed_in(client: Client, content: bytes, name: str = "rader.csv.gz") -> object:
    return client.post("/inlasningar/", {"file": SimpleUploadedFile(name, content), "file_format": "scms"})


def test_an_uploaded_file_is_read_and_followed(cast: Cast, woken: list[tuple[str, int]]) -> None:
    client = signed_in(cast.controller)
    answer = handed_in(client, EXTRACT.read_bytes())
    made = PurchaseImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/inlasningar/{made.pk}/")  # type: ignore[attr-defined, index]
    assert woken == [("reporting.run_import", made.pk)]
    page = f"/inlasningar/{made.pk}/"
    assert "Orderraderna läses in" in client.get(page).content.decode()
    assert "HX-Refresh" not in client.get(f"{page}forlopp/")
    tasks.run_import(import_id=made.pk)
    assert client.get(f"{page}forlopp/")["HX-Refresh"] == "true"
    assert "21 orderrader lästes in" in client.get(page).content.decode()
    assert "rader.csv.gz" in client.get("/inlasningar/").content.decode()
    assert "Lägre priser gav 609" in client.get("/prisjamforelse/").content.decode()


def test_refused_rows_are_shown_with_their_reason(cast: Cast) -> None:
    made = imports.request_import(
        file_name="x",
        content=table({}, {"Vendor": ""}).encode(),
        file_format="scms",
        by=cast.controller,
        at=NOW,
    )
    tasks.run_import(import_id=made.pk)
    page = signed_in(cast.auditor).get(made.get_absolute_url()).content.decode()
    assert "Vilka rader avvisades, och varför?" in page
    assert "Värdet saknas." in page


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 400, "Filen är tom."),
        (b"\x1f\x8bcut", 400, "avbruten eller skadad"),
        (b"PK\x03\x04zip", 400, "UTF-8"),
        (b"ID,Country\r1,Zambia", 400, "saknar kolumner"),
        (table().encode(), 400, "Filen är tom."),
        (b"x" * 2000, 413, "för stor"),
    ],
)
def test_a_bad_file_gets_a_sentence_and_a_status(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, content: bytes, status: int, says: str
) -> None:
    if status == 413:
        monkeypatch.setattr("reporting.views.imports.UPLOAD_LIMIT", 1000)
    answer = handed_in(signed_in(cast.controller), content)
    assert answer.status_code == status  # type: ignore[attr-defined]
    assert says in answer.content.decode()  # type: ignore[attr-defined]
    assert not PurchaseImport.objects.exists()


def test_an_upload_without_a_file_is_refused(cast: Cast) -> None:
    answer = signed_in(cast.controller).post("/inlasningar/", {"file_format": "scms"})
    assert answer.status_code == 400
    assert "Välj en fil" in answer.content.decode()


@pytest.mark.parametrize("who", ["head", "auditor", "manager", "requester"])
def test_upload_is_for_finance(cast: Cast, who: str) -> None:
    answer = handed_in(signed_in(getattr(cast, who)), EXTRACT.read_bytes())
    assert answer.status_code == 403  # type: ignore[attr-defined]
    assert not PurchaseImport.objects.exists()


def test_price_lines_page_opens_a_sum(cast: Cast) -> None:
    made = imports.request_import(
        file_name="x", content=EXTRACT.read_bytes(), file_format="scms", by=None, at=NOW
    )
    tasks.run_import(import_id=made.pk)
    client = signed_in(cast.controller)
    page = client.get("/prisjamforelse/rader/?enhet=Botswana&visa=okning").content.decode()
    assert "2 orderrader, −195,00 USD" in page
    assert "9 orderrader" in client.get("/prisjamforelse/rader/?visa=utan").content.decode()
    assert client.get("/prisjamforelse/rader/?kategori=ARV+%2F+Adult").status_code == 200


def test_net_names_both_periods(cast: Cast) -> None:
    initiatives.example_b(cast)
    OrganisationCost.objects.create(
        during=DateRange(date(2020, 1, 1), date(2021, 1, 1)), persons=4, amount=Decimal("3660.00")
    )
    client = signed_in(cast.controller)
    assert "Netto</h2>" not in flat(client.get("/besparingar/netto/").content.decode())
    chosen = "effect_starts=2020-10-01&effect_ends=2020-12-31&cost_starts=2020-01-01&cost_ends=2020-12-31"
    page = client.get(f"/besparingar/netto/?{chosen}").content.decode()
    assert "2\u00a0580,00\u00a0kr" in page
    for words in ("2020-10-01 till 2020-12-31", "2020-01-01 till 2020-12-31", "Perioderna är olika"):
        assert words in page
    same = "effect_starts=2020-01-01&effect_ends=2020-12-31&cost_starts=2020-01-01&cost_ends=2020-12-31"
    assert "Perioderna är olika" not in client.get(f"/besparingar/netto/?{same}").content.decode()
    bad = client.get(
        "/besparingar/netto/?effect_starts=2020-10-01&effect_ends=2020-01-01&cost_starts=x&cost_ends="
    )
    assert bad.status_code == 422


def test_finance_registers_a_cost(cast: Cast) -> None:
    client = signed_in(cast.controller)
    sent = {
        "starts": "2020-01-01",
        "ends": "2020-12-31",
        "persons": "4",
        "amount": "2 640 000,00",
        "note": "",
    }
    assert client.post("/besparingar/kostnader/", sent).status_code == 302
    assert OrganisationCost.objects.get().amount == Decimal(2_640_000)
    again = client.post("/besparingar/kostnader/", sent)
    assert again.status_code == 422
    assert "redan en kostnad" in again.content.decode()
    assert signed_in(cast.auditor).post("/besparingar/kostnader/", sent).status_code == 403
    assert OrganisationCost.objects.count() == 1


def test_a_manager_of_nothing_today_sees_nothing(cast: Cast) -> None:
    CategoryAssignment.objects.update(valid_during=DateRange(date(2019, 1, 1), date(2020, 1, 1)))
    assert signed_in(cast.manager).get("/besparingar/").status_code == 403
    assert ALWAYS.lower == date(2018, 1, 1)


def test_a_failed_import_says_why(cast: Cast) -> None:
    made = imports.request_import(
        file_name="x", content=table({}).encode(), file_format="scms", by=None, at=NOW
    )
    PurchaseImport.objects.filter(pk=made.pk).update(content=b"\x1f\x8bcut")
    tasks.run_import(import_id=made.pk)
    made.refresh_from_db()
    assert made.status == WorkStatus.FAILED
    page = signed_in(cast.controller).get(made.get_absolute_url()).content.decode()
    assert "avbruten eller skadad" in page


def test_limit_of_uploads_is_said(cast: Cast) -> None:
    page = signed_in(cast.controller).get("/inlasningar/").content.decode()
    assert f"högst {files.UPLOAD_LIMIT // 1_000_000} MB" in page
