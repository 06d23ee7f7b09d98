"""What was realised by administration, by supplier and by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import ExtractMonth
from django.urls import reverse

from core import reader
from core.money import ZERO
from core.ordering import swedish
from organizations.models import User
from reporting.effects import MonthAmounts
from reporting.models.savings import DEARER, SavingQuerySet
from reporting.selection import Selection


@dataclass(frozen=True, slots=True)
class Part:
    """What was realised in one part of the region, by one supplier or in one month."""

    label: str
    code: str
    count: int
    decrease: Decimal
    increase: Decimal
    lines_url: str
    plan: Decimal | None = None
    drill_url: str = ""
    is_open: bool = False
    is_drilled: bool = False

    @property
    def net(self) -> Decimal:
        """Decreases less increases."""
        return self.decrease + self.increase


SUMS = {
    "count": Count("pk"),
    "decrease": Sum("amount", filter=Q(amount__gte=0), default=ZERO),
    "increase": Sum("amount", filter=DEARER, default=ZERO),
}


def _split(
    lines: SavingQuerySet, selection: Selection, *, code: str, name: str, parameter: str
) -> list[Part]:
    """Add the lines by one thing they have in common, called what it was called then; each part opens to its lines."""
    rows: Iterable[Any] = (
        lines.values(code=F(code)).annotate(name=Max(name), **SUMS).order_by(swedish("name"), "code")
    )
    parts = [
        Part(
            label=row["name"],
            code=row["code"],
            count=row["count"],
            decrease=row["decrease"],
            increase=row["increase"],
            lines_url=reverse("reporting:saving_lines") + selection.address(**{parameter: row["code"]}),
        )
        for row in rows
    ]
    return sorted(parts, key=lambda part: -part.decrease)


def by_administration(user: User, selection: Selection, *, opened: str) -> list[Part]:
    """What each administration realised, the opened one with its departments; at most two queries."""
    lines = selection.savings(user)
    parts = []
    for part in _split(
        lines,
        selection,
        code="administration__code",
        name="administration_name",
        parameter="forvaltning",
    ):
        is_open = opened == part.code
        address = selection.address(per="forvaltning", oppna="" if is_open else part.code)
        parts.append(replace(part, drill_url=address, is_open=is_open))
        if is_open:
            within = lines.filter(administration__code=part.code)
            departments = _split(
                within, selection, code="department__cost_center", name="department_name", parameter="enhet"
            )
            parts.extend(replace(department, is_drilled=True) for department in departments)
    return parts


def by_supplier(user: User, selection: Selection) -> list[Part]:
    """What was realised from each supplier."""
    return _split(
        selection.savings(user),
        selection,
        code="supplier__org_number",
        name="supplier_name",
        parameter="leverantor",
    )


def by_month(user: User, selection: Selection, year: Sequence[MonthAmounts]) -> list[Part]:
    """What was planned and realised each month that has begun."""
    rows: Iterable[Any] = (
        selection.savings(user)
        .values(month=ExtractMonth("delivered_date"))
        .annotate(**SUMS)
        .order_by("month")
    )
    came: dict[int, Any] = {row["month"]: row for row in rows}
    nothing: dict[str, Any] = {"count": 0, "decrease": ZERO, "increase": ZERO}
    return [
        Part(
            label=reader.month(date(selection.year, month.month, 1)),
            code=str(month.month),
            count=came.get(month.month, nothing)["count"],
            decrease=came.get(month.month, nothing)["decrease"],
            increase=came.get(month.month, nothing)["increase"],
            lines_url=reverse("reporting:saving_lines") + selection.address(manad=str(month.month)),
            plan=month.plan,
        )
        for month in year
        if month.realised is not None
    ]
