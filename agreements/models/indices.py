"""Price indices, and the clauses by which an agreement's prices follow one."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models


class IndexSeries(models.Model):
    """
    A price index that a statistics office publishes by month, such as KPI.

    One that is given a new base goes on as another series: ``continues`` is the one before it, and ``link_month`` the month of
    which both have a value, by which values of the one are told in the other's. The database holds that a series goes on as one
    other, and that none goes on as itself.
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=150)
    source = models.CharField(max_length=200)
    base = models.CharField(max_length=40)
    """What is 100, in the source's words: «1980 = 100»."""
    continues = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="continued_by"
    )
    link_month = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(continues=None, link_month=None)
                | models.Q(continues__isnull=False, link_month__isnull=False, link_month__day=1),
                name="index_series_linked_in_a_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.base})"


class IndexValue(models.Model):
    """What an index was in a month, and the day when that was known. A month without a row is not known."""

    series = models.ForeignKey(IndexSeries, on_delete=models.PROTECT, db_index=False, related_name="values")
    month = models.DateField()
    value = models.DecimalField(max_digits=12, decimal_places=4)
    published_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "month"], name="index_value_month_once"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="index_value_positive"),
            models.CheckConstraint(
                condition=models.Q(month__day=1, published_date__gt=models.F("month")),
                name="index_value_published_after_its_month_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series}: {self.month:%Y-%m} {self.value}"


class IndexClauseQuerySet(models.QuerySet["IndexClause"]):
    """Questions about clauses."""

    def on(self, day: date) -> Self:
        """In force that day."""
        return self.filter(valid_during__contains=day)

    def not_over(self, day: date) -> Self:
        """In force that day or later."""
        return self.filter(models.Q(valid_during__upper_inf=True) | models.Q(valid_during__endswith__gt=day))

    def locked(self) -> Self:
        """Locked for an operation."""
        return self.select_for_update(of=("self",), no_key=True)


class IndexClause(models.Model):
    """
    How an agreement's prices follow an index, during a period (indexklausul).

    On ``first_date``, and then every ``interval_months``, the prices may change by what the index has done between the month that
    they were last set by (``base_month`` the first time) and the month that is ``lag_months`` before. ``share_percent`` of the price
    follows. A change of less than ``threshold_percent`` changes nothing yet; a rise is of ``cap_percent`` at most, a fall of what it
    is. Whoever wants the change asks for it at least ``notice_days`` before.

    A clause that prices have been proposed by is ended, not changed: the database sees to it.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, db_index=False, related_name="index_clauses"
    )
    series = models.ForeignKey(IndexSeries, on_delete=models.PROTECT, related_name="clauses")
    base_month = models.DateField()
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(100))
    threshold_percent = models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(0))
    cap_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    interval_months = models.PositiveSmallIntegerField(default=12)
    lag_months = models.PositiveSmallIntegerField(default=3)
    notice_days = models.PositiveSmallIntegerField(default=0)
    first_date = models.DateField()
    valid_during = DateRangeField()

    objects = IndexClauseQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="index_clause_no_overlap",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=models.Q(
                    share_percent__gt=0,
                    share_percent__lte=100,
                    threshold_percent__gte=0,
                    threshold_percent__lte=100,
                ),
                name="index_clause_share_and_threshold",
            ),
            models.CheckConstraint(
                condition=models.Q(cap_percent=None)
                | models.Q(cap_percent__gt=0, cap_percent__gte=models.F("threshold_percent")),
                name="index_clause_cap_reaches_threshold",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    interval_months__range=(1, 120), lag_months__range=(1, 24), notice_days__lte=366
                ),
                name="index_clause_times",
            ),
            models.CheckConstraint(
                condition=models.Q(base_month__day=1, first_date__gt=models.F("base_month")),
                name="index_clause_base_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.series}"
