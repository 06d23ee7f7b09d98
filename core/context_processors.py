"""What every page knows: where to turn for help."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def look(request: HttpRequest) -> dict[str, str]:
    """Name the region's service desk and its registry; each may be empty."""
    return {
        "service_desk": getattr(settings, "SERVICE_DESK", ""),
        "registry_email": getattr(settings, "REGISTRY_EMAIL", ""),
    }
