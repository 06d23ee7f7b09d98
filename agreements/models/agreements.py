"""Agreements and their ceilings."""

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agreements.models.commitments import PACE_DAYS, Commitment
from categories.models.categories import Category, CategoryAssignment
from core.fields import AmountField
from core.money import percent_of

if TYPE_CHECKING:
    from organizations.models import User


class Procedure(models.TextChoices):
    """How the agreement was procured."""

    OPEN = "open", _("Öppet förfarande")
    SIMPLIFIED = "simplified", _("Förenklat förfarande")
    DIRECT = "direct", _("Direktupphandling")
    CENTRAL = "central", _("Avrop från inköpscentral")


class CallOffMethod(models.TextChoices):
    """How orders are placed under the agreement."""

    SINGLE = "single", _("Löpande avrop")
    RANKING = "ranking", _("Rangordning")
    DISTRIBUTION_KEY = "distribution_key", _("Fördelningsnyckel")
    MINI_COMPETITION = "mini_competition", _("Förnyad konkurrensutsättning")


class PriceClause(models.TextChoices):
    """Whether prices may move during the agreement."""

    FIXED = "fixed", _("Fast pris")
    INDEX = "index", _("Index")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Questions about agreements."""

    def valid_on(self, day: date) -> Self:
        """In force that day."""
        return self.filter(valid_during__contains=day)

    def with_committed_through(self, day: date) -> Self:
        """With ``committed_then``: what was committed under each at the end of a day, SEK."""
        return self.annotate(
            committed_then=Coalesce(
                Commitment.objects.through(day).summed(), Decimal(0), output_field=AmountField()
            )
        )

    def with_pace(self, day: date) -> Self:
        """With ``pace``: kronor per day under each, over the ninety days that end on a day."""
        committed = Coalesce(
            Commitment.objects.in_ninety_days(day).summed(), Decimal(0), output_field=AmountField()
        )
        return self.annotate(pace=committed / Decimal(PACE_DAYS))

    def visible_to(self, user: "User", day: date) -> Self:
        """All, for whoever has a role or a category post that day; none for others."""
        return self.filter(CategoryAssignment.objects.opens_agreements_to(user, day))

    def locked(self) -> Self:
        """Locked for a commitment, in primary key order so that two approvals never deadlock."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def answered_by(self, user: "User", day: date) -> Self:
        """In categories that the person answers for, those below them included."""
        return self.filter(
            category__lineage__overlap=ArraySubquery(Category.objects.answered_by(user, day).values("pk"))
        )

    def in_order(self) -> Self:
        """By number."""
        return self.order_by("number", "pk")


class Agreement(models.Model):
    """
    A framework agreement with its ceiling (takvolym, HFD 2022:4 and C-23/20 Simonsen & Weel).

    ``committed_amount`` grows when a line is approved and shrinks when one is cancelled, under a row lock;
    the database refuses to let it pass the ceiling, whatever the code does. ``committed_at`` is the moment of the last
    change, and is set with it; the database writes each change down as a `Commitment`. An agreement has
    a last day, or is until further notice with a period of notice.
    """

    number = models.CharField(max_length=20, unique=True)
    diary_number = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=150)
    category = models.ForeignKey("categories.Category", on_delete=models.PROTECT, related_name="agreements")
    supplier = models.ForeignKey("agreements.Supplier", on_delete=models.PROTECT, related_name="agreements")
    procedure = models.CharField(max_length=12, choices=Procedure)
    call_off_method = models.CharField(max_length=20, choices=CallOffMethod, default=CallOffMethod.SINGLE)
    price_clause = models.CharField(max_length=8, choices=PriceClause, default=PriceClause.FIXED)
    valid_during = DateRangeField()
    until_further_notice = models.BooleanField(default=False)
    option_months = models.PositiveSmallIntegerField(default=0)
    notice_months = models.PositiveSmallIntegerField(default=0)
    estimated_amount = AmountField()
    ceiling_amount = AmountField()
    committed_amount = AmountField(default=Decimal("0.00"))
    committed_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(committed_amount__gte=0, committed_amount__lte=models.F("ceiling_amount")),
                name="agreement_within_ceiling",
            ),
            models.CheckConstraint(
                condition=models.Q(until_further_notice=False, valid_during__upper_inf=False)
                | models.Q(until_further_notice=True, valid_during__upper_inf=True, notice_months__gt=0),
                name="agreement_ends_or_is_until_further_notice",
            ),
            models.CheckConstraint(
                condition=models.Q(procedure__in=Procedure.values), name="agreement_procedure"
            ),
            models.CheckConstraint(
                condition=models.Q(call_off_method__in=CallOffMethod.values), name="agreement_call_off_method"
            ),
            models.CheckConstraint(
                condition=models.Q(price_clause__in=PriceClause.values), name="agreement_price_clause"
            ),
        ]
        indexes = [GistIndex(fields=["valid_during"], name="agreement_valid_during")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def remaining_amount(self) -> Decimal:
        """What is left under the ceiling, SEK."""
        remaining: Decimal = self.ceiling_amount - self.committed_amount
        return remaining

    @property
    def used_percent(self) -> Decimal:
        """Used share of the ceiling, per cent with one decimal."""
        if not self.ceiling_amount:
            return Decimal("100.0")
        return percent_of(self.committed_amount, self.ceiling_amount)

    @property
    def end_date(self) -> date | None:
        """Last day of the agreement; None when it is in force until further notice."""
        upper: date | None = self.valid_during.upper
        return None if upper is None else upper - timedelta(days=1)
