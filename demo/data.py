"""
Typed readers of the CSV files in `demo/data`.

History has dates of its own; the present is given as offsets ("-9m" the first day of the month nine months ago,
"-560d" so many days ago) that are counted from the day of loading.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

FOLDER = Path(__file__).parent / "data"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class AccountingCode:
    """A konto, verksamhet or projekt."""

    dimension: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Administration:
    """An administration."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Department:
    """A department with its ansvar code."""

    cost_center: str
    name: str
    administration: str
    activity: str


@dataclass(frozen=True, slots=True)
class DeliveryPlace:
    """Where a department's goods are put down."""

    cost_center: str
    name: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person; those marked as demo login are shown on the sign-in page."""

    email: str
    first_name: str
    last_name: str
    title: str
    is_demo_login: bool


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role. Category managers are named in the categories instead."""

    email: str
    role: str
    cost_center: str
    amount_limit: Decimal | None


@dataclass(frozen=True, slots=True)
class Category:
    """A category with the people who answer for it."""

    code: str
    parent: str
    name: str
    name_en: str
    kind: str
    cpv: str
    account: str
    manager_email: str
    deputy_email: str
    response_days: int
    standing_approval_limit: Decimal | None


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier."""

    org_number: str
    name: str
    email: str
    gln: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    An agreement, of the history or of the present.

    ``committed_before_percent`` is how much of the ceiling had been called off in the system used before.
    """

    number: str
    diary_number: str
    title: str
    category: str
    supplier_org_number: str
    procedure: str
    call_off_method: str
    era: str
    start: date | None
    end: date | None
    start_offset: str
    end_offset: str
    option_months: int
    notice_months: int
    estimated_amount: Decimal
    ceiling_amount: Decimal
    price_clause: str
    committed_before_percent: Decimal

    def starts(self, today: date) -> date:
        """First day."""
        return self.start or day_at(self.start_offset, today)

    def ends(self, today: date) -> date:
        """The day after the last."""
        return self.end or day_at(self.end_offset, today)

    def number_on(self, today: date) -> str:
        """Number, with the year in which the agreement started."""
        return self.number.format(year=self.starts(today).year)

    def diary_number_on(self, today: date) -> str:
        """Diary number, likewise."""
        return self.diary_number.format(year=self.starts(today).year)


@dataclass(frozen=True, slots=True)
class Item:
    """
    Something in the assortment; prices per order unit excluding VAT, usual quantity of the whole region.

    ``previous_price`` is what it cost until some months ago, where the story needs a certain one.
    """

    number: str
    name: str
    name_en: str
    description: str
    family: str
    size: str
    category: str
    kind: str
    base_unit: str
    order_unit: str
    units_per_order_unit: Decimal
    gtin: str
    criteria_level: str
    picture: str
    status: str
    last_order_offset_days: int | None
    replacement: str
    replacement_factor: Decimal | None
    supplier_org_number: str
    agreement_present: str
    price: Decimal
    previous_price: Decimal | None
    normal_weekly_quantity: Decimal


@dataclass(frozen=True, slots=True)
class ItemCeiling:
    """How many of an item an agreement allows, and how many had been called off in the system used before."""

    agreement: str
    item: str
    ceiling_quantity: int
    committed_quantity: int


@dataclass(frozen=True, slots=True)
class Synonym:
    """A word that people search for, and the word of the assortment."""

    term: str
    means: str


@dataclass(frozen=True, slots=True)
class Initiative:
    """A new agreement that changed prices."""

    code: str
    name: str
    category: str
    era: str
    effective_date: date | None
    effective_offset_months: int | None
    method: str
    old_agreement: str
    new_agreement: str

    def effective_on(self, today: date) -> date:
        """The day from which the new price is paid."""
        return self.effective_date or month_start(today, self.effective_offset_months or 0)


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """
    What was paid for an item before and after, and how much of it was bought in twelve months.

    A share of the volume before may have been bought from a second supplier at another price. Without an initiative
    the price is the same throughout; without an old price the item was not bought before.
    """

    initiative: str
    item: str
    old_price: Decimal | None
    old_supplier_org_number: str
    second_old_price: Decimal | None
    second_supplier_org_number: str
    second_share: Decimal | None
    new_price: Decimal
    new_supplier_org_number: str
    annual_quantity: int
    annual_quantity_after: int
    leakage_percent: int


@dataclass(frozen=True, slots=True)
class PresentItem:
    """An item of this year's initiatives: the price under the agreement before, and under the one now."""

    initiative: str
    item: str
    old_price: Decimal
    new_price: Decimal
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class OrganisationCost:
    """
    What the purchasing organisation cost in a period.

    In the present a date says year offset, month and day; years between history and present have their own dates.
    """

    era: str
    start: str
    end: str
    persons: Decimal
    amount: Decimal
    note: str

    def starts(self, today: date) -> date:
        """First day."""
        return self._day(self.start, today)

    def ends(self, today: date) -> date:
        """Last day."""
        return self._day(self.end, today)

    def _day(self, text: str, today: date) -> date:
        if self.era != "present":
            return date.fromisoformat(text)
        offset, month, day = text.rsplit("-", 2)
        return date(today.year + int(offset), int(month), int(day))


