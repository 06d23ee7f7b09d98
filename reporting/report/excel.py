"""Bilaga 1 as Excel: the figures, the initiatives, the delivered lines behind them, and how it was counted."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from core import formatting
from core.pdf import PIXELS_PER_INCH
from core.spreadsheets import Cell
from core.workbooks import Book, Column, Drawn, Kind
from reporting.models import EffectPart
from reporting.report.annex import METHOD_TERMS
from reporting.report.annex_apart import name_of
from reporting.report.case import DRAFT, compose
from reporting.report.content import Content
from reporting.report.document import Document, Paragraph, Picture, Points, Section, Table
from reporting.report.excel_sheets import write_sections
from reporting.report.lines import Line
from reporting.report.pictures import picture_png
from reporting.report.snapshot import Snapshot
from reporting.report.words import METHODS, days, holes

MEASURES = ("full_year", "in_year", "overhang", "realised")
_MEASURE_COLUMNS = (
    Column("Helårseffekt, kr", Kind.AMOUNT, 18),
    Column("Innevarande år, kr", Kind.AMOUNT, 18),
    Column("Överhäng, kr", Kind.AMOUNT, 18),
    Column("Hemtagen, kr", Kind.AMOUNT, 18),
)
CATEGORY_COLUMNS = (Column("Kategori", width=34), *_MEASURE_COLUMNS, Column("Pris före", width=28))
INDICATOR_COLUMNS = (
    Column("Indikator", width=52),
    Column("Mål", width=18),
    Column("Utfall", width=18),
    Column("Året före", width=18),
    Column("Status", width=22),
    Column("Underlag", width=80),
)
INITIATIVE_COLUMNS = (
    Column("Initiativ", width=12),
    Column("Namn", width=44),
    Column("Kategori", width=28),
    Column("Pris före", width=18),
    Column("Gäller från", Kind.DAY, 12),
    Column("Avtal", width=14),
    Column("Leverantör", width=28),
    *_MEASURE_COLUMNS,
)
APART_COLUMNS = (Column("Effekt", width=40), *_MEASURE_COLUMNS, Column("Pris före", width=28))
LINE_COLUMNS = (
    Column("Levererad", Kind.DAY, 12),
    Column("Order eller källa", width=22),
    Column("Initiativ", width=12),
    Column("Kategori", width=26),
    Column("Artikelnummer", width=14),
    Column("Artikel", width=44),
    Column("Enhet som beställt", width=28),
    Column("Leverantör", width=28),
    Column("Antal", Kind.QUANTITY, 10),
    Column("Per", width=10),
    Column("Pris före, kr", Kind.PRICE, 14),
    Column("Betalt pris, kr", Kind.PRICE, 14),
    Column("Effekt, kr", Kind.AMOUNT, 14),
    Column("Pris före enligt", width=18),
)


def report_excel(
    content: Content, lines: Iterable[Line], *, at: datetime, counted: Callable[[int], None]
) -> BinaryIO:
    """
    Write the annex as .xlsx, to be read and closed; the same content gives the same bytes.

    ``counted`` is told the lines written.
    """
    head = content.figures["report"]
    with tempfile.TemporaryDirectory(prefix="rauk-report-") as directory:
        path = Path(directory) / "annex.xlsx"
        with Book(path, title=f"{head['title']}, bilaga 1", author=head["region"], at=at) as book:
            _write(book, content, lines, counted)
        return path.open("rb")  # stays readable when its directory is gone


def _write(book: Book, content: Content, lines: Iterable[Line], counted: Callable[[int], None]) -> None:
    snapshot = content.figures
    head, effects = snapshot["report"], snapshot["effects"]
    period = days(f"{head['year']}-01-01", head["through"])
    intro = (
        f"{head['region']}, {period}. Kronor exklusive moms.",
        f"{DRAFT + '. ' if content.is_draft else ''}Version {head['version']}. Kontrollsumma {content.sha256}",
    )
    book.table(
        "Siffror",
        CATEGORY_COLUMNS,
        _category_rows(snapshot),
        heading=head["title"],
        intro=intro,
        total=("Netto", *_measures(effects["net"]), None),
    )
    document = compose(content)
    book.text("Tjänsteskrivelse", _sections(document), heading=head["title"])
    book.pictures("Bilder", map(_drawing, document.pictures), heading="Resultatet i bilder")
    book.table(
        "Indikatorer", INDICATOR_COLUMNS, _indicators(document), heading="Indikatorer", intro=(period,)
    )
    book.table(
        "Initiativ", INITIATIVE_COLUMNS, map(_initiative, snapshot["initiatives"]), heading="Initiativ"
    )
    book.table(
        "Kostnadsökningar",
        INITIATIVE_COLUMNS,
        map(_initiative, snapshot["increases"]),
        heading="Kostnadsökningar",
    )
    book.table(
        "Redovisas för sig", APART_COLUMNS, map(_apart, snapshot["apart"]), heading="Redovisas för sig"
    )
    write_sections(book, document)
    book.table(
        "Orderrader",
        LINE_COLUMNS,
        map(_line, lines),
        heading="Levererade orderrader bakom hemtagen",
        intro=(f"{period}. Priser per enhet exklusive moms.",),
        total=("Summa", *[None] * 11, Decimal(snapshot["lines"]["amount"]), None),
        counted=counted,
    )
    book.text("Metod", [*METHOD_TERMS, *_cost_terms(snapshot["cost"])], heading="Så är det räknat")


def _indicators(document: Document) -> Iterator[tuple[str, ...]]:
    """The table of the annex as it reads there, with what each indicator rests on."""
    (section,) = (each for each in document.annex if each.key == "indicators")
    for block in section.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield (*(cell.text for cell in row.cells), row.cells[0].below)


def _drawing(picture: Picture) -> Drawn:
    return Drawn(picture.caption, picture_png(picture), PIXELS_PER_INCH, picture.alt, picture.words)


def _sections(document: Document) -> Iterator[tuple[str, str]]:
    """The case document's facts and the texts of its sections; its tables are on sheets of their own."""
    if document.mark:
        yield document.mark, ""
    yield from document.facts
    for section in document.sections:
        if section.is_missing:
            yield section.heading, f"Avsnittet saknar text. {section.ask}"
        elif words := "\n".join(_words(section)):
            yield section.heading, words


