"""The requisition: a basket until it is submitted."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils import timezone

from core.money import ZERO
from organizations.models import Membership, Role
from procurement.models.decisions import BudgetAttest
from procurement.models.lines import RequisitionLine
from procurement.states import CLOSED, LineStatus, RequisitionStatus, requisition_status

if TYPE_CHECKING:
    from organizations.models import User


class RequisitionQuerySet(models.QuerySet["Requisition"]):
    """Questions about requisitions."""

    def visible_to(self, user: "User") -> Self:
        """
        Her own, her departments', those with lines she answers for; all for finance, head and auditors.

        A basket is its owner's alone.
        """
        day = timezone.localdate()
        is_requester = models.Q(requester=user)
        submitted = models.Q(submitted_at__isnull=False)
        departments = Membership.objects.departments_of(user, day)
        this = models.OuterRef("pk")
        is_charged = models.Exists(
            RequisitionLine.objects.filter(requisition=this, charged_department__in=departments)
        )
        is_of_department = models.Q(department__in=departments) | is_charged
        to_decide = models.Exists(
            RequisitionLine.objects.visible_as_manager(user, day).filter(requisition=this)
        )
        to_attest = models.Exists(BudgetAttest.objects.asked_of(user, day).filter(requisition=this))
        region = Membership.objects.opens_region_to(user, day)
        return self.filter(is_requester | (submitted & (is_of_department | region | to_decide | to_attest)))

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def baskets(self) -> Self:
        """Not yet submitted."""
        return self.filter(submitted_at=None)

    def stranded(self, day: date) -> "models.QuerySet[Any, Any]":
        """
        Baskets with something in them that their owners cannot send that day, so that they have to choose another department.

        It ``is_closed``, with none that goes on in its place, or the owner does not order for it any longer, so that it is
        not ``is_ordered_for``. Also whether the owner ``orders_somewhere`` that is open.
        """
        is_closed = models.Q(department__closed_date__lte=day, department__merged_into=None)
        ordering = Membership.objects.on(day).filter(role=Role.REQUESTER, user=models.OuterRef("requester"))
        open_ones = ordering.exclude(department__closed_date__lte=day)
        baskets = self.held().annotate(
            is_closed=models.ExpressionWrapper(is_closed, models.BooleanField()),
            is_ordered_for=models.Exists(ordering.filter(department=models.OuterRef("department"))),
            orders_somewhere=models.Exists(open_ones),
        )
        return baskets.filter(models.Q(is_closed=True) | models.Q(is_ordered_for=False))

    def held(self) -> Self:
        """Baskets with something in them."""
        lines = RequisitionLine.objects.filter(requisition=models.OuterRef("pk"))
        return self.baskets().filter(models.Exists(lines))

    def submitted(self) -> Self:
        """Submitted, latest first."""
        return self.filter(submitted_at__isnull=False).order_by("-submitted_at", "-pk")

    def with_totals(self, reader: "User | None" = None) -> Self:
        """
        With the lines that ``reader`` may open, of which the status, number and amount of a requisition are.

        Without a reader, with every line. A line that has a newer version is left out.
        """
        lines = RequisitionLine.objects.all()
        if reader is not None:
            visible_lines = RequisitionLine.objects.visible_to(reader).filter(pk=models.OuterRef("pk"))
            # As a value it is asked of each line by its key; as a condition of all lines at once.
            opened_line = models.Subquery(visible_lines.values("pk")[:1])
            lines = lines.alias(opened_line=opened_line).filter(opened_line__isnull=False)
        current_lines = lines.exclude(status=LineStatus.SUPERSEDED).order_by("position", "version")
        names = ("item__name", "item__name_en", "item__size")
        fields = current_lines.select_related("item").only(
            "requisition_id", "item", *names, "description", "status", "asked_unit_price",
            "amount", "approved_amount", "released_amount",
        )  # fmt: skip
        return self.prefetch_related(models.Prefetch("lines", fields, to_attr="shown_lines"))


class Requisition(models.Model):
    """
    A department's need (on screen *beställning*), with who, where to, when, why and the coding string.

    One open basket per person and department. ``key`` makes it harmless to place one twice in one call. After submission nothing here changes; what happens
    happens to the lines.
    """

    shown_lines: Sequence[RequisitionLine]
    """The lines that the reader may open; read by ``with_totals()`` or by a page."""

    shown_attests: Sequence[BudgetAttest]

    key = models.UUIDField(null=True, blank=True)
    key_content = models.CharField(max_length=64, blank=True)
    """SHA-256 of what was asked for with the key."""
    number = models.CharField(max_length=12, unique=True, null=True, blank=True)
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="requisitions"
    )
    requester = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="requisitions")
    charged_department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="charged_requisitions"
    )
    account = models.ForeignKey(
        "organizations.AccountingCode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    activity = models.ForeignKey(
        "organizations.AccountingCode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    project = models.ForeignKey(
        "organizations.AccountingCode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    delivery_place = models.ForeignKey(
        "organizations.DeliveryPlace",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requisitions",
    )
    needed_by_date = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = RequisitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="requisition_key_unique"),
            models.UniqueConstraint(
                fields=["requester", "department"],
                condition=models.Q(submitted_at=None),
                name="requisition_one_basket",
            ),
            models.CheckConstraint(
                condition=models.Q(submitted_at=None, number=None)
                | models.Q(
                    submitted_at__isnull=False,
                    number__isnull=False,
                    delivery_place__isnull=False,
                    activity__isnull=False,
                    needed_by_date__isnull=False,
                ),
                name="requisition_complete_when_submitted",
            ),
        ]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="requisition_latest"),
            models.Index(fields=["department", "-submitted_at"], name="requisition_department_latest"),
            models.Index(
                fields=["department", "requester", "-submitted_at"], name="requisition_requester_latest"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    @property
    def is_submitted(self) -> bool:
        """Whether it has left the basket."""
        return self.submitted_at is not None

    @property
    def status(self) -> RequisitionStatus:
        """Derived from the lines that are shown, as are ``line_count`` and ``total_amount``."""
        return requisition_status(
            {line.status for line in self.shown_lines},
            is_asked=any(line.is_asked_about_price for line in self.shown_lines),
        )

    @property
    def line_count(self) -> int:
        """How many of the lines that are shown are not closed."""
        return len(self._live_lines)

    @property
    def total_amount(self) -> Decimal:
        """What those lines come to, less what will not come."""
        return sum((line.coming_amount for line in self._live_lines), ZERO)

    @property
    def _live_lines(self) -> list[RequisitionLine]:
        return [line for line in self.shown_lines if line.status not in CLOSED]
