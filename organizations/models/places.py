"""Authority, administration, department and where goods are delivered."""

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models

from core.ordering import swedish
from core.peppol import PEPPOL_ADDRESS, peppol_address

if TYPE_CHECKING:
    from organizations.models.users import User


M = TypeVar("M", bound=models.Model)


class Authority(models.Model):
    """Contracting authority (upphandlande myndighet); the scope of the direct-award limit."""

    name = models.CharField(max_length=100)
    org_number = models.CharField(max_length=11, unique=True)
    invoice_name = models.CharField(max_length=100, blank=True)
    """Who takes its invoices on paper; it is the authority itself when nothing is said."""
    invoice_street = models.CharField(max_length=100, blank=True)
    invoice_postcode = models.CharField(max_length=6, blank=True)
    invoice_city = models.CharField(max_length=50, blank=True)
    peppol_id = models.CharField(max_length=60, blank=True)
    """Where it takes electronic invoices and answers, scheme and number; blank when it is the organisation number."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(peppol_id="") | models.Q(peppol_id__regex=PEPPOL_ADDRESS),
                name="authority_peppol_address",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def peppol_address(self) -> str:
        """Where it is in Peppol."""
        return peppol_address(self.peppol_id, self.org_number)

    @property
    def invoice_lines(self) -> list[str]:
        """The invoice address, line by line; nothing when none is said."""
        if not self.invoice_city:
            return []
        town = f"{self.invoice_postcode} {self.invoice_city}".strip()
        return [line for line in (self.invoice_name or self.name, self.invoice_street, town) if line]


class OpenQuerySet(models.QuerySet[M]):
    """Questions about what can be closed."""

    def open(self, day: date) -> Self:
        """What is not closed that day."""
        return self.filter(models.Q(closed_date=None) | models.Q(closed_date__gt=day))


class Administration(models.Model):
    """
    Administration (förvaltning). From ``closed_date`` on it has no departments.

    A merged one names the administration that has got them.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="administrations")
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)
    closed_date = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )

    objects = OpenQuerySet["Administration"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into=None)
                | (models.Q(closed_date__isnull=False) & ~models.Q(merged_into=models.F("id"))),
                name="administration_merged_is_closed",
            )
        ]

    def is_open_on(self, day: date) -> bool:
        """Whether it has departments that day."""
        return self.closed_date is None or self.closed_date > day

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(OpenQuerySet["Department"]):
    """Questions about departments."""

    def closing_untold(self) -> Self:
        """Those that close on another day than their people were last told; a merger is told by itself."""
        is_known = models.Q(closed_date=models.F("told_closed_date")) | models.Q(
            closed_date=None, told_closed_date=None
        )
        return self.filter(merged_into=None).exclude(is_known)

    def ordering_for(self, user: "User") -> Self:
        """Departments for which this person may order today or has been able to."""
        return (
            self.filter(memberships__user=user, memberships__role="requester")
            .order_by(swedish("name"), "pk")
            .distinct()
        )


class Department(models.Model):
    """
    Department (enhet) with its ansvar code.

    From ``closed_date`` on nothing new is ordered for it or charged to it; what is under way goes on. A merged one names
    the department that goes on in its place. ``told_closed_date`` is what its people were last told of its closing, and
    ``told_baskets_date`` the closing after which those with baskets for it were told.
    """

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="departments")
    cost_center = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)
    activity = models.ForeignKey("organizations.AccountingCode", on_delete=models.PROTECT, related_name="+")
    closed_date = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from"
    )
    told_closed_date = models.DateField(null=True, blank=True)
    told_baskets_date = models.DateField(null=True, blank=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into=None)
                | (models.Q(closed_date__isnull=False) & ~models.Q(merged_into=models.F("id"))),
                name="department_merged_is_closed",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: date) -> bool:
        """Whether it is ordered for that day."""
        return self.closed_date is None or self.closed_date > day


class DeliveryPlace(models.Model):
    """Where a department's goods are put down, until ``closed_date``."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="delivery_places")
    name = models.CharField(max_length=100)
    street = models.CharField(max_length=100)
    postcode = models.CharField(max_length=10)
    city = models.CharField(max_length=50)
    closed_date = models.DateField(null=True, blank=True)

    objects = OpenQuerySet["DeliveryPlace"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="delivery_place_name_unique")
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_on(self, day: date) -> bool:
        """Whether goods are delivered there that day."""
        return self.closed_date is None or self.closed_date > day

    def receives_on(self, day: date) -> bool:
        """
        Whether what is under way can be delivered there that day.

        A place that closed with its department, when that was merged, goes on as the place of the other one.
        """
        goes_on = self.department.merged_into_id is not None
        return self.is_open_on(day) or (goes_on and self.closed_date == self.department.closed_date)

    @property
    def address(self) -> str:
        """Street, postcode and town on one line."""
        return f"{self.street}, {self.postcode} {self.city}"
