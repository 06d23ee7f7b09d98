"""Reading of a CSV file, once, into typed rows."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

FOLDER = Path(__file__).parent

Row = TypeVar("Row")


def _optional(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: parse(text) if text else None


PARSERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    time: time.fromisoformat,
    bool: lambda text: text == "1",
    Decimal: Decimal,
    int | None: _optional(int),
    date | None: _optional(date.fromisoformat),
    Decimal | None: _optional(Decimal),
}


def records(name: str) -> Iterator[dict[str, str]]:
    """Each record of a file as text by column."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def table(name: str, row: type[Row]) -> Callable[[], tuple[Row, ...]]:
    """Make the reader of a file whose columns are the fields of ``row``; the file is read the first time."""

    @cache
    def rows() -> tuple[Row, ...]:
        types = get_type_hints(row)
        parsers = {field.name: PARSERS[types[field.name]] for field in fields(row)}  # type: ignore[arg-type]
        return tuple(
            row(**{key: parse(record[key]) for key, parse in parsers.items()}) for record in records(name)
        )

    return rows
