"""/readyz tells what a person should see to: disk, schema, clock, workers, orders, work."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from django.utils import timezone

from audit.operations import sealing
from config import heartbeats
from config.celery import SCHEDULE, app
from core.schema import SchemaDifference, refusal, schema_difference
from devservers import develop
from notices.models import Letter
from notices.operations.mailing import gather
from notices.operations.telling import News, tell
from notices.states import LetterStatus
from organizations.models import PasswordLink, User
from organizations.models.links import MOST_ATTEMPTS
from organizations.operations.passwords import invite
from procurement.notices import QUESTION
from procurement.operations import sending
from registers.models import Import
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS
from reporting.models import FollowUpReport
from tests import worlds
from tests.cast import NOW, Cast
from tests.reporting import follow_ups

ONE = ("catalog", "0001_initial")


@pytest.fixture(autouse=True)
def running(db: None) -> None:
    """A clock and workers that were heard of just now."""
    queues = {app.amqp.router.route({}, entry["task"])["queue"].name for entry in SCHEDULE.values()}
    heartbeats.beat(app, heartbeats.CLOCK, *queues)


def told(client: Client, *, is_sealed: bool = True) -> tuple[int, dict[str, str]]:
    """The status, and what is not as it should be; the cast's trail is years old and is sealed first."""
    if is_sealed:
        sealing.seal_trail(at=timezone.now())
    answer = client.get("/readyz")
    assert answer["Cache-Control"].count("no-store") == 1
    words = {name: word for name, word in answer.json().items() if name != "oldest_waiting_seconds"}
    return answer.status_code, {name: word for name, word in words.items() if word != "ok"}


def test_readyz_when_all_is_well(client: Client) -> None:
    assert told(client) == (200, {"status": "ready"})


def test_readyz_on_a_full_disk(client: Client, settings: Any) -> None:
    settings.LEAST_FREE_BYTES = 2**62
    assert told(client) == (503, {"status": "not ready", "disk": "full"})


def test_readyz_with_an_old_schema(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE (app, name) = %s", [ONE])
    assert schema_difference() == SchemaDifference(unapplied=(".".join(ONE),), unknown=(), breaking=())
    assert told(client) == (503, {"status": "not ready", "schema": "old"})


def test_schema_of_other_code_is_told_and_refused(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())"
        )
    assert told(client) == (503, {"status": "not ready", "schema": "unknown"})
    with pytest.raises(CommandError, match=r"migrations that this code does not know: core\.9999_later"):
        develop.migrate()


def test_readyz_on_a_database_that_takes_nothing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_transaction_read_only = on")
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert told(client, is_sealed=False) == (503, {"status": "not ready", "database": "read only"})


def test_readyz_with_work_that_nobody_begins(client: Client, cast: Cast) -> None:
    report = follow_ups.requested(cast)
    since = timezone.now() - timedelta(minutes=9)
    FollowUpReport.objects.update(requested_at=since)
    sealing.seal_trail(at=timezone.now())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["queue"]) == (200, "ok")
    assert 540 <= answer.json()["oldest_waiting_seconds"] < 560
    FollowUpReport.objects.update(requested_at=since - timedelta(minutes=2))
    assert told(client) == (503, {"status": "not ready", "queue": "late"})
    report.start(at=timezone.now())
    assert told(client) == (200, {"status": "ready"})
    assert client.get("/readyz").json()["oldest_waiting_seconds"] == 0


def test_readyz_with_work_that_rests_before_another_try(client: Client, cast: Cast) -> None:
    follow_ups.requested(cast)
    at = timezone.now()
    FollowUpReport.objects.update(
        requested_at=at - timedelta(hours=1), next_attempt_at=at + timedelta(minutes=1)
    )
    assert told(client) == (200, {"status": "ready"})


def test_schema_that_only_adds_to_this_codes_is_right(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_later', now())"
        )
        cursor.execute("INSERT INTO core_additivemigration (app, name) VALUES ('core', '9999_later')")
    assert schema_difference().unknown == ("core.9999_later",)
    assert refusal() is None
    assert told(client) == (200, {"status": "ready"})
    develop.migrate()


