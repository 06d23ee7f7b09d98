"""What a file, a form or a program hands in, as a person would have typed it."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

from core.text import UnstorableText, cleaned
from registers.unreadable import LostLetters, UnseenCharacters

Cell = str | int | float | Decimal | date | datetime | time | bool | None
"""What a file, a form or a program hands in."""


def text_of(cell: Cell) -> str:
    """
    What was handed in, as a person would have typed it.

    :raises Unreadable: it cannot be kept, or has lost letters on its way.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        if LOST in cell:
            raise LostLetters
        try:
            return " ".join(cleaned(cell).split()) if "\n" not in cell else cleaned(cell).strip()
        except UnstorableText:
            raise UnseenCharacters from None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)).normalize():f}" if cell == cell and abs(cell) < 1e30 else str(cell)
    if isinstance(cell, datetime):
        is_day = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if is_day else cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)


def are_clean(texts: Sequence[str]) -> bool:
    """Whether `text_of` gives all of these as they stand; a quick look at many, which says no when in doubt."""
    whole = f"|{'|'.join(texts)}|"
    return (
        whole.isprintable()
        and not any(odd in whole for odd in ("  ", "| ", " |", LOST))
        and (whole.isascii() or unicodedata.is_normalized("NFC", whole))
    )


LOST = "\ufffd"
"""What programs write for a letter that they could not read."""
