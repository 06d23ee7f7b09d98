"""The parts of the annex about what the board and the audit have asked for, and the plan that answers it. Pure."""

from typing import Any

from governance.states import RecommendationStatus
from reporting.report.document import Block, Cell, Heading, Paragraph, Row, Table
from reporting.report.snapshot import Snapshot
from reporting.report.words import day

STATES = {"done": "✓ Klar", "late": "✗ Försenad", "begun": "Påbörjad", "coming": "Inte påbörjad"}
STATUSES: dict[str, str] = {
    RecommendationStatus.RECEIVED: "Mottagen",
    RecommendationStatus.ANSWERED: "Besvarad",
    RecommendationStatus.PLANNED: "Åtgärd planerad",
    RecommendationStatus.CARRIED_OUT: "Genomförd, inte verifierad",
    RecommendationStatus.VERIFIED: "✓ Verifierad",
    RecommendationStatus.REPLACED: "Ersatt",
}


def recommendations(snapshot: Snapshot) -> tuple[Block, ...]:
    """Each recommendation that had been received, audit by audit, with where it stood and why."""
    audits: dict[tuple[str, str], list[Row]] = {}
    for each in snapshot["asked"]["recommendations"]:
        row = Row(
            (Cell(f"{each['number']}. {each['text']}", below=each["words"]), Cell(STATUSES[each["status"]]))
        )
        audits.setdefault((each["audit"], each["audit_date"]), []).append(row)
    headings = (Heading("Rekommendation", is_number=False, share=6), Heading("Läge", is_number=False))
    blocks: tuple[Block, ...] = tuple(
        Table(f"{name}, {day(on)}", headings, tuple(rows)) for (name, on), rows in audits.items()
    )
    nothing = Paragraph(_missing("ingen rekommendation", snapshot))
    return blocks or (nothing,)


def plan(snapshot: Snapshot) -> tuple[Block, ...]:
    """Each activity and milestone of the plans that had begun, with how it stood."""
    rows = tuple(_activity(each) for each in snapshot["asked"]["activities"])
    headings = (
        Heading("Aktivitet", is_number=False, share=6),
        Heading("Klar senast", is_number=False),
        Heading("Läge", is_number=False),
    )
    caption = f"Aktiviteter den {day(snapshot['report']['through'])}"
    nothing = Paragraph(_missing("ingen genomförandeplan", snapshot))
    return (Table(caption, headings, rows),) if rows else (nothing,)


def assignments(snapshot: Snapshot, diary_number: str) -> tuple[Paragraph, ...]:
    """What the board had asked for under the report's own diary number: how the case began."""
    return tuple(
        Paragraph(
            f"{each['body'][:1].upper()}{each['body'][1:]} gav den {day(each['meeting'])}, {each['paragraph']}, uppdraget: {each['text']}"
        )
        for each in snapshot["asked"]["assignments"]
        if each["diary_number"] == diary_number
    )


def _activity(each: dict[str, Any]) -> Row:
    kind = "Milstolpe" if each["is_milestone"] else ""
    return Row(
        (
            Cell(f"{each['number']}. {each['text']}", below=kind),
            Cell(each["ends"]),
            Cell(STATES[each["state"]]),
        )
    )


def _missing(what: str, snapshot: Snapshot) -> str:
    return f"Uppgift saknas: {what} fanns i Rauk den {day(snapshot['report']['through'])}."
