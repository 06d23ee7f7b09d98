"""Waking the workers never costs a person more than a moment, and never her request."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery, current_app
from django.db import transaction
from kombu import Connection

from core import wakeups

NAME = "procurement.send_order"
QUEUE = "mail"


@pytest.fixture
def app() -> Iterator[Celery]:
    """The application, with the broker's address put back afterwards."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    address = app.conf.broker_url
    wakeups._Broker.missed_at = None
    yield app
    wakeups._Broker.missed_at = None
    point(app, address)


def point(app: Celery, address: str) -> None:
    app.conf.update(broker_url=address, broker_write_url=address)
    app.__dict__.pop("amqp", None)
    app._pool = None  # type: ignore[attr-defined]


@pytest.fixture
def silent_broker() -> Iterator[str]:
    """Something that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(5)
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.mark.django_db(transaction=True)
def test_wake_reaches_the_broker_after_the_commit_only(app: Celery) -> None:
    with Connection(app.conf.broker_url, transport_options=app.conf.broker_transport_options) as broker:
        channel: Any = broker.default_channel
        channel.queue_purge(QUEUE)
        with transaction.atomic():
            wakeups.wake(NAME, order_id=1)
            assert channel.client.llen(QUEUE) == 0
        assert channel.client.llen(QUEUE) == 1
        channel.queue_purge(QUEUE)


@pytest.mark.django_db(transaction=True)
def test_wake_of_what_was_rolled_back_is_forgotten(app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    monkeypatch.setattr(wakeups, "send", lambda name, arguments: names.append(name))
    with transaction.atomic():
        wakeups.wake(NAME, order_id=1)
        transaction.set_rollback(True)
    assert names == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["redis+socket:///nowhere/valkey.sock", "redis://127.0.0.1:1/0"])
def test_wake_without_a_broker(app: Celery, address: str, caplog: pytest.LogCaptureFixture) -> None:
    point(app, address)
    start = time.monotonic()
    for _ in range(20):
        wakeups.wake(NAME, order_id=1)
    assert time.monotonic() - start < 1
    assert [record.levelname for record in caplog.records].count("WARNING") == 1


@pytest.mark.django_db(transaction=True)
def test_wake_of_a_broker_that_never_answers(app: Celery, silent_broker: str) -> None:
    point(app, silent_broker)
    start = time.monotonic()
    for _ in range(20):
        wakeups.wake(NAME, order_id=1)
    assert time.monotonic() - start < 2
