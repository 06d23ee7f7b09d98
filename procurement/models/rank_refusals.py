"""That a supplier has refused what it would have been asked for first, where no answer to an order says so."""

from django.db import models


class RankRefusal(models.Model):
    """
    A supplier's no to a line (nekande), by telephone or letter, under an agreement that ranks its suppliers. Never edited.

    It counts for the line in all its versions. What the supplier wrote is laid to the line's conversation.
    """

    line = models.ForeignKey(
        "procurement.RequisitionLine", on_delete=models.PROTECT, related_name="rank_refusals"
    )
    supplier = models.ForeignKey("agreements.Supplier", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    registered_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "supplier"], name="rank_refusal_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="rank_refusal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.supplier}"
