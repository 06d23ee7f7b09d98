"""How figures are said in a report's running text and headings (Swedish, klarspråk)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core import formatting

FEW = ("inget", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
METHODS = {
    "prev_contract": "Förra avtalet",
    "hist_avg": "Snitt 12 mån.",
    "indexed": "Förra avtalet med index",
    "avg_bid": "Snitt av anbud",
    "budget": "Budgeterat pris",
    "none": "Baslinje saknas",
}


def kronor(amount: str) -> str:
    """Say an amount in running text: ``13,5 miljoner kronor``, ``61 400 kronor``."""
    value = Decimal(amount)
    if abs(value) < 100_000:
        return f"{formatting.number(value)}{formatting.NBSP}kronor"
    return f"{formatting.number(value / 1_000_000, 1)}{formatting.NBSP}miljoner kronor"


def whole(amount: str) -> str:
    """Write an amount in whole kronor for a table: ``4 860 400``."""
    return formatting.number(Decimal(amount))


def percent(part: Decimal, whole: Decimal) -> str:
    """Say a share in running text: ``89 procent``."""
    return f"{formatting.number(100 * part / whole)}{formatting.NBSP}procent"


def share(part: Decimal | int, whole: Decimal | int) -> str:
    """Write a share for a table: ``91,2 %``; a dash of nothing."""
    return formatting.share(Decimal(part) / Decimal(whole)) if whole else formatting.NOTHING


def count(number: int, one: str, many: str) -> str:
    """Say how many of something there are."""
    return f"{formatting.number(number)}{formatting.NBSP}{one if number == 1 else many}"


def few(number: int) -> str:
    """Say a small number in words, as in running text: ``tre``."""
    return FEW[number] if number < len(FEW) else formatting.number(number)


def day(iso: str) -> str:
    """Say a day in running text: ``30 november 2020``."""
    return formatting.long_day(date.fromisoformat(iso)).partition(" ")[2]


def days(iso_starts: str, iso_ends: str) -> str:
    """Say a period in running text: ``1 januari–30 november 2020``, ``1–31 december 2020``; month and year once when they are the same."""
    starts = day(iso_starts)
    if iso_starts[:7] == iso_ends[:7]:
        return f"{int(iso_starts[8:])}–{day(iso_ends)}" if iso_starts != iso_ends else starts
    return f"{starts.removesuffix(f' {iso_ends[:4]}')}–{day(iso_ends)}"


def holes(periods: Sequence[Sequence[str]]) -> str:
    """Name the days that something is missing for: ``1–31 december 2020 och 3 mars 2021``."""
    names = [days(starts, ends) if starts != ends else day(starts) for starts, ends in periods]
    return f"{', '.join(names[:-1])} och {names[-1]}" if len(names) > 1 else names[0]


def _is_month_end(day: date) -> bool:
    return (date.fromordinal(day.toordinal() + 1)).day == 1


def so_far(through: date) -> str:
    """Name the part of the year that a column covers: ``jan–nov``, ``2020``, ``t.o.m. 18 maj``."""
    if not _is_month_end(through):
        return f"t.o.m.{formatting.NBSP}{formatting.short_day(through)}"
    if through.month == 12:
        return str(through.year)
    if through.month == 1:
        return formatting.short_month(1)
    return f"{formatting.short_month(1)}–{formatting.short_month(through.month)}"


def methods_named(methods: Sequence[str]) -> str:
    """Name the methods behind an amount."""
    return ", ".join(METHODS[method] for method in methods)
