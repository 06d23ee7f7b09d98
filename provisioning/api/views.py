"""What every address of SCIM stands on: who is let in, how it is read, and how a refusal is told (RFC 7644, 3.12)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone, translation
from pydantic import ValidationError
from rest_framework.exceptions import APIException, NotAuthenticated, ParseError
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback
from scim2_models import Context, Error, ResponseParameters, SCIMException

from core.errors import DomainError, InvalidInput, NotPermitted, stored
from core.text import is_storable
from core.transactions import Busy, count_fault
from organizations.models import DirectoryKey
from provisioning.authentication import DirectoryAuthentication, OpensDirectory
from provisioning.operations.groups import GroupNameTaken
from provisioning.operations.messages import note_refusal
from provisioning.operations.people import AlreadyThere, AnotherVersion, NotThere
from provisioning.shapes import Group, Person

MEDIA_TYPE: Final = "application/scim+json"
LARGEST_BODY: Final = 5_000_000
"""A group of fifty thousand."""
RETRY_SECONDS: Final = 10
READING: Final = ("GET", "HEAD", "OPTIONS")
UNREMARKABLE: Final = {401, 404, 412, 429, 503}
"""Refusals that are part of how directories work, or of no interest to whoever arranges them."""


class ScimParser(BaseParser):
    """JSON, whatever the sender calls it; text that no database holds is refused here, wherever it stands."""

    media_type = "*/*"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """
        Read JSON.

        :raises ParseError: it is none.
        """
        try:
            body = json.loads(stream.read().decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if not _is_clean(body):
            raise ParseError
        return body


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


def _is_clean(value: Any) -> bool:
    """Whether a database holds all its texts; it is no deeper than what was read without fault."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str) and not is_storable(each):
            return False
        if isinstance(each, dict):
            waiting += [*each, *each.values()]
        elif isinstance(each, list):
            waiting += each
    return True


class ScimRenderer(BaseRenderer):
    """SCIM's JSON."""

    media_type = MEDIA_TYPE
    charset = None
    format = "scim"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Write JSON; nothing where there is nothing to tell."""
        return b"" if data is None else json.dumps(data).encode()


class OneKind(BaseContentNegotiation):
    """Directories ask for all manner of JSON, and all get SCIM's."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Read what comes."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Answer in SCIM's."""
        return renderers[0], MEDIA_TYPE


class ScimView(APIView):
    """An address of SCIM. What it says is English: it is read in directories' logs."""

    authentication_classes = [DirectoryAuthentication]
    permission_classes = [OpensDirectory]
    parser_classes = [ScimParser]
    renderer_classes = [ScimRenderer]
    content_negotiation_class = OneKind
    largest_body = LARGEST_BODY
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """
        Let a directory in, and read nothing that cannot be written back.

        :raises ParseError: the address holds what no database does.
        """
        translation.activate("en")
        super().initial(request, *args, **kwargs)
        if not all(
            is_storable(each) for name, texts in request.query_params.lists() for each in [name, *texts]
        ):
            raise ParseError

    @property
    def key(self) -> DirectoryKey:
        """
        With which key the directory came.

        :raises NotAuthenticated: it came with none.
        """
        key = self.request.auth
        if not isinstance(key, DirectoryKey):
            raise NotAuthenticated
        return key

    @property
    def base(self) -> str:
        """What the addresses of resources begin with."""
        return self.request.build_absolute_uri("/scim/v2")

    @property
    def version(self) -> str | None:
        """What the directory believes is there (If-Match); None when it does not say."""
        version = self.request.headers.get("if-match", "").strip()
        return None if version in ("", "*") else version

    def body(self) -> dict[str, Any]:
        """
        What was sent.

        :raises ParseError: it is no object.
        """
        body = self.request.data
        if not isinstance(body, dict):
            raise ParseError
        return body

    def shown(
        self,
        resource: Person | Group,
        parameters: ResponseParameters[Any],
        context: Context,
        status: int = HTTPStatus.OK,
    ) -> Response:
        """Answer with a resource, its version and where it is."""
        response = Response(
            resource.model_dump(scim_ctx=context, response_parameters=parameters), status=status
        )
        if resource.meta is not None:
            response["ETag"], response["Location"] = resource.meta.version or "", resource.meta.location or ""
        return response

    def unless_known(self, response: Response) -> Response:
        """The answer; nothing where the directory has it as it is (If-None-Match)."""
        if self.request.headers.get("if-none-match") == response["ETag"]:
            response.status_code, response.data = HTTPStatus.NOT_MODIFIED, None
        return response

    def label(self) -> str:
        """What the directory calls whom or what it tells of, for people who read what could not be done."""
        data = getattr(self.request, "_full_data", None)
        names = {str(name).lower(): text for name, text in data.items()} if isinstance(data, dict) else {}
        display_name = names.get("username") or names.get("displayname")
        return _storable(display_name)[:100] if isinstance(display_name, str) else self.known()

    def known(self) -> str:
        """What the one that the address names is called here."""
        return ""

    def get_exception_handler(self) -> Any:
        """Tell every failure as SCIM does."""
        return scim_exception_handler


