"""What was realised by administration, by supplier and by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.urls import reverse

from core import reader
from core.money import ZERO
from core.ordering import swedish_key
from organizations.models import User
from reporting.effects import MonthAmounts
from reporting.saved_months import By, NamedSum, SavedSum, saved_by, saved_by_month
from reporting.selection import Selection


@dataclass(frozen=True, slots=True)
class Part:
    """What was realised in one part of the region, by one supplier or in one month."""

    id: int
    label: str
    code: str
    sum: SavedSum
    lines_url: str
    plan: Decimal | None = None
    drill_url: str = ""
    is_open: bool = False
    is_drilled: bool = False


def _parts(sums: Iterable[NamedSum], selection: Selection, *, parameter: str) -> list[Part]:
    """Each part opens to its lines; the one that became cheaper the most comes first."""
    parts = [
        Part(
            id=each.id,
            label=each.name,
            code=each.code,
            sum=each.sum,
            lines_url=reverse("reporting:saving_lines") + selection.address(**{parameter: each.code}),
        )
        for each in sums
    ]
    return sorted(parts, key=lambda part: (-part.sum.decrease, swedish_key(part.label), part.code))


def by_administration(user: User, selection: Selection, *, opened: str) -> list[Part]:
    """What each administration realised, the opened one with its departments; at most two queries."""
    choice = selection.choice(user)
    parts = []
    for part in _parts(saved_by(By.ADMINISTRATION, choice), selection, parameter="forvaltning"):
        is_open = opened == part.code
        address = selection.address(per="forvaltning", oppna="" if is_open else part.code)
        parts.append(replace(part, drill_url=address, is_open=is_open))
        if is_open:
            departments = saved_by(By.DEPARTMENT, replace(choice, administration=part.id))
            parts.extend(
                replace(department, is_drilled=True)
                for department in _parts(departments, selection, parameter="enhet")
            )
    return parts


def by_supplier(user: User, selection: Selection) -> list[Part]:
    """What was realised from each supplier."""
    return _parts(saved_by(By.SUPPLIER, selection.choice(user)), selection, parameter="leverantor")


def by_month(
    user: User, selection: Selection, year: Sequence[MonthAmounts], *, plan_to_date: Decimal
) -> list[Part]:
    """
    What was planned and realised each month that has begun.

    :param plan_to_date: what is planned in all through the selection's last day. The last month has what is left of it,
        since it may not be over; so the months add up to it.
    """
    sum_by_month = saved_by_month(selection.choice(user))
    begun = [month for month in year if month.realised is not None]
    plans = [month.plan for month in begun[:-1]]
    plans.append(plan_to_date - sum(plans, ZERO))
    return [
        Part(
            id=month.month,
            label=reader.month(date(selection.year, month.month, 1)),
            code=str(month.month),
            sum=sum_by_month.get(month.month, SavedSum()),
            lines_url=reverse("reporting:saving_lines") + selection.address(manad=str(month.month)),
            plan=plan,
        )
        for month, plan in zip(begun, plans, strict=False)
    ]
