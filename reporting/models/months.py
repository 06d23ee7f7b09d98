"""What was delivered and what it gave, month by month, and which months have changed since."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.fields import AmountField
from reporting.models.methods import SavingNature
from reporting.models.savings import Component


class ChangedMonth(models.Model):
    """
    A note that something has come to a month since it was summed up; written by the database itself.

    A row for each time, never one row for all: those who deliver at the same time do not wait for each other, and
    whoever sums up takes away only the notes whose lines it has seen. ``day`` is the one that it came to, None where any day of
    the month may look otherwise.
    """

    month = models.DateField(db_index=True)
    day = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class UncountedMonth(models.Model):
    """
    A note that lines of a month may wait for the savings register; written by the database itself.

    It comes with every delivered line, and for each month that a baseline speaks of, or ceases to speak of, when it is
    confirmed or ended. A row for each time, so that only the notes are taken away whose lines have been seen.
    """

    month = models.DateField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class KeptSum(models.Model):
    """
    Lines of a month, or of one ``day`` of it, that have some things in common: how many they are, and what they sum to.

    Derived of the lines, which hold what they refer to: nothing is held here once more. A day that a note says has
    changed is asked of the lines themselves (``reporting/monthly_sums.py``).
    """

    month = models.DateField()
    day = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["month"], name="%(class)s_month", condition=models.Q(day=None)),
            models.Index(fields=["day"], name="%(class)s_day", condition=models.Q(day__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


def _of(model: str) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        model, on_delete=models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )


class KeptDelivery(KeptSum):
    """
    Lines by currency and category; ``without_item`` of them tell no item.

    ``is_outside`` means under no agreement, ``is_counted`` that the savings register has them.
    """

    currency = models.CharField(max_length=3)
    is_outside = models.BooleanField()
    is_counted = models.BooleanField()
    category = _of("categories.Category")
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    amount = AmountField()
    without_item = models.PositiveIntegerField()

    class Meta(KeptSum.Meta):
        abstract = True


class DeliveredCategoryMonth(KeptDelivery):
    """Lines, the whole region together."""


class DeliveredMonth(KeptDelivery):
    """Lines, by administration, department and supplier too."""

    administration = _of("organizations.Administration")
    department = _of("organizations.Department")
    department_name = models.CharField(max_length=160)
    supplier_name = models.CharField(max_length=160)


class ReceivedMonth(KeptSum):
    """Lines in SEK of orders of the system, by supplier and category."""

    supplier = _of("agreements.Supplier")
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    amount = AmountField()


class KeptSaving(KeptSum):
    """
    Lines of the register of savings in their last version, by initiative and category.

    ``is_increase`` means that they cost more than what they are compared with.
    """

    initiative = _of("reporting.SavingInitiative")
    category = _of("categories.Category")
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    component = models.CharField(max_length=10, choices=Component)
    nature = models.CharField(max_length=10, choices=SavingNature)
    is_increase = models.BooleanField()
    amount = AmountField()

    class Meta(KeptSum.Meta):
        abstract = True


class SavedInitiativeMonth(KeptSaving):
    """Lines of the register, the whole region together."""


class SavedMonth(KeptSaving):
    """Lines of the register, by administration and supplier too."""

    administration = _of("organizations.Administration")
    administration_name = models.CharField(max_length=120)
    supplier = _of("agreements.Supplier")
    supplier_name = models.CharField(max_length=160)


class SavedDepartmentMonth(KeptSaving):
    """Lines of the register, by administration, department and supplier too."""

    administration = _of("organizations.Administration")
    administration_name = models.CharField(max_length=120)
    supplier = _of("agreements.Supplier")
    supplier_name = models.CharField(max_length=160)
    department = _of("organizations.Department")
    department_name = models.CharField(max_length=120)

    class Meta(KeptSaving.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["month", "administration"],
                name="saveddepartmentmonth_month",
                condition=models.Q(day=None),
            ),
            models.Index(
                fields=["day", "administration"],
                name="saveddepartmentmonth_day",
                condition=models.Q(day__isnull=False),
            ),
        ]


class BoughtMonth(KeptSum):
    """Lines in SEK by category, item and what the item came instead of; ``quantity`` in base units."""

    category = _of("categories.Category")
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    item = _of("catalog.Item")
    stands_for = _of("catalog.Item")
    stands_for_factor = models.DecimalField(max_digits=20, decimal_places=8, null=True)
    quantity = models.DecimalField(max_digits=24, decimal_places=6)
    amount = AmountField()


class LoyalMonth(KeptSum):
    """
    Lines in SEK by administration and category, and how much of them was loyal in each way (``reporting/loyalty.py``).

    ``here`` is what of them was received in the system, and not told by another.
    """

    administration = _of("organizations.Administration")
    administration_name = models.CharField(max_length=120)
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    amount = AmountField()
    here = AmountField()
    contracted = AmountField()
    covered = AmountField()
    agreed = AmountField()
    in_assortment = AmountField()
    priced = AmountField()
    at_price = AmountField()
    unpriced = models.PositiveIntegerField()


class LeakedMonth(KeptSum):
    """Lines in SEK outside agreements by administration and category, and what they cost beyond them (``reporting/leakage_cost.py``)."""

    administration = _of("organizations.Administration")
    administration_name = models.CharField(max_length=120)
    category = _of("categories.Category")
    category_name = models.CharField(max_length=160)
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    amount = AmountField()
    compared_count = models.PositiveIntegerField()
    compared_amount = AmountField()
    dearer = AmountField()
    cheaper = AmountField()
