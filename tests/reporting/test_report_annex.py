"""Bilaga 1: the twelve indicators, what was asked for, deviations and agreements, in words and signs."""

import re
from pathlib import Path
from typing import Any

from reporting.models import Indicator
from reporting.report import indicators
from reporting.report.annex import annex
from reporting.report.annex_indicators import SHOWN, WHY
from reporting.report.document import Table
from tests.reporting.test_report_document import (
    DELIVERED,
    INDICATORS,
    SNAPSHOT,
    changed,
    indicator,
    words,
)


def test_quality_says_what_is_left_out() -> None:
    waiting = {"count": 2, "full_year": "150000.00"}
    delivered = DELIVERED | {"without_item": 1, "without_category": 4, "foreign_currency": 9}
    text = words(changed(unconfirmed=waiting, overdue=1, deliveries=[delivered, DELIVERED]), "quality")
    assert "1 rad väntade på beslut den 30 april 2021 fast svarsdagen hade gått." in text
    assert "312 levererade rader för 40 000 kronor saknar baslinje och räknas som 0." in text
    assert "1 rad gäller något som inte finns i sortimentet." in text
    assert "9 rader i annan valuta" in text
    assert "2 initiativ med en helårseffekt på 0,2 miljoner kronor väntar" in text


def with_indicators(*given: dict[str, Any], **parts: Any) -> dict[str, Any]:
    by_key = {each["key"]: each for each in given}
    return changed(indicators=[by_key.get(each["key"], each) for each in INDICATORS], **parts)


def test_the_annex_has_the_twelve_indicators() -> None:
    section = next(each for each in annex(SNAPSHOT) if each.key == "indicators")
    (table,) = section.blocks
    assert isinstance(table, Table)
    numbers = [int(row.cells[0].text.split(".")[0]) for row in table.rows]
    assert sorted(set(numbers)) == list(range(1, 13))
    assert numbers == sorted(numbers)
    assert [heading.text for heading in table.headings] == [
        "Indikator",
        "Mål",
        "Utfall",
        "Samma tid 2020",
        "Status",
    ]


def test_an_indicator_has_target_outturn_previous_period_and_status_in_words_and_sign() -> None:
    snapshot = with_indicators(
        indicator("loyalty", "78.4", "71.1", ("at_least", "75.00")),
        indicator("coverage", "78.4", "90", ("at_least", "85.00")),
        indicator("decision_median", "0.62", None, ("at_most", "2.00")),
        indicator("open_complaints", "0", "2"),
        indicator("full_year", "13500000.00", "0.00", ("at_least", "13000000.00")),
    )
    text = words(snapshot, "indicators")
    assert "avtalat pris minst 75 % 78,4 % 71,1 % ✓ Målet nått" in text
    assert "med avtal minst 85 % 78,4 % 90 % ✗ Målet inte nått" in text
    assert "median högst 2,0 dagar 15 timmar Uppgift saknas ✓ Målet nått" in text
    assert "reklamationer – 0 2 – Inget mål" in text
    assert "netto minst 13,0 MSEK 13,5 MSEK 0,0 MSEK ✓ Målet nått" in text


def test_an_indicator_without_data_says_so_and_never_nought() -> None:
    section = next(each for each in annex(SNAPSHOT) if each.key == "indicators")
    (table,) = section.blocks
    assert isinstance(table, Table)
    for row in table.rows:
        assert row.cells[2].text == row.cells[3].text == "Uppgift saknas"
        assert row.cells[0].below.startswith("Uppgift saknas: inga leveranser är kända.")
    aimed = with_indicators(indicator("loyalty", None, None, ("at_least", "75.00")))
    assert "Uppgift saknas Uppgift saknas ? Går inte att bedöma" in words(aimed, "indicators")


def test_the_annex_tells_what_was_asked_for_and_how_far_it_had_come() -> None:
    sections = {section.key: section for section in annex(SNAPSHOT)}
    (audit,), (activities,) = sections["recommendations"].blocks, sections["plan"].blocks
    assert isinstance(audit, Table)
    assert isinstance(activities, Table)
    assert audit.caption == "Granskning av inköp, 1\xa0april 2020"
    assert [[cell.text for cell in row.cells] + [row.cells[0].below] for row in audit.rows] == [
        ["1. Följ upp avtalstroheten.", "✓ Verifierad", "Mäts varje månad."],
        ["2. Anta en policy.", "Ersatt", "Riktlinjen kom i stället."],
    ]
    assert [[cell.text for cell in row.cells] for row in activities.rows] == [
        ["1. Alla i Rauk", "2021-03-31", "✗ Försenad"]
    ]


def test_where_nothing_was_asked_for_the_annex_says_that_it_is_not_known() -> None:
    snapshot = changed(asked={"assignments": [], "recommendations": [], "activities": []})
    assert "Uppgift saknas: ingen rekommendation fanns i Rauk den 30 april 2021." in words(
        snapshot, "recommendations"
    )
    assert "Uppgift saknas: ingen genomförandeplan fanns i Rauk" in words(snapshot, "plan")


def test_every_reason_and_every_indicator_has_its_words() -> None:
    assert set(SHOWN) == set(Indicator)
    source = Path(str(indicators.__file__)).read_text()
    reasons = set(re.findall(r'why="(\w+)"', source)) | set(re.findall(r'unknown\("(\w+)"\)', source))
    assert reasons <= set(WHY)


def test_deviations_say_what_is_known_and_what_is_not() -> None:
    assert "Reklamationer: uppgift saknas" in words(SNAPSHOT, "deviations")
    content = with_indicators(
        indicator("open_complaints", "3"),
        indicator("awards", "5"),
        indicator("awards_documented", "60"),
        overdue=2,
    )
    text = words(content, "deviations")
    assert "3 reklamationer var öppna den 30 april 2021." in text
    assert "5 direktupphandlingar skulle dokumenteras, och 60 % av dem var det" in text
    assert "2 rader hade väntat på beslut längre än utlovat." in text


def test_agreements_that_end_or_fill_are_listed() -> None:
    agreement = {
        "number": "RA 2018-004",
        "title": "Mjukpapper",
        "supplier": "Kustpapper AB",
        "ends": "2021-09-30",
        "option_months": 0,
        "ceiling": "500000.00",
        "committed": "468500.00",
        "used_percent": "93.7",
        "url": "/a",
    }
    text = words(
        changed(agreements={"url": "/r", "active": 41, "ending": [agreement], "near_ceiling": [agreement]}),
        "agreements",
    )
    assert "Löper ut inom nio månader" in text
    assert "RA 2018-004 Mjukpapper 2021-09-30 –" in text
    assert "500 000 93,7 %" in text


def test_every_section_of_the_annex_has_something_to_say() -> None:
    assert all(section.blocks for section in annex(SNAPSHOT))
