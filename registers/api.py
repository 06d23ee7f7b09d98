"""The API of registers: what each holds, and its rows, read and written by the same columns as on the pages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import Resource
from core.filters import require_known
from core.representation import represent
from core.verdicts import require
from organizations.api import person
from registers.clock_times import ClockTime
from registers.kinds import Choice, Conventions, Day, Flag, Kind, Number, Reference
from registers.listing import Selection, filters_of, is_filterable
from registers.operations.rows import RowRefused, add_row, change_row, propose, remove_row
from registers.register import REGISTERS, BoundColumn, Register, register_of

PREFIX = "column_"
"""What the plain text of a column is called on a row of ``Register.with_text``."""
NUMBERS = Conventions(decimal_sign=".", day_order="")
"""Programs write 1234.50 and 2026-11-25."""
FILTER = OpenApiParameter(
    "{column}",
    str,
    description=_("Kolumn med is_filter i registrets beskrivning, var och en med sitt namn och ett värde."),
)
SEARCHED = ("q", "ordning")
SEARCH = OpenApiParameter("q", str, description=_("Ord i de kolumner som registret söks i."))


class ColumnSerializer(serializers.Serializer[BoundColumn]):
    """A column, as a program needs it to read and write rows."""

    name = serializers.CharField()
    heading = serializers.CharField()
    kind = serializers.SerializerMethodField(
        help_text=_("text, number, day, time, flag, choice eller reference.")
    )
    is_key = serializers.BooleanField(help_text=_("Skiljer raderna åt."))
    is_required = serializers.BooleanField()
    is_opening = serializers.BooleanField(help_text=_("Sägs bara om nya rader."))
    is_filter = serializers.SerializerMethodField()
    choices = serializers.SerializerMethodField()
    refers_to = serializers.SerializerMethodField(help_text=_("Registret vars nyckel står här."))

    def get_kind(self, column: BoundColumn) -> str:
        """What it holds."""
        return kind_of(column.kind)

    def get_is_filter(self, column: BoundColumn) -> bool:
        """Whether lists can be narrowed by it."""
        return is_filterable(column)

    def get_choices(self, column: BoundColumn) -> list[str]:
        """The values that it may have, where they are given."""
        return list(column.kind.labels) if isinstance(column.kind, Choice) else []

    def get_refers_to(self, column: BoundColumn) -> str:
        """The register that it refers to, or nothing."""
        target = register_of(column.kind.model) if isinstance(column.kind, Reference) else None
        return target.name if target else ""


class RegisterSerializer(serializers.Serializer[Register]):
    """A register with its columns."""

    name = serializers.CharField()
    title = serializers.CharField()
    group = serializers.CharField()
    ends = serializers.CharField(help_text=_("Kolumnen som säger när en rad har slutat gälla."))
    columns = serializers.SerializerMethodField()

    @extend_schema_field(ColumnSerializer(many=True))
    def get_columns(self, register: Register) -> list[dict[str, Any]]:
        """Its columns, in their order."""
        return [represent(ColumnSerializer, column) for column in register.bound.values()]


class RowSerializer(serializers.Serializer[Any]):
    """A row of a register: plain text by column, ``2026-11-25``, ``1234.5``, ``true``, or the key of what it refers to."""

    id = serializers.IntegerField(read_only=True)
    values = serializers.SerializerMethodField()

    def get_values(self, row: Any) -> dict[str, str]:
        """What each column says."""
        texts = vars(row).items()
        return {name.removeprefix(PREFIX): text for name, text in texts if name.startswith(PREFIX)}


class RowInput(serializers.Serializer[Any]):
    """What is to be written: text, numbers or true and false, by column."""

    values = serializers.DictField(child=serializers.JSONField())


class ProposalInput(RowInput):
    """What somebody is about to write; nothing for a row that is to be taken away."""

    values = serializers.DictField(child=serializers.JSONField(), allow_null=True)


class PreviewSerializer(serializers.Serializer[Any]):
    """What a change would move, in sentences; none when it moves nothing."""

    moves = serializers.ListField(child=serializers.CharField())


class RegisterResource(Resource[Any]):
    """The registers that the person may see, each with its columns."""

    serializer_class = RegisterSerializer
    pagination_class = None
    filter_backends = ()
    queryset = None

    @extend_schema(responses=RegisterSerializer(many=True))
    def list(self, request: Request) -> Response:
        """Tell which registers there are."""
        at = timezone.now()
        registers = [each for each in REGISTERS.values() if each.may_see(person(request), at)]
        return Response([represent(RegisterSerializer, each) for each in registers])


@extend_schema(
    parameters=[OpenApiParameter("register", str, OpenApiParameter.PATH, description=_("Registrets namn."))]
)
class RowResource(ListModelMixin, RetrieveModelMixin, Resource[Model]):
    """The rows of a register, in the order in which they came."""

    serializer_class = RowSerializer
    filter_backends = ()
    queryset = None
    list_ordering = ("pk",)
    lookup_value_regex = "[0-9]+"

    @cached_property
    def register(self) -> Register:
        """
        The register that the address names.

        :raises NotFound: there is none.
        :raises NotPermitted: it is not shown to the person.
        """
        register = REGISTERS.get(self.kwargs["register"])
        if register is None:
            raise NotFound
        require(register.may_see(person(self.request), timezone.now()))
        return register

    def get_queryset(self) -> QuerySet[Model]:
        """All rows, or those of a list that the address narrows."""
        rows = self.register.with_text()
        if self.action != "list":
            return rows
        require_known(self.request.query_params, SEARCHED, filters_of(self.register))
        selection = Selection.of(self.register, self.request.query_params)
        return rows.filter(pk__in=selection.rows().order_by().values("pk")) if selection.is_narrowed else rows

    @extend_schema(parameters=[SEARCH, FILTER])
    def list(self, request: Request, register: str) -> Response:
        """List the rows, searched and narrowed as on the page."""
        return super().list(request)

    @extend_schema(request=RowInput, responses={201: RowSerializer})
    def create(self, request: Request, register: str) -> Response:
        """Add a row."""
        row_id = self._response(
            add_row, register=self.register, by=person(request), at=timezone.now(), conventions=NUMBERS
        )
        return Response(self._row(row_id), status=status.HTTP_201_CREATED)

    @extend_schema(request=RowInput, responses=RowSerializer)
    def partial_update(self, request: Request, register: str, pk: str) -> Response:
        """Change the named columns of a row; its last day ends it."""
        row = self.get_object()
        self._response(
            change_row,
            register=self.register,
            row_id=row.pk,
            by=person(request),
            at=timezone.now(),
            conventions=NUMBERS,
        )
        return Response(self._row(row.pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, register: str, pk: str) -> Response:
        """Take a row away that nothing refers to."""
        row = self.get_object()
        remove_row(register=self.register, row_id=row.pk, by=person(request), at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RowInput, responses=PreviewSerializer)
    @action(detail=False, methods=["post"], url_path="preview", url_name="preview-new")
    def preview_new(self, request: Request, register: str) -> Response:
        """Tell what a new row would move, and change nothing."""
        return self._preview(self.register, None, RowInput)

    @extend_schema(request=ProposalInput, responses=PreviewSerializer)
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, register: str, pk: str) -> Response:
        """Tell what a change of a row would move, or taking it away, and change nothing."""
        return self._preview(self.register, self.get_object().pk, ProposalInput)

    def _preview(self, register: Register, row_id: int | None, shape: type[RowInput]) -> Response:
        cells = self.given(shape)["values"]
        with _errors_by_column():
            proposal = propose(
                register=register,
                row_id=row_id,
                cells=None if cells is None else _cells(cells),
                by=person(self.request),
                at=timezone.now(),
                conventions=NUMBERS,
            )
        moves = register.preview(proposal) if register.preview else []
        return Response({"moves": [str(sentence) for sentence in moves]})

    def _response(self, act: Any, **facts: Any) -> Any:
        """
        Write what was handed in.

        :raises ValidationError: a column is refused, each with its sentence.
        """
        cells = self.given(RowInput)["values"]
        with _errors_by_column():
            return act(cells=_cells(cells), **facts)

    def _row(self, pk: int) -> Any:
        return represent(RowSerializer, self.register.with_text().get(pk=pk))


@contextmanager
def _errors_by_column() -> Iterator[None]:
    """
    Say a refused row's sentences column by column.

    :raises ValidationError: a column is refused, each with its sentence.
    """
    try:
        yield
    except RowRefused as refusal:
        raise ValidationError(
            {name: [str(sentence)] for name, sentence in refusal.by_column.items()}
        ) from refusal


def kind_of(kind: Kind) -> str:
    """What programs call what a column holds."""
    match kind:
        case Reference():
            return "reference"
        case Choice():
            return "choice"
        case Flag():
            return "flag"
        case Number():
            return "number"
        case Day():
            return "day"
        case ClockTime():
            return "time"
    return "text"


def _cells(values: Mapping[str, Any]) -> dict[str, Any]:
    """
    What was handed in, as far as a column can hold it.

    :raises ValidationError: a list or an object.
    """
    wrong = [name for name, value in values.items() if isinstance(value, list | dict)]
    if wrong:
        raise ValidationError({name: [_("Ange ett enda värde.")] for name in wrong})
    return dict(values)
