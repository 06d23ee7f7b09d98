"""Which of our suppliers a ledger's supplier is."""

from django.db import models
from django.db.models import Q


class SupplierMatch(models.Model):
    """
    What somebody has decided of a source's supplier: one of ours, or (no supplier) none of them.

    The latest decision about a source's key holds; an undone one says that nothing is decided, and the supplier is to be matched
    anew. The name is the one that the person saw.
    """

    source = models.CharField(max_length=20)
    supplier_key = models.CharField(max_length=160)
    name = models.CharField(max_length=160, blank=True)
    supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_undone = models.BooleanField(default=False)
    decided_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(supplier_key=""), name="supplier_match_has_key"),
            models.CheckConstraint(
                condition=Q(is_undone=False) | Q(supplier=None), name="supplier_match_undone_is_of_none"
            ),
        ]
        indexes = [models.Index(fields=["source", "supplier_key", "-id"], name="supplier_match_latest")]

    def __str__(self) -> str:
        return self.name or self.supplier_key
