"""/metrics: who may read it, and that its numbers are right."""

import os
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config import heartbeats
from config.celery import app
from config.measuring import REQUESTS, SECONDS
from core.delivery import deliver
from core.transactions import Busy, count_fault
from procurement.models import PurchaseOrder
from reporting.models import FollowUpReport
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in
from tests.reporting import follow_ups

TOKEN = "a-token-of-the-test"
Numbers = dict[tuple[str, ...], float]


@pytest.fixture
def numbers(client: Client, settings: Any, db: None) -> Any:
    """Read the numbers: by name and the values of their labels."""
    settings.METRICS_TOKEN = TOKEN
    for metric in (REQUESTS, SECONDS):
        metric.clear()  # what all the tests before this one have asked for is much to read

    def read() -> Numbers:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return {
            (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
            for family in text_string_to_metric_families(answer.content.decode())
            for sample in family.samples
        }

    return read


def test_nobody_reads_unless_it_is_said(client: Client, db: None) -> None:
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403


@pytest.mark.parametrize(
    ("header", "status"),
    [(f"Bearer {TOKEN}", 200), ("Bearer other", 403), (f"Basic {TOKEN}", 403), ("", 403), ("Bearer å", 403)],
)
def test_token_opens(client: Client, db: None, settings: Any, header: str, status: int) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": header}).status_code == status


@pytest.mark.parametrize(
    ("networks", "proxies", "forwarded", "status"),
    [
        (["127.0.0.1"], 0, "", 200),
        (["127.0.0.0/8"], 0, "", 200),
        (["10.1.0.0/16"], 0, "", 403),
        (["10.1.0.0/16"], 0, "10.1.2.3", 403),
        (["10.1.0.0/16"], 1, "10.1.2.3", 200),
        (["10.1.0.0/16"], 1, "10.1.2.3, 192.0.2.1", 403),
        (["fd00::/8", "127.0.0.1"], 0, "", 200),
    ],
)
def test_address_opens(
    client: Client, db: None, settings: Any, networks: list[str], proxies: int, forwarded: str, status: int
) -> None:
    settings.METRICS_ADDRESSES, settings.PROXY_COUNT = networks, proxies
    assert client.get("/metrics", headers={"X-Forwarded-For": forwarded}).status_code == status


def test_requests_are_counted_by_page(cast: Cast, numbers: Any) -> None:
    before = numbers()
    person = signed_in(cast.requester)
    for _time in range(3):
        person.get("/katalog/?q=handske")
    person.get("/anna-ek/")
    after = numbers()

    def more(*name: str) -> float:
        return float(after.get(name, 0) - before.get(name, 0))

    assert more("rauk_requests_total", "GET", "200", "shop:catalogue") == 3
    assert more("rauk_request_seconds_count", "shop:catalogue") == 3
    assert 0 < more("rauk_request_seconds_sum", "shop:catalogue") < 10
    assert more("rauk_request_seconds_bucket", "+Inf", "shop:catalogue") == 3
    assert more("rauk_requests_total", "GET", "404", "none") == 1
    assert not [name for name in after if "anna" in str(name)]


def test_work_is_counted_by_kind_with_its_age(cast: Cast, numbers: Any) -> None:
    kind = "reporting.followupreport"
    assert [numbers()["rauk_work", kind, state] for state in ("waiting", "running", "failed")] == [0, 0, 0]
    report = follow_ups.requested(cast)
    FollowUpReport.objects.update(requested_at=timezone.now() - timedelta(minutes=3))
    assert numbers()["rauk_work", kind, "waiting"] == 1
    assert 180 <= numbers()["rauk_work_oldest_seconds", kind] < 200
    report.start(at=timezone.now())
    assert (numbers()["rauk_work", kind, "waiting"], numbers()["rauk_work", kind, "running"]) == (0, 1)
    report.fail(at=timezone.now(), error="Disken är full.")
    assert numbers()["rauk_work", kind, "failed"] == 1
    assert numbers()["rauk_work_oldest_seconds", kind] == 0


def test_orders_that_have_not_left_are_counted(cast: Cast, numbers: Any, at_nine: None) -> None:
    worlds.ordered(cast, (cast.gloves, 1))
    assert numbers()["rauk_orders_unsent", "waiting"] == 1
    PurchaseOrder.objects.update(next_attempt_at=NOW - timedelta(minutes=11))
    values = numbers()
    assert [values["rauk_orders_unsent", state] for state in ("waiting", "late", "given_up")] == [0, 1, 0]


def test_mails_are_counted_by_what_became_of_them(numbers: Any, settings: Any) -> None:
    cache.clear()
    assert deliver(EmailMessage("Hej", "Hej", "inkop@localhost", ["anna@example.se"])) is None
    assert deliver(EmailMessage("Hej\nBcc: x", "Hej", "inkop@localhost", ["anna@example.se"]))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    for _time in range(2):
        deliver(EmailMessage("Hej", "Hej", "inkop@localhost", ["anna@example.se"]))
    counts = {name[1]: value for name, value in numbers().items() if name[0] == "rauk_mails_total"}
    assert counts == {"taken": 1, "refused": 1, "away": 2, "put_off": 0, "doubtful": 0}


def test_database_errors_are_counted(numbers: Any) -> None:
    cache.clear()
    count_fault(Busy())
    count_fault(OperationalError("server closed the connection unexpectedly"))
    count_fault(ValueError())
    counts = {name[1]: value for name, value in numbers().items() if name[0] == "rauk_database_errors_total"}
    assert counts == {"busy": 1, "away": 1, "other": 0}


def test_messages_in_the_broker_are_counted(numbers: Any) -> None:
    with heartbeats.connected(app) as broker:
        broker.delete("mail", "long")
        broker.rpush("mail", "one", "two")
        values = numbers()
        assert values["rauk_queue_messages", "mail"] == 2
        assert values["rauk_queue_messages", "long"] == 0
        broker.delete("mail")


def test_what_gunicorn_is_told_touches_no_other_process() -> None:
    """The benchmark reads its settings; a place for numbers that another server takes away would stop this one."""
    import_module("config.gunicorn")
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
