"""Files of order lines for the tests: the committed extract, the real file when it is at hand, and made-up ones."""

import csv
import io
from pathlib import Path

from history.importing import scms

EXTRACT = Path(__file__).parent / "data" / "scms_extract.csv"
REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "orders" / "scms_delivery_history.csv.gz"
REAL_MISSING = f"the real SCMS file is not at {REAL}"

GOOD = {
    scms.ID: "1",
    scms.COUNTRY: "Zambia",
    scms.DELIVERED: "2-Jun-06",
    scms.PRODUCT_GROUP: "HRDT",
    scms.SUB_CLASSIFICATION: "HIV test",
    scms.VENDOR: "Abbott",
    scms.DESCRIPTION: "HIV 1/2, Kit, 100 Tests",
    scms.UNITS_PER_PACK: "100",
    scms.QUANTITY: "19",
    scms.VALUE: "551",
    scms.PACK_PRICE: "29",
    "Freight Cost (USD)": "780.34",
}


def table(*rows: dict[str, str], line_end: str = "\r") -> str:
    """Write a file of rows that differ from a good one in what is given."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(GOOD), lineterminator=line_end)
    writer.writeheader()
    for number, row in enumerate(rows, start=1):
        writer.writerow({**GOOD, scms.ID: str(number), **row})
    return text.getvalue()
