"""Purchase orders and the n:m allocation between requisition lines and order lines."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.fields import AmountField, QuantityField, UnitPriceField
from organizations.models import Membership
from procurement.models.answers import NoticedDecision
from procurement.models.lines import RequisitionLine
from procurement.models.sending import MessageKind, Sendable
from procurement.states import WILL_NOT_COME, AnswerStatus, OrderStatus

if TYPE_CHECKING:
    from organizations.models import User


class PurchaseOrderQuerySet(models.QuerySet["PurchaseOrder"]):
    """Questions about orders."""

    def visible_to(self, user: "User", day: date | None = None) -> Self:
        """Orders with a line that the person may see today; all for finance, head and auditors."""
        day = day or timezone.localdate()
        has_visible_line = models.Exists(
            Allocation.objects.filter(
                order_line__order=models.OuterRef("pk"), line__in=RequisitionLine.objects.opened_to(user, day)
            )
        )
        return self.filter(Membership.objects.opens_region_to(user, day) | has_visible_line)

    def latest_on(
        self, grounds: "Mapping[str, Any] | None", *, most: int
    ) -> "models.QuerySet[PurchaseOrder, Any]":
        """
        Ids and moments of the latest so many that somebody sees by ``visible_to``.

        :param grounds: hers (``grounds_of``), each answered by an index from the latest order on; None for who sees the region.
        """
        if grounds is None:
            return self.latest().values("pk", "created_at")[:most]
        this = models.OuterRef("pk")
        first, *others = (
            self.filter(
                models.Exists(
                    Allocation.objects.filter(
                        order_line__order=this,
                        line__in=RequisitionLine.objects.filter(**{f"{ground}__among": ids}),
                    )
                )
            )
            .latest()
            .values("pk", "created_at")[:most]
            for ground, ids in grounds.items()
        )
        return first.union(*others).order_by("-created_at", "-pk")[:most]

    def not_sent(self) -> Self:
        """Whose order, cancellation or answer to a change could not be sent, so that a person has to see to it."""
        orders = PurchaseOrder.objects.filter(status=OrderStatus.NOT_SENT).values("pk")
        notices = PurchaseOrder.objects.filter(cancellation_notice__status=OrderStatus.NOT_SENT).values("pk")
        changes = PurchaseOrder.objects.filter(change_notices__status=OrderStatus.NOT_SENT).values("pk")
        return self.filter(pk__in=orders.union(notices, changes))

    def unanswered(self, day: date) -> Self:
        """
        Which the supplier should have answered before that day: the order itself, or that another day is asked for.

        What has all come, or does not come, needs no answer.
        """
        allocations = Allocation.objects.filter(STILL_TO_COME, order_line__order=models.OuterRef("pk"))
        unanswered_orders = PurchaseOrder.objects.filter(
            models.Exists(allocations), status=OrderStatus.SENT, answered_at=None, answer_due_date__lt=day
        ).values("pk")
        day_questions = OrderLine.objects.filter(
            still_to_come(),
            asked_date=models.F("noticed_lines__delivery_date"),
            noticed_lines__decision=NoticedDecision.DAY_ASKED,
            noticed_lines__notice__answer_due_date__lt=day,
            order__status=OrderStatus.SENT,
            asked_date__isnull=False,
        ).values("order")
        return self.filter(pk__in=unanswered_orders.union(day_questions))

    def with_changes(self) -> Self:
        """Of which the supplier wants to change something that can come still, and nobody has agreed to or declined."""
        changed = OrderLine.objects.filter(still_to_come(), answer=AnswerStatus.CHANGED).values("order")
        return self.filter(status=OrderStatus.SENT, pk__in=changed)

    def with_totals(self) -> Self:
        """With number of lines, their amount, and what the order comes to with its freight."""
        return self.annotate(
            line_count=models.Count("lines"),
            total_amount=Coalesce(models.Sum("lines__amount"), 0, output_field=AmountField()),
        ).annotate(due_amount=models.F("total_amount") + models.F("freight_amount"))

    def latest(self) -> Self:  # type: ignore[override]
        """Latest first."""
        return self.order_by("-created_at", "-pk")


class PurchaseOrder(Sendable):
    """An order to one supplier, under one agreement or none, to one delivery place (inköpsorder)."""

    shown_lines: Sequence["OrderLine"]
    """Its lines; read with it, or made with it."""

    message_kind = MessageKind.ORDER
    supplier_path = "supplier"

    number = models.CharField(max_length=14, unique=True)
    supplier = models.ForeignKey("agreements.Supplier", on_delete=models.PROTECT, related_name="orders")
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    delivery_place = models.ForeignKey(
        "organizations.DeliveryPlace", on_delete=models.PROTECT, related_name="orders"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    freight_amount = AmountField(default=0)
    """What the supplier takes for the freight beside its lines, excluding VAT; no line, no ceiling and no saving counts it."""
    version = models.PositiveSmallIntegerField(default=1)
    """One more each time that the supplier answers or a change is settled, so that nobody decides on what has passed."""
    answer_due_date = models.DateField(null=True, blank=True)
    """The last day on which the supplier should have answered; nothing when it is not asked to."""
    answered_at = models.DateTimeField(null=True, blank=True)
    """When the supplier first said whether it delivers."""

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=OrderStatus.values), name="order_status"),
            models.CheckConstraint(
                condition=~models.Q(status=OrderStatus.SENT) | models.Q(sent_at__isnull=False),
                name="order_sent_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(freight_amount__gte=0), name="order_freight_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="order_latest"),
            models.Index(
                fields=["-created_at", "-id"],
                condition=~models.Q(status="sent"),
                name="order_latest_not_sent",
            ),
            models.Index(fields=["next_attempt_at"], condition=models.Q(status="ready"), name="order_due"),
            models.Index(fields=["created_at"], condition=models.Q(status="not_sent"), name="order_not_sent"),
            models.Index(
                fields=["answer_due_date"],
                condition=models.Q(status="sent", answered_at=None, answer_due_date__isnull=False),
                name="order_unanswered",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def purchase_order(self) -> "PurchaseOrder":
        """Itself."""
        return self


class OrderLine(models.Model):
    """One line to the supplier; may serve several requisition lines."""

    shown_allocations: list["Allocation"]
    """What each requisition has of it; read with it, or made with it."""
    wanted: Decimal
    """How much is to come in all (`wanted_quantity`); read with it."""
    is_coming: bool
    """Whether something is left to come (`still_to_come`); read with it."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="order_lines"
    )
    description = models.CharField(max_length=250)
    quantity = QuantityField()
    unit = models.CharField(max_length=20)
    units_per_order_unit = models.DecimalField(max_digits=10, decimal_places=3, default=1)
    unit_price = UnitPriceField()
    amount = AmountField()
    requested_date = models.DateField()
    """The day by which it was asked for; the supplier reads it."""
    expected_date = models.DateField()
    """The day when it should have come: the requested day, the soonest that the lead time allows, or the day agreed upon."""
    asked_date = models.DateField(null=True, blank=True)
    """The other day that the supplier is asked to deliver on and has not answered about; nothing when none is."""
    answer = models.CharField(max_length=9, choices=AnswerStatus, default=AnswerStatus.NONE)
    """What the supplier has said of it, and what came of that."""
    agreed_unit_price = UnitPriceField(null=True, blank=True)
    """A lower price that was agreed upon after the order was sent."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_unique"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="order_line_quantity_positive"),
            models.CheckConstraint(
                condition=models.Q(answer__in=AnswerStatus.values), name="order_line_answer"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_unit_price=None)
                | models.Q(agreed_unit_price__gte=0, agreed_unit_price__lt=models.F("unit_price")),
                name="order_line_agreed_price_is_lower",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_date=None) | ~models.Q(answer__in=WILL_NOT_COME),
                name="order_line_asked_day_can_come",
            ),
        ]
        indexes = [
            models.Index(fields=["order"], condition=models.Q(answer="changed"), name="order_line_changed"),
            models.Index(
                fields=["order"], condition=models.Q(asked_date__isnull=False), name="order_line_day_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}:{self.position} {self.description}"

    @property
    def due_unit_price(self) -> Decimal:
        """What is paid for one unit: the price of the order, or the lower one that was agreed upon."""
        price: Decimal = self.unit_price if self.agreed_unit_price is None else self.agreed_unit_price
        return price


STILL_TO_COME = models.Q(quantity__gt=models.F("received_quantity") + models.F("closed_quantity"))
"""Allocations of which something is left to come."""

WANTED = models.F("quantity") - models.F("closed_quantity")
"""How much of each is to come in all, with what has come already."""


def still_to_come(line: str = "pk") -> models.Exists:
    """Whether something is left to come of an order's line, asked in a query that calls it so."""
    return models.Exists(Allocation.objects.filter(STILL_TO_COME, order_line=models.OuterRef(line)))


