"""Who may do what in reporting."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.delegations import delegators_of
from categories.models import Category, CategoryAssignment
from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from history.permissions import FiguresNotYours, FinanceOnly
from organizations.models import User
from organizations.permissions import roles_on
from reporting.models import SavingInitiative


class ReportsAreForHeadAndFinance(NotPermitted):
    """Only the head of procurement and finance ask for a report."""

    code = "reports_are_for_head_and_finance"
    sentence = _("Bara inköpschefen och ekonomer kan beställa en återrapport.")


def can_request_report(by: User, *, at: datetime) -> Verdict:
    """Whether she may ask for a follow-up report: head of procurement or finance."""
    roles = roles_on(by, timezone.localdate(at))
    return PERMITTED if roles.is_head or roles.is_controller else refused(ReportsAreForHeadAndFinance())


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


def can_confirm_baselines(by: User, initiative: SavingInitiative, *, at: datetime) -> Verdict:
    """Whether she may confirm an initiative's baselines: finance, but never who answers for any part of it."""
    day = timezone.localdate(at)
    if not roles_on(by, day).is_controller:
        return refused(FinanceOnly())
    if _answers_for(by, initiative, day):
        return refused(OwnCategorysSaving(category=initiative.category))
    return PERMITTED


def _answers_for(by: User, initiative: SavingInitiative, day: date) -> bool:
    """
    Whether she answers for any part of the initiative, whatever other role she has.

    That is as manager or deputy, herself or as somebody's delegate, of its category, of the category of one of its
    items, or of one above them.
    """
    people = Q(manager=by) | Q(deputy=by)
    people |= Q(manager__in=delegators_of(by, day)) | Q(deputy__in=delegators_of(by, day))
    above = Q(category__in=initiative.category.lineage or [initiative.category_id])
    bought = Category.objects.filter(
        items__baselines__initiative=initiative, lineage__contains=[OuterRef("category")]
    )
    posts = CategoryAssignment.objects.on(day).filter(people)
    return posts.filter(above | Exists(bought)).exists()


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
