"""
USAID SCMS Delivery History: order lines of medicines, tests and consumables 2006–2015, amounts in USD.

Country is read as department, vendor as supplier, product group and sub-classification as category. What the
savings need is required; freight, weight and insurance are not, so text there («Freight Included in Commodity
Cost», «See ASN-93 (ID#:1281)») is kept as a note and never refuses the line. The line value is the source's
own and is kept even where it is not quantity × pack price.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TextIO

from django.utils.translation import gettext as _

from core import formatting
from core.money import line_amount, to_quantity
from core.numbers import NotANumber, TwoReadings
from core.text import cleaned
from history.importing.files import RepeatedColumns, WrongColumns, number
from history.importing.lines import Reader, ReadLine, RefusedRow, Row
from registers.reading.text import table

ID = "ID"
COUNTRY = "Country"
DELIVERED = "Delivered to Client Date"
PRODUCT_GROUP = "Product Group"
SUB_CLASSIFICATION = "Sub Classification"
VENDOR = "Vendor"
DESCRIPTION = "Item Description"
UNITS_PER_PACK = "Unit of Measure (Per Pack)"
QUANTITY = "Line Item Quantity"
VALUE = "Line Item Value"
PACK_PRICE = "Pack Price"
REQUIRED = (
    ID, COUNTRY, DELIVERED, PRODUCT_GROUP, SUB_CLASSIFICATION, VENDOR, DESCRIPTION, QUANTITY, VALUE, PACK_PRICE,
)  # fmt: skip
MOST_NAMED = 3
"""So many missing columns are named; a file that lacks more is of another format."""
OPTIONAL_NUMBERS = (UNITS_PER_PACK, "Weight (Kilograms)", "Freight Cost (USD)", "Line Item Insurance (USD)")

MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ITEM_PREFIX = re.compile(r"#[^*]*\*\*")
DAY_MONTH_NAME = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[- ](\d{4}|\d{2})")
MONTH_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")

# Column, digits before the decimal mark, decimals: what the register can hold without changing the value.
NUMBER_SIZES = {QUANTITY: (12, 3), VALUE: (14, 2), PACK_PRICE: (12, 4)}
LENGTHS = {ID: 60, COUNTRY: 120, VENDOR: 160, DESCRIPTION: 300}
CATEGORY_LENGTH = 160
NOTE_LENGTH = 200
RAW_LENGTH = 2000


class _RefusedError(Exception):
    """A value that cannot be used, in a column."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(reason)


def item_key(description: str) -> str:
    """Tell the same item apart from its spelling: lower case, no leading ``#id**``, white space collapsed."""
    text = description.strip()
    prefix = ITEM_PREFIX.match(text)
    return " ".join(text[prefix.end() if prefix else 0 :].split()).lower()


def rows(text: TextIO) -> Iterator[Row]:
    """
    Read a file row by row.

    :raises WrongColumns: it is not in this format.
    :raises RepeatedColumns: two columns have the same name.
    """
    lines, delimiter = table(text)
    heading = [cleaned(name).strip() for name in next(lines, [])]
    repeated = sorted({name for name in heading if name and heading.count(name) > 1})
    if repeated:
        raise RepeatedColumns(names=", ".join(repeated))
    missing = [name for name in REQUIRED if name not in heading]
    if missing:
        named = missing if len(missing) <= MOST_NAMED else [*missing[:MOST_NAMED], "…"]
        raise WrongColumns(missing=", ".join(named), file_format="SCMS")
    for row, cells in enumerate(lines, start=2):
        if not any(cleaned(cell).strip() for cell in cells):
            continue
        try:
            yield _line(row, _named(heading, cells), delimiter)
        except _RefusedError as refusal:
            yield RefusedRow(row, refusal.field, refusal.reason, delimiter.join(cells)[:RAW_LENGTH])


def _named(heading: list[str], cells: list[str]) -> dict[str, str]:
    """Put names on the cells of a row."""
    if len(cells) != len(heading):
        raise _RefusedError(
            "",
            _("Raden har %(count)s kolumner, rubriken har %(expected)s.")
            % {"count": len(cells), "expected": len(heading)},
        )
    return dict(zip(heading, (cleaned(cell).strip() for cell in cells), strict=True))


