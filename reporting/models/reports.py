"""The follow-up report: a frozen snapshot and the files made from it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.work import Work


class FollowUpReport(Work):
    """
    A follow-up report to the board (återrapport) for one year, through one day.

    Page and files are made from ``snapshot`` alone, whose SHA-256 stands in all of them.
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
    snapshot = models.JSONField(null=True, blank=True)
    snapshot_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "through_date", "version"], name="report_version_unique"),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(snapshot__isnull=False) & ~models.Q(snapshot_sha256=""),
                name="report_done_has_snapshot",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}, version {self.version}"

    def get_absolute_url(self) -> str:
        """The report's own page."""
        return reverse("reporting:report", args=[self.pk])


class FileKind(models.TextChoices):
    """The files of a report."""

    PDF = "pdf", _("Tjänsteskrivelse, PDF")
    DOCX = "docx", _("Tjänsteskrivelse, Word")
    XLSX = "xlsx", _("Bilaga 1, Excel")


class ReportFile(models.Model):
    """One file of a report, made from its snapshot."""

    report = models.ForeignKey(FollowUpReport, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=5, choices=FileKind)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="report_file_once"),
            models.CheckConstraint(condition=models.Q(kind__in=FileKind.values), name="report_file_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.kind}"
