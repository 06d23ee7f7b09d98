"""
Tables as CSV that Swedish spreadsheet programs read without asking: semicolon, decimal comma, UTF-8 with BOM.

Text that a program could take for a formula is made harmless (OWASP, CSV injection); numbers stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

Cell = str | Decimal | int | date | None

BOM = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def harmless(text: str) -> str:
    """
    Put an apostrophe before text that a spreadsheet would run as a formula.

    White space before the sign does not hide it.
    """
    return (
        f"'{text}"
        if text.lstrip(" \u00a0").startswith(_FORMULA_STARTS) or text.startswith(_FORMULA_STARTS)
        else text
    )


def csv_cell(value: Cell) -> str:
    """Write one value: text harmless, decimal comma, ISO dates, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Write a table line by line, so that a long one can be streamed; the BOM comes first."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([harmless(name) for name in header])
    yield buffer.getvalue().encode()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([csv_cell(value) for value in row])
        yield buffer.getvalue().encode()
