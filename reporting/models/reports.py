"""The follow-up report: a frozen snapshot, the lines behind it, and the files made from it."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.models import Category
from core.work import Work, WorkQuerySet
from organizations.models import Membership

if TYPE_CHECKING:
    from organizations.models import User


class FollowUpReportQuerySet(WorkQuerySet["FollowUpReport"]):
    """Questions about follow-up reports."""

    def visible_to(self, user: "User") -> Self:
        """All for finance, head of procurement and auditors, and for those who answer for a category."""
        day = timezone.localdate()
        region = Membership.objects.opens_region_to(user, day)
        answers = models.Exists(Category.objects.answered_by(user, day))
        return self.filter(region | answers)

    def latest_first(self) -> Self:
        """Latest on top."""
        return self.order_by("-requested_at", "-pk")

    def same_period(self, report: "FollowUpReport") -> Self:
        """All versions of one report, latest on top."""
        return self.filter(year=report.year, through_date=report.through_date).order_by("-version")

    def without_snapshot(self) -> Self:
        """For lists: leaves what is long where it is."""
        return self.defer("snapshot").select_related("requested_by")


class FollowUpReport(Work):
    """
    A follow-up report to the board (återrapport) for one year, through one day.

    Page and files are made from ``snapshot`` and its frozen lines alone; its SHA-256 stands in all of them. What
    only a person can write (proposal, assessment, perspectives) is written when the report is asked for.
    """

    lock_space = 3

    title = models.CharField(max_length=150)
    diary_number = models.CharField(max_length=30, blank=True)
    year = models.PositiveSmallIntegerField()
    through_date = models.DateField()
    version = models.PositiveSmallIntegerField()
    requested_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="follow_up_reports"
    )
    proposal = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    children_perspective = models.TextField(blank=True)
    rural_perspective = models.TextField(blank=True)
    snapshot = models.JSONField(null=True, blank=True)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)

    objects = FollowUpReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "through_date", "version"], name="report_version_unique"),
            models.CheckConstraint(
                condition=~models.Q(status="done")
                | models.Q(snapshot__isnull=False) & ~models.Q(snapshot_sha256=""),
                name="report_done_has_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}, version {self.version}"

    def get_absolute_url(self) -> str:
        """The report's own page."""
        return reverse("reporting:report", args=[self.pk])


class FrozenLines(models.Model):
    """
    The delivered lines behind a report, as they were when its snapshot was frozen. Never edited.

    ``file`` is gzipped JSON, one array per line; ``sha256``, which stands in the snapshot, is that of the unpacked text.
    """

    report = models.OneToOneField(FollowUpReport, on_delete=models.PROTECT, related_name="frozen_lines")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.report}: {self.count}"


class FileKind(models.TextChoices):
    """The files of a report."""

    PDF = "pdf", _("Tjänsteskrivelse, PDF")
    DOCX = "docx", _("Tjänsteskrivelse, Word")
    XLSX = "xlsx", _("Bilaga 1, Excel")


class ReportFile(models.Model):
    """One file of a report, made from its snapshot."""

    report = models.ForeignKey(FollowUpReport, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=5, choices=FileKind)
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="report_file_once"),
            models.CheckConstraint(condition=models.Q(kind__in=FileKind.values), name="report_file_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.kind}"
