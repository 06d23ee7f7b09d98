"""Who may do what in reporting."""

from datetime import date, datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.delegations import delegations_on, delegators_of
from categories.models import Category, CategoryAssignment
from core.errors import DomainError, NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from history.permissions import FiguresNotYours, FinanceOnly
from organizations.models import Membership, Role, User
from organizations.permissions import roles_on
from reporting.models import Baseline, FollowUpReport, ReportAct, SavingInitiative
from reporting.states import ReportStage


class ReportsAreForHeadAndFinance(NotPermitted):
    """Only the head of procurement and finance ask for a report and write in it."""

    code = "reports_are_for_head_and_finance"
    sentence = _("Bara inköpschefen och ekonomer kan beställa en återrapport och skriva i den.")


def can_request_report(by: User, *, at: datetime) -> Verdict:
    """Whether she may ask for a follow-up report: head of procurement or finance."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_head or roles.is_controller else refused(ReportsAreForHeadAndFinance())


class TemplatesAreTheHeads(NotPermitted):
    """The head of procurement decides how reports look."""

    code = "report_templates_are_the_heads"
    sentence = _("Bara inköpschefen kan byta mallar för återrapporten.")


def can_change_templates(by: User, *, at: datetime) -> Verdict:
    """Whether she may change the Word templates of reports: head of procurement."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).is_head else refused(TemplatesAreTheHeads())


class ReportIsNotDraft(DomainError):
    """Texts are written while the report is a draft; what was reviewed is what is approved and locked."""

    code = "report_is_not_draft"
    sentence = _(
        "Rapporten är inte längre ett utkast, så texterna står fast. Den måste skickas tillbaka först, eller göras om i "
        "en ny version."
    )


def can_write_report(by: User, report: FollowUpReport, *, at: datetime) -> Verdict:
    """Whether she may write its texts now: head of procurement or finance, while it is a draft."""
    verdict = can_request_report(by, at=at)
    if verdict and report.stage != ReportStage.DRAFT:
        return refused(ReportIsNotDraft())
    return verdict


class ReviewIsFinances(NotPermitted):
    """Finance reviews the figures of a report."""

    code = "review_is_finances"
    sentence = _("Bara ekonomer kan granska en återrapport.")


def can_review_report(by: User, *, at: datetime) -> Verdict:
    """Whether she may review a report: finance."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).is_controller else refused(ReviewIsFinances())


class ApprovalIsTheHeads(NotPermitted):
    """The head of procurement answers for what a report says."""

    code = "approval_is_the_heads"
    sentence = _("Bara inköpschefen kan godkänna en återrapport.")


class ReviewerDoesNotApprove(NotPermitted):
    """Whoever reviewed a report does not approve it too, whatever roles she has."""

    code = "reviewer_does_not_approve"
    sentence = _("Du har granskat rapporten. En annan person godkänner den.")


def can_approve_report(by: User, review: ReportAct | None, *, at: datetime) -> Verdict:
    """
    Whether she may approve a report: head of procurement, and not who reviewed it.

    :param review: the last review; None when there is none.
    """
    if not roles_on(by, timezone.localdate(at)).is_head:
        return refused(ApprovalIsTheHeads())
    if review is not None and review.by_id == by.pk:
        return refused(ReviewerDoesNotApprove())
    return PERMITTED


class ReportsAreMovedByHeadAndFinance(NotPermitted):
    """Only the head of procurement and finance send back, lock and hand over a report."""

    code = "reports_are_moved_by_head_and_finance"
    sentence = _("Bara inköpschefen och ekonomer kan skicka tillbaka, låsa och lämna över en återrapport.")


def can_move_report(by: User, *, at: datetime) -> Verdict:
    """Whether she may send back, lock or hand over a report: head of procurement or finance."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_head or roles.is_controller else refused(ReportsAreMovedByHeadAndFinance())


class ReportsNotYours(NotPermitted):
    """Reports are read by finance, head of procurement, auditors and those who answer for a category."""

    code = "reports_not_yours"
    sentence = _("Återrapporterna visas för ekonomer, inköpschef, revisorer och kategoriansvariga.")


def can_read_reports(by: User, *, at: datetime) -> Verdict:
    """Whether she may read follow-up reports: those who see the region, and those who answer for a category."""
    day = timezone.localdate(at)
    if roles_on(by, day).sees_region or Category.objects.answered_by(by, day).exists():
        return PERMITTED
    return refused(ReportsNotYours())


class OwnCategorysSaving(NotPermitted):
    """The manager does not confirm her own savings (DESIGN, rule 1)."""

    code = "own_categorys_saving"
    sentence = _("Du ansvarar för %(category)s eller är ersättare där. En annan ekonom bekräftar baslinjen.")


