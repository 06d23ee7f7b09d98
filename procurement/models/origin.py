"""Whose a delivered line was, what it was and from whom, as it was on its own day."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Origin(models.Model):
    """
    The organisation, category and supplier of a delivered line on the day it came, by id and by name.

    Copied once and never changed: what is moved, renamed or recategorised afterwards changes no figure of the past.
    ``category_lineage`` is the category's place in the tree that day, from the top to itself. Empty where a line from
    another system is not known to the registers.
    """

    administration = models.ForeignKey(
        "organizations.Administration",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    administration_name = models.CharField(max_length=120, blank=True)
    department = models.ForeignKey(
        "organizations.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    department_name = models.CharField(max_length=120, blank=True)
    cost_center = models.CharField(max_length=10, blank=True)
    category = models.ForeignKey(
        "categories.Category",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    category_code = models.CharField(max_length=20, blank=True)
    category_name = models.CharField(max_length=160, blank=True)
    category_lineage = ArrayField(models.BigIntegerField(), null=True, blank=True)
    supplier = models.ForeignKey(
        "agreements.Supplier",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    supplier_name = models.CharField(max_length=160, blank=True)
    supplier_org_number = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True
