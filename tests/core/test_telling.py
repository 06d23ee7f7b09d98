"""What the API tells of things is what the framework would tell, found quicker."""

from typing import Any

import pytest
from rest_framework import serializers

from core.representation import FastSerializer, represent
from procurement.api.orders import detailed
from procurement.api.requisitions import detail_of
from procurement.api.serializers import (
    LineSerializer,
    OrderDetailSerializer,
    OutcomeSerializer,
    ReceiptSerializer,
    RequisitionDetailSerializer,
)
from procurement.models import Receipt
from tests import worlds
from tests.cast import Cast


def by_the_framework(shape: serializers.BaseSerializer[Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patched:
        patched.setattr(FastSerializer, "to_representation", serializers.Serializer.to_representation)
        return shape.data


def test_things_are_told_as_the_framework_tells_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = worlds.free_text(cast, "Handskar", category=None)
    (order,) = worlds.ordered(cast, (cast.gloves, 3), (cast.gown, 2))
    worlds.received(cast)
    things: list[tuple[Any, Any]] = [
        (LineSerializer, wish),
        (RequisitionDetailSerializer, detail_of(wish.requisition)),
        *((RequisitionDetailSerializer, detail_of(line.line.requisition)) for line in allocations(order)),
        (OrderDetailSerializer, detailed([order.pk])[0]),
        (ReceiptSerializer, Receipt.objects.with_lines().latest("pk")),
        (OutcomeSerializer, {"done": [wish], "refused": [{"line": 1, "code": "x", "detail": "y"}]}),
    ]
    for shape, thing in things:
        assert represent(shape, thing) == by_the_framework(shape(thing), monkeypatch), shape


def allocations(order: Any) -> Any:
    return [allocation for line in order.lines.all() for allocation in line.allocations.all()]


class Shape(FastSerializer[Any]):
    name = serializers.CharField(source="thing.name")
    other = serializers.CharField(source="other.thing.name", allow_null=True)


def test_what_may_not_be_missing_is_not_told_as_nothing() -> None:
    class Thing:
        thing = None
        other = None

    with pytest.raises(AttributeError):
        represent(Shape, Thing())
    Thing.thing = type("Named", (), {"name": "Ett"})  # type: ignore[assignment]
    assert represent(Shape, Thing()) == {"name": "Ett", "other": None}
