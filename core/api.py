"""
What every part of the API stands on: how a refusal is told, how lists are paged, how input is read.

Each refusal has a stable ``code`` for the program and a ``detail`` for the person: 403 not permitted, 409 not possible
now, 400 not right, 404 not there for her, 503 not now for anybody.
"""

import threading
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError as ModelValidationError
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler as framework_handler
from rest_framework.viewsets import GenericViewSet

from core.addresses import absolute
from core.citations import citation_for
from core.errors import DomainError, InvalidInput, NotPermitted
from core.fields import FIRST_YEAR, LAST_YEAR
from core.money import with_decimals
from core.numbers import LARGEST_ID
from core.text import cleaned, is_storable
from core.transactions import Busy, count_fault

M = TypeVar("M", bound=Model)


def status_of(refusal: DomainError) -> int:
    """The HTTP status of a refusal."""
    if isinstance(refusal, NotPermitted):
        return status.HTTP_403_FORBIDDEN
    if isinstance(refusal, InvalidInput):
        return status.HTTP_400_BAD_REQUEST
    if isinstance(refusal, Busy):
        return status.HTTP_503_SERVICE_UNAVAILABLE
    return status.HTTP_409_CONFLICT


def refusal_body(refusal: DomainError) -> dict[str, Any]:
    """A refusal as the API tells it, with the paragraph of the guideline that it rests on, where it has one."""
    sentence = str(refusal)
    answer: dict[str, Any] = {"code": refusal.code, "detail": sentence}
    citation = None if isinstance(refusal, Busy) else citation_for(sentence)
    if citation is not None:
        answer["guideline"] = {
            "paragraph": citation.paragraph,
            "text": citation.text,
            "address": absolute(citation.address),
        }
    return answer


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Tell every failure as ``code`` and ``detail``; bad input field by field too."""
    if isinstance(error, DomainError):
        count_fault(error)
        return Response(refusal_body(error), status=status_of(error))
    if isinstance(error, Http404):
        error = NotFound()
    response = framework_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        response.data = {
            "code": "invalid",
            "detail": _first_sentence(response.data),
            "fields": _errors_by_field(response.data),
        }
    else:
        detail = response.data["detail"]
        response.data = {"code": getattr(detail, "code", "error"), "detail": str(detail)}
    return response


def _errors_by_field(told_by_framework: Any) -> dict[str, Any]:
    if isinstance(told_by_framework, Mapping):
        return dict(told_by_framework)
    return {"non_field_errors": told_by_framework}


def _first_sentence(told_by_framework: Any) -> str:
    """The first thing that is wrong, with the name of its field."""
    name, value = "", told_by_framework
    while not isinstance(value, str):
        if isinstance(value, Mapping):
            key, value = next(((key, each) for key, each in value.items() if each), ("", ""))
            name = name if key == "non_field_errors" else f"{name}.{key}".lstrip(".")
        else:
            value = next((each for each in value if each), "")
    return f"{name}: {value}" if name else str(value)


class StrictJSONParser(JSONParser):
    """JSON with clean text, where what is nested without end is a bad request rather than our failure."""

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Read JSON."""
        try:
            return _clean(super().parse(stream, media_type, parser_context))
        except RecursionError as error:
            raise ParseError from error


def _clean(value: Any) -> Any:
    """Clean all texts; one that no database holds is refused by its own field, or here where it names a field."""
    if isinstance(value, str):
        return cleaned(value) if is_storable(value) else value
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        if not all(is_storable(name) for name in value):
            raise ParseError
        return {name: _clean(each) for name, each in value.items()}
    return value


class Pages(CursorPagination):
    """
    Lists by cursor, so that a page is as quick deep in the list as at its top; `page_size` up to 200.

    The order is the resource's ``list_ordering``.
    """

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """Order as the resource says."""
        return tuple(view.list_ordering)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Give one page; a cursor that nobody was given leads nowhere."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, ModelValidationError) as error:
            raise NotFound(self.invalid_cursor_message) from error


class Resource(GenericViewSet[M]):
    """A resource of the API, newest first, in the language that the program asks for."""

    pagination_class: type[Pages] | None = Pages
    parser_classes = [StrictJSONParser]
    list_ordering: Sequence[str] = ("-pk",)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Speak Swedish, or English to a program that asks for it in Accept-Language."""
        translation.activate(translation.get_language_from_request(request))
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        """Say which language was spoken."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Content-Language"] = translation.get_language()
        patch_vary_headers(answer, ("Accept-Language",))
        return answer

    def filter_queryset(self, queryset: QuerySet[M, Any]) -> QuerySet[M, Any]:
        """Filter lists only: one object is found by its address alone."""
        return queryset if self.detail else super().filter_queryset(queryset)

    def given(self, shape: type[serializers.BaseSerializer[Any]]) -> dict[str, Any]:
        """
        Read the request's body in this shape.

        :raises ValidationError: it has another, or says something that the shape has no field for.
        """
        reader = _reader(shape)
        reader.initial_data, reader._context = self.request.data, {"request": self.request}
        try:
            reader.is_valid(raise_exception=True)
            unknown = _unknown_in(reader, self.request.data)
            if unknown:
                raise ValidationError(unknown)
            values: dict[str, Any] = reader.validated_data
            return values
        finally:
            for name in ("initial_data", "_validated_data", "_errors"):
                vars(reader).pop(name, None)
            reader._context = {}


