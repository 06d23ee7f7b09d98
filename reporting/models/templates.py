"""The Word templates that a region makes its reports on, with every version that there was."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile


class TemplateKind(models.TextChoices):
    """What a template is for."""

    CASE = "case", _("Tjänsteskrivelse")
    ANNEX = "annex", _("Bilaga 1")


class ReportTemplateQuerySet(models.QuerySet["ReportTemplate"]):
    """Questions about templates."""

    def latest_first(self) -> Self:
        """All versions with who set them, the last on top."""
        return self.order_by("-version", "kind").select_related("by", "file")

    def in_use(self) -> "dict[TemplateKind, ReportTemplate]":
        """The template of each kind that files are made on now; none where it is the program's own. One query."""
        last = self.order_by("kind", "-version").distinct("kind").select_related("by", "file")
        return {TemplateKind(each.kind): each for each in last if each.file_id is not None}


class ReportTemplate(models.Model):
    """
    One version of a Word template for the case document or its annex (rapportmall). Never edited; the last one holds.

    Without ``file`` it says that the region went back to the program's own. A report stays on the version that its edition was made
    with.
    """

    kind = models.CharField(max_length=10, choices=TemplateKind)
    version = models.PositiveIntegerField()
    name = models.CharField(max_length=120, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ReportTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="report_template_version_unique"),
            models.CheckConstraint(
                condition=models.Q(kind__in=TemplateKind.values), name="report_template_kind"
            ),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="report_template_version"),
            models.CheckConstraint(
                condition=models.Q(file=None, name="") | models.Q(file__isnull=False) & ~models.Q(name=""),
                name="report_template_file_has_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{TemplateKind(self.kind).label}, {self.version}"

    @property
    def content(self) -> bytes:
        """
        Its bytes.

        :raises ValueError: it says that the program's own is used.
        """
        if self.file is None:
            raise ValueError("the program's own template is used")
        return b"".join(self.file.pieces())
