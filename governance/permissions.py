"""Who may act on guidelines, recommendations, assignments and plans."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from governance.models import BoardAssignment, PlannedActivity, Recommendation
from governance.models.assignments import BoardAssignmentQuerySet
from organizations.models import User
from organizations.permissions import Roles, roles_on


class OnlyHeadWritesGuideline(NotPermitted):
    """The guideline is written by the head of procurement."""

    code = "only_head_writes_guideline"
    sentence = _("Bara inköpschefen skriver på riktlinjen.")


def can_write_guideline(by: User, *, at: datetime) -> Verdict:
    """Whether the person may write a draft, and note down that it was adopted: the head of procurement."""
    return PERMITTED if _roles(by, at).is_head else refused(OnlyHeadWritesGuideline())


class GovernanceIsForTheRegion(NotPermitted):
    """What the board and the audit have asked for is read by those who see the whole region."""

    code = "governance_is_for_the_region"
    sentence = _(
        "Sidan är för inköpschefen, ekonomen och revisorn, och för den som ansvarar för något på den."
    )


def can_follow_up(by: User, *, at: datetime) -> Verdict:
    """Whether the person may read it: who sees the region, or answers for something of it."""
    if _roles(by, at).sees_region or _is_responsible(by):
        return PERMITTED
    return refused(GovernanceIsForTheRegion())


def _is_responsible(by: User) -> bool:
    return any(
        model.objects.filter(responsible=by).exists()
        for model in (BoardAssignment, Recommendation, PlannedActivity)
    )


class OnlyHeadAnswersRecommendation(NotPermitted):
    """Recommendations are answered, planned and replaced by the head of procurement."""

    code = "only_head_answers_recommendation"
    sentence = _("Bara inköpschefen svarar på revisionens rekommendationer.")


def can_answer_recommendation(by: User, *, at: datetime) -> Verdict:
    """Whether the person may answer a recommendation, plan what is done about it, and replace what was promised."""
    return PERMITTED if _roles(by, at).is_head else refused(OnlyHeadAnswersRecommendation())


class NotYourRecommendation(NotPermitted):
    """What is planned is carried out by who answers for it, or the head of procurement."""

    code = "not_your_recommendation"
    sentence = _("Bara den som ansvarar för åtgärden eller inköpschefen kan säga att den är genomförd.")


def can_carry_out(by: User, recommendation: Recommendation, *, at: datetime) -> Verdict:
    """Whether the person may say that a recommendation is carried out."""
    is_hers = by.is_active and recommendation.responsible_id == by.pk
    return PERMITTED if is_hers or _roles(by, at).is_head else refused(NotYourRecommendation())


class OnlyAuditorsVerify(NotPermitted):
    """What is carried out is verified by an auditor."""

    code = "only_auditors_verify"
    sentence = _("Bara revisorn verifierar en rekommendation.")


class OwnMeasure(NotPermitted):
    """Nobody verifies what she has carried out or answers for."""

    code = "own_measure"
    sentence = _("Du har själv genomfört åtgärden eller ansvarar för den, så någon annan verifierar den.")


def can_verify(by: User, recommendation: Recommendation, *, at: datetime) -> Verdict:
    """Whether the person may verify a recommendation or send it back: an auditor with no hand in what was done."""
    if not _roles(by, at).is_auditor:
        return refused(OnlyAuditorsVerify())
    if by.pk in (recommendation.carried_out_by_id, recommendation.responsible_id):
        return refused(OwnMeasure())
    return PERMITTED


class NotYourAssignment(NotPermitted):
    """An assignment is reported by who answers for it, or the head of procurement."""

    code = "not_your_assignment"
    sentence = _("Bara den som ansvarar för uppdraget eller inköpschefen återrapporterar det.")


def can_report_assignment(by: User, assignment: BoardAssignment, *, at: datetime) -> Verdict:
    """Whether the person may say by which report an assignment is answered."""
    is_hers = by.is_active and assignment.responsible_id == by.pk
    return PERMITTED if is_hers or _roles(by, at).is_head else refused(NotYourAssignment())


def reportable_assignments(by: User, *, at: datetime) -> BoardAssignmentQuerySet:
    """The open assignments that the person may say are answered."""
    assignments = BoardAssignment.objects.open()
    return assignments if by.is_active and _roles(by, at).is_head else assignments.filter(responsible=by)


class OnlyHeadClosesAssignment(NotPermitted):
    """That the board found an assignment answered is noted down by the head of procurement."""

    code = "only_head_closes_assignment"
    sentence = _("Bara inköpschefen avslutar uppdrag, sedan styrelsen har godkänt återrapporten.")


def can_close_assignment(by: User, *, at: datetime) -> Verdict:
    """Whether the person may note down that the board found an assignment answered."""
    return PERMITTED if _roles(by, at).is_head else refused(OnlyHeadClosesAssignment())


class NotYourActivity(NotPermitted):
    """An activity is done when who answers for it, or the head of procurement, says so."""

    code = "not_your_activity"
    sentence = _("Bara den som ansvarar för aktiviteten eller inköpschefen kan säga att den är klar.")


def can_finish_activity(by: User, activity: PlannedActivity, *, at: datetime) -> Verdict:
    """Whether the person may say that an activity is done."""
    is_hers = by.is_active and activity.responsible_id == by.pk
    return PERMITTED if is_hers or _roles(by, at).is_head else refused(NotYourActivity())


class OnlyHeadTakesIn(NotPermitted):
    """That an administration makes its purchases through the organisation is noted down by the head of procurement."""

    code = "only_head_takes_in_administration"
    sentence = _("Bara inköpschefen säger när en förvaltning har kommit in.")


def can_finish_onboarding(by: User, *, at: datetime) -> Verdict:
    """Whether the person may say that an administration has come in."""
    return PERMITTED if _roles(by, at).is_head else refused(OnlyHeadTakesIn())


def _roles(by: User, at: datetime) -> Roles:
    return roles_on(by, timezone.localdate(at))
