"""Requisition lines: what is asked for, who answers for it, and what became of it."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import Item
from core.errors import localized
from core.fields import AmountField, QuantityField, UnitPriceField
from procurement.models.line_questions import RequisitionLineQuerySet
from procurement.parts import Part
from procurement.routing_rules import RoutingRule
from procurement.states import COMMITTED, DELIVERABLE, UNDECIDED, LineStatus


class LineKind(models.TextChoices):
    """What is asked for."""

    ITEM = "item", _("Artikel")
    FREE_TEXT = "free_text", _("Eget önskemål")
    SERVICE = "service", _("Tjänst")


class RequisitionLine(models.Model):
    """
    One thing that is asked for.

    The upper fields are the request; they are frozen at submission by a trigger. A change is a new row,
    ``version`` + 1, that supersedes this one. The ``approved_`` fields are the decision. Amounts exclude VAT.
    """

    requisition = models.ForeignKey("procurement.Requisition", on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    kind = models.CharField(max_length=10, choices=LineKind)
    item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    description = models.CharField(max_length=250)
    specification = models.TextField(blank=True)
    service_place = models.CharField(max_length=100, blank=True)
    service_start_date = models.DateField(null=True, blank=True)
    service_end_date = models.DateField(null=True, blank=True)
    suggested_supplier = models.CharField(max_length=120, blank=True)
    supplier_proposal = models.ForeignKey(
        "procurement.SupplierProposal", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    """What whoever asks says of the supplier that she suggests, when she says more than its name."""
    quantity = QuantityField()
    unit = models.CharField(max_length=20)
    units_per_order_unit = models.DecimalField(max_digits=10, decimal_places=3, default=1)
    unit_price = UnitPriceField()
    is_price_estimated = models.BooleanField(default=False)
    amount = AmountField()
    category = models.ForeignKey(
        "categories.Category", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    account = models.ForeignKey(
        "organizations.AccountingCode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_account_chosen = models.BooleanField(default=False)
    """Whether somebody chose the account; otherwise it is the category's and follows it until the line is approved."""
    charged_department = models.ForeignKey(
        "organizations.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="charged_lines",
    )
    delivery_place = models.ForeignKey(
        "organizations.DeliveryPlace", on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    needed_by_date = models.DateField(null=True, blank=True)
    """Who pays, where to and by when: in a basket what differs from the basket's own, from then on what holds."""
    lead_days = models.PositiveSmallIntegerField(default=3)
    asked_unit_price = UnitPriceField(null=True, blank=True)
    """What one unit costs now, while the requester is asked whether she wants it at that; nothing when nothing is asked."""
    accepted_unit_price = UnitPriceField(null=True, blank=True)
    """The dearer price that somebody has said yes to for the department since it was asked for."""
    accepted_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    status = models.CharField(max_length=16, choices=LineStatus, default=LineStatus.DRAFT)
    responsible = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="responsible_lines",
    )
    routing_rule = models.CharField(max_length=16, choices=RoutingRule, blank=True)
    routing_facts = models.JSONField(default=dict, blank=True)
    response_due_date = models.DateField(null=True, blank=True)
    """By when it is to be decided; no day as long as it waits for a competition."""
    awaits_competition = models.ForeignKey(
        "catalog.RenewedCompetition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="awaited_by",
    )
    """The open competition about its item, or that its need is tied to, which nobody can decide it before (ADR 0068)."""
    tied_competition = models.ForeignKey(
        "catalog.RenewedCompetition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tied_needs",
    )
    """The competition that an undecided need in words is tied to, open or decided; the database lets it go with the decision."""
    competed_at = models.DateTimeField(null=True, blank=True)
    """When the competition that it waited for was decided, or let go of it, from when its response time runs."""
    submitted_at = models.DateTimeField(null=True, blank=True)

    approved_item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="approved_lines"
    )
    approved_quantity = QuantityField(null=True, blank=True)
    approved_unit = models.CharField(max_length=20, blank=True)
    approved_units_per_order_unit = models.DecimalField(
        max_digits=10, decimal_places=3, null=True, blank=True
    )
    approved_factor = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    """Base units of another item that was approved, that do for one of the item asked for; as it was said that day."""
    approved_condition = models.TextField(blank=True)
    """On what condition another item was approved."""
    approved_unit_price = UnitPriceField(null=True, blank=True)
    approved_amount = AmountField(null=True, blank=True)
    approved_agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="approved_lines"
    )
    approved_supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="approved_lines"
    )
    decided_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="decided_lines"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    order_due_at = models.DateTimeField(null=True, blank=True)
    released_quantity = QuantityField(default=0)
    released_amount = AmountField(default=0)
    """What was approved and will not come; it is no longer committed."""
    taken_back_reason = models.TextField(blank=True)
    """Why an approval no longer held and the line waits again, as ``core.errors.stored``; empty once decided anew."""

    objects = RequisitionLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["requisition", "position", "version"], name="line_version_unique"
            ),
            models.CheckConstraint(condition=models.Q(status__in=LineStatus.values), name="line_status"),
            models.CheckConstraint(condition=models.Q(kind__in=LineKind.values), name="line_kind"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, unit_price__gte=0, amount__gte=0), name="line_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_unit_price=None, accepted_by=None, accepted_at=None)
                | models.Q(
                    accepted_unit_price__gt=models.F("unit_price"),
                    accepted_by__isnull=False,
                    accepted_at__isnull=False,
                ),
                name="line_accepted_price_has_person",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_unit_price=None)
                | models.Q(asked_unit_price__gt=Coalesce("accepted_unit_price", "unit_price")),
                name="line_asked_price_is_higher",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_unit_price=None) | ~models.Q(status__in=COMMITTED),
                name="line_committed_asks_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=LineKind.ITEM, item__isnull=False) | ~models.Q(kind=LineKind.ITEM),
                name="line_item_has_item",
            ),
            models.CheckConstraint(
                condition=models.Q(status=LineStatus.DRAFT)
                | models.Q(responsible__isnull=False, submitted_at__isnull=False)
                & ~models.Q(routing_rule=""),
                name="line_submitted_has_responsible",
            ),
            models.CheckConstraint(
                condition=models.Q(status=LineStatus.DRAFT)
                | models.Q(response_due_date__isnull=False, awaits_competition=None)
                | models.Q(response_due_date=None, awaits_competition__isnull=False),
                name="line_submitted_has_response_day_or_competition",
            ),
            models.CheckConstraint(
                condition=models.Q(tied_competition=None) | models.Q(item=None, status__in=UNDECIDED),
                name="line_tied_is_an_undecided_need",
            ),
            models.CheckConstraint(
                condition=models.Q(status=LineStatus.DRAFT)
                | models.Q(
                    charged_department__isnull=False,
                    delivery_place__isnull=False,
                    needed_by_date__isnull=False,
                ),
                name="line_submitted_has_delivery",
            ),
            models.CheckConstraint(
                condition=models.Q(released_quantity=0, released_amount=0)
                | models.Q(
                    released_quantity__gt=0,
                    released_quantity__lte=models.F("approved_quantity"),
                    released_amount__gte=0,
                    released_amount__lte=models.F("approved_amount"),
                ),
                name="line_released_within_approved",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=COMMITTED)
                | models.Q(
                    approved_quantity__gt=0,
                    approved_unit_price__isnull=False,
                    approved_amount__isnull=False,
                    approved_supplier__isnull=False,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                    order_due_at__isnull=False,
                ),
                name="line_committed_is_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=COMMITTED) | models.Q(taken_back_reason=""),
                name="line_committed_is_not_taken_back",
            ),
        ]
        indexes = [
            models.Index(
                fields=["responsible", "response_due_date"],
                condition=models.Q(status__in=UNDECIDED),
                name="line_queue",
            ),
            models.Index(
                fields=["order_due_at"], condition=models.Q(status="approved"), name="line_to_order"
            ),
            models.Index(
                fields=["requisition"], condition=models.Q(status__in=DELIVERABLE), name="line_to_receive"
            ),
            models.Index(fields=["category", "status"], name="line_category_status"),
            models.Index(
                fields=["category", "decided_at"],
                condition=models.Q(status__in=COMMITTED, approved_agreement=None),
                name="line_outside_agreements",
            ),
            models.Index(
                fields=["decided_at"], condition=models.Q(status__in=COMMITTED), name="line_decided"
            ),
            models.Index(fields=["item", "-submitted_at"], name="line_item_latest"),
            models.Index(
                "charged_department",
                Coalesce("service_end_date", "service_start_date", "needed_by_date"),
                name="line_charged",
            ),
        ]

    def __str__(self) -> str:
        """The requisition's number, where it has been read already, and what was asked for."""
        requisition = self._state.fields_cache.get("requisition")
        number = vars(requisition).get("number") if requisition else None
        return f"{number} {self.description}" if number else self.description

    def promise(self, day: date) -> None:
        """Promise a decision by that day; while it waits for a competition, none is promised."""
        self.response_due_date = None if self.awaits_competition_id else day

    def units_of(self, item: Item | None) -> Decimal:
        """How many base units an order unit of what is approved holds: as snapshotted for what was asked for, else the item's."""
        if item is None or item.pk == self.item_id:
            return self.units_per_order_unit
        return item.units_per_order_unit

    @property
    def shown_unit_price(self) -> Decimal:
        """The most that one unit may cost: what the requester was shown, or has said yes to since."""
        price: Decimal = self.accepted_unit_price or self.unit_price
        return price

    @property
    def is_asked_about_price(self) -> bool:
        """Whether it waits for somebody's yes to a price that has risen."""
        return self.asked_unit_price is not None and self.status in UNDECIDED

    @property
    def taken_back_sentence(self) -> str:
        """Why an approval no longer held, in the reader's language; empty when it did not happen."""
        return localized(self.taken_back_reason)

    @property
    def effective_amount(self) -> Decimal:
        """The decided amount, or the asked one."""
        amount: Decimal = self.amount if self.approved_amount is None else self.approved_amount
        return amount

    @property
    def effective_quantity(self) -> Decimal:
        """The decided quantity, or the asked one."""
        quantity: Decimal = self.quantity if self.approved_quantity is None else self.approved_quantity
        return quantity

    @property
    def coming_amount(self) -> Decimal:
        """What it costs: the decided amount, or the asked one, less what will not come."""
        amount: Decimal = self.effective_amount - self.released_amount
        return amount

    @property
    def coming_quantity(self) -> Decimal:
        """How many have come or can come: as many as were decided, or asked for, less what will not."""
        quantity: Decimal = self.effective_quantity - self.released_quantity
        return quantity

    @property
    def is_adjusted(self) -> bool:
        """Whether another quantity was approved than asked for."""
        return self.approved_quantity is not None and self.approved_quantity != self.quantity

    @property
    def is_substituted(self) -> bool:
        """Whether another item was approved than asked for."""
        return self.approved_item_id is not None and self.approved_item_id != self.item_id

    @property
    def service_done_date(self) -> date | None:
        """The last day of the service that is asked for; None for goods."""
        return self.service_end_date or self.service_start_date

    @property
    def part(self) -> Part:
        """The part of its order that it belongs to, once it is submitted."""
        return Part(self.charged_department_id or 0, self.delivery_place_id, self.needed_by_date)

    @property
    def is_service(self) -> bool:
        """Whether it is accepted rather than received."""
        return self.kind == LineKind.SERVICE
