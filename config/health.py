"""Whether the program can do its work, for whoever watches over it."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import heartbeats
from config.celery import SCHEDULE, app
from config.schema import schema_difference
from core.work import Work, WorkStatus
from procurement.models import CancellationNotice, PurchaseOrder
from procurement.states import OrderStatus

LATE = timedelta(minutes=10)
"""How long a message to a supplier may wait after its time before somebody should look."""
RECENT = timedelta(days=1)
"""How long work that failed is told."""


@never_cache
@require_safe
@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """
    Say how the database and the broker are.

    503 without the database. Without the broker still 200: nothing is lost, the background work waits.
    """
    database, broker = database_answers(), broker_answers()
    status: dict[str, Any] = {
        "status": "ok" if database and broker else "degraded" if database else "down",
        "database": "ok" if database else "down",
        "broker": "ok" if broker else "down",
    }
    return JsonResponse(status, status=200 if database else 503)


@never_cache
@require_safe
@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """
    Say what a person should see to, a word for each; 503 when there is anything.

    For alarms. A proxy asks /healthz: one order that could not be sent is no reason to take the program away.
    """
    words = {name: _answer(check) for name, check in CHECKS.items()}
    is_ready = set(words.values()) == {"ok"}
    return JsonResponse(
        {"status": "ready" if is_ready else "not ready", **words}, status=200 if is_ready else 503
    )


def database_answers() -> bool:
    """Ask the database the least there is to ask."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Connect to the broker, for at most a second."""
    try:
        heartbeats.silent(app, set())
    except OSError:
        return False
    return True


def database() -> str:
    """Away when it does not answer."""
    return "ok" if database_answers() else "away"


def schema() -> str:
    """Old when it lacks migrations of this code, unknown when it has others."""
    difference = schema_difference()
    return "unknown" if difference.unknown else "old" if difference.unapplied else "ok"


def disk() -> str:
    """Full when files can hardly be written any more."""
    return "ok" if shutil.disk_usage(settings.VAR_DIR).free >= settings.LEAST_FREE_BYTES else "full"


def clock() -> str:
    """Stopped when nothing that is due is started."""
    return "stopped" if heartbeats.silent(app, {heartbeats.CLOCK}) else "ok"


def workers() -> str:
    """Stopped when there is a queue that no worker takes from."""
    route = app.amqp.router.route
    queues = {route({}, entry["task"])["queue"].name for entry in SCHEDULE.values()}
    return "stopped" if heartbeats.silent(app, queues) else "ok"


def orders() -> str:
    """Unsent when an order or a cancellation waits long after its time, or was given up."""
    late = {"status": OrderStatus.READY, "next_attempt_at__lt": timezone.now() - LATE}
    is_late = any(
        model._default_manager.filter(**late).exists() for model in (PurchaseOrder, CancellationNotice)
    )
    return "unsent" if is_late or PurchaseOrder.objects.not_sent().exists() else "ok"


def work() -> str:
    """Failed when an import, a computation or a report ended so of late."""
    lately = {"status": WorkStatus.FAILED, "finished_at__gt": timezone.now() - RECENT}
    kinds = [model for model in apps.get_models() if issubclass(model, Work)]
    return "failed" if any(kind._default_manager.filter(**lately).exists() for kind in kinds) else "ok"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "schema": schema,
    "disk": disk,
    "broker": lambda: "ok" if broker_answers() else "away",
    "clock": clock,
    "workers": workers,
    "orders": orders,
    "work": work,
}


def _answer(check: Callable[[], str]) -> str:
    """Give the check's word; that what it asks is away is told by another."""
    try:
        return check()
    except (DatabaseError, OSError):
        return "not known"
