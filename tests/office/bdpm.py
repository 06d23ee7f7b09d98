"""
The French public list of medicines as a price list, and what three of them in a row should tell: a few lines of plain Python.

Source: Base de données publique des médicaments, Licence Ouverte (Etalab), the files of March 2017, January 2021 and June 2022. They are read from
beside the repository, and lack headings; docs/price-lists.md says how a product's name, and its number once more, are put last in each row.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from tests.shared import unpacked

LISTS = {
    "2017-03-01": ("CIS_CIP_bdpm_2017-03.txt.zst", "cp1252"),
    "2021-01-01": ("CIS_CIP_bdpm_2021-01.txt.zst", "utf-8"),
    "2022-06-01": ("CIS_CIP_bdpm_2022-06.txt.zst", "cp1252"),
}
NAMES = "CIS_bdpm_2017-03.txt.zst"


class Presentation(NamedTuple):
    """A row of a list: what it says of an item, and its price."""

    cis: str
    label: str
    name: str
    price: Decimal | None


@cache
def names() -> dict[str, str]:
    """The products' names, by their codes."""
    text = unpacked(f"catalogue/bdpm/{NAMES}").decode("cp1252")
    rows = (line.split("\t") for line in text.splitlines() if line)
    return {row[0]: row[1] for row in rows}


def content(day: str, *, every: int = 1) -> bytes:
    """A list with the products' names and numbers last in its rows; of a part of them, as their codes tell."""
    name, encoding = LISTS[day]
    name_by_code = names()
    lines = [line.rstrip("\r") for line in unpacked(f"catalogue/bdpm/{name}").decode(encoding).split("\n")]
    rows = [line.split("\t") for line in lines if line]
    output_lines = (
        "\t".join([*row, (name_by_code.get(row[0]) or row[2])[:150], row[6]])
        for row in rows
        if int(row[0]) % every == 0
    )
    return "".join(f"{line}\r\n" for line in output_lines).encode(encoding)


def presentations(day: str, written: bytes) -> dict[str, Presentation]:
    """The rows of a list by their numbers."""
    rows = (line.split("\t") for line in written.decode(LISTS[day][1]).split("\r\n") if line)
    return {
        row[6]: Presentation(
            _single_spaced(row[0]), _single_spaced(row[2]), _single_spaced(row[13]), _price(row[9].strip())
        )
        for row in rows
    }


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _price(text: str) -> Decimal | None:
    whole, _comma, decimals = text.replace(" ", "").rpartition(",")
    return Decimal(f"{whole.replace(',', '')}.{decimals}") if text else None


@dataclass
class Told:
    """What the lists have told so far."""

    items: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    prices: dict[str, Decimal] = field(default_factory=dict)

    def take(self, rows: Mapping[str, Presentation]) -> dict[str, int]:
        """Take a list in, and give how many rows of each kind it has; a price of nothing is refused."""
        items = {number: row[:3] for number, row in rows.items()}
        priced = {number: row.price for number, row in rows.items() if row.price}
        free = {number for number, row in rows.items() if row.price == 0}
        both = priced.keys() & self.prices.keys()
        counts = {
            "added": len(items.keys() - self.items.keys()),
            "changed otherwise": sum(self.items.get(number, row) != row for number, row in items.items()),
            "first price": len(priced.keys() - self.prices.keys()),
            "up": sum(priced[number] > self.prices[number] for number in both),
            "down": sum(priced[number] < self.prices[number] for number in both),
            "ended": len(self.prices.keys() - priced.keys() - free),
            "refused": len(free),
        }
        self.items |= items
        self.prices = {number: self.prices[number] for number in free & self.prices.keys()} | priced
        return counts
