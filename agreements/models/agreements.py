"""Agreements and their ceilings."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from agreements.models.commitments import PACE_DAYS, Commitment
from agreements.models.former_periods import FormerPeriod
from agreements.models.indices import IndexClause
from agreements.states import AGREEMENT_TRANSITIONS, ORDERABLE, SIGNED, STORED, AgreementStatus
from categories.models.categories import Category, CategoryAssignment
from core.fields import AmountField
from core.money import percent_of
from core.states import move

if TYPE_CHECKING:
    from organizations.models import User


UNSIGNED = [AgreementStatus.DRAFT.value, AgreementStatus.DECIDED.value]
"""Not activated yet, so what an active one must have may still be missing."""

DIARY_NUMBER = r"^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$"
"""The one form of a diary number; ``core.diary`` writes it."""


class ProcurementLaw(models.TextChoices):
    """The act that the agreement was procured under."""

    LOU = "lou", _("LOU")
    LUF = "luf", _("LUF")
    LUFS = "lufs", _("LUFS")
    LUK = "luk", _("LUK")
    LOV = "lov", _("LOV")


class ConductLevel(models.TextChoices):
    """What the agreement demands of the regions' common code of conduct; empty until somebody has said."""

    NONE = "none", _("Inga krav")
    BASE = "base", _("Grundkrav")
    ADVANCED = "advanced", _("Utökade krav")


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
    DYNAMIC_RANKING = "dynamic_ranking", _("Dynamisk rangordning")
    DISTRIBUTION_KEY = "distribution_key", _("Fördelningsnyckel")
    MINI_COMPETITION = "mini_competition", _("Förnyad konkurrensutsättning")


class PriceClause(models.TextChoices):
    """Whether prices may move during the agreement."""

    FIXED = "fixed", _("Fast pris")
    INDEX = "index", _("Index")


