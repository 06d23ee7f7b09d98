"""The register as files: Excel with a method sheet, and CSV."""

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.downloads import csv_file, workbook_file
from organizations.requests import PersonRequest
from reporting import downloads
from reporting.effects import effects
from reporting.selection import Selection, reach
from reporting.views.savings import require_savings_visible, selection_of


@require_safe
def savings_xlsx(request: PersonRequest) -> FileResponse:
    """The register of a period as a workbook."""
    require_savings_visible(request.user)
    selection, at = selection_of(request), timezone.now()
    within = selection.categories(request.user, timezone.localdate(at))
    year_effects = effects(year=selection.year, through=selection.through, categories=within)
    return workbook_file(
        _name(selection, "xlsx"),
        lambda path: downloads.write_book(
            path,
            effects=year_effects,
            lines=selection.savings(request.user),
            selection=selection,
            sees_all=reach(request.user, timezone.localdate(at)) is None,
            at=at,
        ),
    )


@require_safe
def savings_csv(request: PersonRequest) -> StreamingHttpResponse:
    """The register of a period as CSV, sent as it is read."""
    require_savings_visible(request.user)
    selection = selection_of(request)
    header = [column.title for column in downloads.columns()]
    return csv_file(_name(selection, "csv"), header, downloads.rows(selection.savings(request.user)))


def _name(selection: Selection, ending: str) -> str:
    """Name a file after its period."""
    return f"besparingar-{selection.starts.isoformat()}-{selection.ends.isoformat()}.{ending}"
