"""The API of the Word templates that reports are made on: every version, another one, and back to the program's own."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from attachments.kinds import LARGEST_FILE
from core.api import Resource
from core.representation import represent
from core.request_cleaning import takes_files
from core.verdicts import require
from organizations.api import PersonSerializer, person
from reporting.models import ReportTemplate, TemplateKind
from reporting.operations.report_templates import set_template, use_own_template
from reporting.permissions import can_change_templates, can_read_reports
from reporting.report.template_check import checked_template


class ReportTemplateSerializer(serializers.Serializer[ReportTemplate]):
    """One version of a template; without a name it is the program's own. The last version of a kind is the one in use."""

    kind = serializers.ChoiceField(choices=TemplateKind.choices)
    version = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    by = PersonSerializer()
    at = serializers.DateTimeField()


class ReportTemplateInput(serializers.Serializer[Any]):
    """A Word document, and what it is a template for."""

    kind = serializers.ChoiceField(choices=TemplateKind.choices)
    file = serializers.FileField()


class TemplateKindInput(serializers.Serializer[Any]):
    """What the template is for."""

    kind = serializers.ChoiceField(choices=TemplateKind.choices)


class ReportTemplateResource(ListModelMixin, Resource[ReportTemplate]):
    """Word templates of follow-up reports, the last version of each kind in use."""

    serializer_class = ReportTemplateSerializer
    queryset = ReportTemplate.objects.none()

    @classmethod
    def as_view(cls, *args: Any, **initkwargs: Any) -> Any:
        """Take bodies as large as a template may be, where one comes in."""
        view: Any = super().as_view(*args, **initkwargs)
        return takes_files(LARGEST_FILE)(view) if "create" in view.actions.values() else view

    def get_parsers(self) -> list[Any]:
        """Files come as a form does, everything else as JSON."""
        is_file = getattr(self, "action_map", None) and self.action_map.get("post") == "create"
        return [MultiPartParser()] if is_file else super().get_parsers()

    def get_queryset(self) -> QuerySet[ReportTemplate]:
        """All versions, for those who read reports."""
        if not can_read_reports(person(self.request), at=timezone.now()):
            return ReportTemplate.objects.none()
        return ReportTemplate.objects.latest_first()

    @extend_schema(
        request={"multipart/form-data": ReportTemplateInput}, responses={201: ReportTemplateSerializer}
    )
    def create(self, request: Request) -> Response:
        """Make reports on a template from now on, when it holds; 400 with what to change in it when it does not."""
        data, by, at = self.given(ReportTemplateInput), person(request), timezone.now()
        require(can_change_templates(by, at=at))
        file = data["file"]
        template = checked_template(TemplateKind(data["kind"]), file.name, file.read(LARGEST_FILE + 1))
        new_template = set_template(template=template, by=by, at=at)
        return Response(represent(ReportTemplateSerializer, new_template), status=status.HTTP_201_CREATED)

    @extend_schema(request=TemplateKindInput, responses=ReportTemplateSerializer)
    @action(detail=False, methods=["post"], url_path="use-own")
    def use_own(self, request: Request) -> Response:
        """Make reports on the program's own template again."""
        kind = TemplateKind(self.given(TemplateKindInput)["kind"])
        new_template = use_own_template(kind=kind, by=person(request), at=timezone.now())
        return Response(represent(ReportTemplateSerializer, new_template))
