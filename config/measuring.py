"""
Numbers about the program, as Prometheus reads them.

What each request took is counted in the web's processes, and summed over those of one gunicorn. How much waits or has
failed stands in the database and the broker, and is asked when somebody reads. See docs/operations.md.
"""

import hmac
import logging
import os
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess

from config.waiting import Waiting
from organizations.signing_in.addresses import client_address

access = logging.getLogger("rauk.access")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
REQUESTS = Counter("rauk_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram("rauk_request_seconds", "How long answers took.", ["view"], buckets=BUCKETS)
PLAIN = "text/plain; charset=utf-8"


class Measured:
    """Count each request by its page, and write a line about it where that is asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next in line."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and count."""
        start = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - start
        match = request.resolver_match
        view = (match.view_name or "unnamed") if match else "none"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(view, method, response.status_code).inc()
        SECONDS.labels(view).observe(seconds)
        if settings.ACCESS_LOG:
            facts = {
                "view": view,
                "method": method,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            }
            access.info("%s %s %s", method, view, response.status_code, extra={"facts": facts})
        return response


@never_cache
@require_safe
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the numbers, to whoever has the token or one of the addresses."""
    if not may_read(request):
        return HttpResponse(
            "The numbers are given to METRICS_TOKEN or METRICS_ADDRESSES.\n", status=403, content_type=PLAIN
        )
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        for collector in (REQUESTS, SECONDS):
            registry.register(collector)
    registry.register(Waiting())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


def may_read(request: HttpRequest) -> bool:
    """Hold the token, or the address, against those that the environment names."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme == "Bearer":
        return hmac.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    address = client_address(request.META, proxies=settings.PROXY_COUNT)
    try:
        return any(ip_address(address) in ip_network(each) for each in settings.METRICS_ADDRESSES)
    except ValueError:
        return False
