"""
No main page reads a big table whole: PostgreSQL's own plan of each question, with a volume to plan for.

Sequential scans are made dear, so that one that is left is one for which there is no index: the cast is one department
with everything, where reading it all would be right.

One test, since the volume is loaded once; it says which page, which question and which table.
"""

import json
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Item, Price
from core.bulk import analyze_tables
from demo.models import Loading
from demo.volume.loading import Size, load_volume
from history.models import PurchaseHistoryLine
from procurement.models import (
    Allocation,
    LineDecision,
    OrderLine,
    PurchaseOrder,
    Recall,
    Receipt,
    ReceiptLine,
    Requisition,
    RequisitionLine,
)
from procurement.models.recalls import Severity
from procurement.operations.recalls import recall
from registers.operations.comparing import compare
from registers.operations.imports import request_import, run_import
from registers.register import REGISTERS
from tests.cast import NOW, TODAY, Cast
from tests.catalog.proposing import may_rise, proposed

SIZE = Size(items=10_000, requisitions=5_000, history=2_000)
MODELS = (
    Allocation,
    Item,
    LineDecision,
    OrderLine,
    Price,
    PurchaseHistoryLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    Requisition,
    RequisitionLine,
)
BIG = {model._meta.db_table for model in MODELS}
PAGES = (
    ("requester", "/katalog/"),
    ("requester", "/katalog/?kategori={medical}"),
    ("requester", "/katalog/?kategori={gloves}&direkt=1"),
    ("requester", "/katalog/?q=undersökningshandske"),
    ("requester", "/katalog/?q=undersökningshandske&leverantor={supplier}&sortering=pris"),
    ("requester", "/katalog/?leverantor={supplier}&sortering=namn"),
    ("requester", "/katalog/?kategori={medical}&leverantor={supplier}&sortering=mest"),
    ("requester", "/katalog/?q=kopiringspaper"),
    ("requester", "/katalog/?q=700001234"),
    ("requester", "/katalog/?q=7300000012345"),
    ("requester", "/katalog/forslag/?q=kontorsstol"),
    ("requester", "/katalog/{number}/"),
    ("requester", "/start/"),
    ("requester", "/favoriter/"),
    ("requester", "/mallar/"),
    ("requester", "/forslag/"),
    ("requester", "/bestallningar/"),
    ("requester", "/ta-emot/"),
    ("requester", "/korg/"),
    ("controller", "/aterkallelser/{recall}/"),
    ("manager", "/aterkallelser/{recall}/"),
    ("manager", "/prisforslag/"),
    ("manager", "/prisforslag/{proposal}/"),
    ("head", "/prisforslag/?visa=vantar"),
    ("manager", "/i-dag/"),
    ("manager", "/livscykel/{number}/"),
    ("manager", "/kategorier/{medical}/"),
    ("manager", "/sortiment/forslag/"),
    ("manager", "/sortiment/sokningar/"),
    ("manager", "/sortiment/kandidater/"),
    ("manager", "/avtal/"),
    ("manager", "/avtal/{agreement}/"),
    ("manager", "/ko/"),
    ("manager", "/inkopsordrar/"),
    ("manager", "/inkopsordrar/?visa=forsenade"),
    ("head", "/inkopsordrar/"),
    ("head", "/ansvar/"),
    ("administrator", "/register/"),
    ("administrator", "/register/items/"),
    ("administrator", "/register/items/?q=undersökningshandske"),
    ("administrator", "/register/items/?q=70000123"),
    ("administrator", "/register/items/?category={medical}"),
    ("administrator", "/register/prices/"),
    ("administrator", "/register/prices/?q=70000123"),
    ("administrator", "/register/items/{item}/"),
    ("administrator", "/register/prices/{price}/"),
    ("controller", "/register/purchases/"),
    ("controller", "/register/purchases/?item_number={number}"),
)


FEW = {"line_to_order", "allocation_not_received"}
"""Indexes of the few rows that wait for something."""
ON_DEMAND = {"CTE found", "CTE used"}
"""Parts of the search that are read from the front, no further than is ranked."""


def read_whole(plan: dict[str, Any], *, stops: bool = False) -> Iterator[str]:
    """
    Give the big tables that a plan reads from end to end, by themselves or by an index.

    :param stops: whether something above takes only the first rows.
    """
    stops = stops or plan["Node Type"] == "Limit" or plan.get("Subplan Name") in ON_DEMAND
    if plan.get("Relation Name") in BIG:
        is_whole = plan["Node Type"] in ("Index Scan", "Index Only Scan") and "Index Cond" not in plan
        if plan["Node Type"] == "Seq Scan" or (is_whole and not stops and plan["Index Name"] not in FEW):
            yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from read_whole(part, stops=stops)


