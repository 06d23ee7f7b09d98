"""When approved lines become orders."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class Weekday(models.TextChoices):
    """The days on which something can be ordered."""

    MONDAY = "monday", _("Måndag")
    TUESDAY = "tuesday", _("Tisdag")
    WEDNESDAY = "wednesday", _("Onsdag")
    THURSDAY = "thursday", _("Torsdag")
    FRIDAY = "friday", _("Fredag")


class OrderTime(models.Model):
    """The time at which approved lines are ordered on a weekday, during a period (beställningstid)."""

    weekday = models.CharField(max_length=9, choices=Weekday)
    time = models.TimeField()
    valid_during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="order_time_once_a_day",
                expressions=[("weekday", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=models.Q(weekday__in=Weekday.values), name="order_time_weekday"),
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.time.strftime('%H.%M')}"
