"""What the API asks for of who pays a line, where to and by when it comes."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import CodeField, DayField, KeyField
from organizations.models import DeliveryPlace, Department
from procurement.api.inputs import MOST_LINES, Input
from procurement.operations.line_deliveries import AS_THE_REST, Delivery


class DeliveryInput(Input):
    """How a line differs from the rest; what is left out is as the whole order says."""

    charged_department = CodeField(
        max_length=10, allow_null=True, default=None, help_text=_("Ansvar som betalar raden.")
    )
    delivery_place = KeyField(allow_null=True, default=None)
    needed_by_date = DayField(allow_null=True, default=None)


class LineDeliveryInput(DeliveryInput):
    """How one line of a basket differs from the rest."""

    line = KeyField()


class DeliveriesInput(Input):
    """Who pays, where to and by when, line by line; lines that are not named stay as they are."""

    deliveries = serializers.ListField(child=LineDeliveryInput(), min_length=1, max_length=MOST_LINES)

    def validate_deliveries(self, rows: list[dict[str, Any]]) -> dict[int, Delivery]:
        """Put them by line."""
        deliveries = deliveries_of(rows)
        return {row["line"]: delivery for row, delivery in zip(rows, deliveries, strict=True)}


def deliveries_of(rows: Sequence[dict[str, Any]]) -> list[Delivery]:
    """
    Find the departments and places of many lines: two queries at most.

    :raises serializers.ValidationError: one does not exist.
    """
    codes = {row["charged_department"] for row in rows if row["charged_department"]}
    keys = {row["delivery_place"] for row in rows if row["delivery_place"]}
    departments = (
        {each.cost_center: each for each in Department.objects.filter(cost_center__in=codes)} if codes else {}
    )
    places = DeliveryPlace.objects.in_bulk(keys) if keys else {}
    unknown = [*sorted(codes - departments.keys()), *map(str, sorted(keys - places.keys()))]
    if unknown:
        raise serializers.ValidationError(_("%(code)s finns inte.") % {"code": ", ".join(unknown[:10])})
    return [
        Delivery(
            departments.get(row["charged_department"]),
            places.get(row["delivery_place"]),
            row["needed_by_date"],
        )
        if any(row[name] for name in ("charged_department", "delivery_place", "needed_by_date"))
        else AS_THE_REST
        for row in rows
    ]
