"""
The everyday orders of the last weeks: what departments ask for again and again.

Pure and deterministic. Each working day a few departments order a few standard items that their category weights say
they buy, in the quantity they usually do.
"""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from functools import cache

from demo import data
from demo.history import draw

FIRST_DAY, LAST_DAY = -24, -5
PER_DAY = 2
MOST_LINES = 4
LARGEST_QUANTITY = Decimal(40)
LARGEST_AMOUNT = Decimal(1900)
REASONS = ("Veckobehov.", "Påfyllning av förråd.", "Veckobehov.", "Lagret börjar ta slut.")


def routine() -> Iterator[tuple[data.Requisition, list[data.RequisitionLine]]]:
    """The orders with their lines, oldest first."""
    departments = data.departments()
    for day in range(FIRST_DAY, LAST_DAY + 1):
        for turn in range(PER_DAY):
            key = f"V{-day:02d}{turn}"
            department = departments[draw(key, len(departments))]
            lines = _lines(key, department.cost_center)
            if lines:
                yield _requisition(key, day, department.cost_center), lines


def _requisition(key: str, day: int, cost_center: str) -> data.Requisition:
    people = _requesters(cost_center)
    return data.Requisition(
        key=key,
        email=people[draw(key, len(people))],
        cost_center=cost_center,
        days=day,
        time=time(7 + draw(key, 7), draw(f"minute {key}", 60)),
        needed_in_days=6,
        reason=REASONS[draw(key, len(REASONS))],
        project="",
    )


def _lines(key: str, cost_center: str) -> list[data.RequisitionLine]:
    choices = _standard_items(cost_center)
    if not choices:
        return []
    chosen = {choices[draw(f"{key} {number}", len(choices))] for number in range(1 + draw(key, MOST_LINES))}
    return [
        data.RequisitionLine(
            requisition=key,
            position=position,
            kind="item",
            item=number,
            quantity=quantity,
            description="",
            specification="",
            category="",
            unit_price=None,
            unit="",
            suggested_supplier="",
            place="",
            starts_in_days=None,
            ends_in_days=None,
        )
        for position, (number, quantity) in enumerate(sorted(chosen), 1)
    ]


@cache
def _requesters(cost_center: str) -> tuple[str, ...]:
    """People who order for the department, those of the purchasing organisation apart."""
    managers = {row.manager_email for row in data.categories()}
    members = [
        row for row in data.memberships() if row.role == "requester" and row.cost_center == cost_center
    ]
    return tuple(sorted(row.email for row in members if row.email not in managers))


@cache
def _standard_items(cost_center: str) -> tuple[tuple[str, Decimal], ...]:
    """Standard items that the department buys, with the quantity of an ordinary order."""
    buyers = [row for row in data.buyers() if row.cost_center == cost_center]
    in_category = {
        row.category: sum(each.category == row.category for each in data.buyers()) for row in buyers
    }
    items = []
    for item in data.items():
        if item.category not in in_category or item.kind != "goods" or item.status != "standard":
            continue
        if not item.agreement_present or item.price > LARGEST_AMOUNT:
            continue
        weekly = (item.normal_weekly_quantity / in_category[item.category]).quantize(Decimal(1))
        affordable = (LARGEST_AMOUNT / item.price).quantize(Decimal(1), rounding="ROUND_FLOOR")
        items.append((item.number, max(Decimal(1), min(weekly, LARGEST_QUANTITY, affordable))))
    return tuple(items)
