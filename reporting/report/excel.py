"""Bilaga 1 as Excel: the figures, the initiatives, the delivered lines behind them, and how it was counted."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from core import formatting
from core.spreadsheets import Cell
from core.workbooks import Book, Column, Kind
from reporting.report.annex import METHOD_TERMS
from reporting.report.lines import Line
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
    snapshot: Snapshot, lines: Iterable[Line], *, sha256: str, at: datetime, counted: Callable[[int], None]
) -> BinaryIO:
    """
    Write the annex as .xlsx, to be read and closed; the same snapshot gives the same bytes.

    ``counted`` is told the lines written.
    """
    head = snapshot["report"]
    with tempfile.TemporaryDirectory(prefix="rauk-report-") as directory:
        path = Path(directory) / "annex.xlsx"
        with Book(path, title=f"{head['title']}, bilaga 1", author=head["region"], at=at) as book:
            _write(book, snapshot, lines, sha256, counted)
        return path.open("rb")  # stays readable when its directory is gone


def _write(
    book: Book, snapshot: Snapshot, lines: Iterable[Line], sha256: str, counted: Callable[[int], None]
) -> None:
    head, effects = snapshot["report"], snapshot["effects"]
    period = days(f"{head['year']}-01-01", head["through"])
    intro = (
        f"{head['region']}, {period}. Kronor exklusive moms.",
        f"Version {head['version']}. Kontrollsumma {sha256}",
    )
    book.table(
        "Siffror",
        CATEGORY_COLUMNS,
        _category_rows(snapshot),
        heading=head["title"],
        intro=intro,
        total=("Netto", *_measures(effects["net"]), None),
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
        "Orderrader",
        LINE_COLUMNS,
        map(_line, lines),
        heading="Levererade orderrader bakom hemtagen",
        intro=(f"{period}. Priser per enhet exklusive moms.",),
        total=("Summa", *[None] * 11, Decimal(snapshot["lines"]["amount"]), None),
        counted=counted,
    )
    book.text("Metod", [*METHOD_TERMS, *_cost_terms(snapshot["cost"])], heading="Så är det räknat")


def _category_rows(snapshot: Snapshot) -> Iterator[tuple[Cell, ...]]:
    for each in snapshot["categories"]:
        yield (each["name"], *_measures(each), ", ".join(METHODS[method] for method in each["methods"]))
    if snapshot["increases"]:
        yield ("Kostnadsökningar", *_measures(snapshot["effects"]["increase"]), None)


def _measures(amounts: dict[str, Any]) -> tuple[Decimal, ...]:
    return tuple(Decimal(amounts[measure]) for measure in MEASURES)


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


def _kr(amount: str) -> str:
    return formatting.number(Decimal(amount), 2)