def wanted_quantity(line: str = "pk") -> models.Subquery:
    """How much of an order's line is to come in all, asked in a query that calls it so: what was ordered, less what will not come."""
    of_line = Allocation.objects.filter(order_line=models.OuterRef(line)).order_by().values("order_line")
    return models.Subquery(
        of_line.annotate(in_all=models.Sum(WANTED)).values("in_all"), output_field=QuantityField()
    )


LEFT = models.F("quantity") - models.F("received_quantity") - models.F("closed_quantity")
"""How much that is."""


class Allocation(models.Model):
    """
    The part of an order line that belongs to a requisition line: how much of it has come, and how much will not.

    ``closed_quantity`` will not come: the supplier cannot deliver it, it was damaged and is not replaced, or it is needed no longer.
    """

    line = models.ForeignKey(
        "procurement.RequisitionLine", on_delete=models.PROTECT, related_name="allocations"
    )
    order_line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="allocations")
    quantity = QuantityField()
    received_quantity = QuantityField(default=0)
    closed_quantity = QuantityField(default=0, db_default=0)
    refused_at = models.DateTimeField(null=True, blank=True)
    """When the supplier's no to what had not come of it held; what others in rank are asked for is evidenced by it."""

    class Meta:
        indexes = [
            models.Index(
                fields=["order_line"],
                condition=models.Q(quantity__gt=models.F("received_quantity") + models.F("closed_quantity")),
                name="allocation_not_received",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["line", "order_line"], name="allocation_unique"),
            models.CheckConstraint(
                condition=models.Q(
                    received_quantity__gte=0,
                    closed_quantity__gte=0,
                    quantity__gte=models.F("received_quantity") + models.F("closed_quantity"),
                    quantity__gt=0,
                ),
                name="allocation_received_within_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} ↔ {self.order_line_id}"

    @property
    def wanted(self) -> Decimal:
        """What is to come in all, with what has come already, in order units."""
        return Decimal(self.quantity - self.closed_quantity)

    @property
    def remaining(self) -> Decimal:
        """What is left to come, in order units."""
        return Decimal(self.quantity - self.received_quantity - self.closed_quantity)