@dataclass(frozen=True, slots=True)
class Buyer:
    """How much of a category a department buys, as a weight among its buyers."""

    category: str
    cost_center: str
    weight: int


@dataclass(frozen=True, slots=True)
class Requisition:
    """What somebody asks for in the last weeks; ``days`` are working days from today, before it when negative."""

    key: str
    email: str
    cost_center: str
    days: int
    time: time
    needed_in_days: int
    reason: str
    project: str


@dataclass(frozen=True, slots=True)
class RequisitionLine:
    """A line of it: an item, a need in free text, or a service whose quantity is hours."""

    requisition: str
    position: int
    kind: str
    item: str
    quantity: Decimal
    description: str
    specification: str
    category: str
    unit_price: Decimal | None
    unit: str
    suggested_supplier: str
    place: str
    starts_in_days: int | None
    ends_in_days: int | None


@dataclass(frozen=True, slots=True)
class RequisitionEvent:
    """What happens to a line, or with position 0 to the whole requisition."""

    requisition: str
    position: int
    days: int
    time: time
    verb: str
    value: str
    text: str


def month_start(day: date, months: int = 0) -> date:
    """First day of the month so many months from the given day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def day_at(offset: str, today: date) -> date:
    """The day that an offset such as "-9m" or "170d" stands for."""
    number = int(offset[:-1])
    return month_start(today, number) if offset.endswith("m") else today + timedelta(days=number)


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


def _read(name: str, row: type[Row]) -> Iterator[Row]:
    types = get_type_hints(row)
    parsers = {field.name: PARSERS[types[field.name]] for field in fields(row)}  # type: ignore[arg-type]
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            yield row(**{key: parse(record[key]) for key, parse in parsers.items()})


@cache
def accounting_codes() -> tuple[AccountingCode, ...]:
    """All accounting codes."""
    return tuple(_read("accounting_codes.csv", AccountingCode))


@cache
def administrations() -> tuple[Administration, ...]:
    """All administrations."""
    return tuple(_read("administrations.csv", Administration))


@cache
def departments() -> tuple[Department, ...]:
    """All departments."""
    return tuple(_read("departments.csv", Department))


@cache
def delivery_places() -> tuple[DeliveryPlace, ...]:
    """All delivery places."""
    return tuple(_read("delivery_places.csv", DeliveryPlace))


@cache
def people() -> tuple[Person, ...]:
    """All people."""
    return tuple(_read("people.csv", Person))


@cache
def memberships() -> tuple[Membership, ...]:
    """All memberships."""
    return tuple(_read("memberships.csv", Membership))


@cache
def categories() -> tuple[Category, ...]:
    """All categories, parents before children."""
    return tuple(_read("categories.csv", Category))


@cache
def suppliers() -> tuple[Supplier, ...]:
    """All suppliers."""
    return tuple(_read("suppliers.csv", Supplier))


@cache
def agreements() -> tuple[Agreement, ...]:
    """All agreements."""
    return tuple(_read("agreements.csv", Agreement))


@cache
def items() -> tuple[Item, ...]:
    """All items."""
    return tuple(_read("items.csv", Item))


@cache
def item_ceilings() -> tuple[ItemCeiling, ...]:
    """All ceilings per item."""
    return tuple(_read("item_ceilings.csv", ItemCeiling))


@cache
def synonyms() -> tuple[Synonym, ...]:
    """All synonyms."""
    return tuple(_read("synonyms.csv", Synonym))


@cache
def initiatives() -> tuple[Initiative, ...]:
    """All initiatives."""
    return tuple(_read("initiatives.csv", Initiative))


@cache
def history_items() -> tuple[HistoryItem, ...]:
    """All items of the history."""
    return tuple(_read("history_items.csv", HistoryItem))


@cache
def present_items() -> tuple[PresentItem, ...]:
    """All items of this year's initiatives."""
    return tuple(_read("present_items.csv", PresentItem))


@cache
def organisation_costs() -> tuple[OrganisationCost, ...]:
    """All organisation costs."""
    return tuple(_read("organisation_costs.csv", OrganisationCost))


@cache
def buyers() -> tuple[Buyer, ...]:
    """Who buys what."""
    return tuple(_read("buyers.csv", Buyer))


@cache
def requisitions() -> tuple[Requisition, ...]:
    """What is asked for in the last weeks."""
    return tuple(_read("requisitions.csv", Requisition))


@cache
def requisition_lines() -> tuple[RequisitionLine, ...]:
    """The lines of the requisitions."""
    return tuple(_read("requisition_lines.csv", RequisitionLine))


@cache
def requisition_events() -> tuple[RequisitionEvent, ...]:
    """What happens to them."""
    return tuple(_read("requisition_events.csv", RequisitionEvent))


@cache
def report_texts() -> dict[str, str]:
    """What a person wrote in the follow-up report of 2020."""
    with (FOLDER / "report_texts.csv").open(encoding="utf-8", newline="") as file:
        return {record["field"]: record["text"] for record in csv.DictReader(file)}
