"""The twelve indicators of the annex in words: target, outturn, the year before, status, and what they rest on. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from core import formatting
from reporting.models import Direction, Indicator
from reporting.report.agreements import ENDING_MONTHS, NEAR_CEILING
from reporting.report.document import Cell, Heading, Row, Table
from reporting.report.snapshot import Snapshot
from reporting.report.words import count, day, few

Unit = Literal["msek", "percent", "count", "days", "index"]

NO_DATA = "Uppgift saknas"
REACHED, NOT_REACHED = "✓ Målet nått", "✗ Målet inte nått"
NO_TARGET, NOT_KNOWN = "– Inget mål", "? Går inte att bedöma"


@dataclass(frozen=True, slots=True)
class Shown:
    """How an indicator is shown: its number among the twelve, its name, and what it is counted in."""

    number: int
    name: str
    unit: Unit


SHOWN: Mapping[Indicator, Shown] = {
    Indicator.FULL_YEAR: Shown(1, "Helårseffekt, netto", "msek"),
    Indicator.REALISED: Shown(2, "Hemtaget i år, netto", "msek"),
    Indicator.REALISED_SHARE: Shown(2, "Hemtaget av planen till samma dag", "percent"),
    Indicator.REALISED_TOTAL: Shown(2, "Hemtaget sammanlagt, netto", "msek"),
    Indicator.COST: Shown(3, "Inköpsorganisationens kostnad", "msek"),
    Indicator.NET: Shown(3, "Netto: hemtaget minus kostnad, båda för perioden", "msek"),
    Indicator.COVERAGE: Shown(4, "Avtalstäckning, köpt i kategorier med avtal", "percent"),
    Indicator.LOYALTY: Shown(5, "Avtalstrohet, köpt under avtal till avtalat pris", "percent"),
    Indicator.ASSORTMENT: Shown(6, "Sortimentstrohet, köpt ur sortimentet", "percent"),
    Indicator.ARTICLES: Shown(6, "Olika artiklar som köptes", "count"),
    Indicator.BASKET: Shown(7, "Varukorgens prisindex (Fisher), samma tid året före är 100", "index"),
    Indicator.AGREEMENTS_ACTIVE: Shown(8, "Avtal i kraft", "count"),
    Indicator.AGREEMENTS_ENDING: Shown(8, f"Avtal som löper ut inom {few(ENDING_MONTHS)} månader", "count"),
    Indicator.AGREEMENTS_NEAR_CEILING: Shown(
        8, f"Avtal med mer än {formatting.share(NEAR_CEILING)} av takvolymen använd", "count"
    ),
    Indicator.AGREEMENTS_LONG: Shown(8, "Avtal som är längre än fyra år", "count"),
    Indicator.AWARDS: Shown(9, "Direktupphandlingar som ska dokumenteras", "count"),
    Indicator.AWARDS_AMOUNT: Shown(9, "Direktupphandlingarnas värde", "msek"),
    Indicator.AWARDS_DOCUMENTED: Shown(9, "Dokumenterade direktupphandlingar", "percent"),
    Indicator.DECISION_MEDIAN: Shown(10, "Från begäran till beslut, median", "days"),
    Indicator.DECISION_NINE_OF_TEN: Shown(10, "Från begäran till beslut, nio av tio inom", "days"),
    Indicator.DELIVERY_MEDIAN: Shown(10, "Från begäran till leverans, median", "days"),
    Indicator.DECIDED_IN_TIME: Shown(10, "Beslutat inom utlovad tid", "percent"),
    Indicator.DUE_DILIGENCE: Shown(11, "Granskade leverantörer i riskkategorier", "percent"),
    Indicator.OPEN_COMPLAINTS: Shown(11, "Öppna reklamationer", "count"),
    Indicator.SUPPLY: Shown(12, "Kritiska artiklar med för kort räckvidd", "count"),
    Indicator.RECOMMENDATIONS: Shown(12, "Avslutade revisionsrekommendationer", "percent"),
}

WHY: Mapping[str, str] = {
    "no_initiatives": "inget initiativ har en bekräftad baslinje som räknas",
    "no_counted_lines": "inga levererade rader räknas mot en bekräftad baslinje",
    "no_plan": "ingen plan faller på perioden",
    "no_cost": "kostnaden är inte registrerad för hela perioden",
    "no_deliveries": "inga leveranser är kända",
    "nothing_covered": "inget är köpt i kategorier med avtal",
    "nothing_in_both": "ingen artikel är köpt under båda perioderna",
    "no_agreements": "inget avtal i registret gällde",
    "no_orders": "inga inköpsorder har gått genom Rauk",
    "no_awards": "det finns inga direktupphandlingar att dokumentera",
    "no_decisions": "inga rader är prövade i Rauk",
    "no_receipts": "inget är mottaget i Rauk",
    "due_diligence": "Rauk följer inte upp leverantörernas granskning än",
    "supply": "Rauk har inte uppgifter om lager och räckvidd än",
    "no_recommendations": "ingen rekommendation från revisionen fanns i Rauk",
}


def indicator_table(snapshot: Snapshot) -> tuple[Table]:
    """All of them in one table; what cannot be known says so, with why."""
    report = snapshot["report"]
    rows = tuple(_row(each, snapshot) for each in snapshot["indicators"])
    headings = (
        Heading("Indikator", is_number=False, share=6),
        Heading("Mål"),
        Heading("Utfall"),
        Heading(f"Samma tid {report['year'] - 1}"),
        Heading("Status", is_number=False, share=3),
    )
    caption = f"Utfall till och med {day(report['through'])}"
    note = "Numren är de tolv indikatorer som följs. MSEK är miljoner kronor exklusive moms."
    return (Table(caption, headings, rows, note),)


def _row(each: Mapping[str, Any], snapshot: Snapshot) -> Row:
    key = Indicator(each["key"])
    indicator, now, before = SHOWN[key], each["now"], each["before"]
    return Row(
        (
            Cell(f"{indicator.number}. {indicator.name}", below=" ".join(_notes(key, each, snapshot))),
            Cell(target_text(each["target"], indicator.unit)),
            Cell(outturn_text(now, indicator.unit), _url(key, snapshot) if now["value"] is not None else ""),
            Cell(outturn_text(before, indicator.unit)),
            Cell(status(now["value"], each["target"])),
        )
    )


def outturn_text(outturn: Mapping[str, Any], unit: Unit) -> str:
    """A number in its unit; where there is none, that it is missing: never 0."""
    return NO_DATA if outturn["value"] is None else _value_text(Decimal(outturn["value"]), unit)


def target_text(target: Mapping[str, str] | None, unit: Unit) -> str:
    """A target in its unit: ``minst 85 %``."""
    if target is None:
        return formatting.NOTHING
    word = str(Direction(target["direction"]).value)
    return (
        f"{'minst' if word == Direction.AT_LEAST else 'högst'} {_value_text(Decimal(target['value']), unit)}"
    )


def status(value: str | None, target: Mapping[str, str] | None) -> str:
    """Say in words and with a sign whether a target is reached."""
    if target is None:
        return NO_TARGET
    if value is None:
        return NOT_KNOWN
    outturn, target_value = Decimal(value), Decimal(target["value"])
    is_reached = (
        outturn >= target_value if target["direction"] == Direction.AT_LEAST else outturn <= target_value
    )
    return REACHED if is_reached else NOT_REACHED


def _value_text(value: Decimal, unit: Unit) -> str:
    if unit == "msek":
        return formatting.msek(value)
    if unit == "percent":
        return formatting.share(value / 100, None if value % 1 else 0)
    if unit == "days":
        return _duration_text(value)
    return formatting.number(value, 1 if unit == "index" else 0)


def _duration_text(days: Decimal) -> str:
    """Say a time in days, below one day in hours."""
    if days < 1:
        return f"{formatting.number(days * 24)}{formatting.NBSP}timmar"
    return f"{formatting.number(days, 1)}{formatting.NBSP}dagar"


def _url(key: Indicator, snapshot: Snapshot) -> str:
    """Where the lines or baselines behind it open, when they do."""
    net = snapshot["effects"]["net"]
    addresses = {
        Indicator.FULL_YEAR: net["plan_url"],
        Indicator.REALISED: net["url"],
        Indicator.AGREEMENTS_ACTIVE: snapshot["agreements"]["url"],
    }
    return str(addresses.get(key, ""))


def _notes(key: Indicator, each: Mapping[str, Any], snapshot: Snapshot) -> list[str]:
    """What it rests on, or why there is no number."""
    now, before, year = each["now"], each["before"], snapshot["report"]["year"] - 1
    notes = [f"{NO_DATA}: {WHY[now['why']]}."] if now["value"] is None else _quality(key, now, snapshot)
    if before["value"] is None and before["why"] != now["why"]:
        notes.append(f"Uppgift för {year} saknas: {WHY[before['why']]}.")
    return notes


def _quality(key: Indicator, now: Mapping[str, Any], snapshot: Snapshot) -> list[str]:
    """What one must know of the data behind a number."""
    of, delivered, lead = now["of"], snapshot["deliveries"][0], snapshot["lead_times"][0]
    rows = count(of, "levererad rad", "levererade rader")
    notes: dict[Indicator, str] = {
        Indicator.FULL_YEAR: f"{few(of).capitalize()} initiativ med bekräftad baslinje började gälla under året.",
        Indicator.REALISED: f"{rows} av {formatting.number(delivered['count'])} räknas mot en baslinje.",
        Indicator.REALISED_TOTAL: f"{rows} sedan början.",
        Indicator.COVERAGE: _line_count_text(rows, now.get("without_category", 0), "saknar kategori och räknas som utan avtal"),
        Indicator.LOYALTY: _line_count_text(rows, now.get("without_price", 0), "har inget avtalspris och räknas inte som avtalstrogna"),
        Indicator.ASSORTMENT: "Rader med en artikel i registret, oavsett artikelns läge den dagen.",
        Indicator.BASKET: f"{count(of, 'artikel', 'artiklar')} som köptes båda perioderna. Ingen officiell prisserie är vald "
        "att jämföra med.",
        Indicator.RECOMMENDATIONS: f"{count(of, 'rekommendation', 'rekommendationer')} från revisionen.",
        Indicator.AWARDS: "Order som har gått genom Rauk.",
        Indicator.DECISION_MEDIAN: f"{count(of, 'prövad rad', 'prövade rader')}.",
        Indicator.DELIVERY_MEDIAN: f"{count(of, 'rad', 'rader')} vars första leverans kom under perioden.",
        Indicator.DECIDED_IN_TIME: f"{count(lead['by_policy'], 'rad', 'rader')} beslutades direkt genom stående godkännande "
        "och räknas inte.",
    }  # fmt: skip
    return [notes[key]] if key in notes else []


def _line_count_text(rows: str, number: int, lack: str) -> str:
    return f"{rows}, {formatting.number(number)} av dem {lack}." if number else f"{rows}."
