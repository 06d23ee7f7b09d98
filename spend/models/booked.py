"""What a ledger has booked."""

from typing import TYPE_CHECKING, Self

from django.db import models

from core.fields import AmountField, QuantityField, UnitPriceField

if TYPE_CHECKING:
    from spend.selection import Selection

LONGEST_ACCOUNT = 20


class BookedCostQuerySet(models.QuerySet["BookedCost"]):
    """Questions about booked rows."""

    def chosen(self, chosen: "Selection") -> Self:
        """Those of a source and a period, in kronor."""
        return self.filter(
            source=chosen.source, currency="SEK", booked_date__range=(chosen.starts, chosen.ends)
        )

    def latest_first(self) -> Self:
        """By the day they were booked, latest first."""
        return self.order_by("-booked_date", "-pk")


class BookedCost(models.Model):
    """
    One row of a ledger: of a voucher, or of a supplier's invoice, as its source tells it.

    ``source`` and ``number`` tell it apart, so that it comes in once; ``import_row`` is the row of the file that told it. ``amount`` is
    signed, debit above nought, without VAT where the source books that on accounts of its own; a cancelled row or a credit note
    is minus. It is never changed, and goes only when its import is taken back. The department is that of the cost centre on the day that
    the row came in, with its administration and their names then; the database writes them down. The supplier is the source's own:
    ``supplier_key`` is its organisation number, or its name without what is spelt now one way, now another.
    """

    source = models.CharField(max_length=20)
    number = models.CharField(max_length=90)
    of_import = models.ForeignKey(
        "registers.Import", on_delete=models.PROTECT, null=True, blank=True, related_name="booked_costs"
    )
    import_row = models.PositiveIntegerField(null=True, blank=True)
    voucher = models.CharField(max_length=60, blank=True)
    booked_date = models.DateField()
    account = models.CharField(max_length=LONGEST_ACCOUNT, blank=True)
    account_name = models.CharField(max_length=120, blank=True)
    cost_center = models.CharField(max_length=20, blank=True)
    department = models.ForeignKey(
        "organizations.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    department_name = models.CharField(max_length=120, blank=True)
    administration = models.ForeignKey(
        "organizations.Administration",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
    )
    administration_name = models.CharField(max_length=120, blank=True)
    project = models.CharField(max_length=40, blank=True)
    supplier_number = models.CharField(max_length=20, blank=True)
    supplier_name = models.CharField(max_length=160, blank=True)
    supplier_key = models.CharField(max_length=160, blank=True)
    text = models.CharField(max_length=300, blank=True)
    quantity = QuantityField(null=True, blank=True)
    unit_price = UnitPriceField(null=True, blank=True)
    amount = AmountField()
    currency = models.CharField(max_length=3, default="SEK")

    objects = BookedCostQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="booked_cost_once")]
        indexes = [
            models.Index(fields=["source", "booked_date"], name="booked_cost_source_date"),
            models.Index(fields=["-booked_date"], name="booked_cost_latest"),
            models.Index(fields=["source", "account", "booked_date"], name="booked_cost_account"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"
