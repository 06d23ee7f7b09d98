"""A report of a time that nothing is known of: it says so everywhere, and nowhere 0 or 0 %; what stands apart is told."""

from copy import deepcopy
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from core.formatting import NBSP
from reporting.models import FileKind, FollowUpReport, OrganisationCost, ReportFile, SavingNature
from reporting.operations import baselines, reports
from reporting.report.annex import HEADINGS, annex
from reporting.report.annex_indicators import SHOWN
from reporting.report.case import compose
from reporting.report.content import Content, content_of
from reporting.report.difference import differences
from reporting.report.excel_sheets import SHEETS
from tests.cast import NOW, Cast
from tests.reporting import follow_ups, initiatives
from tests.reporting.test_report_document import AMOUNTS, COST, DELIVERED, SNAPSHOT, changed, text_of, words

NO_LINES = AMOUNTS | {"lines": 0, "realised": "0.00"}
CATEGORY = SNAPSHOT["categories"][0] | NO_LINES
ROW = NO_LINES | {
    "name": "Kaffe",
    "code": "SI-1",
    "method": "prev_contract",
    "effective": "2020-09-01",
    "url": "/o",
    "plan_url": "/p",
}


def unknown(**parts: Any) -> dict[str, Any]:
    """The snapshot of a period with a plan, a cost and a price that rose, and no delivery that is known."""
    addresses = {"url": "/n", "plan_url": "/p"}
    months = [f"2021-{month:02}-01" for month in range(1, 5)]
    delivered = DELIVERED | {"count": 0, "amount": "0.00", "agreed_amount": "0.00", "without_baseline": 0}
    return changed(
        effects=dict.fromkeys(("net", "increase", "decrease"), NO_LINES | addresses),
        categories=[CATEGORY],
        initiatives=[ROW],
        increases=[ROW | {"full_year": "0.00", "in_year": "-316119.00"}],
        quarters=[each | {"lines": 0, "budget": "0.00", "avoided": "0.00"} for each in SNAPSHOT["quarters"]],
        deliveries=[delivered | {"months_without": months}, DELIVERED],
        lines=SNAPSHOT["lines"] | {"count": 0, "amount": "0.00"},
        cost=COST | {"net": None, "realised": COST["realised"] | {"amount": "0.00"}},  # type: ignore[operator]
        **parts,
    )


def test_what_came_is_not_known_where_nothing_was_delivered() -> None:
    summary = words(unknown(), "summary")
    assert (
        "Vad som har hämtats hem till och med 30 april 2021 är inte känt, eftersom inga leveranser är kända."
        in summary
    )
    assert "0 procent" not in summary
    assert "hämtats hem, vilket" not in summary
    assert "Något netto visas inte, eftersom inga leveranser är kända." in summary
    assert "Nettot" not in summary
    assert "av det som har levererats" not in summary
    economy = words(unknown(), "economy")
    assert "Netto efter kostnad" not in economy
    assert "Kostnad under perioden" in economy
    assert "– betyder att inga levererade rader räknas." in economy
    assert "Hemtaget är inte känt, eftersom inga leveranser är kända." in words(unknown(), "quality")
    assert "bygger på 0" not in words(unknown(), "quality")


def test_no_table_and_no_picture_says_that_nothing_came_where_nothing_is_known() -> None:
    document = compose(Content(unknown(), {}))
    for section in (*document.sections, *document.annex):
        text = text_of(section)
        for nought in ("0 hemtaget", f"0{NBSP}kr hemtaget", "0,00 MSEK hemtaget", "budgeteffekt 0,00"):
            assert nought not in text, (section.key, nought)
    pictures = words(unknown(), "pictures")
    assert "är det inte känt vad som är hemtaget, eftersom inga leveranser är kända" in pictures
    assert "Kvartal 1: budgeteffekt uppgift saknas" in pictures
    assert "Sjukvårdsmaterial: hemtaget är inte känt, planen var" in pictures
    for key in ("initiatives", "increases"):
        assert "– betyder att inga levererade rader räknas." in words(unknown(), key)


def test_a_year_that_no_initiative_begins_in_has_no_full_year_effect() -> None:
    snapshot = unknown()
    carried = NO_LINES | {"full_year": "0.00", "carried_in": "11921567.00", "url": "/n", "plan_url": "/p"}
    snapshot["effects"]["net"] = carried
    snapshot["effects"]["increase"] = carried | {"in_year": "-316119.00"}
    text = words(snapshot, "summary")
    assert "Inget initiativ med bekräftad baslinje började gälla 2021. Effekten innevarande år är" in text
    assert "helårseffekt på" not in text
    assert "0,3 miljoner kronor av effekten innevarande år" in text


def test_months_without_deliveries_are_named() -> None:
    months = ["2021-01-01", "2021-02-01", "2021-04-01"]
    holes = changed(deliveries=[DELIVERED | {"months_without": months}, DELIVERED])
    assert "Inga leveranser är kända för januari–februari och april 2021." in words(holes, "summary")
    assert "Inga leveranser är kända för januari–februari och april 2021." in words(holes, "quality")
    one = changed(deliveries=[DELIVERED | {"months_without": ["2021-04-01"]}, DELIVERED])
    assert "kända för april 2021." in words(one, "summary")
    assert "Inga leveranser" not in words(SNAPSHOT, "summary")


