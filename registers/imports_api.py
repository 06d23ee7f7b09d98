"""The API of files that are handed in to registers: hand one in, read the difference, leave out, apply, take back."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.representation import represent
from core.request_cleaning import takes_files
from core.work import WorkStatus
from organizations.api import person
from registers.bundles import BUNDLES
from registers.kinds import Conventions
from registers.models import WRITTEN, Change, ChangeKind, Import
from registers.operations import applying, imports
from registers.operations.leaving_out import leave_out
from registers.operations.mapping import keep_mapping, kept_mapping
from registers.reading.text import UPLOAD_LIMIT, FileTooLarge
from registers.register import REGISTERS

MOST_IDS = 10_000


class RegisterName(serializers.CharField):
    """The name of a register, or of a bundle of them."""

    default_error_messages = {"unknown": _("Det finns inget sådant register.")}

    def to_internal_value(self, data: Any) -> str:
        """Find the register."""
        name = super().to_internal_value(data)
        if name not in REGISTERS and name not in BUNDLES:
            self.fail("unknown")
        return str(name)


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class Constants(serializers.JSONField):
    """Texts by column, as JSON in a part of the form."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """Take texts only."""
        texts = super().to_internal_value(data)
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            self.fail("invalid")
        return dict(texts)


class RegisterImportSerializer(serializers.Serializer[Import]):
    """A file, how far it has come, how many rows it changes, and what was done with it."""

    id = serializers.IntegerField()
    register = serializers.CharField(source="register_name")
    bundle = serializers.CharField(source="bundle_name", allow_blank=True)
    led_by = serializers.IntegerField(source="led_by_id", allow_null=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    file_name = serializers.CharField()
    status = serializers.ChoiceField(choices=WorkStatus.choices)
    percent = serializers.IntegerField()
    error = serializers.CharField(source="reason", allow_blank=True)
    headings = serializers.SerializerMethodField()
    is_complete = serializers.BooleanField()
    decimal_sign = serializers.CharField(allow_blank=True)
    day_order = serializers.CharField(allow_blank=True)
    not_read = serializers.ListField(child=serializers.CharField())
    counts = serializers.SerializerMethodField()
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    requested_at = serializers.DateTimeField()
    compared_at = serializers.DateTimeField(allow_null=True)
    applied_at = serializers.DateTimeField(allow_null=True)
    taken_back_at = serializers.DateTimeField(allow_null=True)
    application_status = serializers.SerializerMethodField()
    application_error = serializers.SerializerMethodField()

    def get_headings(self, this: Import) -> dict[str, str]:
        """Each heading with the name of its column, or nothing."""
        return dict(this.headings)

    def get_counts(self, this: Import) -> dict[str, int]:
        """How many rows are of each kind, those left out not counted."""
        return this.counts()

    def get_application_status(self, this: Import) -> str:
        """Where applying it, or taking it back, stands; empty when nobody has asked for it."""
        last = this.applications.order_by("-pk").first()
        return last.status if last else ""

    def get_application_error(self, this: Import) -> str:
        """Why it was not applied or taken back."""
        last = this.applications.order_by("-pk").first()
        return last.reason if last else ""


class ChangeSerializer(serializers.Serializer[Change]):
    """A row of the difference: what the file says, and what the register says now where that differs."""

    id = serializers.IntegerField()
    sheet = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ChangeKind.choices)
    values = serializers.DictField(child=serializers.CharField(allow_blank=True))
    before = serializers.DictField(child=serializers.CharField(allow_blank=True))
    is_left_out = serializers.BooleanField()
    is_proposed = serializers.BooleanField(
        help_text=_("Höjer ett pris under ett avtal och blir ett prisförslag i stället för att skrivas.")
    )
    column = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(source="sentence", allow_blank=True)


class FileInput(serializers.Serializer[Any]):
    """A file for a register, or for several: what holds of all its new rows is said by column, there as ``register.column``."""

    register = RegisterName()
    file = serializers.FileField()
    source = serializers.CharField(allow_blank=True, default="")  # type: ignore[assignment]
    mapping = serializers.CharField(
        allow_blank=True,
        default="",
        help_text=_(
            "Källan vars sparade mappning filen läses med; annars den egna källans, om den har någon."
        ),
    )
    mapping_file = serializers.FileField(
        required=False, default=None, help_text=_("En mappning, JSON. Den sparas för sin källa.")
    )
    constants = Constants(default=dict)
    is_complete = serializers.BooleanField(default=False)
    decimal_sign = serializers.ChoiceField(choices=[",", "."], allow_blank=True, default="")
    day_order = serializers.ChoiceField(choices=["dmy", "mdy"], allow_blank=True, default="")


class ReadAgainInput(serializers.Serializer[Any]):
    """What is said of a file: columns by heading, and how it writes numbers and days."""

    headings = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    decimal_sign = serializers.ChoiceField(choices=[",", "."], allow_blank=True, required=False)
    day_order = serializers.ChoiceField(choices=["dmy", "mdy"], allow_blank=True, required=False)
    is_complete = serializers.BooleanField(required=False)


class LeaveOutInput(serializers.Serializer[Any]):
    """Rows to leave out, or to take in again: those with the ids, or all of a kind."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in WRITTEN], required=False)
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=MOST_IDS, required=False
    )
    is_left_out = serializers.BooleanField(default=True)


