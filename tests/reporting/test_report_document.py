"""The words of a report: pure, from a snapshot alone."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from reporting.models import BaselineMethod, Indicator, ReportPart
from reporting.models.texts import ASK, HEADING
from reporting.report.annex import HEADINGS as ANNEX_HEADINGS
from reporting.report.case import ASKS, HEADINGS, compose
from reporting.report.content import Content
from reporting.report.document import Paragraph, Picture, Section, Table
from reporting.report.words import METHODS, days, few, kronor, so_far

AMOUNTS: dict[str, Any] = {
    "lines": 18100,
    "full_year": "13500000.00",
    "in_year": "11921567.00",
    "carried_in": "0.00",
    "overhang": "1578433.00",
    "plan_to_date": "3820000.00",
    "realised": "3399560.00",
}
NOTHING = dict.fromkeys(AMOUNTS, "0.00") | {"lines": 0}
LEAD = {"decided": 0, "by_people": 0, "median_days": None, "p90_days": None, "in_time": 0, "by_policy": 0}
DELIVERED = {
    "starts": "2021-01-01",
    "ends": "2021-04-30",
    "count": 18412,
    "amount": "1000.00",
    "without_baseline": 312,
    "without_baseline_amount": "40000.00",
    "without_item": 0,
    "without_category": 0,
    "agreed_amount": "784.00",
    "foreign_currency": 0,
    "months_without": [],
}


def outturn(value: str | None, of: int = 1, why: str = "") -> dict[str, Any]:
    return {"value": value, "of": of if value else 0, "why": why}


def indicator(
    key: str, now: str | None = None, before: str | None = None, target: tuple[str, str] | None = None
) -> dict[str, Any]:
    return {
        "key": key,
        "target": {"direction": target[0], "value": target[1]} if target else None,
        "now": outturn(now, 41, "no_deliveries"),
        "before": outturn(before, 40, "no_deliveries"),
    }


INDICATORS = [indicator(each.value) for each in Indicator]
ASKED: dict[str, Any] = {
    "assignments": [
        {
            "paragraph": "§ 229",
            "body": "regionstyrelsens arbetsutskott",
            "meeting": "2020-11-17",
            "diary_number": "RS 2020/1154",
            "text": "Återrapportera i juni 2021.",
            "due": "2021-06-16",
            "status": "open",
        }
    ],
    "recommendations": [
        {
            "audit": "Granskning av inköp",
            "audit_date": "2020-04-01",
            "number": 1,
            "text": "Följ upp avtalstroheten.",
            "status": "verified",
            "words": "Mäts varje månad.",
        },
        {
            "audit": "Granskning av inköp",
            "audit_date": "2020-04-01",
            "number": 2,
            "text": "Anta en policy.",
            "status": "replaced",
            "words": "Riktlinjen kom i stället.",
        },
    ],
    "activities": [
        {"number": 1, "text": "Alla i Rauk", "is_milestone": True, "ends": "2021-03-31", "state": "late"}
    ],
}
SNAPSHOT: dict[str, Any] = {
    "schema": 1,
    "report": {
        "region": "Region Gotland",
        "title": "Återrapport",
        "year": 2021,
        "through": "2021-04-30",
        "version": 3,
        "officer": "Helena Stenmark",
        "officer_title": "Inköpschef",
        "frozen": "2021-05-18",
    },
    "parties": {"sender": "Regionstyrelseförvaltningen", "recipient": "Regionstyrelsen"},
    "headings": {},
    "asks": {},
    "effects": {
        "net": AMOUNTS | {"url": "/n", "plan_url": "/p"},
        "increase": NOTHING | {"url": "/o", "plan_url": "/p"},
        "decrease": AMOUNTS | {"url": "/d", "plan_url": "/p"},
    },
    "quarters": [
        {"quarter": 1, "lines": 9000, "budget": "2600000.00", "avoided": "150000.00", "before": "300000.00"},
        {"quarter": 2, "lines": 9100, "budget": "799560.00", "avoided": "0.00", "before": "-90000.00"},
    ],
    "administrations": [
        {"name": "Hälso- och sjukvårdsförvaltningen", "loyalty": "91.4", "covered": "700000.00"},
        {"name": "Teknikförvaltningen", "loyalty": None, "covered": "0.00"},
    ],
    "previous": NOTHING,
    "categories": [
        {"code": "10", "name": "Sjukvårdsmaterial", "methods": ["hist_avg"], "url": "/k", "plan_url": "/p"}
        | AMOUNTS
    ],
    "initiatives": [],
    "increases": [],
    "apart": [],
    "cost": None,
    "agreements": {"url": "/r", "active": 41, "ending": [], "near_ceiling": []},
    "lead_times": [LEAD, LEAD],
    "deliveries": [DELIVERED, DELIVERED],
    "indicators": INDICATORS,
    "asked": ASKED,
    "overdue": 0,
    "unconfirmed": {"count": 0, "full_year": "0.00"},
    "lines": {"count": 18100, "amount": "3399560.00", "sha256": "0" * 64},
}
COST = {
    "whole": {"amount": "5500000.00", "starts": "2018-11-01", "ends": "2020-11-30", "holes": []},
    "period": {
        "amount": "880000.00",
        "starts": "2021-01-01",
        "ends": "2021-04-30",
        "holes": [],
        "is_complete": True,
        "covered_days": 120,
    },
    "realised": {"amount": "3399560.00", "starts": "2021-01-01", "ends": "2021-04-30"},
    "net": "2519560.00",
}


def words(snapshot: dict[str, Any], key: str) -> str:
    document = compose(Content(snapshot, {}))
    section = next(each for each in (*document.sections, *document.annex) if each.key == key)
    return text_of(section)


def text_of(section: Section) -> str:
    parts: list[str] = []
    for block in section.blocks:
        if isinstance(block, Paragraph):
            parts.append(block.text)
        elif isinstance(block, Table):
            parts += [block.caption, block.note, *(cell.text for row in block.rows for cell in row.cells)]
        elif isinstance(block, Picture):
            parts += [block.caption, block.words]
        else:
            parts += block.items
    return " ".join(parts).replace("\u00a0", " ")


def changed(**parts: Any) -> dict[str, Any]:
    return deepcopy(SNAPSHOT) | parts


def test_summary_says_the_measures_with_their_words() -> None:
    text = words(SNAPSHOT, "summary")
    assert "ger en helårseffekt på 13,5 miljoner kronor" in text
    assert "Effekten innevarande år är 11,9 miljoner kronor." in text
    assert "Överhänget till 2022 är 1,6 miljoner kronor." in text
    assert (
        "Till och med 30 april 2021 har 3,4 miljoner kronor hämtats hem, vilket är 89 procent av planen"
        in text
    )


def test_summary_names_what_was_carried_in_from_the_year_before() -> None:
    effects = SNAPSHOT["effects"] | {
        "net": AMOUNTS | {"carried_in": "900000.00", "url": "/n", "plan_url": "/p"}
    }
    assert "varav 0,9 miljoner kronor är överhäng från 2020" in words(changed(effects=effects), "summary")


def test_summary_says_what_became_dearer() -> None:
    increase = NOTHING | {
        "full_year": "-612000.00",
        "realised": "-188450.00",
        "url": "/o",
        "plan_url": "/p",
        "lines": 7,
    }
    row = increase | {"name": "Kaffe", "method": "prev_contract", "effective": "2021-02-01"}
    snapshot = changed(effects=SNAPSHOT["effects"] | {"increase": increase}, increases=[row])
    assert "I ett initiativ har priser stigit" in words(snapshot, "summary")
    assert "0,6 miljoner kronor på helår" in words(snapshot, "summary")
    table = words(snapshot, "economy")
    assert "Kostnadsökningar −612 000" in table


def test_no_net_without_both_periods() -> None:
    text = words(changed(cost=COST), "summary")
    assert "5,5 miljoner kronor sammanlagt under 1 november 2018–30 november 2020" in text
    assert "Nettot för 1 januari–30 april 2021 är 2,5 miljoner kronor." in text
    gap = {"is_complete": False, "holes": [["2021-02-01", "2021-02-28"], ["2021-04-30", "2021-04-30"]]}
    half = changed(cost=COST | {"net": None, "period": COST["period"] | gap})  # type: ignore[operator]
    for key in ("summary", "economy"):
        assert "Nettot" not in words(half, key)
        assert "Netto efter kostnad" not in words(half, key)
    assert (
        "inte registrerad för 1–28 februari 2021 och 30 april 2021, därför visas inget netto efter kostnad"
        in words(half, "quality")
    )
    hole = COST["whole"] | {"holes": [["2020-06-01", "2020-06-30"]]}  # type: ignore[operator]
    assert "Kostnaden för 1–30 juni 2020 är inte registrerad" in words(
        changed(cost=COST | {"whole": hole}), "summary"
    )
    assert "därför visas inget netto efter kostnad" in words(SNAPSHOT, "quality")


def test_full_year_effect_and_cumulative_cost_are_never_netted() -> None:
    text = words(changed(cost=COST), "economy") + words(changed(cost=COST), "summary")
    assert "8,0 miljoner" not in text
    assert "8 000 000" not in text
    assert "ska inte dras från en kostnad som avser en annan tid" in text


TEXTS = {
    "proposal": " Ett. \n\n Två. ",
    "assessment": "Rad ett\nfortsätter.\n\nNytt stycke.",
    "recipients": "Regiondirektören\nRevisorerna",
    "signature": "Helena Stenmark\nInköpschef",
}


def test_the_document_has_the_nine_sections_and_its_signature() -> None:
    document = compose(Content(SNAPSHOT, TEXTS, "RS 2020/1154"))
    assert [section.heading for section in document.sections] == [
        "Förslag till beslut",
        "Sammanfattning",
        "Ärendebeskrivning",
        "Bedömning",
        "Ekonomisk konsekvensanalys",
        "Barn- och genusperspektiv",
        "Landsbygdsperspektiv",
        "Beslutsunderlag",
        "Skickas till",
        "Underskrift",
    ]
    assert ("Ärende", "RS 2020/1154 (RS 1154-2020)") in document.facts


def test_sections_that_nobody_wrote_are_missing_and_nothing_is_made_up() -> None:
    document = compose(Content(SNAPSHOT, {"assessment": "Bra."}))
    assert [section.key for section in document.missing] == [
        "proposal",
        "children_perspective",
        "rural_perspective",
        "recipients",
        "signature",
    ]
    assert all(section.ask for section in document.missing)


def test_what_a_person_wrote_is_taken_as_it_stands() -> None:
    document = compose(Content(SNAPSHOT, TEXTS))
    sections = {section.key: section.blocks for section in document.sections}
    assert sections["proposal"][0].items == ("Ett.", "Två.")  # type: ignore[union-attr]
    assert [block.text for block in sections["assessment"]] == ["Rad ett fortsätter.", "Nytt stycke."]  # type: ignore[union-attr]
    assert sections["recipients"][0].items == ("Regiondirektören", "Revisorerna")  # type: ignore[union-attr]
    assert [block.text for block in sections["signature"]] == ["Helena Stenmark", "Inköpschef"]  # type: ignore[union-attr]


def test_a_region_names_the_headings_and_asks_in_its_own_words() -> None:
    headings = {"assessment": "Vår bedömning", "annex": "Bilaga A", "method": "Metod"}
    asks = {"rural_perspective": "Vad betyder det för Fårö?"}
    document = compose(Content(changed(headings=headings, asks=asks), TEXTS))
    assert document.sections[3].heading == "Vår bedömning"
    assert document.annex_title == "Bilaga A"
    assert document.annex[-1].heading == "Metod"
    assert [each.ask for each in document.missing if each.key == "rural_perspective"] == [
        "Vad betyder det för Fårö?"
    ]


def test_every_heading_and_question_is_one_that_a_region_can_change() -> None:
    headings, asks = HEADINGS | ANNEX_HEADINGS, ASKS
    assert {part.removeprefix(HEADING) for part in ReportPart if part.startswith(HEADING)} == set(headings)
    assert {part.removeprefix(ASK) for part in ReportPart if part.startswith(ASK)} == set(asks)


def test_a_draft_is_marked_and_has_another_checksum_than_the_locked_report() -> None:
    draft, final = Content(SNAPSHOT, TEXTS), Content(SNAPSHOT, TEXTS, is_draft=False)
    assert (compose(draft).mark, compose(final).mark) == ("Utkast", "")
    assert draft.sha256 != final.sha256
    other = Content(SNAPSHOT, TEXTS | {"assessment": "Annat."}, is_draft=False)
    assert final.sha256 != other.sha256
    assert final.sha256[:16] in compose(final).footer


def test_a_case_begins_with_what_the_board_asked_for_under_its_diary_number() -> None:
    sentence = "Regionstyrelsens arbetsutskott gav den 17 november 2020, § 229, uppdraget: Återrapportera"
    document = compose(Content(SNAPSHOT, {}, diary_number="RS 2020/1154"))
    assert sentence in text_of(next(each for each in document.sections if each.key == "background"))
    assert sentence not in words(SNAPSHOT, "background")


def test_every_method_has_its_words() -> None:
    assert set(METHODS) == set(BaselineMethod.values)


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("13500000.00", "13,5 miljoner kronor"),
        ("61400.00", "61 400 kronor"),
        ("-2900000.00", "−2,9 miljoner kronor"),
        ("0.00", "0 kronor"),
    ],
)
def test_amounts_in_running_text(amount: str, said: str) -> None:
    assert kronor(amount).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("through", "said"),
    [
        (date(2021, 1, 31), "jan"),
        (date(2021, 4, 30), "jan–apr"),
        (date(2020, 2, 29), "jan–feb"),
        (date(2021, 12, 31), "2021"),
        (date(2021, 5, 18), "t.o.m. 18 maj"),
    ],
)
def test_part_of_the_year(through: date, said: str) -> None:
    assert so_far(through).replace("\u00a0", " ") == said


def test_periods_and_small_numbers() -> None:
    assert days("2021-01-01", "2021-04-30").replace("\u00a0", " ") == "1 januari–30 april 2021"
    assert days("2018-11-01", "2020-11-30").replace("\u00a0", " ") == "1 november 2018–30 november 2020"
    assert (few(0), few(9), few(13)) == ("inget", "nio", "13")
