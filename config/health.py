"""Whether the program can do its work, for whoever watches over it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection

from config.celery import app


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
        with Connection(
            settings.CELERY_BROKER_URL, transport_options=app.conf.broker_transport_options
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=1, interval_start=0, interval_step=0)
    except Exception:  # whatever a transport raises, it means that the broker cannot be reached
        return False
    return True
