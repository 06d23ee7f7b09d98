"""A register as files: what its list shows, and the template of its import."""

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.downloads import csv_file, workbook_file
from organizations.requests import PersonRequest
from registers import downloads
from registers.views.seeing import may_change, register_for, selection_for
from registers.words import allowed, meanings, requirement


@require_safe
def rows_csv(request: PersonRequest, name: str) -> StreamingHttpResponse:
    """Send what a list shows as CSV, while it is read."""
    register = register_for(request.user, name)
    selection = selection_for(request, register)
    return csv_file(_dated_name(name, "csv"), downloads.headings(register), downloads.cells(selection))


@require_safe
def rows_xlsx(request: PersonRequest, name: str) -> HttpResponseBase:
    """Send what a list shows as a workbook; what is longer than a page waits for comes as CSV."""
    register = register_for(request.user, name)
    selection = selection_for(request, register)
    if not downloads.fits_a_workbook(selection):
        return redirect(f"{reverse('registers:rows_csv', args=[name])}{selection.address()}")
    return workbook_file(_dated_name(name, "xlsx"), lambda path: downloads.write_rows(path, selection))


@require_safe
def template(request: PersonRequest, name: str) -> HttpResponse:
    """Say what each column of a file may hold, with the empty file to fill in."""
    register = register_for(request.user, name)
    context = {
        "register": register,
        "columns": [
            (column, requirement(column), allowed(column), meanings(column))
            for column in register.bound.values()
        ],
        "may_change": may_change(request.user, register),
    }
    return render(request, "registers/template.html", context)


@require_safe
def template_csv(request: PersonRequest, name: str) -> StreamingHttpResponse:
    """Send the headings as CSV."""
    register = register_for(request.user, name)
    return csv_file(f"{name}.csv", downloads.headings(register), [])


@require_safe
def template_xlsx(request: PersonRequest, name: str) -> FileResponse:
    """Send the headings as a workbook, with what each column may hold beside them."""
    register = register_for(request.user, name)
    return workbook_file(f"{name}.xlsx", lambda path: downloads.write_template(path, register))


def _dated_name(name: str, ending: str) -> str:
    return f"{name}-{timezone.localdate().isoformat()}.{ending}"
