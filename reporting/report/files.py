"""The files of a report, each made from its content and its frozen lines alone."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import BinaryIO

from reporting.models import FileKind, FollowUpReport, ReportFile, ReportTemplate, TemplateKind
from reporting.report.case import compose
from reporting.report.content import Content
from reporting.report.excel import report_excel
from reporting.report.lines import Line
from reporting.report.pdf import report_pdf
from reporting.report.word import report_word

CONTENT_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.ANNEX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

TEMPLATE_OF = {FileKind.DOCX: TemplateKind.CASE, FileKind.ANNEX: TemplateKind.ANNEX}
"""What a Word file is made on."""
ENDINGS = {kind: f".{kind}" for kind in FileKind} | {FileKind.ANNEX: "-bilaga-1.docx"}


def make_file(
    kind: FileKind,
    report: FollowUpReport,
    content: Content,
    lines: Iterable[Line],
    *,
    counted: Callable[[int], None],
    template: ReportTemplate | None = None,
) -> BinaryIO:
    """
    Make one file, to be read and closed; made again from the same content it is the same, byte for byte.

    :param template: what a Word file is made on; the program's own when there is none.
    """
    at = report.requested_at
    if kind is FileKind.XLSX:
        return report_excel(content, lines, at=at, counted=counted)
    document = compose(content)
    if kind is FileKind.PDF:
        return BytesIO(report_pdf(document, at=at))
    on = template.content if template else None
    return BytesIO(report_word(document, TEMPLATE_OF[kind], at=at, template=on))


def file_name(file: ReportFile) -> str:
    """Name a download: ``aterrapport-2020-11-30-v2.pdf``, of a draft ``aterrapport-2020-11-30-v2-utkast.pdf``."""
    report, mark = file.report, "-utkast" if file.edition.is_draft else ""
    return (
        f"aterrapport-{report.through_date.isoformat()}-v{report.version}{mark}{ENDINGS[FileKind(file.kind)]}"
    )
