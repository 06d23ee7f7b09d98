"""The ward manager's page: what her department spends against its frame, by month, down to the lines."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import reader
from core.components import Link
from core.downloads import csv_file
from core.numbers import whole_number
from desk import spending
from desk.forms.spending import DepartmentSearchForm
from organizations.models import Department
from organizations.requests import PersonRequest
from procurement.spending import PARTS, Spending

DEPARTMENTS_PER_PAGE = 50
LINES_PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Chosen:
    """A department and a period that somebody looks at."""

    department: Department
    year: int
    month: int | None

    @property
    def first_day(self) -> date:
        """The first day of the month, or of the year."""
        return date(self.year, self.month or 1, 1)

    @property
    def query(self) -> str:
        """The period as the address says it."""
        return f"ar={self.year}" + (f"&manad={self.month}" if self.month else "")

    @property
    def title(self) -> str:
        """The period in words."""
        return reader.month(self.first_day) if self.month else str(self.year)


@require_safe
def departments(request: PersonRequest) -> HttpResponse:
    """The departments that the person may look at, each with what is left of its frame today; her only one at once."""
    day = timezone.localdate()
    form = DepartmentSearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    visible_departments = spending.visible_departments(request.user, day).select_related("administration")
    page = Paginator(spending.matching_name(visible_departments, words), DEPARTMENTS_PER_PAGE).get_page(
        request.GET.get("sida")
    )
    if page.paginator.count == 1 and not words:
        return redirect("desk:spending", page.object_list[0].cost_center)
    frames = spending.frames_on(day, page.object_list)
    context = {
        "rows": [(each, frames.get(each.pk)) for each in page.object_list],
        "page_obj": page,
        "words": words,
    }
    return render(request, "desk/spending_departments.html", context)


@require_safe
def department(request: PersonRequest, cost_center: str) -> HttpResponse:
    """Show what a department spends against its frames, month by month."""
    chosen = _chosen(request, cost_center)
    months = spending.months_of(request.user, chosen.department, chosen.year)
    context = {
        "chosen": chosen,
        "frames": spending.frames_of(chosen.department, chosen.year),
        "months": months,
        "total": Spending(*(sum(getattr(each.spending, part) for each in months) for part in PARTS)),
        "line_count": sum(each.line_count for each in months),
        "years": [
            Link(str(year), f"?ar={year}", is_current=year == chosen.year)
            for year in spending.years_of(timezone.localdate())
        ],
        "has_others": spending.visible_departments(request.user, timezone.localdate())[:2].count() > 1,
    }
    return render(request, "desk/spending.html", context)


@require_safe
def lines(request: PersonRequest, cost_center: str) -> HttpResponse:
    """Show the lines of a month or a year."""
    chosen = _chosen(request, cost_center)
    queryset = spending.lines_of(request.user, chosen.department, chosen.year, chosen.month)
    page = Paginator(queryset.select_related("requisition", "item"), LINES_PER_PAGE).get_page(
        request.GET.get("sida")
    )
    return render(request, "desk/spending_lines.html", {"chosen": chosen, "page_obj": page})


@require_safe
def lines_csv(request: PersonRequest, cost_center: str) -> StreamingHttpResponse:
    """The lines as CSV, sent as they are read."""
    chosen = _chosen(request, cost_center)
    queryset = spending.lines_of(request.user, chosen.department, chosen.year, chosen.month)
    header = [column.title for column in spending.columns()]
    return csv_file(_name(chosen, "csv"), header, spending.cells(queryset))


@require_safe
def lines_xlsx(request: PersonRequest, cost_center: str) -> FileResponse:
    """The lines as a workbook."""
    chosen = _chosen(request, cost_center)
    queryset = spending.lines_of(request.user, chosen.department, chosen.year, chosen.month)
    heading = f"{chosen.department.cost_center} {chosen.department}, {chosen.title}"
    intro = [_("Belopp utan moms. Begärt, beställt och mottaget belastar ramen. Frigjort kommer inte.")]
    with tempfile.TemporaryDirectory(prefix="rauk-") as directory:
        path = Path(directory) / "rader.xlsx"
        spending.write_book(path, queryset, heading=heading, intro=intro)
        file = path.open("rb")  # stays readable when its directory is gone
    return FileResponse(file, as_attachment=True, filename=_name(chosen, "xlsx"), content_type=XLSX)


def _chosen(request: PersonRequest, cost_center: str) -> Chosen:
    """The department, if the person may see what it spends, and the period of the address."""
    day = timezone.localdate()
    chosen_department = get_object_or_404(
        spending.visible_departments(request.user, day), cost_center=cost_center
    )
    year = whole_number(request.GET.get("ar", ""))
    month = whole_number(request.GET.get("manad", ""))
    return Chosen(
        chosen_department,
        year if year is not None and 2000 <= year <= 2100 else day.year,
        month if month is not None and 1 <= month <= 12 else None,
    )


def _name(chosen: Chosen, ending: str) -> str:
    period = f"{chosen.year}-{chosen.month:02d}" if chosen.month else str(chosen.year)
    return f"enhet-{chosen.department.cost_center}-{period}.{ending}"