def _words(section: Section) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Points):
            yield from block.items


def _category_rows(snapshot: Snapshot) -> Iterator[tuple[Cell, ...]]:
    for each in snapshot["categories"]:
        yield (each["name"], *_measures(each), ", ".join(METHODS[method] for method in each["methods"]))
    if snapshot["increases"]:
        yield ("Kostnadsökningar", *_measures(snapshot["effects"]["increase"]), None)


def _measures(amounts: dict[str, Any]) -> tuple[Decimal | None, ...]:
    """The measures; nothing for what was realised where no line is counted."""
    return tuple(
        Decimal(amounts[measure]) if measure != "realised" or amounts["lines"] else None
        for measure in MEASURES
    )


def _apart(each: dict[str, Any]) -> tuple[Cell, ...]:
    """What stands apart; what is retained has no plan."""
    measures = _measures(each)
    if each["part"] == EffectPart.RETAINED:
        measures = (None, None, None, measures[-1])
    return (name_of(each), *measures, ", ".join(METHODS[method] for method in each["methods"]))


def _initiative(each: dict[str, Any]) -> tuple[Cell, ...]:
    return (
        each["code"],
        each["name"],
        each["category"],
        METHODS[each["method"]],
        date.fromisoformat(each["effective"]),
        each["agreement"],
        each["supplier"],
        *_measures(each),
    )


def _line(line: Line) -> tuple[Cell, ...]:
    return (
        date.fromisoformat(line.delivered_date),
        line.source,
        line.initiative,
        line.category,
        line.item_number,
        line.item,
        line.department,
        line.supplier,
        Decimal(line.quantity),
        line.unit,
        Decimal(line.baseline_price),
        Decimal(line.paid_price),
        Decimal(line.amount),
        METHODS[line.method],
    )


def _cost_terms(cost: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    if cost is None:
        return
    yield (
        "Inköpsorganisationens kostnad",
        f"{_kr(cost['whole']['amount'])} kr under {days(cost['whole']['starts'], cost['whole']['ends'])}, sammanlagt.",
    )
    if cost["whole"]["holes"]:
        yield ("Kostnad som saknas", f"Ingen kostnad är registrerad för {holes(cost['whole']['holes'])}.")
    if cost["net"] is not None:
        when = days(cost["period"]["starts"], cost["period"]["ends"])
        yield (
            "Netto efter kostnad",
            (
                f"{_kr(cost['net'])} kr: hemtaget {_kr(cost['realised']['amount'])} kr minus kostnad "
                f"{_kr(cost['period']['amount'])} kr, båda för {when}."
            ),
        )
    elif cost["period"]["is_complete"]:
        when = days(cost["period"]["starts"], cost["period"]["ends"])
        yield ("Kostnad under perioden", f"{_kr(cost['period']['amount'])} kr under {when}.")


def _kr(amount: str) -> str:
    return formatting.number(Decimal(amount), 2)
