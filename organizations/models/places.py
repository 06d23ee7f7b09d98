"""Authority, administration, department and where goods are delivered."""

from typing import TYPE_CHECKING, Self

from django.db import models

from core.ordering import swedish

if TYPE_CHECKING:
    from organizations.models.users import User


class Authority(models.Model):
    """Contracting authority (upphandlande myndighet); the scope of the direct-award limit."""

    name = models.CharField(max_length=100)
    org_number = models.CharField(max_length=11, unique=True)

    def __str__(self) -> str:
        return self.name


class Administration(models.Model):
    """Administration (förvaltning)."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="administrations")
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Questions about departments."""

    def ordering_for(self, user: "User") -> Self:
        """Departments for which this person may order today or has been able to."""
        return (
            self.filter(memberships__user=user, memberships__role="requester")
            .order_by(swedish("name"), "pk")
            .distinct()
        )


class Department(models.Model):
    """Department (enhet) with its ansvar code."""

    administration = models.ForeignKey(Administration, on_delete=models.PROTECT, related_name="departments")
    cost_center = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=100)
    activity = models.ForeignKey("organizations.AccountingCode", on_delete=models.PROTECT, related_name="+")

    objects = DepartmentQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class DeliveryPlace(models.Model):
    """Where a department's goods are put down."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="delivery_places")
    name = models.CharField(max_length=100)
    street = models.CharField(max_length=100)
    postcode = models.CharField(max_length=10)
    city = models.CharField(max_length=50)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "name"], name="delivery_place_name_unique")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Street, postcode and town on one line."""
        return f"{self.street}, {self.postcode} {self.city}"