def can_see_savings(by: User, *, at: datetime) -> Verdict:
    """Whether she sees savings: those who see the region, and managers and deputies their own categories."""
    day = timezone.localdate(at)
    if roles_on(by, day).sees_region or Category.objects.answered_by(by, day).exists():
        return PERMITTED
    return refused(FiguresNotYours())


def can_freeze_baselines(by: User, *, at: datetime) -> Verdict:
    """Whether she may freeze what an initiative is compared with: finance or head of procurement."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_controller or roles.is_head else refused(FinanceOnly())


def can_confirm_baselines(
    by: User, initiative: SavingInitiative, *, is_hers: bool | None = None, at: datetime
) -> Verdict:
    """
    Whether she may confirm an initiative's baselines: finance, but never who answers for any part of it.

    :param is_hers: whether she answers for a part of it, where that is known; None has it looked up.
    """
    day = timezone.localdate(at)
    if not roles_on(by, day).is_controller:
        return refused(FinanceOnly())
    if _answers_for(by, initiative, day) if is_hers is None else is_hers:
        return refused(OwnCategorysSaving(category=initiative.category))
    return PERMITTED


def confirmers_of(initiative: SavingInitiative, *, at: datetime) -> QuerySet[User]:
    """Those who may confirm an initiative's baselines (``can_confirm_baselines``), to be told that they wait."""
    day = timezone.localdate(at)
    posts = _posts_for(initiative, day)
    answering = posts.values("manager").union(posts.exclude(deputy=None).values("deputy"))
    acting = delegations_on(day).filter(delegator__in=answering).values("delegate")
    finance = Membership.objects.on(day).filter(role=Role.CONTROLLER).values("user")
    people = User.objects.filter(pk__in=finance, is_active=True)
    return people.exclude(pk__in=answering).exclude(pk__in=acting)


def to_confirm(by: User, *, at: datetime) -> QuerySet[SavingInitiative]:
    """The initiatives whose baselines wait for this person, among others."""
    day = timezone.localdate(at)
    waiting = SavingInitiative.objects.awaiting()
    if not roles_on(by, day).is_controller:
        return waiting.none()
    posts = CategoryAssignment.objects.on(day).filter(_people(by, day)).values("category")
    reach = Category.objects.filter(lineage__overlap=ArraySubquery(posts))
    baselines = Baseline.objects.filter(initiative=OuterRef("pk"), item__category__in=reach)
    return waiting.exclude(category__in=reach).exclude(Exists(baselines))


def _answers_for(by: User, initiative: SavingInitiative, day: date) -> bool:
    """Whether she answers for any part of the initiative, whatever other role she has: herself or as somebody's delegate."""
    return _posts_for(initiative, day).filter(_people(by, day)).exists()


def _people(by: User, day: date) -> Q:
    """The posts that she has as manager or deputy, or that somebody has whose delegate she is."""
    people = Q(manager=by) | Q(deputy=by)
    return people | Q(manager__in=delegators_of(by, day)) | Q(deputy__in=delegators_of(by, day))


def _posts_for(initiative: SavingInitiative, day: date) -> QuerySet[CategoryAssignment]:
    """The posts of its category, of the category of one of its items, or of one above them."""
    above = Q(category__in=initiative.category.lineage or [initiative.category_id])
    item_categories = Category.objects.filter(
        items__baselines__initiative=initiative, lineage__contains=[OuterRef("category")]
    )
    return CategoryAssignment.objects.on(day).filter(above | Exists(item_categories))


def can_compute_savings(by: User, *, at: datetime) -> Verdict:
    """Whether she may ask for a computation now: finance or head of procurement."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_controller or roles.is_head else refused(FinanceOnly())


def is_finance(by: User, *, at: datetime) -> bool:
    """Whether she is one of those who confirm baselines and register costs: finance."""
    return roles_on(by, timezone.localdate(at)).is_controller


def can_see_costs(by: User, *, at: datetime) -> Verdict:
    """Whether she sees what the organisation costs and what is left: finance, head of procurement, auditors."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).sees_region else refused(FiguresNotYours())


def can_register_cost(by: User, *, at: datetime) -> Verdict:
    """Whether she may register what the organisation costs: finance."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).is_controller else refused(FinanceOnly())


def can_take_accruals(by: User, *, at: datetime) -> Verdict:
    """Whether she may look at what is accrued and take the file of it: finance, and auditors who check it."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_controller or roles.is_auditor else refused(FinanceOnly())


class TrailIsForAuditors(NotPermitted):
    """The whole trail is read by auditors, finance and the head of procurement."""

    code = "trail_is_for_auditors"
    sentence = _("Spårloggen visas för revisorer, ekonomer och inköpschefen.")


def can_read_trail(by: User, *, at: datetime) -> Verdict:
    """Whether she may read the whole audit trail: those who see the region."""
    return PERMITTED if roles_on(by, timezone.localdate(at)).sees_region else refused(TrailIsForAuditors())
