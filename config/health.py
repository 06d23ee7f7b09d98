"""Whether the program can do its work, for whoever watches over it."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import heads
from audit.operations import sealing
from config import heartbeats, waiting
from config.celery import app, queues
from core.models import RoutineRun
from core.routines import Routine
from core.schema import schema_difference


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

    For alarms; the one number is how long the oldest work has waited to begin. A proxy asks /healthz: one order that could not be sent is no reason to take the program away.
    """
    words = {name: _answer(check) for name, check in CHECKS.items()}
    is_ready = set(words.values()) == {"ok"}
    body: dict[str, Any] = {"status": "ready" if is_ready else "not ready", **words}
    with suppress(DatabaseError):
        body["oldest_waiting_seconds"] = int(waiting.oldest_waiting(timezone.now()).total_seconds())
    return JsonResponse(body, status=200 if is_ready else 503)


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
    """Away when it does not answer, read only when it takes nothing: a standby, or a disk that is full."""
    return ("ok" if database_takes_writes() else "read only") if database_answers() else "away"


def database_takes_writes() -> bool:
    """Let the database write a few bytes to its log and wait for the disk; no table is touched."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_logical_emit_message(true, 'rauk', 'readyz') WHERE NOT pg_is_in_recovery()"
                " AND NOT current_setting('transaction_read_only')::boolean"
            )
            return cursor.fetchone() is not None
    except DatabaseError:
        return False


def schema() -> str:
    """Old when it lacks migrations of this code, unknown when it has others that this code cannot serve on."""
    difference = schema_difference()
    return "unknown" if difference.breaking else "old" if difference.unapplied else "ok"


def disk() -> str:
    """Full when files can hardly be written any more."""
    return "ok" if shutil.disk_usage(settings.VAR_DIR).free >= settings.LEAST_FREE_BYTES else "full"


def clock() -> str:
    """Stopped when nothing that is due is started."""
    return "stopped" if heartbeats.silent(app, {heartbeats.CLOCK}) else "ok"


def workers() -> str:
    """Stopped when there is a queue that no worker takes from."""
    return "stopped" if heartbeats.silent(app, queues()) else "ok"


def orders() -> str:
    """Unsent when an order or a cancellation waits long after its time, or was given up."""
    counts = waiting.unsent(timezone.now())
    return "unsent" if counts["late"] or counts["given_up"] else "ok"


def letters() -> str:
    """Unsent when a letter with notices or with a link for a password waits long after its time, or was given up lately."""
    counts = waiting.letters(timezone.now())
    return "unsent" if counts["late"] or counts["given_up"] else "ok"


def queue() -> str:
    """Late when work has waited long for somebody to begin with it."""
    return "late" if waiting.oldest_waiting(timezone.now()) > waiting.LATE else "ok"


def work() -> str:
    """Failed when an import, a computation or a report ended so of late."""
    at = timezone.now()
    return "failed" if any(waiting.failed(kind, at) for kind in waiting.kinds_of_work()) else "ok"


def trail() -> str:
    """Broken when it was not as it was sealed the last night, unsealed when what was written waits long for its seal; else whether its head was told elsewhere."""
    at = timezone.now()
    if RoutineRun.objects.last_faults(Routine.TRAIL):
        return "broken"
    if sealing.is_behind(at, by=waiting.LATE):
        return "unsealed"
    return "head not kept" if heads.are_missed(at) else "ok"


def rules() -> str:
    """Broken when something did not hold when the rules were last asked."""
    return "broken" if RoutineRun.objects.last_faults(Routine.RULES) else "ok"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "schema": schema,
    "disk": disk,
    "broker": lambda: "ok" if broker_answers() else "away",
    "clock": clock,
    "workers": workers,
    "queue": queue,
    "orders": orders,
    "letters": letters,
    "work": work,
    "trail": trail,
    "rules": rules,
}


def _answer(check: Callable[[], str]) -> str:
    """Give the check's word; that what it asks is away is told by another."""
    try:
        return check()
    except (DatabaseError, OSError):
        return "not known"
