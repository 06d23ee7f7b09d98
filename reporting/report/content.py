"""A report as it is read: its frozen figures and what people have written."""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.models import FollowUpReport, ReportEdition
from reporting.report.snapshot import Snapshot, digest


@dataclass(frozen=True, slots=True)
class Content:
    """
    Figures and texts together, as page and files are made from them.

    :param texts: what is written in each part, by the values of ``WrittenPart``; parts that nobody has written may be missing.
    """

    figures: Snapshot
    texts: Mapping[str, str]
    diary_number: str = ""
    is_draft: bool = True

    @property
    def sha256(self) -> str:
        """SHA-256 of figures, texts and diary number in their one form; a draft's is another than the locked report's."""
        return digest(
            {
                "figures": self.figures,
                "texts": dict(self.texts),
                "diary_number": self.diary_number,
                "is_draft": self.is_draft,
            }
        )

    def text(self, part: str) -> str:
        """What is written in a part; empty where nobody has written."""
        return self.texts.get(part, "").strip()


def content_of(report: FollowUpReport) -> Content:
    """
    A report as it is now; of one that is locked, as it was locked. One query.

    :raises ValueError: the figures are not frozen.
    """
    if report.snapshot is None:
        raise ValueError("the figures are not frozen")
    return Content(report.snapshot, report.read_texts(), report.diary_number, is_draft=not report.is_final)


def content_of_edition(edition: ReportEdition) -> Content:
    """
    What the files of an edition are made from.

    :raises ValueError: the figures are not frozen.
    """
    if edition.report.snapshot is None:
        raise ValueError("the figures are not frozen")
    return Content(edition.report.snapshot, edition.texts, edition.diary_number, edition.is_draft)
