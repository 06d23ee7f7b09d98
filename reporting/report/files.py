"""The files of a report, each made from the snapshot and its frozen lines alone."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from reporting.models import FileKind, FollowUpReport
from reporting.report.case import compose
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
    kind: FileKind, report: FollowUpReport, lines: Iterable[Line], *, counted: Callable[[int], None]
) -> BinaryIO:
    """
    Make one file, to be read and closed; made again from the same snapshot it is the same, byte for byte.

    :raises ValueError: the snapshot is not frozen.
    """
    if report.snapshot is None:
        raise ValueError("the snapshot is not frozen")
    if kind is FileKind.XLSX:
        return report_excel(
            report.snapshot, lines, sha256=report.snapshot_sha256, at=report.requested_at, counted=counted
        )
    document = compose(report.snapshot, sha256=report.snapshot_sha256)
    draw = report_pdf if kind is FileKind.PDF else report_word
    return BytesIO(draw(document, at=report.requested_at))


def file_name(report: FollowUpReport, kind: FileKind) -> str:
    """Name a download: ``aterrapport-2020-11-30-v2.pdf``."""
    return f"aterrapport-{report.through_date.isoformat()}-v{report.version}.{kind.value}"
