"""The values by which the region buys and follows up, by period: amounts of the procurement acts, and what follow-up asks by."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce, Floor
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import reader
from core.fields import AmountField


class ThresholdKind(models.TextChoices):
    """What a value limits."""

    DIRECT_AWARD = "direct_award", _("Direktupphandlingsgräns")
    DOCUMENTATION = "documentation", _("Dokumentationsplikt från")
    PROCUREMENT = "procurement", _("Tröskelvärde")
    SPLIT_DAYS = "split_days", _("Ett behov eller flera: dagar")
    PAIR_ORDERS = "pair_orders", _("Samma leverantör igen: antal köp")
    PAIR_PERCENT = "pair_percent", _("Samma leverantör igen: andel")
    NEAR_PERCENT = "near_percent", _("Strax under en gräns: avstånd")
    NEAR_COUNT = "near_count", _("Strax under en gräns: antal beställningar")
    NEAR_TIMES = "near_times", _("Strax under en gräns: gånger fler")
    ODD_DAYS = "odd_days", _("Godkänt när det är stängt: dagar")
    NIGHT_BEGINS = "night_begins", _("Godkänt när det är stängt: natten börjar")
    NIGHT_ENDS = "night_ends", _("Godkänt när det är stängt: natten slutar")

    @property
    def is_amount(self) -> bool:
        """Whether it is an amount of the procurement acts, SEK excluding VAT; the others are what follow-up asks by."""
        return self in AMOUNTS

    @property
    def meaning(self) -> str | Promise:
        """What it is a number of, which numbers it may be, and what follows from it."""
        return MEANINGS[self]


AMOUNTS = (ThresholdKind.DIRECT_AWARD, ThresholdKind.DOCUMENTATION, ThresholdKind.PROCUREMENT)

RANGES: Mapping[ThresholdKind, tuple[int, int]] = {
    ThresholdKind.SPLIT_DAYS: (2, 31),
    ThresholdKind.PAIR_ORDERS: (2, 100),
    ThresholdKind.PAIR_PERCENT: (1, 100),
    ThresholdKind.NEAR_PERCENT: (1, 50),
    ThresholdKind.NEAR_COUNT: (2, 100),
    ThresholdKind.NEAR_TIMES: (2, 10),
    ThresholdKind.ODD_DAYS: (2, 100),
    ThresholdKind.NIGHT_BEGINS: (18, 24),
    ThresholdKind.NIGHT_ENDS: (0, 9),
}
"""The least and the most that what follow-up asks by may be, in whole numbers."""

MEANINGS: Mapping[ThresholdKind, str | Promise] = {
    ThresholdKind.DIRECT_AWARD: _("Kronor. Så mycket får köpas utan upphandling (19 a kap. LOU)."),
    ThresholdKind.DOCUMENTATION: _(
        "Kronor. Från det beloppet dokumenteras en direktupphandling (19 a kap. 11 § LOU)."
    ),
    ThresholdKind.PROCUREMENT: _("Kronor. Från det värdet gäller hela lagen (5 kap. 1 § LOU)."),
    ThresholdKind.SPLIT_DAYS: _(
        "Dagar, 2–31. Beställningar hålls ihop från den första dagen till och med den här."
    ),
    ThresholdKind.PAIR_ORDERS: _(
        "Antal, 2–100. Så många köp utanför avtal från en leverantör blir en fråga."
    ),
    ThresholdKind.PAIR_PERCENT: _(
        "Procent, 1–100. Så stor del av köpen utanför avtal, personens eller leverantörens, är de också."
    ),
    ThresholdKind.NEAR_PERCENT: _("Procent, 1–50. Högst så långt under en gräns är strax under den."),
    ThresholdKind.NEAR_COUNT: _("Antal, 2–100. Så många beställningar strax under en gräns blir en fråga."),
    ThresholdKind.NEAR_TIMES: _(
        "Gånger, 2–10. De är mer än så många gånger så många som de som ligger närmast därunder."
    ),
    ThresholdKind.ODD_DAYS: _("Dagar, 2–100. På så många dagar har någon godkänt när det är stängt."),
    ThresholdKind.NIGHT_BEGINS: _("Hel timme, 18–24. Från det klockslaget är det natt."),
    ThresholdKind.NIGHT_ENDS: _("Hel timme, 0–9. Till det klockslaget är det natt."),
}


def _valid_values() -> models.Q:
    """An amount is above zero; what follow-up asks by is a whole number within its range."""
    possible = models.Q(kind__in=AMOUNTS, value__gt=0)
    for kind, (least, most) in RANGES.items():
        possible |= models.Q(kind=kind, value__range=(least, most), value=Floor("value"))
    return possible


class ThresholdQuerySet(models.QuerySet["Threshold"]):
    """Questions about thresholds."""

    def on(self, day: date) -> Self:
        """In force that day."""
        return self.filter(valid_during__contains=day)


class Threshold(models.Model):
    """
    A value that is held against during a period (gräns).

    The amounts of the procurement acts are SEK excluding VAT. The direct-award limit is that of LOU 19 a ch.; from
    ``DOCUMENTATION`` on a direct award is documented (LOU 19 a:11); above ``PROCUREMENT`` (LOU 5:1) the whole act applies. One
    for a category, such as social services, is for what is bought in it and below it. The others are what follow-up asks by
    (``procurement.observing``), and are for everything.
    """

    kind = models.CharField(max_length=15, choices=ThresholdKind)
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="thresholds"
    )
    value = AmountField()
    valid_during = DateRangeField()

    objects = ThresholdQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="threshold_no_overlap",
                expressions=[
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce("category", 0), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=models.Q(kind__in=ThresholdKind.values), name="threshold_kind"),
            models.CheckConstraint(condition=_valid_values(), name="threshold_is_possible"),
            models.CheckConstraint(
                condition=models.Q(category=None) | models.Q(kind__in=AMOUNTS),
                name="threshold_of_category_is_amount",
            ),
        ]

    def __str__(self) -> str:
        kind = ThresholdKind(self.kind)
        return f"{kind.label}: {reader.kr(self.value) if kind.is_amount else reader.quantity(self.value)}"
