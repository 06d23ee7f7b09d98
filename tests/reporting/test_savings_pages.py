"""The pages of savings: the measures, who sees which, every sum opens, what finance confirms and registers."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from categories.models import CategoryAssignment
from core.addresses import address_of
from organizations.models import Role
from reporting import tasks
from reporting.models import OrganisationCost, Saving, SavingsRun
from reporting.operations import baselines
from tests import cast as cast_module
from tests.cast import ALWAYS, NOW, Cast
from tests.pages import flat, signed_in
from tests.reporting import initiatives


def test_savings_page_shows_the_three_measures_and_their_method(cast: Cast) -> None:
    initiative = initiatives.example_b(cast)
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
    assert address_of(initiative) in page
    assert f"initiativ={initiative.code}" in page


def test_savings_page_leads_finance_to_what_was_bought_outside_agreements(cast: Cast) -> None:
    client = signed_in(cast.controller)
    address = "/utanfor-avtal/?ar=2020&amp;till=2020-12-31"
    assert address in client.get("/besparingar/?ar=2020").content.decode()
    assert client.get(address.replace("&amp;", "&")).status_code == 200


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
    initiative = Saving.objects.all()[0].baseline.initiative
    assert office.get(address_of(initiative)).status_code == 404
    assert "27\u00a0040" in signed_in(cast.manager).get("/besparingar/?ar=2020").content.decode()


def test_savings_page_can_be_about_one_category(cast: Cast) -> None:
    initiatives.example_b(cast)
    client = signed_in(cast.controller)
    assert "27\u00a0040" in client.get("/besparingar/?ar=2020&kategori=10").content.decode()
    other = client.get("/besparingar/?ar=2020&kategori=20")
    assert "27\u00a0040" not in other.content.decode()
    assert "Du ser dina egna kategorier" not in other.content.decode()
    assert [link.label for link in other.context["chips"]] == [str(cast.office)]


def test_manager_of_a_part_opens_the_whole_initiative(cast: Cast) -> None:
    initiative = initiatives.example_b(cast)
    CategoryAssignment.objects.create(
        category=cast.gloves_category, manager=cast.office_deputy, valid_during=ALWAYS
    )
    client = signed_in(cast.office_deputy)
    assert "7\u00a0800" in client.get("/besparingar/?ar=2020").content.decode()
    assert client.get(address_of(initiative)).status_code == 200


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


def test_uncounted_lines_are_listed(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 11, 1), "2", "3480.00", item=cast.chair)
    client = signed_in(cast.controller)
    page = client.get("/besparingar/utan-baslinje/?ar=2020").content.decode()
    assert "Kontorsstol" in page
    assert "3 orderrader saknar baslinje" in page  # the chairs, and two from before September
    assert "<strong>3 orderrader</strong>" in client.get("/besparingar/?ar=2020").content.decode()


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
    initiative = initiatives.initiative(cast)
    client = signed_in(cast.controller)
    assert "Frys baslinjerna" in client.get(address_of(initiative)).content.decode()
    assert client.post(f"/baslinjer/{initiative.pk}/frys/").status_code == 302
    assert (
        "Ett initiativ väntar på att du bekräftar baslinjen" in client.get("/besparingar/").content.decode()
    )
    assert "Ett initiativ väntar på dig" in client.get("/baslinjer/").content.decode()
    page = client.get(f"/baslinjer/{initiative.pk}/bekrafta/").content.decode()
    assert "27\u00a0040,00\u00a0kr" in page
    assert initiative.baselines.get().confirmed_at is None
    assert client.post(f"/baslinjer/{initiative.pk}/bekrafta/", {"version": "1"}).status_code == 302
    assert initiative.baselines.get().confirmed_by == cast.controller
    assert woken == [("reporting.compute_savings", SavingsRun.objects.get().pk)]
    client.post(f"/baslinjer/{initiative.pk}/bekrafta/", {"version": "1"})
    assert len(woken) == 1


def test_a_category_manager_does_not_confirm_her_own(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    baselines.freeze_baselines(initiative=initiative, at=NOW, by=cast.head)
    cast_module.membership(cast.manager, Role.CONTROLLER)
    client = signed_in(cast.manager)
    page = client.get(address_of(initiative)).content.decode()
    assert "En annan ekonom bekräftar baslinjen." in page
    assert f"/baslinjer/{initiative.pk}/bekrafta/" not in page
    for method in (client.get, client.post):
        assert method(f"/baslinjer/{initiative.pk}/bekrafta/").status_code == 403
    assert (
        client.post(f"/baslinjer/{initiative.pk}/frys/").status_code == 302
    )  # already frozen: said in a note


def test_net_names_both_periods(cast: Cast) -> None:
    initiatives.example_b(cast)
    OrganisationCost.objects.create(
        during=DateRange(date(2020, 1, 1), date(2021, 1, 1)), persons=4, amount=Decimal("3660.00")
    )
    client = signed_in(cast.controller)
    assert "Netto</h2>" not in flat(client.get("/besparingar/netto/").content.decode())
    chosen = "effect_starts=2020-10-01&effect_ends=2020-12-31&cost_starts=2020-01-01&cost_ends=2020-12-31"
    page = flat(client.get(f"/besparingar/netto/?{chosen}").content.decode())
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
    data = {
        "starts": "2020-01-01",
        "ends": "2020-12-31",
        "persons": "4",
        "amount": "2 640 000,00",
        "note": "",
    }
    assert client.post("/besparingar/kostnader/", data).status_code == 302
    assert OrganisationCost.objects.get().amount == Decimal(2_640_000)
    again = client.post("/besparingar/kostnader/", data)
    assert again.status_code == 422
    assert "redan en kostnad" in again.content.decode()
    assert signed_in(cast.auditor).post("/besparingar/kostnader/", data).status_code == 403
    assert OrganisationCost.objects.count() == 1


def test_a_manager_of_nothing_today_sees_nothing(cast: Cast) -> None:
    CategoryAssignment.objects.update(valid_during=DateRange(date(2019, 1, 1), date(2020, 1, 1)))
    assert signed_in(cast.manager).get("/besparingar/").status_code == 403
    assert ALWAYS.lower == date(2018, 1, 1)


@pytest.mark.parametrize("through", ["2020-10-17", "2020-12-31"])
def test_the_plans_of_the_months_add_up_to_the_plan_to_date(cast: Cast, through: str) -> None:
    initiatives.example_b(cast)
    context = signed_in(cast.controller).get(f"/besparingar/?ar=2020&till={through}&per=manad").context
    assert sum(part.plan for part in context["parts"]) == context["found"].net.plan_to_date


def test_the_page_is_of_this_year_whatever_begins_in_the_next(cast: Cast) -> None:
    this = timezone.localdate().year
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(this, 1, 2), "10", "58.00")
    initiatives.confirmed(cast, effective=date(this + 1, 1, 1))
    client = signed_in(cast.controller)
    for address in ("/besparingar/", "/besparingar/trohet/"):
        context = client.get(address).context
        assert context["selection"].year == this
        assert [(link.label, link.is_current) for link in context["years"]] == [
            ("2020", False),
            ("2021", False),
            (str(this), True),
        ]
