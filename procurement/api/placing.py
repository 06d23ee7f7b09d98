"""What the API asks for when a whole requisition is placed in one step."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.models import Item
from core.api import Chosen, CodeField, DayField, Named, QuantityField, UnitPriceField
from core.compiled import compiled_once
from organizations.models import DeliveryPlace, Department, Dimension
from procurement.api.deliveries import DeliveryInput, deliveries_of
from procurement.api.inputs import MOST_LINES, UNIT_HELP, DepartmentField, Input, code, items_to_order, text
from procurement.operations.baskets import Details
from procurement.operations.filling import Wish


@compiled_once
def _items_numbered(numbers: list[str]) -> QuerySet[Item]:
    return items_to_order().filter(number__among=numbers)


class WantedInput(DeliveryInput):
    """An item, how many of which order unit, what one of them cost when it was shown, and how it differs from the rest."""

    item = CodeField(max_length=20, help_text=_("Artikelnummer."))
    quantity = QuantityField()
    unit = text(20, help_text=UNIT_HELP)
    shown_unit_price = UnitPriceField(
        allow_null=True,
        default=None,
        help_text=_("Priset som beställaren har sett. Är det högre nu beställs inget."),
    )


class PlaceInput(Input):
    """A whole requisition; the same `key` again gives the first one back. What is left out is the department's own."""

    key = serializers.UUIDField()
    department = DepartmentField()
    lines = serializers.ListField(child=WantedInput(), min_length=1, max_length=MOST_LINES)
    delivery_place = Chosen(queryset=DeliveryPlace.objects.all(), required=False)
    charged_department = Named(queryset=Department.objects.all(), slug_field="cost_center", required=False)
    activity = code(Dimension.ACTIVITY, required=False)
    account = code(Dimension.ACCOUNT, allow_null=True, default=None)
    project = code(Dimension.PROJECT, allow_null=True, default=None)
    needed_by_date = DayField()
    reason = text(2000)

    def validate_lines(self, lines: list[dict[str, Any]]) -> list[tuple[Wish, Decimal | None]]:
        """Find the items: one query, however many."""
        item_by_number = {item.number: item for item in _items_numbered([line["item"] for line in lines])}
        unknown = [line["item"] for line in lines if line["item"] not in item_by_number]
        if unknown:
            raise serializers.ValidationError(
                _("Artikel %(number)s finns inte.") % {"number": ", ".join(unknown[:10])}
            )
        return [
            (
                Wish(item_by_number[line["item"]], line["quantity"], line["unit"], delivery),
                line["shown_unit_price"],
            )
            for line, delivery in zip(lines, deliveries_of(lines), strict=True)
        ]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Fill in what is the department's own, and gather the details."""
        department: Department = attrs["department"]
        place = attrs.pop("delivery_place", None) or next(
            iter(_first_place(department, timezone.localdate())), None
        )
        if place is None:
            raise serializers.ValidationError({"delivery_place": _("Enheten har ingen leveransplats.")})
        details = Details(
            delivery_place=place,
            charged_department=attrs.pop("charged_department", department),
            activity=attrs.pop("activity", department.activity),
            account=attrs.pop("account"),
            project=attrs.pop("project"),
            needed_by_date=attrs.pop("needed_by_date"),
            reason=attrs.pop("reason"),
        )
        lines = attrs.pop("lines")
        return {
            **attrs,
            "wanted": [wish for wish, _shown in lines],
            "shown_prices": [price for _wish, price in lines],
            "details": details,
        }


@compiled_once
def _first_place(department: Department, day: date) -> QuerySet[DeliveryPlace]:
    return DeliveryPlace.objects.open(day).filter(department=department).order_by("pk")[:1]
