"""Addresses that programs ask, not people: what is refused before it comes so far is told in their own words."""

from typing import Any

from django.http import HttpRequest, JsonResponse

API, SCIM = "/api/", "/scim/"


def is_for_programs(path: str) -> bool:
    """Whether programs ask this address."""
    return path.startswith((API, SCIM))


def error_body(path: str, *, code: str, detail: str, status: int) -> tuple[dict[str, Any], str]:
    """A refusal as the API tells it, or as SCIM does (RFC 7644, 3.12), and what kind of answer that is."""
    if not path.startswith(SCIM):
        return {"code": code, "detail": detail}, "application/json"
    schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"]
    return {"schemas": schemas, "status": str(int(status)), "detail": detail}, "application/scim+json"


def refusal(request: HttpRequest, *, code: str, detail: str, status: int) -> JsonResponse:
    """Answer a program with a refusal."""
    body, kind = error_body(request.path, code=code, detail=detail, status=status)
    return JsonResponse(body, status=status, content_type=kind)
