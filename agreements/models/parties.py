"""Whom an agreement is between: its suppliers in their order, and the administrations that may call off."""

from decimal import Decimal
from typing import Self

from django.db import models

from core.fields import AmountField


class AgreementSupplierQuerySet(models.QuerySet["AgreementSupplier"]):
    """Questions about the suppliers of agreements."""

    def in_order(self) -> Self:
        """By rank."""
        return self.order_by("rank", "pk")


class AgreementSupplier(models.Model):
    """
    One of the suppliers of an agreement: its rank, and its share in per cent where the agreement divides what is ordered.

    The first in rank is the agreement's own ``supplier``; the database holds the two equal, and writes the first row itself.
    While the agreement is in force, its shares, where any is said, are a hundred per cent together, and where it ranks, ranks have
    no gaps: the database holds both when everything has been written.

    Where it divides by shares, ``committed_amount`` is what is approved and ordered from the supplier, changed in the same
    transaction as the agreement's own, and ``turn`` its place by how far it is below its share, which the database keeps.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, db_index=False, related_name="suppliers"
    )
    supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, related_name="agreement_places"
    )
    rank = models.PositiveSmallIntegerField()
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    committed_amount = AmountField(default=Decimal("0.00"), editable=False, db_default=Decimal("0.00"))
    turn = models.PositiveSmallIntegerField(default=1, editable=False, db_default=1)

    objects = AgreementSupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "rank"],
                name="agreement_supplier_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["agreement", "supplier"], name="agreement_supplier_once"),
            models.CheckConstraint(condition=models.Q(rank__gt=0), name="agreement_supplier_rank_from_one"),
            models.CheckConstraint(
                condition=models.Q(share_percent=None)
                | models.Q(share_percent__gt=0, share_percent__lte=Decimal(100)),
                name="agreement_supplier_share",
            ),
            models.CheckConstraint(
                condition=models.Q(committed_amount__gte=0), name="agreement_supplier_committed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.rank}. {self.supplier}"


class AgreementAdministration(models.Model):
    """
    An administration that may call off under an agreement. An agreement without any is open to all.

    The database keeps the agreement's ``open_to`` equal to these.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, db_index=False, related_name="administrations"
    )
    administration = models.ForeignKey(
        "organizations.Administration", on_delete=models.PROTECT, related_name="agreement_places"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "administration"], name="agreement_administration_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.administration}"
