"""The API of follow-up reports: asked for, written, taken to the board, and their files."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import DayField, ExcelRenderer, PdfRenderer, Resource, WordRenderer
from core.representation import represent
from core.work import WorkStatus
from governance.models import BoardAssignment
from organizations.api import PersonSerializer, person
from reporting.api import WorkSerializer
from reporting.models import (
    LONGEST_TEXT,
    ActKind,
    FileKind,
    FollowUpReport,
    ReportAct,
    ReportFile,
    WrittenPart,
    WrittenText,
)
from reporting.operations import report_files, report_stages, report_texts, reports
from reporting.report.checks import Check, CheckKind, run_checks
from reporting.report.content import content_of
from reporting.report.files import file_name
from reporting.states import ReportStage
from reporting.tasks import build_report, wake_files


class ReportSerializer(WorkSerializer):
    """A follow-up report for one year, through one day; ``status`` is that of its figures."""

    title = serializers.CharField()
    diary_number = serializers.CharField(allow_blank=True)
    year = serializers.IntegerField()
    through_date = serializers.DateField()
    version = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=ReportStage.choices)
    requested_by = PersonSerializer()
    snapshot_sha256 = serializers.CharField(allow_blank=True)


class ReportFileSerializer(serializers.Serializer[ReportFile]):
    """One file of a report's last edition; ``content_sha256`` is of the figures and texts that it is made from."""

    kind = serializers.ChoiceField(choices=FileKind.choices)
    status = serializers.ChoiceField(choices=WorkStatus.choices)
    percent = serializers.IntegerField()
    error = serializers.CharField(allow_blank=True)
    is_draft = serializers.BooleanField(source="edition.is_draft")
    content_sha256 = serializers.CharField(source="edition.sha256")


class ReportActSerializer(serializers.Serializer[ReportAct]):
    """What somebody did with a report."""

    kind = serializers.ChoiceField(choices=ActKind.choices)
    by = PersonSerializer()
    at = serializers.DateTimeField()
    words = serializers.CharField(allow_blank=True)
    meeting_date = serializers.DateField(allow_null=True)
    paragraph = serializers.CharField(allow_blank=True)


class WrittenTextSerializer(serializers.Serializer[WrittenText]):
    """The last version of one part; ``by`` is null for what the report began with."""

    part = serializers.ChoiceField(choices=WrittenPart.choices)
    version = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)
    by = PersonSerializer(allow_null=True)
    at = serializers.DateTimeField()


class ReportDetailSerializer(ReportSerializer):
    """
    A report with the snapshot that page and files are made from, its texts, what people did, and its files.

    ``content_sha256`` is of figures and texts, and comes before the texts: what is written meanwhile makes it another.
    """

    content_sha256 = serializers.SerializerMethodField()
    snapshot = serializers.JSONField(allow_null=True)
    texts = serializers.SerializerMethodField()
    acts = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    def get_content_sha256(self, report: FollowUpReport) -> str:
        """What whoever reviews or approves it says that she was shown; empty while the figures are not frozen."""
        return content_of(report).sha256 if report.snapshot else ""

    @extend_schema_field(WrittenTextSerializer(many=True))
    def get_texts(self, report: FollowUpReport) -> list[dict[str, Any]]:
        """What is written now."""
        return [represent(WrittenTextSerializer, each) for each in report.texts.current()]

    @extend_schema_field(ReportActSerializer(many=True))
    def get_acts(self, report: FollowUpReport) -> list[dict[str, Any]]:
        """In order."""
        return [represent(ReportActSerializer, each) for each in report.acts.in_order()]

    @extend_schema_field(ReportFileSerializer(many=True))
    def get_files(self, report: FollowUpReport) -> list[dict[str, Any]]:
        """Those of the last edition, whether or not they are made yet."""
        files = ReportFile.objects.of_last_edition(report).select_related("edition").order_by("pk")
        return [represent(ReportFileSerializer, each) for each in files]


class ReportInput(serializers.Serializer[Any]):
    """Which period, and under which name; its texts begin as the version before has them, or as the standard texts."""

    year = serializers.IntegerField(min_value=1, max_value=9999)
    through_date = DayField()
    title = serializers.CharField(max_length=150)
    diary_number = serializers.CharField(max_length=30, allow_blank=True, default="")


class CheckSerializer(serializers.Serializer[Check]):
    """One comparison of a report with what it was frozen and locked as."""

    of = serializers.ChoiceField(choices=CheckKind.choices)
    is_same = serializers.BooleanField()


class WrittenTextInput(serializers.Serializer[Any]):
    """One part, and the version of it that whoever writes had before her; 0 when there was none."""

    part = serializers.ChoiceField(choices=WrittenPart.choices)
    text = serializers.CharField(max_length=LONGEST_TEXT, allow_blank=True, trim_whitespace=False)
    began_from = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class ShownInput(serializers.Serializer[Any]):
    """The report's ``content_sha256`` when it was read."""

    shown = serializers.CharField(max_length=64)


class ReportSendBackInput(serializers.Serializer[Any]):
    """Why it goes back to draft."""

    words = serializers.CharField(max_length=1000)


class LockInput(serializers.Serializer[Any]):
    """The case; nothing keeps the diary number that the report has."""

    diary_number = serializers.CharField(max_length=30, allow_blank=True, default="")


class ReportHandOverInput(serializers.Serializer[Any]):
    """The meeting that took up the report, and the paragraph of its minutes."""

    meeting_date = DayField()
    paragraph = serializers.CharField(max_length=20)
    answered = serializers.PrimaryKeyRelatedField(
        many=True,
        required=False,
        queryset=BoardAssignment.objects.all(),
        help_text="Assignments of the board that the report answers.",
    )


