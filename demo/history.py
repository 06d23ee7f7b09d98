"""
Purchases unfolded from the CSV files: which department got how much of what, on which day, at which price.

Pure and deterministic: nothing is drawn by chance, so the same files give the same lines. A year's quantity is spread
over its months by season and over the departments by weight with the largest remainder, so every sum is exact.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from zlib import crc32

from demo import data

FIRST_MONTH = date(2018, 11, 1)
MONTHS = 25

LEVEL = (100,) * 12
SEASONS = {
    "10": (106, 102, 104, 100, 98, 92, 84, 90, 100, 106, 110, 108),
    "20": (98, 98, 100, 100, 102, 104, 94, 98, 104, 102, 100, 100),
    "30": (112, 100, 98, 96, 92, 82, 54, 138, 118, 108, 104, 98),
    "40": (96, 98, 100, 98, 94, 84, 56, 148, 120, 104, 102, 100),
    "50": (104, 102, 104, 102, 104, 88, 64, 92, 110, 110, 110, 110),
    "60": (94, 94, 98, 104, 122, 132, 84, 92, 100, 98, 94, 88),
    "70": (92, 104, 112, 108, 112, 84, 42, 86, 122, 122, 120, 96),
    "80": (92, 98, 104, 106, 108, 96, 58, 88, 112, 112, 114, 112),
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One delivered line: quantity in order units, price per order unit excluding VAT."""

    external_id: str
    delivered_date: date
    cost_center: str
    supplier_org_number: str
    item: str
    category: str
    quantity: int
    unit_price: Decimal
    agreement: str

    @property
    def amount(self) -> Decimal:
        """Price times quantity, in öre."""
        return (self.unit_price * self.quantity).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """One purchase outside the agreements: what, and how much of it on which day."""

    external_id: str
    delivered_date: date
    purchase: data.OutsidePurchase
    quantity: int

    @property
    def amount(self) -> Decimal:
        """Price times quantity."""
        return self.purchase.unit_price * self.quantity


@dataclass(frozen=True, slots=True)
class Source:
    """From whom a part of the volume was bought: supplier, price, agreement."""

    supplier_org_number: str
    unit_price: Decimal
    agreement: str


