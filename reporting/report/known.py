"""
What a report knows of what came. Pure.

Where no delivered line is counted nothing is known of it: that is said, and never that it was 0 or 0 % of a plan.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from core import formatting
from reporting.report.annex_indicators import WHY
from reporting.report.document import Cell
from reporting.report.snapshot import Snapshot
from reporting.report.words import whole

UNKNOWN_NOTE = f"{formatting.NOTHING} betyder att inga levererade rader räknas."


def why_unknown(snapshot: Snapshot) -> str:
    """Say why nothing is known of what was realised in the period; empty when something is."""
    if snapshot["effects"]["net"]["lines"]:
        return ""
    return WHY["no_counted_lines" if snapshot["deliveries"][0]["count"] else "no_deliveries"]


def realised_cell(amounts: Mapping[str, Any]) -> Cell:
    """What was realised, opening to its lines; a dash where there are none."""
    return Cell(whole(amounts["realised"]), amounts["url"]) if amounts["lines"] else Cell(formatting.NOTHING)


def unknown_note(rows: Sequence[Mapping[str, Any]]) -> str:
    """What the dash means, where one of the rows has it."""
    return "" if all(row["lines"] for row in rows) else UNKNOWN_NOTE


def months_without(snapshot: Snapshot) -> str:
    """Name the months of the period that no delivery is known of: ``januari–mars och maj 2021``; empty without such months."""
    firsts = [date.fromisoformat(each) for each in snapshot["deliveries"][0]["months_without"]]
    runs: list[list[date]] = []
    for first in firsts:
        if runs and runs[-1][-1].month == first.month - 1:
            runs[-1].append(first)
        else:
            runs.append([first])
    if not runs:
        return ""
    spans = ["–".join(dict.fromkeys((_name(run[0]), _name(run[-1])))) for run in runs]
    words = f"{', '.join(spans[:-1])} och {spans[-1]}" if len(spans) > 1 else spans[0]
    return f"{words} {firsts[0].year}"


def _name(first: date) -> str:
    return formatting.month(first).split(formatting.NBSP)[0]
