"""What purchasing gave and cost: initiatives, the prices before and after, the organisation, the report's words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from demo.data.files import records, table
from demo.data.offsets import month_start


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
    stage: str
    expected_amount: Decimal | None
    index_series: str
    index_from: str
    index_to: str

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


initiatives = table("initiatives.csv", Initiative)
history_items = table("history_items.csv", HistoryItem)
present_items = table("present_items.csv", PresentItem)
organisation_costs = table("organisation_costs.csv", OrganisationCost)


HEADING = ("title", "diary_number")


@cache
def report_heading() -> dict[str, str]:
    """Under which name and in which case the follow-up report of 2020 was asked for."""
    return {
        record["field"]: record["text"]
        for record in records("report_texts.csv")
        if record["field"] in HEADING
    }


@cache
def report_texts() -> dict[str, str]:
    """What a person wrote in each part of it."""
    return {
        record["field"]: record["text"]
        for record in records("report_texts.csv")
        if record["field"] not in HEADING
    }