def test_readyz_when_the_clock_has_stopped(client: Client) -> None:
    with heartbeats.connected(app) as broker:
        broker.delete(heartbeats.key(heartbeats.CLOCK))
    assert told(client) == (503, {"status": "not ready", "clock": "stopped"})


def test_readyz_with_an_order_that_waits(client: Client, cast: Cast, at_nine: None) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 1))
    assert told(client)[0] == 200
    order.next_attempt_at = NOW - timedelta(minutes=11)
    order.save(update_fields=["next_attempt_at"])
    assert told(client) == (503, {"status": "not ready", "orders": "unsent"})


def test_readyz_with_an_order_that_was_given_up(client: Client, cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    (order,) = worlds.ordered(cast, (cast.gloves, 1))
    at = NOW
    while order.status == "ready":
        at += timedelta(hours=2)
        sending.send_order(order=order, at=at)
        order.refresh_from_db()
    assert order.status == "not_sent"
    assert told(client) == (503, {"status": "not ready", "orders": "unsent"})


def test_readyz_with_a_letter_that_was_given_up_or_that_nobody_sends(
    client: Client, cast: Cast, at_nine: None
) -> None:
    tell([News(cast.requester.pk, QUESTION, "/x/")], by=None, at=NOW)
    gather(at=NOW)
    assert told(client)[0] == 200
    Letter.objects.update(next_attempt_at=NOW - timedelta(minutes=11))
    assert told(client) == (503, {"status": "not ready", "letters": "unsent"})
    Letter.objects.update(status=LetterStatus.NOT_SENT)
    assert told(client) == (503, {"status": "not ready", "letters": "unsent"})
    Letter.objects.update(made_at=NOW - timedelta(days=5))
    assert told(client)[0] == 200


def test_readyz_with_an_invitation_that_was_given_up_or_that_nobody_sends(client: Client, cast: Cast) -> None:
    """The first letters of a new region: nobody gets in, and nothing else is on its way."""
    at = timezone.now()
    User.objects.filter(pk=cast.requester.pk).update(password="!", last_login=None)
    assert invite(people=[User.objects.get(pk=cast.requester.pk)], by=cast.administrator, at=at) == 1
    assert told(client)[0] == 200
    PasswordLink.objects.update(next_at=at - timedelta(minutes=11))
    assert told(client) == (503, {"status": "not ready", "letters": "unsent"})
    PasswordLink.objects.update(attempts=MOST_ATTEMPTS)
    assert told(client) == (503, {"status": "not ready", "letters": "unsent"})
    PasswordLink.objects.update(next_at=at - timedelta(days=2))
    assert told(client)[0] == 200
    PasswordLink.objects.update(sent_at=at, attempts=1, next_at=at - timedelta(minutes=11))
    assert told(client)[0] == 200


def test_readyz_with_a_trail_that_nobody_seals(client: Client, cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 1))
    assert told(client, is_sealed=False) == (503, {"status": "not ready", "trail": "unsealed"})


def test_readyz_with_work_that_failed(client: Client, cast: Cast) -> None:
    report = follow_ups.requested(cast)
    report.start(at=timezone.now())
    report.fail(at=timezone.now(), error="Disken är full.")
    assert told(client) == (503, {"status": "not ready", "work": "failed"})
    FollowUpReport.objects.update(finished_at=timezone.now() - timedelta(days=2))
    assert told(client)[0] == 200


def test_readyz_does_not_call_anybody_for_a_file_that_cannot_be_read(client: Client, cast: Cast) -> None:
    """Whoever handed it in is told, and nobody who watches over the program could do anything about it."""
    of_import = request_import(
        register=REGISTERS["departments"],
        file_name="enheter.csv",
        content=BytesIO(b"Ansvar;Namn\n"),
        by=cast.administrator,
        at=timezone.now(),
    )
    assert run_import(of_import=of_import, at=timezone.now()).status == "failed"
    assert told(client)[0] == 200
    Import.objects.update(error="Disken \u00e4r full.")
    assert told(client) == (503, {"status": "not ready", "work": "failed"})
