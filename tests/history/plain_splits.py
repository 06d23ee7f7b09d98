"""Price, volume and mix in a few lines of plain Python, straight from a file: what the program's are held against."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from history.price_volume_mix import Split


@dataclass(frozen=True)
class Row:
    """A line of a file: its group, what it is of, its year, its quantity in base units, its amount and its unit."""

    group: str
    key: tuple[str, bool]
    year: int
    quantity: Decimal
    amount: Decimal
    unit: str = ""


def parts(split: Split, names: str) -> list[Any]:
    """Some parts of a split, by their names."""
    return [getattr(split, name) for name in names.split()]


Parts = dict[str, Decimal | None]


def cents(value: Fraction) -> Decimal:
    """Round half up, with digits enough for it to be rounded once."""
    with localcontext(prec=60):
        return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(
            Decimal("0.01"), rounding=ROUND_HALF_UP
        )


Told = tuple[Fraction, Fraction, Fraction, Fraction, set[str]]
"""Quantity and amount before and after, and the units of both."""


def plain_splits(rows: Iterable[Row]) -> dict[tuple[str, int], Parts]:
    """The definition, word by word, by group and year."""
    sums: dict[tuple[str, tuple[str, bool], int], tuple[Fraction, Fraction, set[str]]] = {}
    nothing = (Fraction(), Fraction(), set[str]())
    for row in rows:
        place = (row.group, row.key, row.year)
        quantity, amount, units = sums.get(place, nothing)
        sums[place] = (quantity + Fraction(row.quantity), amount + Fraction(row.amount), units | {row.unit})
    years = {year for _group, _key, year in sums}
    things: dict[tuple[str, int], set[tuple[str, bool]]] = defaultdict(set)
    for group, key, year in sums:
        things[group, year].add(key)
        things[group, year + 1].add(key)

    def told(group: str, key: tuple[str, bool], year: int) -> Told:
        (q0, v0, old), (q1, v1, new) = (sums.get((group, key, at), nothing) for at in (year - 1, year))
        return q0, v0, q1, v1, old | new

    return {
        (group, year): _parts([told(group, key, year) for key in keys])
        for (group, year), keys in things.items()
        if min(years) < year <= max(years)
    }


def _parts(things: list[Told]) -> Parts:
    matched = [each for each in things if each[0] > 0 and each[2] > 0]
    rest = [each for each in things if each[0] <= 0 or each[2] <= 0]
    old, new = sum(v0 for _q0, v0, *_ in matched), sum(each[3] for each in matched)
    at_old = sum((cents(v0 * q1 / q0) for q0, v0, q1, _v1, _units in matched), Decimal(0))
    at_new = sum((cents(v1 * q0 / q1) for q0, _v0, q1, v1, _units in matched), Decimal(0))
    result: Parts = {
        "before": cents(Fraction(sum(each[1] for each in things))),
        "after": cents(Fraction(sum(each[3] for each in things))),
        "price": cents(new - Fraction(at_old)),
        "quantity": cents(Fraction(at_old) - old),
        "new": cents(Fraction(sum(each[3] for each in rest))),
        "gone": cents(Fraction(-sum(each[1] for each in rest))),
        "volume": None,
        "mix": None,
        "laspeyres": at_new / cents(Fraction(old)) if old else None,
        "paasche": cents(Fraction(new)) / at_old if at_old else None,
    }
    units = set().union(*(each[4] for each in matched))
    if len(units) == 1 and "" not in units:
        q0, q1 = sum(each[0] for each in matched), sum(each[2] for each in matched)
        volume = cents(Fraction(q1 * old) / Fraction(q0)) - cents(Fraction(old))
        result["volume"], result["mix"] = volume, cents(Fraction(at_old) - old) - volume
    return result