def _line(row: int, cells: dict[str, str], delimiter: str) -> ReadLine:
    """Make a line of a row, or say why not."""
    external_id = _text(cells, ID)
    description = _text(cells, DESCRIPTION)
    category = f"{_text(cells, PRODUCT_GROUP)} / {_text(cells, SUB_CLASSIFICATION)}"
    if len(category) > CATEGORY_LENGTH:
        raise _RefusedError(SUB_CLASSIFICATION, _too_long(CATEGORY_LENGTH))
    quantity, unit_price, amount = (
        _number(cells, field, delimiter) for field in (QUANTITY, PACK_PRICE, VALUE)
    )
    line = ReadLine(
        row=row,
        external_id=external_id,
        delivered_date=_date(cells, DELIVERED),
        department_name=_text(cells, COUNTRY),
        supplier_name=_text(cells, VENDOR),
        category_name=category,
        item_key=item_key(description),
        description=description,
        quantity=quantity,
        unit_price=unit_price,
        amount=amount,
        units_per_order_unit=_units_per_pack(cells, delimiter),
        note=_note(cells, expected=line_amount(unit_price, quantity), amount=amount),
    )
    if not line.item_key:
        raise _RefusedError(DESCRIPTION, _("Värdet saknas."))
    return line


def _text(cells: dict[str, str], field: str) -> str:
    """Take a text that must be there."""
    text = cells[field]
    if not text:
        raise _RefusedError(field, _("Värdet saknas."))
    limit = LENGTHS.get(field, CATEGORY_LENGTH)
    if len(text) > limit:
        raise _RefusedError(field, _too_long(limit))
    return text


def _too_long(limit: int) -> str:
    return _("Texten är längre än %(limit)s tecken.") % {"limit": limit}


def _number(cells: dict[str, str], field: str, delimiter: str) -> Decimal:
    """Take a number that must be there and that the register can hold as it is."""
    text = cells[field]
    if not text:
        raise _RefusedError(field, _("Värdet saknas."))
    try:
        value = number(text, delimiter=delimiter)
    except TwoReadings as error:
        raise _RefusedError(
            field,
            _("”%(text)s” kan läsas som %(thousands)s eller %(decimals)s.")
            % {"text": text[:60], "thousands": error.thousands, "decimals": error.decimals},
        ) from None
    except NotANumber:
        raise _RefusedError(field, _("”%(text)s” är inte ett tal.") % {"text": text[:60]}) from None
    whole_digits, decimals = NUMBER_SIZES[field]
    whole, _point, fraction = f"{abs(value):f}".partition(".")
    if len(whole.lstrip("0")) > whole_digits:
        raise _RefusedError(field, _("Talet är orimligt stort."))
    if len(fraction.rstrip("0")) > decimals:
        raise _RefusedError(field, _("Talet har fler än %(decimals)s decimaler.") % {"decimals": decimals})
    return value


def _units_per_pack(cells: dict[str, str], delimiter: str) -> Decimal | None:
    """Take the pack size when it is a sensible number."""
    try:
        value = number(cells.get(UNITS_PER_PACK, ""), delimiter=delimiter)
    except NotANumber:
        return None
    return value if abs(value) < 10**9 and value == to_quantity(value) else None


def _date(cells: dict[str, str], field: str) -> date:
    """Take a date in any of the ways that the file writes them: 2-Jun-06, 6/2/06 (month first), 2006-06-02."""
    text = cells[field]
    if not text:
        raise _RefusedError(field, _("Värdet saknas."))
    try:
        return _parsed_date(text)
    except (ValueError, KeyError):
        raise _RefusedError(field, _("”%(text)s” är inte ett datum.") % {"text": text[:60]}) from None


def _parsed_date(text: str) -> date:
    if match := DAY_MONTH_NAME.fullmatch(text):
        return date(_year(match[3]), MONTHS[match[2].lower()], int(match[1]))
    if match := MONTH_DAY.fullmatch(text):
        return date(_year(match[3]), int(match[1]), int(match[2]))
    if match := ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    raise ValueError(text)


def _year(digits: str) -> int:
    """Place two digits in 1970–2069."""
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


def _note(cells: dict[str, str], *, expected: Decimal, amount: Decimal) -> str:
    """Keep what a later reader should know: text in number columns, and a value that is not quantity × price."""
    words = [
        f"{field}: {cells[field]}"
        for field in OPTIONAL_NUMBERS
        if cells.get(field) and not NUMBER.fullmatch(cells[field])
    ]
    if abs(expected - amount) > 1:
        words.insert(
            0,
            _("Radvärdet är inte antal × pris, %(expected)s") % {"expected": formatting.number(expected, 2)},
        )
    return "; ".join(words)[:NOTE_LENGTH]


READER = Reader(source="scms", currency="USD", unit="pack", columns=REQUIRED, rows=rows)
