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
    """
    A time at which approved lines are ordered on a weekday, during a period (beställningstid).

    ``number`` tells those of a weekday apart, so that one can get another time from a day on.
    """

    weekday = models.CharField(max_length=9, choices=Weekday)
    number = models.PositiveSmallIntegerField(default=1)
    time = models.TimeField()
    valid_during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="order_time_numbers_apart",
                expressions=[
                    ("weekday", RangeOperators.EQUAL),
                    ("number", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="order_time_is_numbered"),
            models.CheckConstraint(condition=models.Q(weekday__in=Weekday.values), name="order_time_weekday"),
        ]

    def __str__(self) -> str:
        return f"{Weekday(self.weekday).label} {self.time.strftime('%H.%M')}"
