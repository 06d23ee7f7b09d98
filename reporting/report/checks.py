"""
Whether a report is still what it was frozen and locked as: everything is made again from what is kept, and compared.

Figures, texts and lines must be the same byte for byte, whatever has happened in the registers since. A file is drawn by
libraries too; one that is drawn otherwise with the same content says that the program has changed, not the report.
"""

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models import FileKind, FollowUpReport, ReportFile
from reporting.report.content import content_of, content_of_edition
from reporting.report.files import make_file
from reporting.report.lines import Line, thaw_lines
from reporting.report.snapshot import digest

PORTION = 1_000_000


class CheckKind(models.TextChoices):
    """What is compared."""

    FIGURES = "figures", _("Siffrorna har samma kontrollsumma som när de frystes")
    LINES = "lines", _("Orderraderna är desamma, lika många, och summan är det hemtagna")
    CONTENT = "content", _("Siffror och texter har samma kontrollsumma som när rapporten låstes")
    FILES = "files", _("Handlingarna blir desamma när de görs om")


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison, and how it came out."""

    of: CheckKind
    is_same: bool


def run_checks(report: FollowUpReport, *, with_files: bool = False) -> Iterator[Check]:
    """
    Compare a report with what it was; nothing of one whose figures are not frozen.

    :param with_files: draw each file again too, which takes as long as it did.
    """
    if report.snapshot is None:
        return
    yield Check(CheckKind.FIGURES, digest(report.snapshot) == report.snapshot_sha256)
    yield Check(CheckKind.LINES, _lines_are_same(report))
    locked = report.editions.filter(is_draft=False).first()
    if locked is not None:
        same = content_of(report).sha256 == content_of_edition(locked).sha256 == locked.sha256
        yield Check(CheckKind.CONTENT, same)
    if with_files:
        files = ReportFile.objects.made_of(report).select_related("edition", "file").order_by("pk")
        yield Check(CheckKind.FILES, all(_is_file_same(report, file) for file in files))


def _lines_are_same(report: FollowUpReport) -> bool:
    """
    Unpack the lines in portions and see that they are the same text, of as many lines.

    Their sum was held against the figure when they were frozen. The same text has the same sum, so none of it is read as
    amounts again: that takes ten times as long, and whoever looks at the page waits.
    """
    snapshot = report.snapshot or {}
    lines, count, sha256 = snapshot["lines"], 0, hashlib.sha256()
    with report.frozen_lines.file.open() as packed, gzip.GzipFile(fileobj=packed) as text:
        while portion := text.read(PORTION):
            sha256.update(portion)
            count += portion.count(b"\n")
    is_the_figure = lines["amount"] == snapshot["effects"]["net"]["realised"]
    return is_the_figure and (count, sha256.hexdigest()) == (lines["count"], lines["sha256"])


def _is_file_same(report: FollowUpReport, file: ReportFile) -> bool:
    with report.frozen_lines.file.open() as packed, file.content.open() as before:
        lines: Iterator[Line] = thaw_lines(packed)
        content = content_of_edition(file.edition)
        kind, on = FileKind(file.kind), file.template
        with make_file(kind, report, content, lines, counted=lambda count: None, template=on) as again:
            return _digest(again) == _digest(before)


def _digest(stream: BinaryIO) -> str:
    """SHA-256 of what a stream holds."""
    sha256 = hashlib.sha256()
    while portion := stream.read(PORTION):
        sha256.update(portion)
    return sha256.hexdigest()