def shares(total: int, weights: Iterable[int]) -> list[int]:
    """Split a whole number by weights with the largest remainder; the parts sum to the total."""
    weights = list(weights)
    whole = sum(weights)
    exact = [total * weight for weight in weights]
    parts = [value // whole for value in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(exact[place] % whole), place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def draw(text: str, below: int) -> int:
    """A number that looks random and is always the same for the same text."""
    return crc32(text.encode()) % below


def working_day(month: date, text: str) -> date:
    """A weekday in the month, always the same for the same text."""
    days = weekdays(month)
    return days[draw(text, len(days))]


@cache
def weekdays(month: date) -> list[date]:
    """The weekdays of a month's first four weeks."""
    days = (month + timedelta(days=offset) for offset in range(28))
    return [day for day in days if day.isoweekday() <= 5]


def season(category: str) -> tuple[int, ...]:
    """Weights of the twelve months, January first."""
    return SEASONS.get(category[:2], LEVEL)


def by_department(quantity: int, category: str, text: str) -> list[tuple[str, int]]:
    """The month's quantity split over the departments that buy the category; who gets the odd one takes turns."""
    buyers = buyers_of(category)
    turn = draw(text, len(buyers))
    buyers = buyers[turn:] + buyers[:turn]
    parts = shares(quantity, [buyer.weight for buyer in buyers])
    return sorted((buyer.cost_center, part) for buyer, part in zip(buyers, parts, strict=True) if part)


@cache
def buyers_of(category: str) -> list[data.Buyer]:
    """The departments that buy a category."""
    return [buyer for buyer in data.buyers() if buyer.category == category]


def history_lines() -> Iterator[HistoryLine]:
    """All lines delivered from November 2018 to November 2020."""
    initiatives = {initiative.code: initiative for initiative in data.initiatives()}
    categories = {item.number: item.category for item in data.items()}
    for item in data.history_items():
        yield from _item_lines(item, categories[item.item], initiatives.get(item.initiative))


def present_lines(today: date) -> Iterator[HistoryLine]:
    """
    Lines of this year's initiatives, from twelve months before the new price until three days before today.

    Not every department orders in Rauk yet; these are the others' purchases, from the system used before.
    """
    initiatives = {initiative.code: initiative for initiative in data.initiatives()}
    agreements = {agreement.number: agreement for agreement in data.agreements()}
    catalogue = {item.number: item for item in data.items()}
    until = today - timedelta(days=3)
    for present in data.present_items():
        initiative, item = initiatives[present.initiative], catalogue[present.item]
        effective = initiative.effective_on(today)
        monthly = shares(round(item.normal_weekly_quantity * 52), season(item.category))
        sources = {
            is_new: Source(agreements[number].supplier_org_number, price, number)
            for is_new, number, price in (
                (False, initiative.old_agreement, present.old_price),
                (True, initiative.new_agreement, present.new_price),
            )
        }
        month = data.month_start(effective, -12)
        while month <= until:
            source = sources[month >= effective]
            lines = _month_lines(item.number, item.category, month, monthly[month.month - 1], source, "")
            yield from (line for line in lines if line.delivered_date <= until)
            month = data.month_start(month, 1)


def outside_lines(today: date) -> Iterator[OutsideLine]:
    """What departments bought in shops, each at its own pace, until three days before today."""
    for number, purchase in enumerate(data.outside_purchases(), start=1):
        day = data.day_at(purchase.first, today) + timedelta(
            days=draw(purchase.description, purchase.every_days)
        )
        while (day := _weekday(day)) <= today - timedelta(days=3):
            external_id = f"butik-{number}-{day:%Y%m%d}"
            quantity = max(purchase.quantity * (60 + draw(external_id, 80)) // 100, 1)
            yield OutsideLine(external_id, day, purchase, quantity)
            day += timedelta(days=purchase.every_days)


def _weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=8 - day.isoweekday()) if day.isoweekday() > 5 else day


def _item_lines(
    item: data.HistoryItem, category: str, initiative: data.Initiative | None
) -> Iterator[HistoryLine]:
    effective = initiative.effective_date if initiative else None
    before = shares(item.annual_quantity, season(category))
    after = shares(item.annual_quantity_after, season(category))
    second = _second_quantities(item, before)
    old_agreement = initiative.old_agreement if initiative else ""
    new_agreement = initiative.new_agreement if initiative else ""
    for offset in range(MONTHS):
        month = data.month_start(FIRST_MONTH, offset)
        place = month.month - 1
        if effective is None or month < effective:
            if item.old_price is None:
                continue
            first = Source(item.old_supplier_org_number, item.old_price, old_agreement)
            yield from _month_lines(item.item, category, month, before[place] - second[place], first, "")
            if item.second_old_price is not None:
                other = Source(item.second_supplier_org_number, item.second_old_price, "")
                yield from _month_lines(item.item, category, month, second[place], other, "-2")
        else:
            now = Source(item.new_supplier_org_number, item.new_price, new_agreement)
            yield from _with_leakage(item, _month_lines(item.item, category, month, after[place], now, ""))


def _second_quantities(item: data.HistoryItem, monthly: list[int]) -> list[int]:
    """How much of each month was bought at the second price; over the year exactly the share."""
    if item.second_share is None:
        return [0] * 12
    return shares(int(item.second_share * item.annual_quantity), monthly)


def _month_lines(
    item: str, category: str, month: date, quantity: int, source: Source, suffix: str
) -> Iterator[HistoryLine]:
    key = f"{month:%Y%m}-{item}"
    for cost_center, part in by_department(quantity, category, key + suffix):
        external_id = f"{key}-{cost_center}{suffix}"
        yield HistoryLine(
            external_id=external_id,
            delivered_date=working_day(month, external_id),
            cost_center=cost_center,
            supplier_org_number=source.supplier_org_number,
            item=item,
            category=category,
            quantity=part,
            unit_price=source.unit_price,
            agreement=source.agreement,
        )


def _with_leakage(item: data.HistoryItem, lines: Iterable[HistoryLine]) -> Iterator[HistoryLine]:
    """Some lines went on being bought outside the new agreement, at the price before."""
    for line in lines:
        if item.old_price is None or draw(f"leak {line.external_id}", 100) >= item.leakage_percent:
            yield line
            continue
        yield HistoryLine(
            external_id=line.external_id,
            delivered_date=line.delivered_date,
            cost_center=line.cost_center,
            supplier_org_number=item.old_supplier_org_number,
            item=line.item,
            category=line.category,
            quantity=line.quantity,
            unit_price=item.old_price,
            agreement="",
        )