class ApplyInput(serializers.Serializer[Any]):
    """Why she who has the file applied decides about its rises herself, at once; without it they become proposals."""

    rises_reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ImportFilter(filters.FilterSet):  # type: ignore[misc]
    """Which imports are listed."""

    register = filters.CharFilter(field_name="register_name", label=_("Registrets namn."))

    class Meta:
        model = Import
        fields = ["status", "led_by"]


class RegisterImportResource(ListModelMixin, RetrieveModelMixin, Resource[Import]):
    """Files handed in to the registers, as far as the person may see them."""

    serializer_class = RegisterImportSerializer
    queryset = Import.objects.none()
    filterset_class = ImportFilter
    lookup_value_regex = "[0-9]+"

    @classmethod
    def as_view(cls, *args: Any, **initkwargs: Any) -> Any:
        """Take bodies as large as a file may be, where files come in."""
        view: Any = super().as_view(*args, **initkwargs)
        return takes_files(UPLOAD_LIMIT)(view) if "create" in view.actions.values() else view

    def get_parsers(self) -> list[Any]:
        """Files come as a form does, everything else as JSON."""
        is_file = getattr(self, "action_map", None) and self.action_map.get("post") == "create"
        return [MultiPartParser()] if is_file else super().get_parsers()

    def get_queryset(self) -> QuerySet[Import]:
        """Those of the registers whose imports the person may see."""
        return Import.objects.visible_to(person(self.request), timezone.now())

    @extend_schema(request={"multipart/form-data": FileInput}, responses={202: RegisterImportSerializer})
    def create(self, request: Request) -> Response:
        """Hand in a file, to be compared with its register in the background."""
        data = self.given(FileInput)
        if data["file"].size > UPLOAD_LIMIT:
            raise FileTooLarge
        register, at = BUNDLES.get(data["register"]) or REGISTERS[data["register"]], timezone.now()
        chosen = data["mapping"]
        if data["mapping_file"] is not None:
            chosen = keep_mapping(
                register=register, content=data["mapping_file"], by=person(request), at=at
            ).source
        new_import = imports.request_import(
            register=register,
            file_name=data["file"].name,
            content=data["file"],
            by=person(request),
            at=at,
            source=data["source"],
            mapping=kept_mapping(register, chosen=chosen, source=data["source"]),
            is_complete=data["is_complete"],
            constants=data["constants"],
            conventions=Conventions(data["decimal_sign"], data["day_order"]),
        )
        return Response(represent(RegisterImportSerializer, new_import), status=status.HTTP_202_ACCEPTED)

    @extend_schema(
        responses=ChangeSerializer(many=True),
        parameters=[OpenApiParameter("kind", str, enum=ChangeKind.values)],
        filters=False,
    )
    @action(detail=True, methods=["get"])
    def changes(self, request: Request, pk: str) -> Response:
        """Read the rows of the difference, page by page."""
        rows: Any = self.get_object().changes.all()
        kind = request.query_params.get("kind", "")
        if kind in ChangeKind.values:
            rows = rows.filter(kind=kind)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([represent(ChangeSerializer, row) for row in page])

    @extend_schema(request=ReadAgainInput, responses={202: RegisterImportSerializer})
    @action(detail=True, methods=["post"], url_path="read-again")
    def read_again(self, request: Request, pk: str) -> Response:
        """Have a file read and compared again, with what is said of it."""
        this, data = self.get_object(), self.given(ReadAgainInput)
        conventions = Conventions(
            data.get("decimal_sign", this.decimal_sign), data.get("day_order", this.day_order)
        )
        wishes = imports.Wishes(data.get("headings"), conventions, data.get("is_complete"))
        new_import = imports.read_again(of_import=this, wishes=wishes, by=person(request), at=timezone.now())
        return Response(represent(RegisterImportSerializer, new_import), status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=LeaveOutInput, responses=RegisterImportSerializer)
    @action(detail=True, methods=["post"], url_path="leave-out")
    def leave_out(self, request: Request, pk: str) -> Response:
        """Leave rows out of what is applied, or take them in again."""
        this, data = self.get_object(), self.given(LeaveOutInput)
        kind = ChangeKind(data["kind"]) if "kind" in data else None
        ids = data.get("ids", None if kind else [])
        leave_out(
            of_import=this,
            kind=kind,
            ids=ids,
            is_left_out=data["is_left_out"],
            by=person(request),
            at=timezone.now(),
        )
        return Response(represent(RegisterImportSerializer, this))

    @extend_schema(request=ApplyInput, responses={202: RegisterImportSerializer})
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Have what the file says written in the register, in the background."""
        this = self.get_object()
        data = self.given(ApplyInput) if request.headers.get("content-length") not in (None, "", "0") else {}
        return self._act(this, request, **data, is_taking_back=False)

    @extend_schema(request=None, responses={202: RegisterImportSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Have the register say what it said before the file, in the background."""
        return self._act(self.get_object(), request, is_taking_back=True)

    def _act(self, this: Import, request: Request, **options: Any) -> Response:
        applying.request_application(of_import=this, by=person(request), at=timezone.now(), **options)
        return Response(represent(RegisterImportSerializer, this), status=status.HTTP_202_ACCEPTED)
