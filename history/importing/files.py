"""What files of order lines have of their own, beside being text: their columns and how they write numbers."""

import re
from decimal import Decimal
from typing import TextIO

from django.utils.translation import gettext_lazy as _

from core.numbers import TwoReadings, parse_number
from registers.reading.text import COMMA, UnreadableFile, table

_THOUSANDS_OR_DECIMALS = re.compile(r"-?[0-9]{1,3},[0-9]{3}")


class WrongColumns(UnreadableFile):
    """Columns that the format needs are not there."""

    code = "wrong_columns"
    sentence = _("Filen saknar kolumner som behövs: %(missing)s. Välj en fil i formatet %(file_format)s.")


class RepeatedColumns(UnreadableFile):
    """Two columns have the same name, so that it is not known which one is meant."""

    code = "repeated_columns"
    sentence = _(
        "Filen har flera kolumner som heter %(names)s. Ta bort eller byt namn på dem som inte gäller."
    )


def number(text: str, *, delimiter: str) -> Decimal:
    """
    Read a number of a file, where people and programs write it in their own ways.

    With commas between the cells the point is the decimal mark, else numbers are Swedish. A comma within a number
    of the first kind stands for decimals where it cannot stand for thousands.

    :raises NotANumber: it is none, or two.
    """
    if delimiter != COMMA or (COMMA in text and "." not in text):
        if delimiter == COMMA and _THOUSANDS_OR_DECIMALS.fullmatch(text):
            raise TwoReadings(text, thousands=text.replace(COMMA, ""), decimals=text.replace(COMMA, "."))
        return parse_number(text, units=())
    return parse_number(text, language="en", units=())


def count_rows(text: TextIO) -> int:
    """
    Count the rows below the heading that have something in them.

    :raises UnreadableFile: it is no table.
    """
    cells, _delimiter = table(text)
    next(cells, None)
    return sum(1 for row in cells if any(cell.strip() for cell in row))