def may_be_used_by(administrations: Any, path: str = "") -> models.Q:
    """
    The condition that an agreement is open to one of some administrations.

    :param administrations: their ids, as a list.
    :param path: what leads to the agreement, as ``agreement__``.
    """
    return models.Q(**{f"{path}open_to": []}) | models.Q(**{f"{path}open_to__sharing": administrations})


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Questions about agreements."""

    def valid_on(self, day: date) -> Self:
        """In force that day; what is not activated never is."""
        return self.filter(valid_during__contains=day, status__in=SIGNED)

    def orderable_on(self, day: date) -> Self:
        """Those that orders may be placed under that day."""
        return self.filter(valid_during__contains=day, status__in=ORDERABLE)

    def not_over(self, day: date) -> Self:
        """Activated, and with days left."""
        ahead = models.Q(valid_during__upper_inf=True) | models.Q(valid_during__endswith__gt=day)
        return self.filter(ahead, status__in=ORDERABLE)

    def with_outlook(self, day: date) -> Self:
        """With what ``agreements.runway`` asks: pace, the category's lead time, and the options."""
        return self.with_pace(day).with_lead_months().prefetch_related("options")

    def with_asking(self) -> Self:
        """With ``asking``: the index clauses, for the outlook to tell the last day to ask for new prices."""
        clauses = IndexClause.objects.select_related("series")
        return self.prefetch_related(models.Prefetch("index_clauses", clauses, to_attr="asking"))

    def with_lead_months(self) -> Self:
        """With ``lead_months``: how long a procurement takes in its category, or the nearest above that says; NULL if none does."""
        categories = Category.objects.filter(lead_months__isnull=False).annotate(
            depth=models.F("lineage__len")
        )
        above = categories.alias(
            of=models.Func(
                models.F("pk"),
                models.OuterRef("category__lineage"),
                template="(%(expressions)s))",
                arg_joiner=" = ANY (",
                output_field=models.BooleanField(),
            )
        ).filter(of=True)
        return self.annotate(lead_months=models.Subquery(above.order_by("-depth").values("lead_months")[:1]))

    def with_missing(self) -> Self:
        """With ``missing``: the codes of what the register does not say of each, and ``complete_percent``."""
        missing = models.Func(
            models.F("pk"),
            function="agreement_missing_of",
            output_field=ArrayField(models.TextField()),
        )
        percent = models.Func(
            models.F("pk"), function="agreement_complete_percent", output_field=models.IntegerField()
        )
        return self.annotate(missing=missing, complete_percent=percent)

    def open_to(self, administrations: Sequence[int]) -> Self:
        """Those that one of the administrations may call off."""
        return self.filter(may_be_used_by(list(administrations)))

    def with_committed_through(self, day: date) -> Self:
        """With ``committed_then``: what was committed under each at the end of a day, SEK."""
        return self.annotate(
            committed_then=Coalesce(
                Commitment.objects.through(day).summed(), Decimal(0), output_field=AmountField()
            )
        )

    def in_force_at_the_end_of(self, day: date) -> Self:
        """
        Those that were in force when a day ended, whatever has been decided of their days since.

        With ``during_then`` and ``option_months_then``: their days, and the months of options that nobody had decided.
        """
        periods = FormerPeriod.objects.held_on(day).filter(agreement=models.OuterRef("pk"))
        during, months = (
            models.Subquery(periods.values(name)[:1]) for name in ("valid_during", "option_months")
        )
        agreements = self.annotate(
            during_then=Coalesce(during, "valid_during", output_field=DateRangeField()),
            option_months_then=Coalesce(months, "option_months"),
        )
        return agreements.filter(during_then__contains=day, status__in=SIGNED)

    def with_pace(self, day: date) -> Self:
        """With ``pace``: kronor per day under each, over the ninety days that end on a day."""
        committed = Coalesce(
            Commitment.objects.in_ninety_days(day).summed(), Decimal(0), output_field=AmountField()
        )
        return self.annotate(pace=committed / Decimal(PACE_DAYS))

    def visible_to(self, user: "User", day: date) -> Self:
        """All, for whoever has a role or a category post that day; for others those that they own."""
        return self.filter(CategoryAssignment.objects.opens_agreements_to(user, day) | models.Q(owner=user))

    def locked(self) -> Self:
        """Locked for a commitment, in primary key order so that two approvals never deadlock."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def answered_by(self, user: "User", day: date) -> Self:
        """Those of which she is the owner, and in categories that she answers for, those below them included."""
        own_categories = ArraySubquery(Category.objects.answered_by(user, day).values("pk"))
        return self.filter(models.Q(category__lineage__overlap=own_categories) | models.Q(owner=user))

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

    One that is registered without what an active one must have becomes a draft: the database sees to it. ``supplier`` is the
    first in rank of its `AgreementSupplier` rows, ``open_to`` the ids of the administrations that may call off (all
    when it is empty), and ``option_months`` the sum of the options that nobody has decided: the database holds
    them equal to their rows. ``owner`` is the person named; when nobody is, the category's manager answers.
    """

    number = models.CharField(max_length=20, unique=True)
    diary_number = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=150)
    category = models.ForeignKey("categories.Category", on_delete=models.PROTECT, related_name="agreements")
    cpv = models.ForeignKey(
        "categories.ClassificationCode", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    supplier = models.ForeignKey("agreements.Supplier", on_delete=models.PROTECT, related_name="agreements")
    status = models.CharField(max_length=15, choices=AgreementStatus, default=AgreementStatus.ACTIVE)
    law = models.CharField(max_length=4, choices=ProcurementLaw, default=ProcurementLaw.LOU)
    procedure = models.CharField(max_length=12, choices=Procedure)
    open_to = ArrayField(models.BigIntegerField(), default=list, editable=False)
    call_off_method = models.CharField(max_length=20, choices=CallOffMethod, default=CallOffMethod.SINGLE)
    price_clause = models.CharField(max_length=8, choices=PriceClause, default=PriceClause.FIXED)
    valid_during = DateRangeField()
    until_further_notice = models.BooleanField(default=False)
    option_months = models.PositiveSmallIntegerField(default=0)
    notice_months = models.PositiveSmallIntegerField(default=0)
    notice_by_date = models.DateField(null=True, blank=True)
    long_term_reason = models.CharField(max_length=300, blank=True)
    code_of_conduct_level = models.CharField(max_length=8, choices=ConductLevel, blank=True)
    delivery_terms = models.CharField(max_length=300, blank=True)
    notice_reference = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_agreements",
    )
    procurement_started_date = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closing_reason = models.CharField(max_length=300, blank=True)
    estimated_amount = AmountField(default=Decimal("0.00"))
    ceiling_amount = AmountField(default=Decimal("0.00"))
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
                | models.Q(until_further_notice=True, valid_during__upper_inf=True, notice_months__gt=0)
                | models.Q(status__in=UNSIGNED),
                name="agreement_ends_or_is_until_further_notice",
            ),
            models.CheckConstraint(
                condition=models.Q(ceiling_amount__gt=0) | models.Q(status__in=UNSIGNED),
                name="agreement_has_a_ceiling",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[status.value for status in STORED]), name="agreement_status"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None, closing_reason="")
                | (
                    models.Q(
                        closed_at__isnull=False,
                        closed_by__isnull=False,
                        status__in=[AgreementStatus.TERMINATED, AgreementStatus.ENDED],
                    )
                    & ~models.Q(closing_reason="")
                ),
                name="agreement_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(diary_number="") | models.Q(diary_number__regex=DIARY_NUMBER),
                name="agreement_diary_number",
            ),
            models.CheckConstraint(condition=models.Q(law__in=ProcurementLaw.values), name="agreement_law"),
            models.CheckConstraint(
                condition=models.Q(code_of_conduct_level="")
                | models.Q(code_of_conduct_level__in=ConductLevel.values),
                name="agreement_code_of_conduct_level",
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

    @property
    def is_active(self) -> bool:
        """Whether orders may be placed under it during its period."""
        return self.status in ORDERABLE

    def is_orderable_on(self, day: date) -> bool:
        """Whether orders may be placed under it that day."""
        return self.is_active and day in self.valid_during

    def is_open_to(self, administration_id: int) -> bool:
        """Whether the administration may call off."""
        return not self.open_to or administration_id in self.open_to

    def status_on(self, day: date) -> AgreementStatus:
        """Where it is that day, with what follows of its period and its ceiling."""
        status = AgreementStatus(self.status)
        end = self.end_date
        if status in ORDERABLE and end is not None and end < day:
            return AgreementStatus.ENDED
        if status == AgreementStatus.ACTIVE and self.committed_amount >= self.ceiling_amount:
            return AgreementStatus.CEILING_REACHED
        return status

    def enter(self, status: AgreementStatus) -> None:
        """
        Move to another state.

        :raises WrongState: the table has no such move.
        """
        move(self, to=status, transitions=AGREEMENT_TRANSITIONS)
