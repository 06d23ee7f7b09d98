"""The follow-up report: a frozen snapshot, the lines behind it, what people did with it, and the files made from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.models import Category
from core.models import StoredFile
from core.work import Work, WorkQuerySet, WorkStatus
from organizations.models import Membership
from reporting.models.templates import ReportTemplate, TemplateKind
from reporting.models.texts import WrittenPart, WrittenText
from reporting.states import FINAL, ReportStage

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

    def frozen(self) -> Self:
        """Those whose figures are frozen."""
        return self.filter(status=WorkStatus.DONE)

    def same_period(self, report: "FollowUpReport") -> Self:
        """All versions of one report, latest on top."""
        return self.filter(year=report.year, through_date=report.through_date).order_by("-version")

    def without_snapshot(self) -> Self:
        """For lists: leaves what is long where it is."""
        return self.defer("snapshot").select_related("requested_by")


class FollowUpReport(Work):
    """
    A follow-up report to the board (återrapport) for one year, through one day.

    Its work is to freeze ``snapshot`` and the lines behind it. What only people can write is kept as ``WrittenText``
    until the report is locked; page and files are made from both alone. A locked report is never edited: a correction is the
    next version of the same period.
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
    stage = models.CharField(max_length=12, choices=ReportStage, default=ReportStage.DRAFT)
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
            models.CheckConstraint(condition=models.Q(stage__in=ReportStage.values), name="report_stage"),
            models.CheckConstraint(
                condition=models.Q(stage=ReportStage.DRAFT) | models.Q(status="done"),
                name="report_beyond_draft_is_frozen",
            ),
            models.CheckConstraint(
                condition=~models.Q(stage__in=FINAL) | ~models.Q(diary_number=""),
                name="report_locked_has_diary_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}, version {self.version}"

    def get_absolute_url(self) -> str:
        """The report's own page."""
        return reverse("reporting:report", args=[self.pk])

    @property
    def is_final(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.stage in FINAL

    def read_texts(self) -> dict[str, str]:
        """What is written in each part now, empty where nobody has written; one query."""
        text_by_part = dict(self.texts.current().values_list("part", "text"))
        return {part.value: text_by_part.get(part, "") for part in WrittenPart}

    def keep_text(self, part: WrittenPart, text: str, *, by: "User | None", at: datetime) -> WrittenText:
        """Keep the next version of a part. Used inside an operation that has locked the report."""
        latest = self.texts.filter(part=part).aggregate(latest=models.Max("version"))["latest"] or 0
        return self.texts.create(part=part, version=latest + 1, text=text, by=by, at=at)


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

    PDF = "pdf", _("Tjänsteskrivelse med bilaga, PDF")
    DOCX = "docx", _("Tjänsteskrivelse, Word")
    ANNEX = "annex", _("Bilaga 1, Word")
    XLSX = "xlsx", _("Bilaga 1, Excel")


class ReportEditionQuerySet(models.QuerySet["ReportEdition"]):
    """Questions about editions, and how one is made."""

    def latest_first(self) -> Self:
        """The last on top."""
        return self.order_by("-number")

    def make(
        self,
        report: FollowUpReport,
        *,
        texts: Mapping[str, str],
        sha256: str,
        is_draft: bool,
        by: "User",
        at: datetime,
    ) -> "ReportEdition":
        """Keep what the files are to be made from, and queue each file. Used inside an operation that has locked the report."""
        templates = ReportTemplate.objects.in_use()
        edition = self.create(
            report=report,
            case_template=templates.get(TemplateKind.CASE),
            annex_template=templates.get(TemplateKind.ANNEX),
            number=report.editions.count() + 1,
            texts=dict(texts),
            diary_number=report.diary_number,
            is_draft=is_draft,
            sha256=sha256,
            asked_by=by,
            at=at,
        )
        files = [ReportFile(report=report, edition=edition, kind=kind, requested_at=at) for kind in FileKind]
        ReportFile.objects.bulk_create(files)
        return edition


class ReportEdition(models.Model):
    """
    What the files of a report are made from: its figures, with the texts as they were at one moment. Never edited.

    ``sha256`` is that of figures, texts and diary number together. The one that is no draft is the report as it was locked. Word
    files are made on the templates that the region used then; None is the program's own.
    """

    report = models.ForeignKey(FollowUpReport, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    texts = models.JSONField()
    diary_number = models.CharField(max_length=30, blank=True)
    is_draft = models.BooleanField()
    sha256 = models.CharField(max_length=64)
    case_template = models.ForeignKey(
        ReportTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annex_template = models.ForeignKey(
        ReportTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = ReportEditionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_edition_number_unique"),
            models.UniqueConstraint(
                fields=["report"], condition=models.Q(is_draft=False), name="report_locked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}, {self.number}"

    def is_of(self, sha256: str, templates: Mapping[TemplateKind, ReportTemplate]) -> bool:
        """Whether files made now, of this content on these templates, would be the same."""
        edition_ids = {TemplateKind.CASE: self.case_template_id, TemplateKind.ANNEX: self.annex_template_id}
        template_ids = {kind: template.pk for kind, template in templates.items()}
        return self.sha256 == sha256 and all(
            template_ids.get(kind) == edition_ids[kind] for kind in TemplateKind
        )


class ReportFileQuerySet(WorkQuerySet["ReportFile"]):
    """Questions about files."""

    def of_last_edition(self, report: FollowUpReport) -> Self:
        """Those of a report's last edition."""
        last = ReportEdition.objects.filter(report=report).latest_first().values("pk")[:1]
        return self.filter(edition=models.Subquery(last))

    def made_of(self, report: FollowUpReport) -> Self:
        """Those of a report's last edition that are made."""
        return self.of_last_edition(report).filter(status=WorkStatus.DONE)


class ReportFile(Work):
    """One file of an edition, made from its report's snapshot and frozen lines; a piece of work of its own."""

    lock_space = 7

    report = models.ForeignKey(FollowUpReport, on_delete=models.PROTECT, related_name="files")
    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=5, choices=FileKind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "kind"], name="report_file_once"),
            models.CheckConstraint(condition=models.Q(kind__in=FileKind.values), name="report_file_kind"),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(file__isnull=False),
                name="report_file_done_is_there",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.kind}"

    @property
    def template(self) -> ReportTemplate | None:
        """The region's template that it is made on; None for the program's own, and for what is no Word document."""
        if self.kind == FileKind.DOCX:
            return self.edition.case_template
        return self.edition.annex_template if self.kind == FileKind.ANNEX else None

    @property
    def content(self) -> StoredFile:
        """
        What was made.

        :raises ValueError: it is not made yet.
        """
        if self.file is None:
            raise ValueError("the file is not made yet")
        return self.file


class ActKind(models.TextChoices):
    """What somebody did with a report, in the words of the one who reads."""

    REVIEWED = "reviewed", _("Granskad")
    APPROVED = "approved", _("Godkänd")
    SENT_BACK = "sent_back", _("Skickad tillbaka")
    LOCKED = "locked", _("Låst")
    HANDED_OVER = "handed_over", _("Överlämnad")


class ReportActQuerySet(models.QuerySet["ReportAct"]):
    """Questions about what was done with reports."""

    def in_order(self) -> Self:
        """As they were done, with who did them."""
        return self.order_by("pk").select_related("by")

    def last_review(self) -> "ReportAct | None":
        """The review that an approval rests on."""
        return self.filter(kind=ActKind.REVIEWED).order_by("-pk").first()


class ReportAct(models.Model):
    """
    Somebody reviewed, approved, sent back, locked or handed over a report: who, when, and with which words. Never edited.

    ``meeting_date`` and ``paragraph`` say at which meeting the board took it up.
    """

    report = models.ForeignKey(FollowUpReport, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12, choices=ActKind)
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(max_length=1000, blank=True)
    meeting_date = models.DateField(null=True, blank=True)
    paragraph = models.CharField(max_length=20, blank=True)

    objects = ReportActQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ActKind.values), name="report_act_kind"),
            models.CheckConstraint(
                condition=(models.Q(kind=ActKind.SENT_BACK) & ~models.Q(words=""))
                | (~models.Q(kind=ActKind.SENT_BACK) & models.Q(words="")),
                name="report_sent_back_with_words",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind=ActKind.HANDED_OVER, meeting_date__isnull=False) & ~models.Q(paragraph="")
                )
                | (~models.Q(kind=ActKind.HANDED_OVER) & models.Q(meeting_date=None, paragraph="")),
                name="report_handed_over_at_meeting",
            ),
            models.UniqueConstraint(
                fields=["report", "kind"],
                condition=models.Q(kind__in=[ActKind.LOCKED, ActKind.HANDED_OVER]),
                name="report_locked_and_handed_over_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report}: {ActKind(self.kind).label}"
