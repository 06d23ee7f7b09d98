"""Files that a page hands out: written while they are sent, and told of when they come."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import translation

from core.languages import current_language
from core.spreadsheets import Cell, csv_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

AWAITED = "rauk-download"
"""The cookie that a page sets while it waits for a file; ``static/rauk.js`` shows that it is being made until it is gone."""


class AwaitedFiles:
    """Tell the page that waits for a file that it has come."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Take the cookie away with a file."""
        response = self.get_response(request)
        if AWAITED in request.COOKIES and "Content-Disposition" in response:
            response.delete_cookie(AWAITED, samesite="Lax")
        return response


def csv_file(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> StreamingHttpResponse:
    """Send a table as CSV while it is read, in the reader's language to its last line."""
    lines = _translated_chunks(csv_lines(header, rows), current_language())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def workbook_file(name: str, write: Callable[[Path], None]) -> FileResponse:
    """Send a workbook that is written to a path."""
    with tempfile.TemporaryDirectory(prefix="rauk-") as directory:
        path = Path(directory) / "list.xlsx"
        write(path)
        file = path.open("rb")  # stays readable when its directory is gone
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _translated_chunks(chunks: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Make each chunk in a language: the page's own is over when its file is sent."""
    while True:
        with translation.override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk
