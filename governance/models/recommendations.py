"""What audits have recommended, and what has been done about it."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.states import move
from governance.models.diary import is_diary_number
from governance.models.guidelines import Guideline
from governance.states import RECOMMENDATION_TRANSITIONS, RecommendationStatus
from organizations.permissions import roles_on

if TYPE_CHECKING:
    from organizations.models import User


class Indicator(models.TextChoices):
    """The figures that are shown to the board, of which one proves that a recommendation is met."""

    FULL_YEAR_EFFECT = "full_year_effect", _("Helårseffekt")
    REALISED = "realised", _("Hemtagen besparing")
    NET_COST = "net_cost", _("Organisationskostnad och netto")
    AGREEMENT_COVERAGE = "agreement_coverage", _("Avtalstäckning")
    AGREEMENT_LOYALTY = "agreement_loyalty", _("Avtalstrohet")
    ASSORTMENT_LOYALTY = "assortment_loyalty", _("Sortimentstrohet")
    PRICE_INDEX = "price_index", _("Prisindex för varukorgen")
    AGREEMENTS = "agreements", _("Avtal som slutar eller når sitt tak")
    DIRECT_AWARDS = "direct_awards", _("Direktupphandlingar")
    LEAD_TIME = "lead_time", _("Ledtid")
    DUE_DILIGENCE = "due_diligence", _("Leverantörskontroll")
    SUPPLY_SECURITY = "supply_security", _("Försörjningstrygghet")
    RECOMMENDATIONS = "recommendations", _("Revisionens rekommendationer")


class AuditReport(models.Model):
    """A report of the region's auditors (revisionsrapport)."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    date = models.DateField()
    diary_number = models.CharField(max_length=30, blank=True)
    auditor = models.CharField(max_length=120, blank=True)
    """Who did the audit, such as a firm."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=is_diary_number("diary_number"), name="audit_report_diary_number_form"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    """Questions about recommendations."""

    def visible_to(self, user: "User", day: date) -> Self:
        """All for who sees the region; for others those that they answer for."""
        return self if roles_on(user, day).sees_region else self.filter(responsible=user)

    def as_of(self, day: date) -> Self:
        """
        Those that had been received on a day, each with ``status_then``: the state that it had when that day ended.

        ``words_then`` and ``evidence_then`` are of the step that led there.
        """
        steps = (
            RecommendationStep.objects.filter(recommendation=models.OuterRef("pk"), date__lte=day)
            .order_by("-date", "-pk")
            .values
        )
        text = models.TextField()
        return self.filter(received_date__lte=day).annotate(
            status_then=Coalesce(models.Subquery(steps("status")[:1]), models.Value("received")),
            words_then=Coalesce(models.Subquery(steps("words")[:1]), models.Value(""), output_field=text),
            evidence_then=Coalesce(
                models.Subquery(steps("evidence")[:1]), models.Value(""), output_field=text
            ),
        )

    def in_order(self) -> Self:
        """The latest audit first, its recommendations in the order of their numbers."""
        return self.order_by("-audit__date", "audit_id", "number", "pk")

    def for_display(self) -> Self:
        """With the audit, the people and the guideline."""
        return self.select_related("audit", "responsible", "carried_out_by", "verified_by", "replaced_by")

    def locked(self) -> Self:
        """Locked for an operation, in primary key order."""
        return self.select_for_update(of=("self",), no_key=True).order_by("pk")


class Recommendation(models.Model):
    """
    What an audit recommends (revisionens rekommendation).

    Its steps are kept in ``RecommendationStep``, which only grows. An auditor verifies it, and never the one who carried it
    out or answers for it. A promise that was changed says by what it is replaced, and by which version of the guideline.
    """

    audit = models.ForeignKey(AuditReport, on_delete=models.PROTECT, related_name="recommendations")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    received_date = models.DateField()
    status = models.CharField(
        max_length=11, choices=RecommendationStatus, default=RecommendationStatus.RECEIVED
    )
    indicator = models.CharField(max_length=20, choices=Indicator, blank=True)
    responsible = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
    )
    due_date = models.DateField(null=True, blank=True)
    carried_out_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    verified_by = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaced_by = models.ForeignKey(
        Guideline, on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )

    status_then: str
    words_then: str
    evidence_then: str
    """How it stood on the day that ``as_of`` was asked about."""

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "number"], name="recommendation_number_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=RecommendationStatus.values), name="recommendation_status"
            ),
            models.CheckConstraint(
                condition=models.Q(indicator="") | models.Q(indicator__in=Indicator.values),
                name="recommendation_indicator",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["planned", "carried_out", "verified"])
                | models.Q(responsible__isnull=False, due_date__isnull=False),
                name="recommendation_planned_in_full",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["carried_out", "verified"], carried_out_by__isnull=False)
                | ~models.Q(status__in=["carried_out", "verified"]),
                name="recommendation_carried_out_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(status="verified", verified_by__isnull=False)
                | (~models.Q(status="verified") & models.Q(verified_by=None)),
                name="recommendation_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_by=None)
                | (
                    ~models.Q(verified_by=models.F("carried_out_by"))
                    & ~models.Q(verified_by=models.F("responsible"))
                ),
                name="recommendation_verified_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(replaced_by=None) | models.Q(status="replaced"),
                name="recommendation_replaced_when_it_is",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit.code} nr {self.number}"

    def take_step(self, to: RecommendationStatus) -> None:
        """Change its state. Used inside an operation, which saves it with its step."""
        move(self, to=to, transitions=RECOMMENDATION_TRANSITIONS)


class RecommendationStep(models.Model):
    """One step of a recommendation: what was done, on which day, who wrote it down, and what shows it. Never changed."""

    recommendation = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=11, choices=RecommendationStatus)
    date = models.DateField()
    words = models.TextField()
    evidence = models.TextField(blank=True)
    by = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=RecommendationStatus.values), name="recommendation_step_status"
            ),
            models.CheckConstraint(condition=~models.Q(words=""), name="recommendation_step_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id}: {self.status} {self.date.isoformat()}"
