"""The same key twice: once, when it is for the same; refused when it is for something else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from core.errors import KeyIsTaken
from core.keys import KeyHasOtherContent, content_hash
from procurement.models import Allocation, Deviation, Receipt, Requisition
from procurement.operations import baskets, receipts, requisitions
from procurement.operations.filling import Wish
from procurement.operations.receipts import ReceiptEntry
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.races import race


def wish(cast: Cast, **other: Any) -> dict[str, Any]:
    details = baskets.Details(
        delivery_place=cast.place,
        charged_department=cast.ward,
        activity=cast.activity,
        needed_by_date=(NOW + timedelta(days=7)).date(),
        reason="Veckobehov",
    )
    return {
        "department": cast.ward,
        "wanted": [Wish(cast.gloves, Decimal(2)), Wish(cast.gown, Decimal(1))],
        "details": replace(
            details, **{name: other.pop(name) for name in list(other) if hasattr(details, name)}
        ),
        "by": cast.requester,
        "at": NOW,
    } | other


def place(key: UUID, wanted: dict[str, Any]) -> Requisition:
    return requisitions.place(key=key, **wanted).requisition


def test_same_key_and_content_is_the_first(cast: Cast) -> None:
    key = uuid4()
    again = wish(cast, wanted=[Wish(cast.gloves, Decimal("2.000")), Wish(cast.gown, Decimal(1))])
    assert place(key, wish(cast)) == place(key, again | {"at": NOW + timedelta(minutes=1)})
    assert Requisition.objects.count() == 1


OTHER_WISHES: dict[str, Callable[[Cast], dict[str, Any]]] = {
    "item": lambda cast: wish(cast, wanted=[Wish(cast.gown, Decimal(9))]),
    "quantity": lambda cast: wish(cast, wanted=[Wish(cast.gloves, Decimal(3)), Wish(cast.gown, Decimal(1))]),
    "unit": lambda cast: wish(
        cast, wanted=[Wish(cast.gloves, Decimal(2), "ask"), Wish(cast.gown, Decimal(1))]
    ),
    "one less": lambda cast: wish(cast, wanted=[Wish(cast.gloves, Decimal(2))]),
    "order of lines": lambda cast: wish(
        cast, wanted=[Wish(cast.gown, Decimal(1)), Wish(cast.gloves, Decimal(2))]
    ),
    "reason": lambda cast: wish(cast, reason="Magsjuka"),
    "charged": lambda cast: wish(cast, charged_department=cast.home),
    "day": lambda cast: wish(cast, needed_by_date=(NOW + timedelta(days=8)).date()),
    "account": lambda cast: wish(cast, account=cast.account),
}


@pytest.mark.parametrize("name", OTHER_WISHES)
def test_same_key_for_something_else_is_refused(cast: Cast, name: str) -> None:
    key = uuid4()
    place(key, wish(cast))
    with pytest.raises(KeyHasOtherContent):
        place(key, OTHER_WISHES[name](cast))
    assert Requisition.objects.count() == 1


def test_program_is_told_that_the_key_was_for_something_else(cast: Cast, at_nine: None) -> None:
    program, key = Program(cast.requester), str(uuid4())
    body = {"key": key, "department": "2140", "needed_by_date": "2021-06-01"}
    first = program.post("requisitions/", **body, lines=[{"item": cast.gloves.number, "quantity": "2"}])
    same = program.post("requisitions/", **body, lines=[{"item": cast.gloves.number, "quantity": "2.0"}])
    other = program.post("requisitions/", **body, lines=[{"item": cast.gloves.number, "quantity": "3"}])
    assert (first.status_code, same.status_code) == (201, 201)
    assert first.data["id"] == same.data["id"]
    assert (other.status_code, other.data["code"]) == (409, "key_has_other_content")


def test_another_constraint_does_not_mean_that_the_key_is_taken(cast: Cast) -> None:
    first = place(uuid4(), wish(cast))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('procurement_requisition_number', currval('procurement_requisition_number') - 1)"
        )
    with pytest.raises(IntegrityError, match="number"), transaction.atomic():
        place(uuid4(), wish(cast))
    assert Requisition.objects.get() == first


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_things_at_the_same_moment(cast: Cast) -> None:
    key = uuid4()
    results = race(
        lambda: place(key, wish(cast)),
        lambda: place(key, wish(cast, wanted=[Wish(cast.gown, Decimal(9))])),
        lambda: place(key, wish(cast)),
    )
    assert Requisition.objects.count() == 1
    assert any(isinstance(result, KeyHasOtherContent) for result in results)
    assert all(isinstance(result, KeyHasOtherContent | Requisition) for result in results), results


def entry(cast: Cast, quantity: int = 5, **other: Any) -> ReceiptEntry:
    return replace(ReceiptEntry(Allocation.objects.get().pk, Decimal(quantity)), **other)


def receive(cast: Cast, key: UUID, *entries: ReceiptEntry, note: str = "") -> Receipt:
    return receipts.receive(
        key=key, department=cast.ward, entries=entries, by=cast.colleague, at=NOW, note=note
    )


def test_receipt_with_the_same_key_and_rows_is_the_first(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    key = uuid4()
    assert receive(cast, key, entry(cast)) == receive(cast, key, entry(cast))
    assert Allocation.objects.get().received_quantity == 5


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": Decimal(6)},
        {"deviation": Deviation.DAMAGED, "deviation_quantity": Decimal(1)},
        {"comment": "Blöt kartong"},
    ],
)
def test_receipt_with_the_same_key_and_other_rows_is_refused(cast: Cast, other: dict[str, Any]) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    key = uuid4()
    receive(cast, key, entry(cast))
    with pytest.raises(KeyHasOtherContent):
        receive(cast, key, entry(cast, **other))
    with pytest.raises(KeyHasOtherContent):
        receive(cast, key, entry(cast), note="Kom på eftermiddagen")
    assert Allocation.objects.get().received_quantity == 5


def test_receipt_with_somebody_elses_key_is_refused(cast: Cast) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    key = uuid4()
    receive(cast, key, entry(cast))
    with pytest.raises(KeyIsTaken):
        receipts.receive(key=key, department=cast.ward, entries=[entry(cast)], by=cast.requester, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_one_key_for_two_deliveries_at_the_same_moment(cast: Cast) -> None:
    key = uuid4()
    worlds.ordered(cast, (cast.gloves, 20))
    worlds.ordered(cast, (cast.gown, 20))
    first, second = (ReceiptEntry(each.pk, Decimal(5)) for each in Allocation.objects.order_by("pk"))
    results = race(lambda: receive(cast, key, first), lambda: receive(cast, key, second))
    assert sorted(type(result).__name__ for result in results) == ["KeyHasOtherContent", "Receipt"]
    assert Receipt.objects.get().lines.count() == 1


def test_form_sent_again_with_other_numbers_is_refused(cast: Cast, at_nine: None) -> None:
    worlds.ordered(cast, (cast.gloves, 20))
    pk = Allocation.objects.get().pk
    browser, form = signed_in(cast.colleague), {"key": str(uuid4()), "allocation": pk, f"{pk}-quantity": "5"}
    assert browser.post("/ta-emot/kvittera/", form).status_code == 302
    assert browser.post("/ta-emot/kvittera/", form).status_code == 302
    answer = browser.post("/ta-emot/kvittera/", form | {f"{pk}-quantity": "6"})
    assert answer.status_code == 409
    assert "Det som skickades först är sparat, och det här är något annat." in text_of(answer)
    assert Allocation.objects.get().received_quantity == 5


def test_content_is_told_apart() -> None:
    assert content_hash(Decimal("2.50"), None) == content_hash(Decimal("2.5"), None)
    assert content_hash(["ab", "c"]) != content_hash(["a", "bc"])
    assert content_hash(Decimal(2)) == content_hash(Decimal("2.000"))
    assert content_hash(UUID(int=1)) != content_hash(UUID(int=2))
    with pytest.raises(TypeError, match="object"):
        content_hash(object())
