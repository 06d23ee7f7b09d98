"""A pack has a code of its own: who scans a carton gets a carton, and a code is of one thing in all the world."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from catalog.gtin import is_gtin, packed_in
from catalog.models import Item, ItemCode, Price
from catalog.scanning import scan_result
from catalog.search import SearchQuery, search_items
from core.errors import InvalidInput
from office.registers import codes  # noqa: F401, declares the register
from procurement.models import RequisitionLine
from registers.operations.rows import add_row
from registers.register import REGISTERS
from tests.cast import ALWAYS, NOW, TODAY, Cast
from tests.pages import signed_in, text_of
from tests.races import open_transaction, race

GLOVES = "9521000000018"
CARTON = "19521000000015"
"""The same with the first digit of a larger pack."""
SCAN = "/katalog/skanna/"


def with_codes(cast: Cast) -> None:
    """The gloves have a GTIN, and so has the carton that the supplier also sells."""
    Item.objects.filter(pk=cast.gloves.pk).update(gtin=GLOVES)
    ItemCode.objects.create(item=cast.gloves, code=CARTON, order_unit="kartong")
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        order_unit="kartong",
        units_per_order_unit=1000,
        unit_price=Decimal(500),
        valid_during=ALWAYS,
    )


def lines() -> list[tuple[Any, ...]]:
    """What lies in baskets: unit, how many, and what one costs."""
    rows = RequisitionLine.objects.filter(requisition__submitted_at=None).order_by("position")
    return list(rows.values_list("unit", "quantity", "unit_price"))


@pytest.mark.usefixtures("at_nine")
def test_scanning_a_carton_adds_a_carton_and_a_box_a_box(cast: Cast) -> None:
    with_codes(cast)
    client = signed_in(cast.requester)
    for code in (CARTON, f"]C101{CARTON}17271231", GLOVES, CARTON):
        assert client.post(SCAN, {"kod": code}).status_code == 302
    assert lines() == [("kartong", 3, 500), ("ask", 1, 58)]
    page = text_of(client.get(f"/katalog/{cast.gloves.number}/"))
    assert f"<dt>GTIN, kartong</dt><dd>{CARTON}</dd>" in page
    assert f"<dt>GTIN</dt><dd>{GLOVES}</dd>" in page
    for text in (CARTON, f"(01){CARTON}", GLOVES):
        results = search_items(SearchQuery(text=text), day=TODAY)
        assert results.item_ids == [cast.gloves.pk], text


@pytest.mark.usefixtures("at_nine")
def test_scanning_a_carton_that_nobody_sells_adds_nothing(cast: Cast) -> None:
    with_codes(cast)
    Price.objects.filter(order_unit="kartong").delete()
    answer = signed_in(cast.requester).post(SCAN, {"kod": CARTON})
    assert answer.status_code == 422
    assert "säljs inte per kartong" in text_of(answer)
    assert lines() == []


@pytest.mark.usefixtures("at_nine")
def test_a_larger_pack_that_is_not_registered_is_known_by_its_first_digit_and_never_guessed(
    cast: Cast,
) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(gtin=GLOVES)
    scan = scan_result(CARTON)
    assert scan is not None
    assert (scan.item, scan.is_unknown_pack) == (cast.gloves, True)
    answer = signed_in(cast.requester).post(SCAN, {"kod": CARTON})
    assert answer.status_code == 422
    assert "Koden är en större förpackning av Undersökningshandske" in text_of(answer)
    assert lines() == []
    assert search_items(SearchQuery(text=CARTON), day=TODAY).item_ids == [cast.gloves.pk]


@pytest.mark.parametrize(
    ("digits", "inner"),
    [
        (CARTON, GLOVES),
        ("0" + GLOVES, ""),  # the same thing, not a pack of it
        ("19521000000016", ""),  # its check digit is wrong
        ("99521000000011", ""),  # weighed
        (GLOVES, ""),
        ("", ""),
    ],
)
def test_packed_in(digits: str, inner: str) -> None:
    assert packed_in(digits) == inner
    assert not inner or is_gtin(inner)


EIGHT, TWELVE = "95200002", "614141000036"
SAME = [
    (GLOVES, f"0{GLOVES}"),
    (EIGHT, EIGHT.zfill(12)),
    (EIGHT, EIGHT.zfill(13)),
    (EIGHT, EIGHT.zfill(14)),
    (TWELVE, TWELVE.zfill(13)),
    (TWELVE, TWELVE.zfill(14)),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_database_refuses_a_code_that_is_taken_however_it_is_written(
    cast: Cast, one: str, other: str
) -> None:
    def items(gtin: str | None, item: Item = cast.gloves) -> None:
        Item.objects.filter(pk=item.pk).update(gtin=gtin)

    for first, second in ((one, other), (other, one)):
        items(first)
        with pytest.raises(IntegrityError, match="item_gtin_unique_without_zeros"), transaction.atomic():
            items(second, cast.gown)
        with pytest.raises(IntegrityError, match="an item's and a pack's"), transaction.atomic():
            ItemCode.objects.create(item=cast.gown, code=second, order_unit="kartong")
        items(None)
        item_code = ItemCode.objects.create(item=cast.gloves, code=first, order_unit="kartong")
        with pytest.raises(IntegrityError, match="item_code_unique"), transaction.atomic():
            ItemCode.objects.create(item=cast.gown, code=second, order_unit="låda")
        with pytest.raises(IntegrityError, match="an item's and a pack's"), transaction.atomic():
            items(second, cast.gown)
        with pytest.raises(IntegrityError, match="an item's and a pack's"), transaction.atomic():
            Item.objects.create(
                number="9", name="Ny", category=cast.medical, base_unit="st", order_unit="st", gtin=second
            )
        item_code.delete()


@pytest.mark.parametrize("code", ["1234567", "123456789", "1" * 15, "9521000A00018", ""])
def test_the_database_refuses_what_is_no_gtin(cast: Cast, code: str) -> None:
    with pytest.raises(Exception, match=r"item_code_is_gtin|too long"), transaction.atomic():
        ItemCode.objects.create(item=cast.gloves, code=code, order_unit="kartong")


def test_the_register_says_why(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(gtin=GLOVES)
    register = REGISTERS["item_codes"]

    def add(**cells: str) -> int:
        row = {"item": cast.gloves.number, "order_unit": "kartong"} | cells
        return add_row(register=register, cells=row, by=cast.manager, at=NOW)

    add(code=CARTON)
    for code in (f"0{GLOVES}", CARTON):
        with pytest.raises(InvalidInput):
            add(code=code)
    with pytest.raises(InvalidInput, match="8, 12, 13 eller 14 siffror"):
        add(code="123")
    assert ItemCode.objects.get().order_unit == "kartong"


@pytest.mark.django_db(transaction=True)
def test_a_code_that_is_given_to_an_item_and_a_pack_at_once_is_one_of_theirs(cast: Cast) -> None:
    def of_item() -> None:
        Item.objects.filter(pk=cast.gloves.pk).update(gtin=GLOVES)

    def of_pack() -> None:
        ItemCode.objects.create(item=cast.gown, code=f"0{GLOVES}", order_unit="kartong")

    with open_transaction(of_item):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(Exception, match="lock timeout"):
            of_pack()
        connection.close()
    outcome = race(of_item, of_pack)
    assert sum(isinstance(each, IntegrityError) for each in outcome) <= 1
    assert Item.objects.filter(gtin=GLOVES).count() + ItemCode.objects.count() == 1
