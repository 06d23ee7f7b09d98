"""The case document with its annex as PDF/UA-1."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from core.pdf import typeset
from reporting.report.document import Document

TEMPLATE = Path(__file__).with_name("report.typ")


def report_pdf(document: Document, *, at: datetime) -> bytes:
    """Typeset a document; sections that nobody has written are left out. The same document gives the same bytes."""
    facts = asdict(document)
    facts["sections"] = [asdict(section) for section in document.sections if not section.is_missing]
    return typeset(TEMPLATE, facts, at=at)
