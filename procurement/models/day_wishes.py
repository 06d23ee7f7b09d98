"""Another day that is wished for, of what is ordered already."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.models.orders import STILL_TO_COME, Allocation
from procurement.states import DELIVERABLE, OrderStatus


class WishOutcome(models.TextChoices):
    """What became of a wish."""

    ASKED = "asked", _("Leverantören är tillfrågad")
    DECLINED = "declined", _("Nej")
    REPLACED = "replaced", _("Ersatt av en ny önskan")


class DayWishQuerySet(models.QuerySet["DayWish"]):
    """Questions about wishes."""

    def unsettled(self) -> Self:
        """Those that nobody has answered."""
        return self.filter(outcome="")

    def open(self) -> Self:
        """Those that somebody is to answer: of what is still to come, and on another day."""
        return self.unsettled().filter(
            models.Exists(_to_come().exclude(order_line__expected_date=models.OuterRef("wanted_date")))
        )

    def of_order(self, order: models.OuterRef | int) -> Self:
        """Of what an order still has to come."""
        return self.filter(line__in=_to_come_of(order).values("line"))


class DayWish(models.Model):
    """
    Whoever waits for an ordered line would rather have it on another day (önskad leveransdag).

    It is a message in the line's conversation, which says who, when and why. Whoever answers for the line asks the supplier for a
    day, or declines with a ``reply`` in the same conversation. There is one at a time that nobody has answered.
    """

    line = models.ForeignKey(
        "procurement.RequisitionLine", on_delete=models.PROTECT, related_name="day_wishes"
    )
    message = models.OneToOneField(
        "procurement.LineMessage", on_delete=models.PROTECT, related_name="day_wish"
    )
    wanted_date = models.DateField()
    outcome = models.CharField(max_length=8, choices=WishOutcome, blank=True)
    settled_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    reply = models.OneToOneField(
        "procurement.LineMessage",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="declined_wish",
    )

    objects = DayWishQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *WishOutcome.values]), name="day_wish_outcome"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", settled_by=None, settled_at=None)
                | models.Q(settled_by__isnull=False, settled_at__isnull=False) & ~models.Q(outcome=""),
                name="day_wish_settled_by_and_at",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome=WishOutcome.DECLINED, reply__isnull=False)
                | models.Q(reply=None) & ~models.Q(outcome=WishOutcome.DECLINED),
                name="day_wish_declined_with_reply",
            ),
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(outcome=""), name="day_wish_one_a_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.wanted_date}"


def _to_come() -> models.QuerySet[Allocation]:
    """What suppliers still have to deliver of a wish's line."""
    return Allocation.objects.filter(
        STILL_TO_COME,
        line=models.OuterRef("line"),
        line__status__in=DELIVERABLE,
        order_line__order__status=OrderStatus.SENT,
    )


def _to_come_of(order: models.OuterRef | int) -> models.QuerySet[Allocation]:
    return Allocation.objects.filter(STILL_TO_COME, order_line__order=order)
