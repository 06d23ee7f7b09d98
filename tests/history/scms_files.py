"""Files of order lines for the tests: the committed extract, the real file when it is at hand, and made-up ones."""

import csv
import io
from io import BytesIO
from pathlib import Path

from organizations.models import User
from registers.models import Import
from registers.operations.applying import apply_import
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS
from tests.cast import NOW

EXTRACT = Path(__file__).parent / "data" / "scms_extract.csv"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "orders" / "scms_delivery_history.csv.gz"
REAL_MISSING = f"the real SCMS file is not at {REAL}"

ID, COUNTRY, DELIVERED, VENDOR = "ID", "Country", "Delivered to Client Date", "Vendor"
DESCRIPTION, PACK = "Item Description", "Unit of Measure (Per Pack)"
QUANTITY, VALUE, PRICE, FREIGHT = "Line Item Quantity", "Line Item Value", "Pack Price", "Freight Cost (USD)"
GOOD = {
    ID: "1",
    COUNTRY: "Zambia",
    DELIVERED: "2-Jun-06",
    "Product Group": "HRDT",
    "Sub Classification": "HIV test",
    VENDOR: "Abbott",
    DESCRIPTION: "HIV 1/2, Kit, 100 Tests",
    PACK: "100",
    QUANTITY: "19",
    VALUE: "551",
    PRICE: "29",
    "Weight (Kilograms)": "13",
    FREIGHT: "780.34",
}


def table(*rows: dict[str, str], line_end: str = "\r", delimiter: str = ",") -> str:
    """Write a file of rows that differ from a good one in what is given."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(GOOD), lineterminator=line_end, delimiter=delimiter)
    writer.writeheader()
    for number, row in enumerate(rows, start=1):
        writer.writerow({**GOOD, ID: str(number), **row})
    return text.getvalue()


def handed_in(
    content: bytes, by: User | None = None, *, name: str = "rader.csv", source: str = "scms"
) -> Import:
    """Have a file kept."""
    return request_import(
        register=REGISTERS["purchases"],
        file_name=name,
        content=BytesIO(content),
        source=source,
        by=by,
        at=NOW,
    )


def compared(
    content: bytes, by: User | None = None, *, name: str = "rader.csv", source: str = "scms"
) -> Import:
    """Have a file read and compared."""
    return run_import(of_import=handed_in(content, by, name=name, source=source), at=NOW)


def brought_in(content: bytes, by: User | None = None, *, source: str = "scms") -> Import:
    """Have the lines of a file in the history."""
    return apply_import(of_import=compared(content, by, source=source), by=by, at=NOW)
