"""Pages of a time that nothing is known of: they say so, and never 0 or 0 %; what became dearer is never netted in silence."""

from datetime import date
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook

from desk.today.curve import curve_of
from reporting.effects import effects, months
from reporting.models import EffectPart, OrganisationCost, SavingInitiative, SavingNature
from reporting.operations import baselines
from reporting.pace import pace
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.reporting import initiatives

THROUGH = date(2021, 4, 30)


def nothing_came(cast: Cast) -> None:
    """Example B, whose overhang is planned for 2021, in which nothing was delivered."""
    initiatives.example_b(cast)
    OrganisationCost.objects.create(
        during=("2021-01-01", "2022-01-01"), persons=Decimal(5), amount=Decimal(3_284_000)
    )


def test_nothing_delivered_is_no_share_of_a_plan(cast: Cast) -> None:
    nothing_came(cast)
    year = effects(year=2021, through=THROUGH)
    assert year.net.plan_to_date > 0
    assert (year.net.lines, year.net.rate) == (0, None)
    assert pace(months(year=2021, through=THROUGH), year_of=2021, through=THROUGH) is None


def test_the_savings_page_says_that_nothing_is_known(cast: Cast) -> None:
    nothing_came(cast)
    client = signed_in(cast.controller)
    for split in ("kategori", "manad"):
        page = text_of(client.get(f"/besparingar/?ar=2021&till=2021-04-30&per={split}"))
        assert "Uppgift saknas" in page
        assert "Inga mottagna rader räknas mot en baslinje januari–april." in page
        assert "0 %" not in page
        assert "Hemtagningsgrad" not in page
        assert "i årstakt" not in page
        assert "Alla mottagna orderrader har en baslinje" not in page
        assert "Inga orderrader är mottagna under tiden." in page
        assert "/besparingar/rader/?ar=2021&amp;till=2021-04-30&amp;manad=1&amp;okning=0" not in page


def test_the_workbook_has_no_nought_where_nothing_is_known(cast: Cast) -> None:
    nothing_came(cast)
    answer = signed_in(cast.controller).get("/besparingar/excel/?ar=2021&till=2021-04-30")
    book = load_workbook(BytesIO(b"".join(answer)))
    total = list(book["Per kategori"].values)[-1]
    assert total[0] == "Budgeteffekt, netto"
    assert total[-1] is None
    assert total[6]


def test_there_is_no_net_of_what_is_not_known(cast: Cast) -> None:
    nothing_came(cast)
    query = "effect_starts=2021-01-01&effect_ends=2021-04-30&cost_starts=2021-01-01&cost_ends=2021-04-30"
    page = text_of(signed_in(cast.controller).get(f"/besparingar/netto/?{query}"))
    assert "Vad som är hemtaget är inte känt, så det finns inget netto." in page
    assert "−1 079" not in page
    assert "Kronor per krona" not in page
    assert "0,00 kr per år, takten" not in page


def test_the_curve_of_the_day_says_that_nothing_is_known(cast: Cast) -> None:
    nothing_came(cast)
    curve = curve_of(None, date(2021, 5, 18), [])
    assert f"{curve.figure} {curve.text}".startswith(
        "Inget är känt om vad som har kommit hem till och med april."
    )


def test_leakage_of_a_time_without_purchases_is_not_said_to_lack_a_price(cast: Cast) -> None:
    page = text_of(signed_in(cast.controller).get("/utanfor-avtal/lackage/?ar=2019"))
    assert "Inga köp utanför avtalen är kända" in page
    assert "Inget avtal hade pris" not in page


def test_dearer_crisis_prices_are_a_row_of_their_own(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    SavingInitiative.objects.update(nature=SavingNature.CRISIS)
    baselines.freeze_baselines(initiative=initiative, at=NOW, by=cast.head)
    baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)
    initiatives.delivered(cast, date(2020, 10, 1), "100", "58.00")
    initiatives.delivered(cast, date(2020, 11, 1), "100", "90.00")
    initiatives.computed()
    rows = [
        (each.part, each.is_increase, each.amounts.realised)
        for each in effects(year=2020, through=date(2020, 12, 31)).apart
    ]
    assert rows == [
        (EffectPart.CRISIS, False, Decimal("520.00")),
        (EffectPart.CRISIS, True, Decimal("-2680.00")),
    ]
    page = text_of(signed_in(cast.controller).get("/besparingar/?ar=2020"))
    assert "Krispriser, kostnadsökningar" in page
    assert "−2 680" in page
    assert "−2 160" not in page


def test_what_was_sent_back_of_a_dearer_line_is_an_increase_in_the_api_too(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2020, 12, 1), "10", "70.00")
    initiatives.delivered(cast, date(2020, 12, 2), "-4", "70.00")
    initiatives.computed()
    client = signed_in(cast.controller)
    amounts = [
        each["amount"] for each in client.get("/api/v1/savings/?is_increase=true&year=2020").json()["results"]
    ]
    assert sorted(amounts) == ["-68.00", "27.20"]


def test_a_period_that_nothing_is_known_of_is_not_one_in_which_everything_was_discontinued(
    cast: Cast,
) -> None:
    initiatives.example_b(cast)
    client = signed_in(cast.controller)
    address = (
        "/besparingar/pris-volym-mix/?fran=2021-01-01&till=2021-04-30&mot_fran=2020-01-01&mot_till=2020-12-31"
    )
    page = text_of(client.get(address))
    assert "Inga leveranser är kända för" in page
    assert "2021-01-01" in page
    assert "<table" not in page
    initiatives.delivered(cast, date(2021, 2, 1), "1", "3480", item=cast.chair)
    assert "<table" in text_of(client.get(address)), "the chair was bought, and gloves were not"
    narrowed = text_of(client.get(f"{address}&kategori={cast.gloves_category.code}"))
    assert "<table" in narrowed


def test_there_is_no_net_where_no_cost_is_registered(cast: Cast) -> None:
    initiatives.example_b(cast)
    query = "effect_starts=2020-09-01&effect_ends=2020-12-31&cost_starts=2020-09-01&cost_ends=2020-12-31"
    client = signed_in(cast.controller)
    page = text_of(client.get(f"/besparingar/netto/?{query}"))
    assert "Kostnaden är registrerad för 0 av 122 dagar." in page
    assert "7 800,00 kr" in page
    assert page.count("Uppgift saknas") == 2
    assert "0,00 kr <p> 2020-09-01" not in page
    OrganisationCost.objects.create(
        during=("2020-12-01", "2021-01-01"), persons=Decimal(4), amount=Decimal(800)
    )
    assert "7 000,00 kr" in text_of(client.get(f"/besparingar/netto/?{query}"))
