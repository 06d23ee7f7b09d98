"""What a department spends against its budget frames, month by month, and the lines behind it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.db.models.lookups import Contains
from django.utils.translation import gettext as _

from core import reader
from core.money import ZERO, percent_of
from core.ordering import folded, folding, swedish
from core.spreadsheets import Cell
from core.workbooks import Book, Column, Kind
from organizations.models import BudgetFrame, Department, Membership, User
from procurement.models import RequisitionLine
from procurement.spending import PARTS, Spending, charged_on, spending_of_frames, with_spending
from procurement.states import LineStatus

CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Month:
    """What is to come in a month."""

    month: date
    line_count: int
    spending: Spending


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame and what is taken of it."""

    frame: BudgetFrame
    spending: Spending

    @property
    def period(self) -> str:
        """The year, or its first and last day."""
        first, last = self.frame.first_day, self.frame.last_day
        if (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
            return str(first.year)
        return f"{reader.short_day(first)}–{reader.short_day(last)}"

    @property
    def left(self) -> Decimal:
        """What is left; below zero when more is taken."""
        balance: Decimal = self.frame.amount - self.spending.taken
        return balance

    @property
    def taken_percent(self) -> Decimal:
        """How much of it is taken, per cent with one decimal; all of an empty one."""
        if not self.frame.amount:
            return Decimal(100)
        return percent_of(self.spending.taken, self.frame.amount)

    @property
    def over(self) -> Decimal:
        """By how much more is taken than there is."""
        return max(-self.left, ZERO)


def visible_departments(user: User, day: date) -> QuerySet[Department]:
    """Departments whose spending the person may see: where she has a role, all for finance, head and auditors."""
    own_departments = Q(pk__in=Membership.objects.departments_of(user, day))
    region = Q(Membership.objects.opens_region_to(user, day))
    return Department.objects.filter(own_departments | region).order_by(swedish("name"), "pk")


def matching_name(departments: QuerySet[Department], words: str) -> QuerySet[Department]:
    """Those whose ansvar begins so, or whose name has it."""
    has_it = Contains(folding(F("name")), folded(words))
    return departments.filter(Q(cost_center__startswith=words) | Q(has_it)) if words else departments


def frames_on(day: date, departments: Iterable[Department]) -> dict[int, Frame]:
    """The frame that each department has that day, with what is taken of it, by its id: two queries."""
    frames = list(BudgetFrame.objects.on(day).filter(department__in=list(departments)))
    spent = spending_of_frames([frame.pk for frame in frames]) if frames else {}
    return {frame.department_id: Frame(frame, spent.get(frame.pk, Spending())) for frame in frames}


def frames_of(department: Department, year: int) -> list[Frame]:
    """The department's frames of a year, with what is taken of each."""
    frames = list(
        department.budget_frames.filter(
            valid_during__startswith__lte=date(year, 12, 31), valid_during__endswith__gt=date(year, 1, 1)
        ).order_by("valid_during", "pk")
    )
    spent = spending_of_frames([frame.pk for frame in frames]) if frames else {}
    return [Frame(frame, spent.get(frame.pk, Spending())) for frame in frames]


def months_of(user: User, department: Department, year: int) -> list[Month]:
    """What the department spends month by month of a year, of the lines that the person may see."""
    rows = (
        lines_of(user, department, year)
        .annotate(month=TruncMonth("charged_on"))
        .order_by()
        .values("month")
        .annotate(**{f"sum_{part}": Sum(part) for part in PARTS})
        .annotate(line_count=Count("pk"))
        .order_by("month")
    )
    return [
        Month(row["month"], row["line_count"], Spending(*(row[f"sum_{part}"] for part in PARTS)))
        for row in rows
    ]


def lines_of(user: User, department: Department, year: int, month: int | None = None) -> QuerySet[Any, Any]:
    """The submitted lines that are charged to the department and are to come in a year, or a month of it."""
    first = date(year, month or 1, 1)
    until = date(year + 1, 1, 1) if month in (None, 12) else date(year, (month or 0) + 1, 1)
    # By the index on this very expression, with the department.
    of_period = (
        RequisitionLine.objects.filter(charged_department=department)
        .exclude(status=LineStatus.SUPERSEDED)
        .alias(due=charged_on())
        .filter(due__gte=first, due__lt=until)
    )
    return with_spending(of_period.visible_to(user)).order_by("-charged_on", "-pk")


def years_of(day: date) -> list[int]:
    """The years to choose among: this, the one before and the one to come."""
    return [day.year - 1, day.year, day.year + 1]


FIELDS = (
    "charged_on",
    "requisition__number",
    "description",
    "category__name",
    "account__code",
    "requisition__activity__code",
    "requisition__project__code",
    "approved_supplier__name",
    "status",
    *PARTS,
)


def columns() -> list[Column]:
    """The columns of the file."""
    return [
        Column(_("Behövs"), Kind.DAY, 12),
        Column(_("Beställning"), Kind.TEXT, 14),
        Column(_("Vad"), Kind.TEXT, 40),
        Column(_("Kategori"), Kind.TEXT, 24),
        Column(_("Konto"), Kind.TEXT, 10),
        Column(_("Verksamhet"), Kind.TEXT, 12),
        Column(_("Projekt"), Kind.TEXT, 12),
        Column(_("Leverantör"), Kind.TEXT, 26),
        Column(_("Läge"), Kind.TEXT, 16),
        Column(_("Begärt, kr"), Kind.AMOUNT, 14),
        Column(_("Beställt, kr"), Kind.AMOUNT, 14),
        Column(_("Mottaget, kr"), Kind.AMOUNT, 14),
        Column(_("Frigjort, kr"), Kind.AMOUNT, 14),
    ]


def cells(lines: QuerySet[Any, Any]) -> Iterator[list[Cell]]:
    """The lines a portion at a time."""
    words = {status.value: str(status.label) for status in LineStatus}
    place = FIELDS.index("status")
    for values in lines.values_list(*FIELDS).iterator(chunk_size=CHUNK):
        row: list[Cell] = list(values)
        row[place] = words[str(values[place])]
        yield row


def write_book(path: Path, lines: QuerySet[Any, Any], *, heading: str, intro: Sequence[str]) -> None:
    """Write the lines as a workbook."""
    with Book(path, title=heading) as book:
        book.table(_("Rader"), columns(), cells(lines), heading=heading, intro=intro)
