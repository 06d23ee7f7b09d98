"""The case document with its annex as PDF/UA-1."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from core.pdf import typeset
from reporting.report.document import Document

TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(document: Document, *, at: datetime) -> bytes:
    """Typeset a document; a section that nobody has written is marked. The same document gives the same bytes."""
    return typeset(TEMPLATE, asdict(document), at=at)
