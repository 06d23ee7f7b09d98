"""How far a report has come, as the page tells it: what the program makes, and what people do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formatting
from core.components import Step, StepState
from core.work import WorkStatus
from reporting.models import ActKind, FileKind, FollowUpReport, ReportAct, ReportEdition, ReportFile
from reporting.states import ReportStage


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the report: made with its size, under way, failed, or waiting."""

    kind: FileKind
    size: int | None = None
    status: str = WorkStatus.QUEUED
    done: int = 0
    total: int = 0
    error: str = ""

    @property
    def label(self) -> str:
        """What the file is."""
        return str(self.kind.label)

    @property
    def share(self) -> Decimal:
        """How much of it is made, from 0 to 1."""
        if self.size is not None:
            return Decimal(1)
        return Decimal(self.done) / self.total if self.total else Decimal(0)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is made of a report: its figures, then the files of its last edition."""

    report: FollowUpReport
    edition: ReportEdition | None
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, report: FollowUpReport) -> Self:
        """Look at the last edition and its files; two queries."""
        edition = report.editions.latest_first().first()
        files = {file.kind: file for file in _files(edition)}
        parts = tuple(_part(kind, files.get(kind)) for kind in FileKind)
        return cls(report, edition, parts)

    @property
    def is_running(self) -> bool:
        """Whether more is to come by itself."""
        if not self.report.is_finished:
            return True
        return self.edition is not None and any(
            part.size is None and part.status != WorkStatus.FAILED for part in self.parts
        )

    @property
    def failure(self) -> str:
        """Why the report, or one of its files, could not be made."""
        if self.report.status == WorkStatus.FAILED:
            return self.report.error
        return next((part.error for part in self.parts if part.status == WorkStatus.FAILED), "")

    @property
    def total(self) -> int:
        """The figures and each file."""
        return 1 + len(self.parts)

    @property
    def done(self) -> int:
        """How many of them are there."""
        return bool(self.report.snapshot_sha256) + sum(part.size is not None for part in self.parts)

    @property
    def share(self) -> Decimal:
        """How many are there, with the parts of those under way that their order lines tell."""
        if self.is_reading:
            return Decimal(self.report.done) / self.report.total if self.report.total else Decimal(0)
        return bool(self.report.snapshot_sha256) + sum((part.share for part in self.parts), Decimal(0))

    @property
    def is_reading(self) -> bool:
        """Whether the order lines are being read."""
        return self.report.status == WorkStatus.RUNNING and not self.report.snapshot_sha256


def _files(edition: ReportEdition | None) -> Sequence[ReportFile]:
    return [] if edition is None else list(edition.files.select_related("file"))


def _part(kind: FileKind, file: ReportFile | None) -> Part:
    if file is None:
        return Part(kind)
    size = file.file.size if file.file else None
    return Part(kind, size, file.status, file.done, file.total, file.error)


WAY: Mapping[ReportStage, ActKind] = {
    ReportStage.REVIEWED: ActKind.REVIEWED,
    ReportStage.APPROVED: ActKind.APPROVED,
    ReportStage.LOCKED: ActKind.LOCKED,
    ReportStage.HANDED_OVER: ActKind.HANDED_OVER,
}
"""The stages after the draft, with the act that leads to each."""


def steps(report: FollowUpReport, acts: Sequence[ReportAct], *, missing: int) -> list[Step]:
    """Draw the way from draft to the board, with who did each step and when; the next one is now."""
    last = {act.kind: act for act in acts}
    reached = list(ReportStage).index(ReportStage(report.stage))
    is_written = report.snapshot is not None and not missing
    all_steps = [_draft(report, missing=missing, is_done=reached > 0 or is_written)]
    for place, (stage, kind) in enumerate(WAY.items(), start=1):
        act = last.get(kind) if place <= reached else None
        state: StepState = "done" if act else "now" if place == reached + 1 and is_written else "todo"
        all_steps.append(Step(str(stage.label), _by(act) if act else "", state))
    return all_steps


def _draft(report: FollowUpReport, *, missing: int, is_done: bool) -> Step:
    if report.status == WorkStatus.FAILED:
        return Step(_("Siffror fryses"), "", "refused")
    if report.snapshot is None:
        return Step(_("Siffror fryses"), "", "now")
    text = (
        _("%(count)s avsnitt kvar att skriva") % {"count": missing} if missing else _("Alla avsnitt skrivna")
    )
    return Step(str(ReportStage.DRAFT.label), text, "done" if is_done else "now")


def _by(act: ReportAct) -> str:
    """Who did it, and when."""
    day = formatting.day(timezone.localdate(act.at), timezone.localdate())
    return f"{act.by.full_name}, {day}"
