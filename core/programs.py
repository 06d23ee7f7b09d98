"""Addresses that programs ask, not people: what is refused before it comes so far is told in their own words."""

from django.http import HttpRequest, JsonResponse

API, SCIM = "/api/", "/scim/"


def is_for_programs(path: str) -> bool:
    """Whether programs ask this address."""
    return path.startswith((API, SCIM))


def refusal(request: HttpRequest, *, code: str, detail: str, status: int) -> JsonResponse:
    """A refusal as the API tells it, or as SCIM does (RFC 7644, 3.12)."""
    if not request.path.startswith(SCIM):
        return JsonResponse({"code": code, "detail": detail}, status=status)
    told = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": str(status),
        "detail": detail,
    }
    return JsonResponse(told, status=status, content_type="application/scim+json")
