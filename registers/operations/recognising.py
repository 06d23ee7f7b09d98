"""What a file that is handed in has in its columns: its headings, the system it comes from, and what is remembered of both."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput
from core.printable import printable
from registers.bundles import Bundle, Part, constants_in
from registers.ledgers import SourceMissing, SourceUnknownHere
from registers.models import HeadingMemory, Import
from registers.reading.headings import UnclearHeadings, matched
from registers.reading.lines import Reading, lines
from registers.register import Register
from registers.unreadable import Unreadable


class NothingInFile(InvalidInput):
    """The file has no rows under its headings."""

    code = "register_nothing_in_file"
    sentence = _("Filen har inga rader.")


class UnclearConstant(InvalidInput):
    """What is said of all rows cannot be read."""

    code = "register_unclear_constant"
    sentence = _("%(column)s för alla rader går inte att läsa. %(reason)s")


class HeadingsUnreadable(InvalidInput):
    """A cell of the first row cannot be a heading."""

    code = "register_headings_unreadable"
    sentence = _("Filens rubrikrad går inte att läsa. %(reason)s")


def sie_reading(register: Register | Bundle) -> Reading | None:
    """How a SIE file is read for the register; None is for its codes."""
    return register.ledger.of_sie if isinstance(register, Register) and register.ledger else None


def headings_of(register: Register | Bundle, content: BinaryIO, file_name: str) -> list[str]:
    """
    Read the first line of a file.

    :raises InvalidInput: there is none, or it cannot be read.
    """
    with closing(lines(content, file_name=file_name, of_sie=sie_reading(register))) as all_lines:
        head = next(all_lines, None)
    if head is None:
        raise NothingInFile
    for refusal in head.refused.values():
        raise HeadingsUnreadable(reason=str(refusal))
    return texts_of(head.cells)


def source_named(register: Register | Bundle, source: str) -> str:
    """
    The system that a file comes from, by the name that is known.

    :raises InvalidInput: it is not said, or has no place in the register.
    """
    name = " ".join(printable(source).split())
    if isinstance(register, Bundle):
        return name[:20]
    if register.ledger is None:
        if name:
            raise SourceUnknownHere
        return ""
    if not name:
        raise SourceMissing
    source_by_name = {source.casefold(): source for source in Import.objects.sources_of(register)}
    titles = {str(layout.title).casefold(): source for source, layout in register.ledger.layouts.items()}
    return register.bound[register.ledger.source].kind.plain(
        (source_by_name | titles).get(name.casefold(), name)
    )


def columns_of(
    part: Part, source: str, headings: Sequence[str], *, constant_columns: Collection[str] = ()
) -> tuple[list[tuple[str, str]], DomainError | None]:
    """Each heading with its column; with none, and the reason, when that is unclear."""
    try:
        return recognised(part, source, headings, constant_columns=constant_columns), None
    except UnclearHeadings as unclear:
        return [(heading, "") for heading in headings], unclear


def recognised(
    part: Part, source: str, headings: Sequence[str], *, constant_columns: Collection[str] = ()
) -> list[tuple[str, str]]:
    """
    Each heading with its column.

    :raises UnclearHeadings: that is unclear.
    """
    column_by_heading = known_columns(part.register, source, headings)
    return matched(
        part.register,
        headings,
        column_by_heading=column_by_heading,
        constant_columns=constant_columns,
        in_full=part.in_full,
    )


def remember(
    register: Register, source: str, headings: Sequence[str], column_by_heading: Mapping[str, str]
) -> None:
    """Keep what somebody says of a heading, for this file and the next ones."""
    HeadingMemory.objects.bulk_create(
        [
            HeadingMemory(register_name=register.name, source=source, heading=heading, column=column)
            for heading, column in sorted(column_by_heading.items())
            if heading in headings and heading and (not column or column in register.bound)
        ],
        update_conflicts=True,
        unique_fields=["register_name", "source", "heading"],
        update_fields=["column"],
    )


def known_columns(register: Register, source: str, headings: Sequence[str]) -> dict[str, str]:
    """What is known of a source's headings, and what somebody has said of them, of columns that are still there."""
    layout = register.ledger.layout(source).headings if register.ledger else {}
    rows = HeadingMemory.objects.filter(
        register_name=register.name, source=source, heading__in=headings
    ).values_list("heading", "column")
    column_by_heading = {
        heading: column for heading, column in rows if not column or column in register.bound
    }
    return {heading: column for heading, column in layout.items() if heading in headings} | column_by_heading


def constants_of(register: Register, constants: Mapping[str, str], *, is_bundled: bool) -> dict[str, str]:
    """
    What somebody says of all rows, as plain text by column; in a bundle it is said by ``register.column``.

    :raises UnclearConstant: it cannot be read, or there is no such column.
    """
    texts = constants_in(register, constants) if is_bundled else constants
    values = {}
    for name, text in texts.items():
        column = register.bound.get(name)
        if column is None:
            raise UnclearConstant(column=name[:40], reason="")
        try:
            values[name] = column.plain(text)
        except Unreadable as refusal:
            raise UnclearConstant(column=column.heading, reason=str(refusal)) from None
    return {name: text for name, text in values.items() if text}


def texts_of(cells: Sequence[Any]) -> list[str]:
    """A line of headings, as text; without the empty cells after the last one."""
    texts = [" ".join(printable(str(cell if cell is not None else "")).split())[:200] for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts
