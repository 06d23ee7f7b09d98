"""What the benches write by plain SQL and by bare views still fits the tables, so that a new column is met here first."""

import json

import pytest
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone

from bench import bare_views, decisions, plain_sql, world
from catalog.models import Price
from procurement.models import ReceiptLine, RequisitionLine


def test_what_the_bench_sells_can_be_ordered(db: None) -> None:
    seats = world.build()
    items = [item for those in seats.values() for seat in those for item in seat.items]
    assert Price.objects.on(timezone.localdate()).filter(item__in=items).count() == len(items)


def test_plain_sql_writes_a_chain(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seats = world.build()
    connection.ensure_connection()

    class Same:
        """The test's own connection, whose transaction is the test's."""

        autocommit = False

        def __enter__(self) -> None: ...

        def __exit__(self, *_args: object) -> None: ...

        def cursor(self) -> object:
            return connection.connection.cursor()

    monkeypatch.setattr(plain_sql, "connect", Same)
    for those in seats.values():
        plain_sql.client(those[0])()
    assert ReceiptLine.objects.count() == 10


def test_bare_views_write_a_chain(db: None) -> None:
    facts = dict(vars(world.build()["own"][0]))
    for name in ("submit", "approve", "order", "receive"):
        body = json.dumps(facts)
        answer = getattr(bare_views, name)(RequestFactory().post("/", body, content_type="application/json"))
        facts |= json.loads(answer.content)
    assert ReceiptLine.objects.count() == 5


def test_a_hundred_lines_are_decided_both_ways(db: None) -> None:
    seat = world.build()["own"][0]
    for way in (decisions.by_operation, decisions.by_plain_sql):
        lines = decisions.waiting(seat)
        way(seat, lines)
        decided = RequisitionLine.objects.filter(pk__in=[line.pk for line in lines], status="approved")
        assert decided.count() == decisions.AT_ONCE
