"""What stands apart from the budget effect, in the annex: what was avoided, comes once, was crisis prices or is retained. Pure."""

from collections.abc import Mapping
from typing import Any

from core import formatting
from reporting.models import EffectPart
from reporting.report.document import Block, Cell, Heading, Paragraph, Row, Table
from reporting.report.known import realised_cell, unknown_note
from reporting.report.snapshot import Snapshot
from reporting.report.words import methods_named, whole

NAMES: Mapping[str, str] = {
    EffectPart.AVOIDED: "Undvikna höjningar",
    EffectPart.ONE_OFF: "Engångseffekter",
    EffectPart.CRISIS: "Krispriser",
    EffectPart.RETAINED: "Kvarhållen effekt",
}
EXPLAINED: Mapping[str, str] = {
    EffectPart.AVOIDED: "Vad priset annars hade blivit, minus priset före. Ger inga pengar över.",
    EffectPart.ONE_OFF: "Kommer en gång och återkommer inte nästa år.",
    EffectPart.CRISIS: "Priser under en kris, som inte jämförs med vanliga priser.",
    EffectPart.RETAINED: "Vad priser som är äldre än tolv månader fortfarande ger mot priset före.",
}


def apart(snapshot: Snapshot) -> tuple[Block, ...]:
    """Each part with its increases on a row of their own; none of it is in any other figure."""
    rows = snapshot["apart"]
    if not rows:
        return (
            Paragraph(
                "Inga undvikna höjningar, engångseffekter, krispriser eller kvarhållna effekter räknas under perioden."
            ),
        )
    headings = (
        Heading("Effekt", is_number=False, share=5),
        Heading("Helårs\u00adeffekt"),
        Heading("Innevar\u00adande år"),
        Heading("Över\u00adhäng"),
        Heading("Hem\u00adtagen"),
    )
    note = " ".join(filter(None, ("Ingår inte i budgeteffekten eller nettot.", unknown_note(rows))))
    return (Table("Utanför budgeteffekten, kronor exklusive moms", headings, tuple(map(_row, rows)), note),)


def name_of(each: Mapping[str, Any]) -> str:
    """What a row is called: its part, and that it is what became dearer."""
    return f"{NAMES[each['part']]}, kostnadsökningar" if each["is_increase"] else NAMES[each["part"]]


def _row(each: Mapping[str, Any]) -> Row:
    below = f"{EXPLAINED[each['part']]} {methods_named(each['methods'])}."
    planned = (
        Cell(formatting.NOTHING if each["part"] == EffectPart.RETAINED else whole(each[measure]))
        for measure in ("full_year", "in_year", "overhang")
    )
    return Row(
        (Cell(name_of(each), below=below), *planned, realised_cell(each)),
        "increase" if each["is_increase"] else "",
    )
