"""How far a report has come, as the page tells it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Self

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formatting
from core.components import Step
from core.work import WorkStatus
from reporting.models import FileKind, FollowUpReport, ReportFile


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the report: made with its size, under way, or waiting."""

    kind: FileKind
    size: int | None
    is_under_way: bool

    @property
    def label(self) -> str:
        """What the file is."""
        return str(self.kind.label)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is made of a report: its figures, then its files, one by one."""

    report: FollowUpReport
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, report: FollowUpReport) -> Self:
        """Look at which files are there; one query."""
        sizes = dict(ReportFile.objects.filter(report=report).values_list("kind", "file__size"))
        waiting = [kind for kind in FileKind if kind not in sizes]
        is_making = report.status == WorkStatus.RUNNING and bool(report.snapshot_sha256)
        current = waiting[0] if is_making and waiting else None
        return cls(report, tuple(Part(kind, sizes.get(kind), kind == current) for kind in FileKind))

    @property
    def is_running(self) -> bool:
        """Whether more is to come by itself."""
        return not self.report.is_finished

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
        """How many are there, with the part of the one under way that its order lines tell."""
        is_counting = (
            self.report.status == WorkStatus.RUNNING and self.report.total and self.done < self.total
        )
        part = Decimal(self.report.done) / self.report.total if is_counting else Decimal(0)
        return self.done + part

    @property
    def is_reading(self) -> bool:
        """Whether the order lines are being read."""
        return self.report.status == WorkStatus.RUNNING and not self.report.snapshot_sha256


def steps(report: FollowUpReport, progress: Progress, *, missing: bool) -> list[Step]:
    """Draw the way from request to files."""
    has_figures, is_done = bool(report.snapshot_sha256), report.status == WorkStatus.DONE
    has_failed = report.status == WorkStatus.FAILED
    today = timezone.localdate()
    asked = formatting.day(timezone.localdate(report.requested_at), today)
    lines = report.snapshot["lines"]["count"] if report.snapshot else 0
    last: Literal["todo", "now", "done"] = "todo" if not is_done else "now" if missing else "done"
    return [
        Step(_("Beställd"), f"{report.requested_by.full_name}, {asked}", "done"),
        Step(
            _("Siffror frysta") if has_figures else _("Siffror fryses"),
            _("%(count)s orderrader") % {"count": formatting.number(lines)} if has_figures else "",
            "done" if has_figures else "refused" if has_failed else "now",
        ),
        Step(
            _("Handlingar"),
            _("%(done)s av %(total)s") % {"done": max(progress.done - 1, 0), "total": len(progress.parts)},
            "done"
            if is_done
            else "refused"
            if has_failed and has_figures
            else "now"
            if has_figures
            else "todo",
        ),
        Step(_("Klar"), _("sedan avsnitten är skrivna") if is_done and missing else "", last),
    ]
