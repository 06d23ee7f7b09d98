"""Decisions, questions with their answers, and budget attests."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.delegations import delegators_of
from core.errors import localized
from core.fields import AmountField, QuantityField, UnitPriceField
from organizations.models import DelegationScope
from procurement.parts import Part
from procurement.states import PAST_ATTESTS, AttestStatus

if TYPE_CHECKING:
    from organizations.models import User


class DecisionKind(models.TextChoices):
    """What was decided about a line."""

    APPROVED = "approved", _("Godkänd")
    ADJUSTED = "adjusted", _("Antal ändrat")
    SUBSTITUTED = "substituted", _("Ersatt")
    RETURNED = "returned", _("Fråga ställd")
    REJECTED = "rejected", _("Avslagen")
    UNDONE = "undone", _("Godkännande ångrat")
    UNANSWERED = "unanswered", _("Fråga utan svar")


class DecisionRule(models.TextChoices):
    """By which right the person decided."""

    RESPONSIBLE = "responsible", _("som ansvarig för raden")
    MANAGER = "manager", _("som kategoriansvarig")
    DEPUTY = "deputy", _("som ersättare")
    DELEGATE = "delegate", _("på delegation")
    HEAD = "head", _("som inköpschef")
    POLICY = "policy", _("genom stående godkännande")
    TERMS = "terms", _("av sig självt, när villkoren ändrades")
    CLOCK = "clock", _("av sig självt, när tiden gick ut")


AUTOMATIC = (DecisionRule.POLICY, DecisionRule.TERMS, DecisionRule.CLOCK)
"""Decisions that are made in a person's name without her doing anything."""


class DecisionNature(models.TextChoices):
    """
    Whether a decision is the board's, taken on its delegation, or carries out one that it has taken (DOMAIN 3.3).

    What is bought without an agreement is a choice of supplier, terms and price that the board has delegated, and is
    reported back to it. A call-off under an agreement carries out the award, as does whatever buys nothing.
    """

    DELEGATION = "delegation", _("delegationsbeslut")
    EXECUTION = "execution", _("verkställighet")


class RejectionReason(models.TextChoices):
    """Why a line was rejected."""

    ALREADY_ORDERED = "already_ordered", _("Finns redan i en beställning")
    IN_STOCK = "in_stock", _("Finns i förråd")
    NOT_NEEDED = "not_needed", _("Behovet är inte styrkt")
    OTHER_SOLUTION = "other_solution", _("Behovet löses på annat sätt")
    NOT_ALLOWED = "not_allowed", _("Följer inte riktlinjen för inköp")


class ExceptionGround(models.TextChoices):
    """On what ground a line is awarded directly though similar purchases pass the limit (LOU 6:12–19, 19 a ch.)."""

    NOT_SIMILAR = "not_similar", _("Köpet är inte likadant som de andra i kategorin, så gränsen nås inte")
    NO_TENDERS = "no_tenders", _("En annonserad upphandling gav inga lämpliga anbud")
    ONE_SUPPLIER = "one_supplier", _("Bara en leverantör kan: ensamrätt, tekniska eller konstnärliga skäl")
    URGENCY = "urgency", _("Synnerlig brådska som regionen inte kunde förutse")
    ADDITION = "addition", _("Komplettering från den leverantör som levererade det första")
    RESEARCH = "research", _("Forskning, försök eller utveckling")
    OCCASION = "occasion", _("Särskilt förmånligt tillfälle: råvarumarknad eller leverantör som avvecklas")
    SPECIAL_REASONS = "special_reasons", _("Synnerliga skäl")


