"""Suppliers that are proposed with a need, and the examination of them (leverantörsprövning)."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from core.organisation_numbers import LONGEST
from procurement.models.lines import RequisitionLine
from procurement.states import UNDECIDED

if TYPE_CHECKING:
    from organizations.models import User


class SupplierProposalQuerySet(models.QuerySet["SupplierProposal"]):
    """Questions about proposed suppliers."""

    def visible_to(self, user: "User", day: date) -> Self:
        """Those of the lines that the person sees."""
        return self.filter(
            pk__in=RequisitionLine.objects.visible_to(user, day)
            .exclude(supplier_proposal=None)
            .values("supplier_proposal")
        )

    def to_examine(self) -> Self:
        """
        Not examined, and somebody waits for it: a line that is not decided, or a supplier that nothing is ordered from until then.

        A supplier that has come into the register examined by another way waits for nobody.
        """
        suppliers = Supplier.objects.numbered(models.OuterRef("org_number"))
        undecided_lines = RequisitionLine.objects.filter(
            supplier_proposal=models.OuterRef("pk"), status__in=UNDECIDED
        )
        return self.filter(
            ~models.Exists(suppliers.filter(awaits_examination=False)),
            models.Exists(undecided_lines) | models.Exists(suppliers.filter(awaits_examination=True)),
            supplier=None,
            examination=None,
        )

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")

    def in_order(self) -> Self:
        """What was proposed first, first."""
        return self.order_by("proposed_at", "pk")

    def for_display(self) -> Self:
        """With what a page needs: the examination, and who in the register may be ordered from under the same number."""
        suppliers = Supplier.objects.numbered(models.OuterRef("org_number")).filter(awaits_examination=False)
        return self.select_related("proposed_by", "examination__examined_by").annotate(
            entered=models.Subquery(suppliers.values("pk")[:1])
        )

    def with_checks(self) -> Self:
        """With what was found at their examinations."""
        checks = ExaminedCheck.objects.order_by("pk")
        return self.prefetch_related(models.Prefetch("examination__checks", checks, to_attr="shown_checks"))


class SupplierProposal(models.Model):
    """
    What somebody says of the supplier that she suggests for a need. Never edited: a line in all its versions refers to it.

    One that is in the register already is suggested as it stands there, ``supplier``; another is examined before its first order.
    The declared interest is shown to whoever decides, in either case.
    """

    name = models.CharField(max_length=120)
    org_number = models.CharField(max_length=LONGEST)
    contact = models.CharField(max_length=200, blank=True)
    """Where orders go, or the site on the web, as far as it is known."""
    reason = models.CharField(max_length=500)
    has_interest = models.BooleanField()
    """Whether she, or somebody close to her, has an interest in the company (jäv), as she declares."""
    supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    proposed_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    objects = SupplierProposalQuerySet.as_manager()

    entered: int | None
    """The id of who may be ordered from under its number today, where it is read for display."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~(models.Q(name="") | models.Q(org_number="") | models.Q(reason="")),
                name="supplier_proposal_is_complete",
            )
        ]
        indexes = [models.Index(fields=["org_number"], name="supplier_proposal_org_number")]

    def __str__(self) -> str:
        return self.name

    @property
    def outcome(self) -> "SupplierExamination | None":
        """The examination of it, where it has been read; None until it has been made."""
        return getattr(self, "examination", None)


class Check(models.TextChoices):
    """What is examined before the first order, each as what is to hold."""

    TAX = "tax", _("Godkänd för F-skatt och registrerad för moms")
    EXCLUSION = "exclusion", _("Inte i konkurs, och ingen grund för uteslutning (LOU 13 kap.)")
    SANCTIONS = "sanctions", _("Finns inte på EU:s sanktionslista, ägarna inräknade")
    CONDUCT = "conduct", _("Godtar uppförandekoden, och riskerna är bedömda")
    INTEREST = "interest", _("Inget jäv hindrar: varken hos den som föreslår, prövar eller beslutar")


class Answer(models.TextChoices):
    """What was found."""

    YES = "yes", _("Ja")
    NO = "no", _("Nej")
    NOT_APPLICABLE = "not_applicable", _("Gäller inte")


class ExaminationOutcome(models.TextChoices):
    """How it ended."""

    ACCEPTED = "accepted", _("Godkänd")
    REFUSED = "refused", _("Nekad")


class SupplierExamination(models.Model):
    """The examination of one proposal. Never edited. One that is accepted names the supplier of the register."""

    proposal = models.OneToOneField(SupplierProposal, on_delete=models.PROTECT, related_name="examination")
    outcome = models.CharField(max_length=8, choices=ExaminationOutcome)
    reason = models.CharField(max_length=500, blank=True)
    supplier = models.ForeignKey(
        "agreements.Supplier", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    examined_by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    examined_at = models.DateTimeField()

    shown_checks: Sequence["ExaminedCheck"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome=ExaminationOutcome.ACCEPTED, supplier__isnull=False)
                | (models.Q(outcome=ExaminationOutcome.REFUSED, supplier=None) & ~models.Q(reason="")),
                name="examination_has_supplier_or_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.outcome}"

    @property
    def is_accepted(self) -> bool:
        """Whether the supplier may be ordered from."""
        return self.outcome == ExaminationOutcome.ACCEPTED


class ExaminedCheck(models.Model):
    """What was found of one thing in an examination. Never edited. What is not simply so is explained."""

    examination = models.ForeignKey(SupplierExamination, on_delete=models.PROTECT, related_name="checks")
    check_code = models.CharField(max_length=10, choices=Check)
    answer = models.CharField(max_length=14, choices=Answer)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["examination", "check_code"], name="examined_check_once"),
            models.CheckConstraint(
                condition=models.Q(check_code__in=Check.values), name="examined_check_code"
            ),
            models.CheckConstraint(condition=models.Q(answer__in=Answer.values), name="examined_answer"),
            models.CheckConstraint(
                condition=models.Q(answer=Answer.YES) | ~models.Q(note=""), name="examined_check_is_explained"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_code}: {self.answer}"