class ReportFilter(filters.FilterSet):  # type: ignore[misc]
    """Which reports are listed."""

    class Meta:
        model = FollowUpReport
        fields = ["year", "status", "stage", "diary_number"]


RENDERERS = {
    FileKind.PDF: PdfRenderer,
    FileKind.DOCX: WordRenderer,
    FileKind.ANNEX: WordRenderer,
    FileKind.XLSX: ExcelRenderer,
}


class ReportResource(ListModelMixin, RetrieveModelMixin, Resource[FollowUpReport]):
    """Follow-up reports to the board."""

    serializer_class = ReportSerializer
    queryset = FollowUpReport.objects.none()
    filterset_class = ReportFilter
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[FollowUpReport]:
        """Those that the person may see."""
        visible_reports = FollowUpReport.objects.visible_to(person(self.request))
        return (
            visible_reports
            if self.action in ("retrieve", "verification")
            else visible_reports.without_snapshot()
        )

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """One report is told with its snapshot."""
        return ReportDetailSerializer if self.action == "retrieve" else ReportSerializer

    @extend_schema(request=ReportInput, responses={202: ReportSerializer})
    def create(self, request: Request) -> Response:
        """Ask for a new version of a year's report; it is made in the background."""
        report = reports.request_report(**self.given(ReportInput), by=person(request), at=timezone.now())
        build_report.wake(report_id=report.pk)
        return Response(represent(ReportSerializer, report), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: ReportSerializer})
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """Ask again for what failed of a report."""
        report = reports.retry_report(report=self.get_object(), by=person(request), at=timezone.now())
        build_report.wake(report_id=report.pk)
        wake_files(report.pk)
        return Response(represent(ReportSerializer, report), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=WrittenTextInput, responses=WrittenTextSerializer)
    @action(detail=True, methods=["post"])
    def write(self, request: Request, pk: str) -> Response:
        """Save one part of a draft; 409 when somebody else has saved it since ``began_from``, and nothing is written over."""
        report, data = self.get_object(), self.given(WrittenTextInput)
        text = report_texts.write_text(
            report=report,
            **data | {"part": WrittenPart(data["part"])},
            by=person(request),
            at=timezone.now(),
        )
        return Response(represent(WrittenTextSerializer, text) if text else None)

    @extend_schema(request=ShownInput, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """Review a draft, as finance; 409 when somebody has written in it since it was read."""
        report = report_stages.review_report(
            report=self.get_object(), **self.given(ShownInput), by=person(request), at=timezone.now()
        )
        return Response(represent(ReportSerializer, report))

    @extend_schema(request=ShownInput, responses=ReportSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve what is reviewed and has been read, as head of procurement and another person than the reviewer."""
        report = report_stages.approve_report(
            report=self.get_object(), **self.given(ShownInput), by=person(request), at=timezone.now()
        )
        return Response(represent(ReportSerializer, report))

    @extend_schema(request=ReportSendBackInput, responses=ReportSerializer)
    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, pk: str) -> Response:
        """Send what is reviewed or approved back to draft, with words."""
        report = report_stages.send_back_report(
            report=self.get_object(), **self.given(ReportSendBackInput), by=person(request), at=timezone.now()
        )
        return Response(represent(ReportSerializer, report))

    @extend_schema(request=LockInput, responses={202: ReportSerializer})
    @action(detail=True, methods=["post"])
    def lock(self, request: Request, pk: str) -> Response:
        """Lock what is approved; its files are made in the background."""
        report = report_stages.lock_report(
            report=self.get_object(), **self.given(LockInput), by=person(request), at=timezone.now()
        )
        wake_files(report.pk)
        return Response(represent(ReportSerializer, report), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=ReportHandOverInput, responses=ReportSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """Say which meeting took up what is locked."""
        report = report_stages.hand_over_report(
            report=self.get_object(), **self.given(ReportHandOverInput), by=person(request), at=timezone.now()
        )
        return Response(represent(ReportSerializer, report))

    @extend_schema(request=None, responses={202: ReportSerializer})
    @action(detail=True, methods=["post"], url_path="renew-files")
    def renew_files(self, request: Request, pk: str) -> Response:
        """Have the files of a draft made anew, of what is written now; it is done in the background."""
        report = self.get_object()
        report_files.renew_files(report=report, by=person(request), at=timezone.now())
        wake_files(report.pk)
        return Response(represent(ReportSerializer, report), status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses=CheckSerializer(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def verification(self, request: Request, pk: str) -> Response:
        """Compute the checksums of figures, lines and texts anew, and compare."""
        return Response([represent(CheckSerializer, each) for each in run_checks(self.get_object())])

    @extend_schema(responses={(200, each.media_type): OpenApiTypes.BINARY for each in RENDERERS.values()})
    @action(
        detail=True,
        url_path="files/(?P<kind>[^/]+)",
        url_name="file",
        renderer_classes=[PdfRenderer, WordRenderer, ExcelRenderer],
    )
    def file(self, request: Request, pk: str, kind: str) -> Response:
        """Fetch one file of a report's last edition."""
        files = ReportFile.objects.made_of(self.get_object()).select_related("file", "edition", "report")
        report_file = files.filter(kind=kind).first() if kind in FileKind.values else None
        if report_file is None:
            raise NotFound
        return Response(
            report_file.content.open().read(),
            content_type=RENDERERS[FileKind(kind)].media_type,
            headers={"Content-Disposition": f'attachment; filename="{file_name(report_file)}"'},
        )