class LineDecision(models.Model):
    """
    One decision on one line: who, on whose behalf, by which right, when, why. Never edited.

    The first that a person makes of a line, but for questions, tells ``response_days``, the working days that it took since
    the line, or the answer to a question, came; ``promised_date`` is the response day that it had then.
    """

    line = models.ForeignKey(
        "procurement.RequisitionLine", on_delete=models.PROTECT, related_name="decisions"
    )
    kind = models.CharField(max_length=12, choices=DecisionKind)
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="line_decisions")
    on_behalf_of = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rule = models.CharField(max_length=12, choices=DecisionRule)
    nature = models.CharField(max_length=10, choices=DecisionNature, default=DecisionNature.EXECUTION)
    at = models.DateTimeField()
    reason_code = models.CharField(max_length=20, choices=RejectionReason, blank=True)
    comment = models.TextField(blank=True)
    item = models.ForeignKey(
        "catalog.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quantity = QuantityField(null=True, blank=True)
    unit_price = UnitPriceField(null=True, blank=True)
    similar_amount = AmountField(null=True, blank=True)
    """What similar purchases come to with the line, where it was approved under no agreement, SEK."""
    similar_limit = AmountField(null=True, blank=True)
    """The direct-award limit that it was held against."""
    exception_ground = models.CharField(max_length=16, choices=ExceptionGround, blank=True)
    exception_reason = models.TextField(blank=True)
    promised_date = models.DateField(null=True, blank=True)
    response_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(exception_ground="", exception_reason="")
                | (
                    models.Q(
                        exception_ground__in=ExceptionGround.values,
                        similar_amount__isnull=False,
                        similar_limit__isnull=False,
                        similar_amount__gt=models.F("similar_limit"),
                    )
                    & ~models.Q(exception_reason="")
                ),
                name="decision_exception_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(similar_limit=None)
                | models.Q(similar_amount__lte=models.F("similar_limit"))
                | ~models.Q(exception_ground=""),
                name="decision_within_direct_award_limit",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=DecisionKind.values), name="decision_kind"),
            models.CheckConstraint(condition=models.Q(rule__in=DecisionRule.values), name="decision_rule"),
            models.CheckConstraint(
                condition=models.Q(nature__in=DecisionNature.values), name="decision_nature"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=DecisionKind.REJECTED) & ~models.Q(reason_code="")
                | ~models.Q(kind=DecisionKind.REJECTED) & models.Q(reason_code=""),
                name="decision_rejection_has_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(promised_date=None, response_days=None)
                | models.Q(promised_date__isnull=False, response_days__isnull=False),
                name="decision_response_has_promise",
            ),
        ]
        indexes = [
            models.Index(fields=["by", "-at"], name="decision_by_latest"),
            models.Index(
                fields=["at"],
                condition=models.Q(nature=DecisionNature.DELEGATION) | models.Q(rule=DecisionRule.DELEGATE),
                name="decision_to_report",
            ),
            models.Index(
                fields=["-at"],
                condition=models.Q(response_days__isnull=False),
                name="decision_response_latest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.kind}"

    @property
    def words(self) -> str:
        """What was written with the decision; what the gate says of it is in the reader's language."""
        return localized(self.comment) if self.rule == DecisionRule.TERMS else self.comment


class BudgetAttestQuerySet(models.QuerySet["BudgetAttest"]):
    """Questions about attests."""

    def current(self) -> Self:
        """Those that count."""
        return self.exclude(status__in=PAST_ATTESTS)

    def pending(self) -> Self:
        """Neither given, refused nor past."""
        return self.filter(status=AttestStatus.PENDING)

    def asked_of(self, user: "User", day: date) -> Self:
        """Asked of the person or of somebody she acts for, or decided by her."""
        is_responsible = models.Q(responsible=user) | models.Q(
            responsible__in=delegators_of(user, day, DelegationScope.ATTESTS)
        )
        return self.filter(is_responsible | models.Q(decided_by=user))

    def awaiting(self, user: "User", day: date | None = None) -> Self:
        """
        What the person is to attest, oldest first.

        Asked of her or of somebody she acts for; never what was ordered by herself or by such a person.
        """
        day = day or timezone.localdate()
        attested_for = delegators_of(user, day, DelegationScope.ATTESTS)
        is_responsible = models.Q(responsible=user) | models.Q(responsible__in=attested_for)
        return self.filter(is_responsible & ~own_of(user, day), status=AttestStatus.PENDING).order_by(
            "requested_at", "pk"
        )


def own_of(user: "User", day: date) -> models.Q:
    """What was asked for by the person or by somebody she acts for; for whom she acts is read once, as a list."""
    acts_for = ArraySubquery(delegators_of(user, day))
    return models.Q(requisition__requester=user) | models.Q(requisition__requester__among=acts_for)


class AttestStep(models.TextChoices):
    """How far an attest that has waited too long has gone on."""

    ANOTHER = "another", _("Till en annan attestant")
    HEAD = "head", _("Till inköpschefen")


class BudgetAttest(models.Model):
    """
    The budget holder's attest of a part of a requisition (beslutsattest): what one department pays in one delivery.

    It is asked for above the requester's own limit, and when the department's frame does not suffice. One that waits too long
    goes on by steps: ``escalation`` tells how far, ``escalated_from`` who did not give it.
    """

    requisition = models.ForeignKey(
        "procurement.Requisition", on_delete=models.PROTECT, related_name="attests"
    )
    department = models.ForeignKey(
        "organizations.Department", on_delete=models.PROTECT, related_name="attests"
    )
    delivery_place = models.ForeignKey(
        "organizations.DeliveryPlace", on_delete=models.PROTECT, related_name="+"
    )
    needed_by_date = models.DateField()
    amount = AmountField()
    judged_amount = AmountField()
    """All that the requisition asks of the department: what an attester's own limit must suffice for."""
    limit = AmountField(null=True, blank=True)
    """For how much the requester orders by herself; nothing where she does for any amount."""
    over_frame_amount = AmountField(default=Decimal("0.00"))
    """By how much the department's frame did not suffice, when it was asked for."""
    earlier_amount = AmountField(default=Decimal("0.00"))
    """What the department had asked for of the same things in the week before, unattested, and was judged together with."""
    responsible = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="attests")
    status = models.CharField(max_length=12, choices=AttestStatus, default=AttestStatus.PENDING)
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    comment = models.TextField(blank=True)
    escalation = models.CharField(max_length=8, choices=AttestStep, blank=True)
    escalated_from = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = BudgetAttestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=AttestStatus.values), name="attest_status"),
            models.UniqueConstraint(
                fields=["requisition", "department", "delivery_place", "needed_by_date"],
                condition=models.Q(status__in=[AttestStatus.PENDING, AttestStatus.ATTESTED]),
                name="attest_one_current",
            ),
            models.CheckConstraint(
                condition=models.Q(limit__isnull=False) | models.Q(over_frame_amount__gt=0),
                name="attest_has_ground",
            ),
            models.CheckConstraint(
                condition=models.Q(judged_amount__gte=models.F("amount")), name="attest_judged_on_all"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None, decided_at=None)
                | models.Q(decided_by__isnull=False, decided_at__isnull=False),
                name="attest_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=[AttestStatus.ATTESTED, AttestStatus.REFUSED])
                | models.Q(decided_by__isnull=False),
                name="attest_decided_when_final",
            ),
            models.CheckConstraint(
                condition=models.Q(escalation="", escalated_from=None)
                | models.Q(escalation__in=AttestStep.values, escalated_from__isnull=False),
                name="attest_escalated_from_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["decided_at"], condition=models.Q(status=AttestStatus.ATTESTED), name="attest_given"
            )
        ]

    def __str__(self) -> str:
        return f"{self.requisition} {self.get_status_display()}"

    @property
    def part(self) -> Part:
        """The part of the order that it is of."""
        return Part(self.department_id, self.delivery_place_id, self.needed_by_date)
