"""What was bought of items in the twelve months before a day, from the chain and from history: by it a new price is reckoned."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import Count, DecimalField, F, Sum
from django.db.models.functions import Coalesce

from catalog.volumes import Volume
from core.money import ZERO
from reporting.models import DeliveredLine

MONTHS = 12


def volumes_of(items: Collection[int], *, day: date) -> dict[int, Volume]:
    """
    Base units and departments of each item in the twelve months that end the day before, returns counted off: one query.

    A line that does not say its pack is counted in the item's.
    """
    since = _year_before(day)
    units = Coalesce(F("units_per_order_unit"), F("item__units_per_order_unit"), output_field=DecimalField())
    rows = (
        DeliveredLine.objects.filter(item__in=items, delivered_date__gte=since, delivered_date__lt=day)
        .values("item_id")
        .order_by()
        .annotate(
            bought=Sum(F("quantity") * units, output_field=DecimalField()),
            departments=Count("department", distinct=True),
        )
    )
    return {
        row["item_id"]: Volume(max(row["bought"] or Decimal(0), ZERO), row["departments"]) for row in rows
    }


def _year_before(day: date) -> date:
    """The same day a year before; 28 February before a leap day."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
