"""Every request has an id, which goes with what it starts."""

import json
import logging
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from kombu import Connection

from core import request_ids, wakeups
from core.clock import Clock
from core.work import carry_out
from registers.models import Import
from tests.cast import NOW, Cast
from tests.history.scms_files import handed_in, table
from tests.pages import signed_in


@pytest.mark.parametrize(
    "name", ["3f2504e0-4f89-11d3-9a0c-0305e82c3301", "abcd1234", "a" * 64, "00.11_22-33"]
)
def test_well_formed_id_is_taken_and_given_back(client: Client, db: None, name: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": name})["X-Request-ID"] == name


@pytest.mark.parametrize(
    "name", ["", "short", "a" * 65, "a b c d e f g", "anna.ek@region.se", "abcdefgh\u00e5", "-abcdefgh"]
)
def test_other_id_is_replaced(db: None, name: str) -> None:
    ids: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        ids.append(request_ids.current_id())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.META["HTTP_X_REQUEST_ID"] = name
    new_id = request_ids.RequestIds(answer)(request)["X-Request-ID"]
    assert ids == [new_id]
    assert new_id != name
    assert len(new_id) == 32
    assert request_ids.current_id() == ""


def test_requests_have_ids_of_their_own(client: Client, db: None) -> None:
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


def test_person_is_not_looked_for(rf: RequestFactory, cast: Cast) -> None:
    ids: list[int | None] = []

    def answer(request: HttpRequest) -> HttpResponse:
        ids.append(request_ids.current_person_id())
        request.user = cast.requester
        ids.append(request_ids.current_person_id())
        return HttpResponse()

    request_ids.RequestIds(answer)(rf.get("/"))
    assert ids == [None, cast.requester.pk]
    assert request_ids.current_person_id() is None


@pytest.mark.django_db(transaction=True)
def test_message_carries_the_id() -> None:
    conf: Any = current_app.conf
    wakeups._Broker.missed_at = None
    with Connection(conf.broker_url, transport_options=conf.broker_transport_options) as broker:
        channel: Any = broker.default_channel
        channel.queue_purge("mail")
        with request_ids.under("request-0001"), transaction.atomic():
            wakeups.wake("procurement.send_order", order_id=1)
        message = json.loads(channel.client.rpop("mail"))
    assert message["headers"]["request_id"] == "request-0001"


def test_work_is_done_under_the_id_that_it_was_asked_for_in(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with request_ids.under("request-0002"):
        of_import = handed_in(table({}).encode())
    assert Import.objects.get().request_id == "request-0002"
    ids: list[str] = []

    def fail(work: Import, clock: Clock) -> None:
        ids.append(request_ids.current_id())
        raise RuntimeError

    with request_ids.under("the-sweep"), caplog.at_level(logging.ERROR):
        carry_out(
            of_import, at=NOW, steps=fail, give_up=lambda work, reason, at: work.fail(at=at, error=reason)
        )
    assert ids == ["request-0002"]


def test_page_of_somebody_signed_in_says_its_id(cast: Cast) -> None:
    answer = signed_in(cast.requester).get("/katalog/", headers={"X-Request-ID": "proxy-12345"})
    assert (answer.status_code, answer["X-Request-ID"]) == (200, "proxy-12345")
