"""What the region has decided to reach: targets for the indicators of the follow-up report, each for its own time."""

from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class Indicator(models.TextChoices):
    """What the annex follows (DOMAIN 4.3); in kronor, per cent, days or number, as the name says."""

    FULL_YEAR = "full_year", _("Helårseffekt, netto, kronor")
    REALISED = "realised", _("Hemtaget i år, netto, kronor")
    REALISED_SHARE = "realised_share", _("Hemtaget av planen till samma dag, procent")
    REALISED_TOTAL = "realised_total", _("Hemtaget sammanlagt, netto, kronor")
    COST = "cost", _("Inköpsorganisationens kostnad, kronor")
    NET = "net", _("Netto efter kostnad, kronor")
    COVERAGE = "coverage", _("Avtalstäckning, procent")
    LOYALTY = "loyalty", _("Avtalstrohet, procent")
    ASSORTMENT = "assortment", _("Sortimentstrohet, procent")
    ARTICLES = "articles", _("Köpta artiklar, antal")
    BASKET = "basket", _("Varukorgens prisindex, samma tid i fjol är 100")
    AGREEMENTS_ACTIVE = "agreements_active", _("Avtal i kraft, antal")
    AGREEMENTS_ENDING = "agreements_ending", _("Avtal som löper ut inom nio månader, antal")
    AGREEMENTS_NEAR_CEILING = (
        "agreements_near_ceiling",
        _("Avtal med mer än 80 % av takvolymen använd, antal"),
    )
    AGREEMENTS_LONG = "agreements_long", _("Avtal som är längre än fyra år, antal")
    AWARDS = "awards", _("Direktupphandlingar med dokumentationsplikt, antal")
    AWARDS_AMOUNT = "awards_amount", _("Direktupphandlingar med dokumentationsplikt, kronor")
    AWARDS_DOCUMENTED = "awards_documented", _("Dokumenterade direktupphandlingar, procent")
    DECISION_MEDIAN = "decision_median", _("Från begäran till beslut, median, dagar")
    DECISION_NINE_OF_TEN = "decision_nine_of_ten", _("Från begäran till beslut, nio av tio inom, dagar")
    DELIVERY_MEDIAN = "delivery_median", _("Från begäran till leverans, median, dagar")
    DECIDED_IN_TIME = "decided_in_time", _("Beslutat inom utlovad tid, procent")
    DUE_DILIGENCE = "due_diligence", _("Granskade leverantörer i riskkategorier, procent")
    OPEN_COMPLAINTS = "open_complaints", _("Öppna reklamationer, antal")
    SUPPLY = "supply", _("Kritiska artiklar med för kort räckvidd, antal")
    RECOMMENDATIONS = "recommendations", _("Avslutade revisionsrekommendationer, procent")


class Direction(models.TextChoices):
    """Which way is good."""

    AT_LEAST = "at_least", _("Minst")
    AT_MOST = "at_most", _("Högst")


class IndicatorTargetQuerySet(models.QuerySet["IndicatorTarget"]):
    """Questions about targets."""

    def on(self, day: date) -> Self:
        """In force that day."""
        return self.filter(valid_during__contains=day)


class IndicatorTarget(models.Model):
    """What an indicator should be, at least or at most, during a period (mål); one at a time for each."""

    indicator = models.CharField(max_length=30, choices=Indicator)
    direction = models.CharField(max_length=8, choices=Direction)
    value = models.DecimalField(max_digits=16, decimal_places=2)
    valid_during = DateRangeField()

    objects = IndicatorTargetQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="indicator_target_one_at_a_time",
                expressions=[("indicator", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(
                condition=models.Q(indicator__in=Indicator.values), name="indicator_target_indicator"
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=Direction.values), name="indicator_target_direction"
            ),
        ]

    def __str__(self) -> str:
        return str(Indicator(self.indicator).label)
