"""What was delivered, month by month."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core.fields import AmountField
from reporting.models.initiatives import SavingNature
from reporting.models.savings import Component


class ChangedMonth(models.Model):
    """
    A note that something has come to a month since it was summed up; written by the database itself.

    A row for each time, never one row for all: those who deliver at the same time do not wait for each other, and
    whoever sums up takes away only the notes whose lines it has seen.
    """

    month = models.DateField(db_index=True)

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


class DeliveredMonth(models.Model):
    """
    Lines in SEK of a month that have these things in common: how many they are, and their sum.

    ``is_outside`` means under no agreement, ``is_counted`` that the savings register has them. A month that a note says
    has changed is asked of the lines themselves.
    """

    month = models.DateField()
    is_outside = models.BooleanField()
    is_counted = models.BooleanField()
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    department_name = models.CharField(max_length=160)
    supplier_name = models.CharField(max_length=160)
    count = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    amount = AmountField()

    class Meta:
        indexes = [models.Index(fields=["month"], name="delivered_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.department_name} {self.supplier_name}"


class SavedMonth(models.Model):
    """
    Lines of the register of savings of a month, in their last version, that have these things in common: how many, and their sum.

    ``is_increase`` means that they cost more than what they are compared with. A month that a note says has changed is asked
    of the lines themselves.
    """

    month = models.DateField()
    initiative = models.ForeignKey(
        "reporting.SavingInitiative", on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    category_lineage = ArrayField(models.BigIntegerField(), null=True)
    administration = models.ForeignKey(
        "organizations.Administration", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    administration_name = models.CharField(max_length=120)
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    department_name = models.CharField(max_length=120)
    supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    supplier_name = models.CharField(max_length=160)
    component = models.CharField(max_length=10, choices=Component)
    nature = models.CharField(max_length=10, choices=SavingNature)
    is_increase = models.BooleanField()
    count = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    amount = AmountField()

    class Meta:
        indexes = [models.Index(fields=["month"], name="saved_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.department_name} {self.supplier_name}"