def test_what_stands_apart_is_told_with_its_increases_on_a_row_of_their_own() -> None:
    row = AMOUNTS | {"part": "crisis", "is_increase": False, "methods": ["prev_contract"], "url": "/c"}
    dearer = row | {"is_increase": True, "full_year": "-2.00", "realised": "-5.00"}
    retained = row | {"part": "retained", "realised": "78467.10"}
    text = words(changed(apart=[row, dearer, retained]), "apart")
    assert "Krispriser 13 500 000" in text
    assert "Krispriser, kostnadsökningar −2" in text
    assert "Kvarhållen effekt – – – 78 467" in text
    assert "Ingår inte i budgeteffekten eller nettot." in text
    assert "Inga undvikna höjningar, engångseffekter, krispriser" in words(SNAPSHOT, "apart")


def test_a_report_of_a_day_that_was_not_over_says_so() -> None:
    head = SNAPSHOT["report"] | {"frozen": "2021-04-30"}
    assert "frystes den 30 april 2021, innan rapportens sista dag var slut" in words(
        changed(report=head), "quality"
    )
    assert "var slut" not in words(SNAPSHOT, "quality")


def test_lines_that_are_counted_apart_alone_are_told_so_that_all_lines_add_up() -> None:
    delivered = DELIVERED | {"count": 18100 + 312 + 78}
    text = words(changed(deliveries=[delivered, DELIVERED]), "quality")
    assert "78 levererade rader räknas bara i det som redovisas för sig." in text


def test_what_stands_small_by_a_figure_is_compared_too() -> None:
    row = ROW | {"lines": 3}
    before = compose(Content(changed(initiatives=[row]), {}))
    after = compose(Content(changed(initiatives=[row | {"method": "hist_avg"}]), {}))
    (difference,) = differences(before, after)
    assert (difference.section, difference.name) == ("Initiativ", "Kaffe")
    assert difference.before.startswith("Förra avtalet, gäller från")
    assert difference.after.startswith("Snitt 12 mån., gäller från")
    unnoted = compose(Content(changed(initiatives=[ROW]), {}))
    assert [each.after for each in differences(before, unnoted)][
        -1
    ] == "– betyder att inga levererade rader räknas."


def test_the_workbook_says_everything_that_the_annex_says() -> None:
    other_sheets = {"pictures", "indicators", "initiatives", "increases", "apart", "method"}
    assert other_sheets | set(SHEETS) == set(HEADINGS)
    assert [each.key for each in annex(deepcopy(SNAPSHOT))] == list(HEADINGS)


def of_2021(cast: Cast) -> FollowUpReport:
    """A report on January–April 2021: of example B's plan the rest falls there, and nothing was delivered."""
    follow_ups.year_2020(cast)
    OrganisationCost.objects.create(
        during=("2021-01-01", "2022-01-01"), persons=5, amount=3_284_000, note="Fem tjänster"
    )
    report = follow_ups.requested(cast, year=2021, through_date=date(2021, 4, 30))
    return reports.build_report(report=report, at=NOW)


def test_a_period_without_deliveries_has_neither_net_nor_share(cast: Cast) -> None:
    report = of_2021(cast)
    assert report.snapshot is not None
    assert report.snapshot["cost"]["net"] is None
    assert report.snapshot["deliveries"][0]["months_without"] == [f"2021-{n:02}-01" for n in range(1, 5)]
    outturns = {each["key"]: each["now"] for each in report.snapshot["indicators"]}
    assert outturns["realised_share"] == {"value": None, "why": "no_counted_lines", "of": 0}
    assert outturns["full_year"] == {"value": "0.00", "why": "", "of": 0}
    assert {"realised", "net", "realised_share"} <= {
        key for key, each in outturns.items() if each["value"] is None
    }
    document = compose(content_of(report))
    everything = " ".join(map(text_of, (*document.sections, *document.annex)))
    assert "0 procent" not in everything


def test_an_indicator_counts_the_initiatives_and_lines_that_it_is_made_of(cast: Cast) -> None:
    report = follow_ups.frozen(cast)
    assert report.snapshot is not None
    outturns = {each["key"]: each["now"] for each in report.snapshot["indicators"]}
    assert outturns["realised"]["of"] == report.snapshot["lines"]["count"]
    assert outturns["full_year"]["of"] == 1
    assert set(outturns) == {each.value for each in SHOWN}


def test_crisis_prices_are_in_all_that_a_report_makes_and_in_no_sum_of_it(cast: Cast) -> None:
    follow_ups.year_2020(cast)
    initiative = initiatives.initiative(cast, effective=date(2020, 11, 1))
    initiative.nature = SavingNature.CRISIS
    initiative.save()
    baselines.freeze_baselines(initiative=initiative, at=NOW, by=cast.head)
    baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)
    initiatives.delivered(cast, date(2020, 12, 15), "10", "99.00")
    initiatives.computed()
    report = follow_ups.files_made(reports.build_report(report=follow_ups.requested(cast), at=NOW))
    assert report.snapshot is not None
    dearer = [each for each in report.snapshot["apart"] if each["is_increase"]]
    assert [each["part"] for each in dearer] == ["crisis"]
    assert "del=crisis" in dearer[0]["url"]
    with ReportFile.objects.get(report=report, kind=FileKind.XLSX).content.open() as file:
        book = openpyxl.load_workbook(BytesIO(file.read()))
    assert {"Redovisas för sig", *SHEETS.values()} <= set(book.sheetnames)
    rows = list(book["Redovisas för sig"].values)
    (row,) = (each for each in rows if each[0] == "Krispriser, kostnadsökningar")
    assert row[4] == pytest.approx(float(dearer[0]["realised"]))
