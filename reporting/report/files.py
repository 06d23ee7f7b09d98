"""The files of a report, each made from its content and its frozen lines alone."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from reporting.models import FileKind, FollowUpReport, ReportFile
from reporting.report.case import compose
from reporting.report.content import Content
from reporting.report.excel import report_excel
from reporting.report.lines import Line
from reporting.report.pdf import report_pdf
from reporting.report.word import report_word

CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make_file(
    kind: FileKind,
    report: FollowUpReport,
    content: Content,
    lines: Iterable[Line],
    *,
    counted: Callable[[int], None],
) -> BinaryIO:
    """Make one file, to be read and closed; made again from the same content it is the same, byte for byte."""
    if kind is FileKind.XLSX:
        return report_excel(content, lines, at=report.requested_at, counted=counted)
    draw = report_pdf if kind is FileKind.PDF else report_word
    return BytesIO(draw(compose(content), at=report.requested_at))


def file_name(file: ReportFile) -> str:
    """Name a download: ``aterrapport-2020-11-30-v2.pdf``, of a draft ``aterrapport-2020-11-30-v2-utkast.pdf``."""
    report, mark = file.report, "-utkast" if file.edition.is_draft else ""
    return f"aterrapport-{report.through_date.isoformat()}-v{report.version}{mark}.{file.kind}"
