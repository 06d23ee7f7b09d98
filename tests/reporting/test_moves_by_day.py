"""A department that is moved, renamed or merged on a day: no figure of before changes, and those after it follow."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from office.operations.plans import carry_out_due
from organizations.models import Administration
from procurement.models import Allocation, PurchaseOrder
from procurement.operations import receipts
from registers.cells import Cell
from registers.operations.rows import add_row
from registers.register import REGISTERS
from reporting.effects import effects
from reporting.leakage import leakage
from reporting.models import DeliveredLine, FrozenLines, Saving
from reporting.months import LineSelection, by_month, total
from reporting.overview.parts import by_administration, by_supplier
from reporting.selection import Selection
from tests.cast import NOW, TODAY, Cast
from tests.reporting import follow_ups, initiatives
from tests.worlds import ordered

DAY = date(2021, 7, 1)
ON_THE_DAY = NOW + (DAY - TODAY)
AFTER = ON_THE_DAY + timedelta(days=20)

MOVE: dict[str, str] = {"administration": "SOF", "name": "Omvårdnad 1"}
MERGE: dict[str, str] = {"into": "3310"}


def receive(cast: Cast, orders: Sequence[PurchaseOrder], *, at: datetime) -> None:
    """Receive half of what is left, by the ward's own people."""
    entries = [
        receipts.ReceiptEntry(each.pk, (each.quantity - each.received_quantity) / 2)
        for each in Allocation.objects.filter(order_line__order__in=orders).order_by("pk")
    ]
    cast.colleague.remembered.clear()
    receipts.receive(key=uuid4(), department=cast.ward, entries=entries, by=cast.colleague, at=at)


def figures(cast: Cast) -> list[Any]:
    """Every figure of what came before the day, as each of their readers gives it."""
    last = DAY - timedelta(days=1)
    before = LineSelection(date(2020, 1, 1), last)
    years = {2020: date(2020, 12, 31), 2021: last}
    chosen = [
        Selection.of({"ar": str(year), "till": through.isoformat()}, today=DAY)
        for year, through in years.items()
    ]
    return [
        list(DeliveredLine.objects.filter(delivered_date__lt=DAY).order_by("key").values()),
        list(Saving.objects.filter(delivered_date__lt=DAY).order_by("pk").values()),
        list(FrozenLines.objects.order_by("pk").values()),
        [by_administration(cast.controller, each, opened="HSF") for each in chosen],
        [by_supplier(cast.controller, each) for each in chosen],
        [effects(year=year, through=through) for year, through in years.items()],
        leakage(before),
        total(by_month(before)),
    ]


@pytest.mark.parametrize("change", [MOVE, MERGE], ids=["moved", "merged"])
def test_figures_of_before_stay_and_those_after_follow(cast: Cast, change: dict[str, str]) -> None:
    other = Administration.objects.create(authority=cast.authority, code="SOF", name="Socialförvaltningen")
    if change is MERGE:
        cast.home.administration = other
        cast.home.save()
    follow_ups.built(cast)
    orders = ordered(cast, (cast.gloves, 8), (cast.gown, 8))
    receive(cast, orders, at=NOW)
    initiatives.delivered(cast, date(2021, 6, 1), "10", "58.00")
    initiatives.computed()
    cells: dict[str, Cell] = {"cost_center": "2140", "from_date": DAY, **change}
    add_row(register=REGISTERS["department_changes"], cells=cells, by=cast.administrator, at=NOW)
    # Ordered before the day; some of it received before it, and some after it.
    receive(cast, orders, at=ON_THE_DAY - timedelta(days=1))
    initiatives.computed()
    before = figures(cast)
    assert carry_out_due(at=ON_THE_DAY) == 1
    initiatives.computed()
    assert figures(cast) == before
    receive(cast, orders, at=AFTER)
    initiatives.delivered(cast, AFTER.date(), "10", "58.00")
    initiatives.computed()
    assert figures(cast) == before
    follows = DeliveredLine.objects.filter(delivered_date__gte=DAY, receipt_line__isnull=False)
    is_moved = change is MOVE
    whose = (other.pk, "Omvårdnad 1", "2140") if is_moved else (other.pk, "Säboenhet Hemse", "3310")
    assert set(follows.values_list("administration", "department_name", "cost_center")) == {whose}
    saved = Saving.objects.filter(delivered_date__gte=DAY, receipt_line__isnull=False)
    assert set(saved.values_list("administration", "department_name", "cost_center")) == {whose}
    selection = Selection.of({"ar": "2021", "till": "2021-12-31"}, today=AFTER.date())
    parts = by_administration(cast.controller, selection, opened="SOF")
    assert {"Socialförvaltningen", "Hälso- och sjukvårdsförvaltningen"} <= {part.label for part in parts}
