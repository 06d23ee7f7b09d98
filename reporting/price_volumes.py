"""What was bought of items in the twelve months before a day, from the chain and from history: by it a new price is reckoned."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from catalog.volumes import Volume
from core.money import ZERO
from reporting.models import DeliveredLine
from reporting.periods import a_year_before

MONTHS = 12


def volumes_of(items: Collection[int], *, day: date) -> dict[int, Volume]:
    """
    Base units and departments of each item in the twelve months that end the day before, returns counted off: one query.

    A line that does not say its pack is counted in the item's.
    """
    return {
        item: Volume(max(quantity or Decimal(0), ZERO), departments)
        for item, quantity, departments in bought_of(items, day=day)
    }


def bought_of(items: Any, *, day: date) -> QuerySet[DeliveredLine, tuple[int, Decimal, int]]:
    """
    The same as a question: base units and departments by item.

    :param items: their ids, or SQL that gives them.
    """
    units = Coalesce(F("units_per_order_unit"), F("item__units_per_order_unit"), output_field=DecimalField())
    lines = DeliveredLine.objects.filter(
        item__in=items, delivered_date__gte=a_year_before(day), delivered_date__lt=day
    )
    return (
        lines.values("item_id")
        .order_by()
        .annotate(
            bought=Sum(F("quantity") * units, output_field=DecimalField()),
            departments=Count("department", distinct=True),
        )
        .values_list("item_id", "bought", "departments")
    )