def plan_of(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), ())
        ((answer,),) = cursor.fetchall()
    plan: dict[str, Any] = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return plan


def _new_recall(demo: Cast) -> Recall:
    """What was received of the volume, and is recalled since."""
    received = ReceiptLine.objects.filter(item__category=demo.gloves_category).latest("pk")
    assert received.item
    return recall(
        item=received.item,
        reason="Läcker",
        severity=Severity.REMOVE,
        since_date=date(2000, 1, 1),
        by=demo.manager,
        at=NOW,
    )


@pytest.fixture
def demo(cast: Cast) -> Cast:
    """The cast, said to be a demo: loading the whole demo region would take most of the test's time."""
    Loading.objects.create(singleton=True, today=TODAY, loaded_at=NOW)
    return cast


@pytest.mark.usefixtures("at_nine", "planned_as_ever")
def test_no_main_page_reads_a_big_table_whole(demo: Cast) -> None:
    load_volume(SIZE)
    price = Price.objects.filter(item__number__startswith="70000123").latest("pk")
    may_rise(demo)
    codes = {
        "medical": demo.medical.code,
        "gloves": demo.gloves_category.code,
        "item": price.item_id,
        "price": price.pk,
        "number": price.item.number,
        "supplier": price.supplier_id,
        "agreement": demo.agreement.pk,
        "recall": _new_recall(demo).pk,
        "proposal": proposed(demo).pk,
    }
    analyze_tables()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    violations = []
    for who, path in PAGES:
        client, address = Client(), path.format(**codes)
        client.force_login(getattr(demo, who), backend="django.contrib.auth.backends.ModelBackend")
        with CaptureQueriesContext(connection) as questions:
            assert client.get(address).status_code == 200
        violations += [
            f"{address}: {table} in {question['sql'][:300]}"
            for question in questions.captured_queries
            if question["sql"].lstrip().upper().startswith(("SELECT", "WITH"))
            for table in read_whole(plan_of(question["sql"]))
        ]
    assert violations == []


@pytest.mark.usefixtures("at_nine", "planned_as_ever")
def test_a_short_price_list_is_not_compared_with_every_price(demo: Cast) -> None:
    load_volume(Size(items=3_000, requisitions=30, history=200))
    analyze_tables()
    prices = Price.objects.filter(
        item__number__startswith="7000001", agreement__isnull=False, valid_during__contains=TODAY
    )
    lines = [
        ";".join((price.item.number, price.agreement.number, price.supplier.org_number, "1,00"))
        for price in prices.select_related("item", "agreement", "supplier")
        if price.agreement
    ]
    with CaptureQueriesContext(connection) as questions:
        of_import = run_import(
            of_import=request_import(
                register=REGISTERS["prices"],
                file_name="prislista.csv",
                content=BytesIO("\n".join(["item;agreement;supplier;unit_price", *lines]).encode()),
                by=None,
                at=NOW,
            ),
            at=NOW,
        )
        compare(of_import, day=TODAY)
    assert of_import.counts()["changed"] > 20
    (compared,) = (
        question["sql"] for question in questions.captured_queries if "kind = d.kind" in question["sql"]
    )
    assert list(read_whole(plan_of(compared))) == []


def held_by_the_database() -> set[tuple[str, str]]:
    """What the tables promise, and the names of what they are found by; PostgreSQL writes what it is told with other casts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " UNION SELECT indexname, '' FROM pg_indexes WHERE schemaname = current_schema()"
        )
        return set(cursor.fetchall())


def test_load_volume_keeps_every_key_and_gives_the_same_rows(demo: Cast) -> None:
    constraints = held_by_the_database()
    load_volume(Size(items=900, requisitions=30, history=200))
    assert held_by_the_database() == constraints
    assert Item.objects.count() == 900
    assert Requisition.objects.filter(number__startswith="V").count() == 30
    assert PurchaseHistoryLine.objects.filter(source="äldre system").count() == 200
    assert Item.objects.get(number="700000007").gtin == "7300000000073"
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model:
                ids = field.related_model._default_manager.values("pk")
                orphans = model._default_manager.filter(**{f"{field.name}__isnull": False}).exclude(
                    **{f"{field.attname}__in": ids}
                )
                assert not orphans.exists(), field
