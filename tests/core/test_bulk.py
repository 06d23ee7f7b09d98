"""Many rows in one statement: the same rows as Django would write, with their ids."""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from categories.models import Category
from core.bulk import insert_rows, update_rows
from organizations.models import AccountingCode, Dimension
from procurement.models import OrderLine, PurchaseOrder
from tests.cast import NOW, Cast


def codes(*numbers: str) -> list[AccountingCode]:
    return [
        AccountingCode(dimension=Dimension.PROJECT, code=each, name=f"Projekt {each}") for each in numbers
    ]


def test_insert_rows_gives_each_its_id(cast: Cast) -> None:
    rows = codes("801", "802", "803")
    with CaptureQueriesContext(connection) as captured:
        insert_rows(rows)
    assert len(captured) == 1
    assert [each.pk for each in rows] == list(
        AccountingCode.objects.filter(dimension=Dimension.PROJECT)
        .order_by("code")
        .values_list("pk", flat=True)
    )
    assert not any(each._state.adding for each in rows)


def test_insert_rows_writes_what_django_would(cast: Cast) -> None:
    ours, reference = (
        Category(code=code, name="Å, ä & ö", kind="goods", tree_code=code, lineage=[1, 2]) for code in "xy"
    )
    insert_rows([ours])
    reference.save()
    columns = [
        field.name
        for field in Category._meta.concrete_fields
        if field.name not in {"id", "code", "tree_code"}
    ]
    rows = [Category.objects.values(*columns).get(pk=each.pk) for each in (ours, reference)]
    assert rows[0] == rows[1]


def test_insert_rows_follows_an_object_that_got_its_id_later(cast: Cast) -> None:
    order = PurchaseOrder(
        number="IO-1",
        supplier=cast.supplier,
        delivery_place=cast.place,
        created_at=NOW,
        created_by=cast.manager,
        next_attempt_at=NOW,
    )
    line = OrderLine(
        order=order, position=1, description="Stol", quantity=Decimal(1), unit="st", unit_price=Decimal(10),
        amount=Decimal(10), requested_date=NOW.date(), expected_date=NOW.date(),
    )  # fmt: skip
    insert_rows([order])
    insert_rows([line])
    assert OrderLine.objects.get(pk=line.pk).order == order


def test_update_rows_changes_each_as_it_says(cast: Cast) -> None:
    rows = codes("801", "802")
    insert_rows(rows)
    rows[0].name, rows[1].name = "Ett", "100 % två"
    update_rows(rows, ["name"])
    assert list(
        AccountingCode.objects.filter(dimension=Dimension.PROJECT)
        .order_by("code")
        .values_list("name", flat=True)
    ) == ["Ett", "100 % två"]


def test_no_rows_is_no_statement(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as captured:
        insert_rows([])
        update_rows([], ["name"])
    assert len(captured) == 0