class Description(AutoSchema):
    """How acts are named in the API's description: by the resource and the verb."""

    def get_operation_id(self) -> str:
        """Name the act, as ``line_approve_many``."""
        view: Any = self.view
        return f"{view.basename}_{view.action}".replace("-", "_")

    def get_summary(self) -> str | None:
        """Say in one line what the act does: the first sentence of its docstring, or the resource's for lists."""
        view: Any = self.view
        act = getattr(view, view.action, None)
        is_own = getattr(act, "__module__", "").partition(".")[0] != "rest_framework"
        docstring = (act.__doc__ if is_own and act else type(view).__doc__) or ""
        return docstring.strip().partition("\n")[0]


def _unknown_in(shape: Any, data: Any) -> dict[str, Any]:
    """What is said that the shape has no field for, as refusals field by field: most often one that is misspelt."""
    if isinstance(shape, serializers.ListSerializer | serializers.ListField) and isinstance(data, list):
        rows = ((str(place), _unknown_in(shape.child, each)) for place, each in enumerate(data))
        return {place: unknown for place, unknown in rows if unknown}
    if not isinstance(shape, serializers.Serializer) or not isinstance(data, Mapping):
        return {}
    unknown: dict[str, Any] = {name: [_("Fältet finns inte.")] for name in data if name not in shape.fields}
    for name, field in shape.fields.items():
        within = _unknown_in(field, data.get(name))
        if within:
            unknown[name] = within
    return unknown


_readers = threading.local()


def _reader(shape: type[serializers.BaseSerializer[Any]]) -> Any:
    """What reads bodies of this shape: put together once for each thread, since it holds what it reads."""
    reader_by_shape: dict[Any, Any] = vars(_readers).setdefault("by_shape", {})
    if shape not in reader_by_shape:
        reader_by_shape[shape] = shape()
    return reader_by_shape[shape]


class KeyField(serializers.IntegerField):
    """How a related object's id is read: digits, nothing that merely looks like a number."""

    def to_internal_value(self, data: Any) -> int:
        """Read an id."""
        if isinstance(data, bool | float):
            self.fail("invalid")
        value = super().to_internal_value(data)
        if not 0 < value <= LARGEST_ID:
            self.fail("invalid")
        return value


class Chosen(serializers.PrimaryKeyRelatedField[M]):
    """One object chosen by its id."""

    def __init__(self, queryset: QuerySet[M], **kwargs: Any) -> None:
        super().__init__(queryset=queryset, pk_field=KeyField(), **kwargs)


class Named(serializers.SlugRelatedField[M]):
    """One object chosen by the number or code that people know it by."""

    def to_internal_value(self, data: Any) -> M:
        """Find the object."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class ExactField(serializers.DecimalField):
    """A decimal number as text with the field's decimals, as it is once it is kept, never rounded on its way out."""

    def to_representation(self, value: Decimal | int) -> str:
        """Write the number; what was just made may have other noughts at its end than what is read back."""
        return format(with_decimals(Decimal(value), self.decimal_places or 0), "f")


class CodeField(serializers.CharField):
    """A number or code that people know something by: text, since leading zeros count."""

    def to_internal_value(self, data: Any) -> str:
        """Read text, and nothing that would have to be made into it."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class QuantityField(ExactField):
    """A quantity; how large it may be is the operation's business."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 15, "decimal_places": 3} | kwargs))


class UnitPriceField(ExactField):
    """A price per unit, SEK excluding VAT."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 16, "decimal_places": 4} | kwargs))


class AmountField(ExactField):
    """An amount, SEK excluding VAT."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_digits": 18, "decimal_places": 2} | kwargs))


class DayField(serializers.DateField):
    """A day, in the years that the program reckons with."""

    default_error_messages = {"year": _("Årtalet ska vara 1900–2199.")}

    def to_internal_value(self, value: Any) -> Any:
        """Read a day."""
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("year")
        return day


class CitationShape(serializers.Serializer[dict[str, Any]]):
    """The paragraph of the guideline that a rule rests on."""

    paragraph = serializers.CharField()
    text = serializers.CharField()
    address = serializers.CharField()


class Refusal(serializers.Serializer[dict[str, Any]]):
    """Why something was not done."""

    code = serializers.CharField(help_text=_("Stabil kod, för program."))
    detail = serializers.CharField(help_text=_("En mening, för människor."))
    guideline = CitationShape(
        required=False, help_text=_("Paragrafen i regionens riktlinje som regeln bygger på, när den har en.")
    )


class BadInput(Refusal):
    """What was not right about the input."""

    fields = serializers.DictField(  # type: ignore[assignment]
        help_text=_("Vad som är fel, fält för fält."), required=False
    )


class FileRenderer(BaseRenderer):
    """Bytes as they are; a refusal still as JSON."""

    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Give the file, or the refusal."""
        response = (renderer_context or {}).get("response")
        if response is None or isinstance(data, bytes):
            return data
        response.content_type = "application/json"
        response["Content-Type"] = "application/json"
        return JSONRenderer().render(data)


class PdfRenderer(FileRenderer):
    """PDF."""

    media_type = "application/pdf"
    format = "pdf"


class CsvRenderer(FileRenderer):
    """CSV."""

    media_type = "text/csv"
    format = "csv"


class WordRenderer(FileRenderer):
    """Word."""

    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    format = "docx"


class ExcelRenderer(FileRenderer):
    """Excel."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    format = "xlsx"
