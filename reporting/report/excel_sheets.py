"""
The parts of the annex that are no list of figures of their own, as sheets: tables as they read there, and what is said about them.

Whatever the annex says the workbook says too, so that the four documents never tell different things.
"""

from collections.abc import Iterator, Sequence

from core.workbooks import Book, Column
from reporting.report.document import Document, Heading, Paragraph, Points, Row, Section, Table

SHEETS = {
    "agreements": "Avtal",
    "deviations": "Avvikelser",
    "recommendations": "Rekommendationer",
    "plan": "Genomförandeplan",
    "quality": "Förbehåll",
}
"""What the sheets are called, by the sections of the annex that they hold."""

NAME_WIDTH, WORDS_WIDTH, OTHER_WIDTH = 60, 80, 18


def write_sections(book: Book, document: Document) -> None:
    """Write the sections that have no sheet of their own, one after the other."""
    for section in document.annex:
        if section.key in SHEETS:
            _write(book, section, SHEETS[section.key])


def _write(book: Book, section: Section, name: str) -> None:
    """One sheet of text, or one for each kind of table; tables with the same columns lie below each other."""
    tables: dict[tuple[Heading, ...], list[Table]] = {}
    for block in section.blocks:
        if isinstance(block, Table):
            tables.setdefault(block.headings, []).append(block)
    if not tables:
        book.text(name, [("", words) for words in _said(section)], heading=section.heading)
    for number, (headings, alike) in enumerate(tables.items(), start=1):
        book.table(
            name if number == 1 else f"{name} {number}",
            _columns(headings),
            ((table.caption, *_cells(row)) for table in alike for row in table.rows),
            heading=section.heading,
            intro=[*_said(section), *dict.fromkeys(table.note for table in alike if table.note)],
        )


def _said(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Points):
            yield from block.items


def _columns(headings: Sequence[Heading]) -> list[Column]:
    """The table's caption, its columns, and what stands small below a name."""
    first, *others = (heading.text.replace("\u00ad", "") for heading in headings)
    return [
        Column("Tabell", width=40),
        Column(first, width=NAME_WIDTH),
        *(Column(other, width=OTHER_WIDTH) for other in others),
        Column("Underlag", width=WORDS_WIDTH),
    ]


def _cells(row: Row) -> tuple[str, ...]:
    return (*(cell.text for cell in row.cells), row.cells[0].below)
