"""Suppliers."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from categories.models.categories import CategoryAssignment
from core.ordering import swedish

if TYPE_CHECKING:
    from organizations.models import User

ONE_ADDRESS = r"""^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[^\s@,;:<>()"]+\.[^\s@,;:<>()".]+$"""
"""One e-mail address and nothing else: orders are sent by e-mail, so no supplier is without."""


class CodeOfConduct(models.TextChoices):
    """Where the supplier stands with the regions' common code of conduct (uppförandekod)."""

    NOT_STARTED = "not_started", _("Ej påbörjad")
    SIGNED = "signed", _("Undertecknad")
    APPROVED = "approved", _("Granskad och godkänd")
    DEVIATION = "deviation", _("Avvikelse")


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Questions about suppliers."""

    def visible_to(self, user: "User", day: date) -> Self:
        """All, for whoever has a role or a category post that day; for others those of agreements that they own."""
        opened = CategoryAssignment.objects.opens_agreements_to(user, day)
        hers = self.model._default_manager.filter(agreement_places__agreement__owner=user)
        return self.filter(opened | models.Q(pk__in=hers.values("pk")))

    def in_order(self) -> Self:
        """By name."""
        return self.order_by(swedish("name"), "pk")


class Supplier(models.Model):
    """A supplier and how orders reach it. A blocked supplier gets no new orders."""

    name = models.CharField(max_length=120)
    org_number = models.CharField(max_length=11, unique=True)
    gln = models.CharField(max_length=13, blank=True)
    order_email = models.EmailField()
    code_of_conduct = models.CharField(
        max_length=12, choices=CodeOfConduct, default=CodeOfConduct.NOT_STARTED
    )
    code_of_conduct_through_date = models.DateField(null=True, blank=True)
    """The last day of what shows it, such as a self-assessment or an audit; None is until further notice."""
    blocked_reason = models.CharField(max_length=200, blank=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(order_email__regex=ONE_ADDRESS), name="supplier_order_email_is_one_address"
            ),
            models.CheckConstraint(
                condition=models.Q(code_of_conduct__in=CodeOfConduct.values), name="supplier_code_of_conduct"
            ),
            models.CheckConstraint(
                condition=~models.Q(code_of_conduct=CodeOfConduct.NOT_STARTED)
                | models.Q(code_of_conduct_through_date=None),
                name="supplier_code_of_conduct_has_begun",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_blocked(self) -> bool:
        """Whether new orders are stopped."""
        return bool(self.blocked_reason)