class NotFoundView(ScimView):
    """An address that leads nowhere."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """
        Say so, to whoever may ask.

        :raises Http404: always.
        """
        super().initial(request, *args, **kwargs)
        raise Http404


def number_of(text: str) -> UUID:
    """
    Read a resource's number from its address.

    :raises NotThere: it is none.
    """
    try:
        number = UUID(text)
    except ValueError as error:
        raise NotThere from error
    if str(number) != text:
        raise NotThere
    return number


def name_of(rows: QuerySet[Any], number: str) -> str:
    """What the row with this number is called; nothing where there is none."""
    try:
        return str(rows.filter(number=number_of(number)).first() or "")
    except NotThere:
        return ""


def scim_exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Tell a failure in SCIM's words, and write down what a directory could not have done; None for a fault of ours."""
    scim_error = _scim_error(error)
    if scim_error is None:
        return None
    set_rollback()
    if isinstance(error, DomainError):
        count_fault(error)
    _note_refusal(error, scim_error, context)
    response = Response(scim_error.model_dump(), status=scim_error.status)
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if seconds := getattr(error, "wait", None) or (isinstance(error, Busy) and RETRY_SECONDS):
        response["Retry-After"] = str(int(seconds))
    return response


def _scim_error(error: Exception) -> Error | None:
    match error:
        case SCIMException():
            return error.to_error()
        case ValidationError():
            return Error.from_validation_errors(error)[0]
        case RecursionError():
            return Error(status=400, scim_type="invalidSyntax", detail="It is nested too deeply.")
        case Http404():
            return Error(status=404, detail="There is nothing at this address.")
        case ParseError():
            return Error(status=400, scim_type="invalidSyntax", detail="The request could not be understood.")
        case APIException():
            return Error(status=error.status_code, detail=str(error.detail))
        case DomainError():
            return Error(status=_status(error), scim_type=_scim_type(error), detail=str(error))
    return None


def _status(error: DomainError) -> int:
    match error:
        case NotThere():
            return HTTPStatus.NOT_FOUND
        case AnotherVersion():
            return HTTPStatus.PRECONDITION_FAILED
        case NotPermitted():
            return HTTPStatus.FORBIDDEN
        case InvalidInput():
            return HTTPStatus.BAD_REQUEST
        case Busy():
            return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.CONFLICT


def _scim_type(error: DomainError) -> str | None:
    match error:
        case AlreadyThere() | GroupNameTaken():
            return "uniqueness"
        case InvalidInput():
            return "invalidValue"
    return None


def _note_refusal(error: Exception, scim_error: Error, context: Mapping[str, Any]) -> None:
    request = context["request"]
    key = getattr(request, "_auth", None)
    if (
        isinstance(key, DirectoryKey)
        and request.method not in READING
        and scim_error.status not in UNREMARKABLE
        and is_storable(request.path)
    ):
        label = f"{context['view'].label()} · {request.method} {request.path.rpartition('/v2')[2]}".lstrip(
            " ·"
        )
        why = stored(error) if isinstance(error, DomainError) else _storable(scim_error.detail or "")
        note_refusal(key=key, label=label, detail=why, at=timezone.now())


def _storable(text: str) -> str:
    return (text if is_storable(text) else ascii(text))[:500]
