"""
Tables as CSV that Swedish spreadsheet programs read without asking: semicolon, decimal comma, UTF-8 with BOM.

Text that a program could take for a formula is made harmless (OWASP, CSV injection); numbers stay numbers.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from core.printable import printable

Cell = str | Decimal | int | date | None

BOM = "\ufeff"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
_UNSEEN = (
    " \t\r\n\v\f\u00a0\u00ad\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_NEGATIVE = re.compile(r"[-\u2212]\d{1,15}([.,]\d{1,10})?")


def harmless(text: str) -> str:
    """
    Put an apostrophe before text that a spreadsheet would run as a formula.

    White space before the sign does not hide it, nor what nobody sees. A negative number is no formula.
    """
    is_formula = text.startswith(_FORMULA_STARTS) or text.lstrip(_UNSEEN).startswith(_FORMULA_STARTS)
    return f"'{text}" if is_formula and not _NEGATIVE.fullmatch(text) else text


def csv_cell(value: Cell) -> str:
    """Write one value: text harmless, decimal comma, ISO dates, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(printable(value))
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
