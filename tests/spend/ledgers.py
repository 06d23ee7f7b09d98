"""Ledgers for the tests: tables and SIE files, brought in as a controller brings them in."""

import csv
import io
from datetime import date
from io import BytesIO

from organizations.models import User
from registers.models import Import
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS
from spend.selection import Selection
from tests.cast import NOW

SOURCE = "raindance"
YEAR = Selection(SOURCE, date(2021, 1, 1), date(2021, 12, 31))
GOOD = {
    "Radens nummer": "",
    "Bokförd": "2021-03-15",
    "Konto": "4010",
    "Kontonamn": "Sjukvårdsmaterial",
    "Kostnadsställe": "",
    "Organisationsnummer": "",
    "Leverantör": "",
    "Text": "Faktura",
    "Belopp": "100",
}


def table(*rows: dict[str, str]) -> bytes:
    """A CSV file of rows that differ from a good one in what is given; each has its own number where nothing is said."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(GOOD), delimiter=";")
    writer.writeheader()
    for number, row in enumerate(rows, start=1):
        writer.writerow({**GOOD, "Radens nummer": str(number), **row})
    return text.getvalue().encode()


def compared(
    content: bytes,
    by: User | None = None,
    *,
    name: str = "reskontra.csv",
    source: str = SOURCE,
    said: dict[str, str] | None = None,
    constants: dict[str, str] | None = None,
) -> Import:
    """Have a ledger read and compared."""
    of_import = request_import(
        register=REGISTERS["booked_costs"],
        file_name=name,
        content=BytesIO(content),
        source=source,
        column_by_heading=said,
        constants=constants,
        by=by,
        at=NOW,
    )
    return run_import(of_import=of_import, at=NOW)


def brought_in(
    content: bytes, by: User | None = None, *, name: str = "reskontra.csv", source: str = SOURCE
) -> Import:
    """Have the rows of a ledger here."""
    return apply_import(of_import=compared(content, by, name=name, source=source), by=by, at=NOW)


def counts(this: Import) -> tuple[int, int, int]:
    """New, there already, and refused."""
    count_by_kind = this.counts()
    return count_by_kind["new"], count_by_kind["unchanged"], count_by_kind["refused"]


def refused(this: Import) -> list[tuple[int, str]]:
    """The rows that were refused, each with its sentence."""
    rows = this.changes.filter(kind="refused").in_order()
    return [(change.row, change.sentence) for change in rows]
