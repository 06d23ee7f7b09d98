"""Suppliers."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from categories.models.categories import CategoryAssignment
from core.fields import AmountField
from core.ordering import swedish
from core.organisation_numbers import LONGEST
from core.peppol import PEPPOL_ADDRESS, peppol_address

if TYPE_CHECKING:
    from organizations.models import User

ONE_ADDRESS = r"""^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[^\s@,;:<>()"]+\.[^\s@,;:<>()".]+$"""
"""One e-mail address and nothing else: what no other channel takes goes by e-mail, so no supplier is without."""


class CodeOfConduct(models.TextChoices):
    """Where the supplier stands with the regions' common code of conduct (uppförandekod)."""

    NOT_STARTED = "not_started", _("Ej påbörjad")
    SIGNED = "signed", _("Undertecknad")
    APPROVED = "approved", _("Granskad och godkänd")
    DEVIATION = "deviation", _("Avvikelse")


class OrderChannel(models.TextChoices):
    """How orders leave for a supplier."""

    EMAIL = "email", _("E-post med PDF och CSV")
    PEPPOL = "peppol", _("Peppol, som fil till accesspunkten")


class SupplierQuerySet(models.QuerySet["Supplier"]):
    """Questions about suppliers."""

    def visible_to(self, user: "User", day: date) -> Self:
        """All, for whoever has a role or a category post that day; for others those of agreements that they own."""
        sees_all = CategoryAssignment.objects.opens_agreements_to(user, day)
        own_suppliers = self.model._default_manager.filter(agreement_places__agreement__owner=user)
        return self.filter(sees_all | models.Q(pk__in=own_suppliers.values("pk")))

    def numbered(self, org_number: models.Value | models.OuterRef) -> Self:
        """That with this organisation number, whether or not a hyphen is written in it."""
        return self.alias(bare_number=_without_dashes("org_number")).filter(
            bare_number=_without_dashes(org_number)
        )

    def in_order(self) -> Self:
        """By name."""
        return self.order_by(swedish("name"), "pk")


def _without_dashes(org_number: str | models.Value | models.OuterRef) -> Replace:
    return Replace(org_number, models.Value("-"), models.Value(""))


class Supplier(models.Model):
    """A supplier and how orders reach it. A blocked supplier gets no new orders."""

    name = models.CharField(max_length=120)
    org_number = models.CharField(max_length=LONGEST, unique=True)
    gln = models.CharField(max_length=13, blank=True)
    order_email = models.EmailField()
    order_channel = models.CharField(max_length=8, choices=OrderChannel, default=OrderChannel.EMAIL)
    peppol_id = models.CharField(max_length=60, blank=True)
    """Its address in Peppol, scheme and number; blank when it is the organisation number."""
    answer_days = models.PositiveSmallIntegerField(null=True, blank=True)
    """Within so many working days it says whether it delivers an order; nothing when it is not asked to."""
    minimum_order_amount = AmountField(null=True, blank=True)
    """An order below this waits for more, as long as what is asked for can wait."""
    order_cutoff = models.TimeField(null=True, blank=True)
    """An order that comes later in the day is handled as if it came the next working day."""
    freight_amount = AmountField(null=True, blank=True)
    """What an order's freight costs, excluding VAT."""
    freight_free_amount = AmountField(null=True, blank=True)
    """From this amount on the freight is free."""
    code_of_conduct = models.CharField(
        max_length=12, choices=CodeOfConduct, default=CodeOfConduct.NOT_STARTED
    )
    code_of_conduct_through_date = models.DateField(null=True, blank=True)
    """The last day of what shows it, such as a self-assessment or an audit; None is until further notice."""
    blocked_reason = models.CharField(max_length=200, blank=True)
    awaits_examination = models.BooleanField(default=False)
    """It was proposed with a need and is not accepted, or was refused when it was examined: nothing is ordered from it till then."""

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
            models.CheckConstraint(
                condition=models.Q(order_channel__in=OrderChannel.values), name="supplier_order_channel"
            ),
            models.CheckConstraint(
                condition=models.Q(peppol_id="") | models.Q(peppol_id__regex=PEPPOL_ADDRESS),
                name="supplier_peppol_address",
            ),
            models.CheckConstraint(
                condition=models.Q(freight_free_amount=None) | models.Q(freight_amount__isnull=False),
                name="supplier_free_freight_has_a_fee",
            ),
            models.CheckConstraint(
                condition=(models.Q(minimum_order_amount=None) | models.Q(minimum_order_amount__gt=0))
                & (models.Q(freight_amount=None) | models.Q(freight_amount__gt=0))
                & (models.Q(freight_free_amount=None) | models.Q(freight_free_amount__gt=0)),
                name="supplier_order_amounts_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_blocked(self) -> bool:
        """Whether new orders are stopped."""
        return bool(self.blocked_reason)

    @property
    def peppol_address(self) -> str:
        """Where it is in Peppol."""
        return peppol_address(self.peppol_id, self.org_number)
