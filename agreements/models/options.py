"""The options of an agreement, which are decided one by one."""

from datetime import date
from typing import Self

from django.db import models

from agreements.states import OptionDecision


class AgreementOptionQuerySet(models.QuerySet["AgreementOption"]):
    """Questions about options."""

    def open(self) -> Self:
        """Those that nobody has decided."""
        return self.filter(decision="")

    def in_order(self) -> Self:
        """By number."""
        return self.order_by("number", "pk")


class AgreementOption(models.Model):
    """
    The right to prolong an agreement by so many months, decided no later than a day.

    Using it prolongs the agreement in the same transaction. They are decided in the order of their numbers: one that was
    let go, or whose day has passed, takes those after it along. What is decided stays decided.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, db_index=False, related_name="options"
    )
    number = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField()
    decide_by_date = models.DateField()
    decision = models.CharField(max_length=8, choices=OptionDecision, blank=True)
    decided_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    objects = AgreementOptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "number"], name="agreement_option_number"),
            models.CheckConstraint(
                condition=models.Q(number__gt=0, months__range=(1, 120)), name="agreement_option_months"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_by=None, decided_at=None, reason="")
                | (
                    models.Q(
                        decision__in=OptionDecision.values,
                        decided_by__isnull=False,
                        decided_at__isnull=False,
                    )
                    & ~models.Q(reason="")
                ),
                name="agreement_option_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided it."""
        return not self.decision

    def has_passed(self, day: date) -> bool:
        """Whether its day went by without a decision."""
        return self.is_open and self.decide_by_date < day
