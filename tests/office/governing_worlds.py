"""What governance and reporting act on in each state of docs/permissions.md, each by the real operations."""

from collections.abc import Callable
from datetime import timedelta

from django.db.models import Model

from categories.models import CategoryAssignment
from governance.models import BoardAssignment, Recommendation
from governance.operations import assignments, recommendations
from office.rights import governing
from organizations.models import Membership, Role, User
from reporting.models import FollowUpReport, ReportTemplate, SavingInitiative, TemplateKind
from reporting.operations.report_stages import hand_over_report, review_report
from reporting.operations.report_templates import set_template
from reporting.report.template_check import checked_template
from tests.api import initiative_cases, report_cases
from tests.cast import ALWAYS, NOW, TODAY, Cast, membership
from tests.governance import worlds
from tests.reporting import follow_ups
from tests.reporting.word_templates import EVERY, template

Make = Callable[[Cast], Model | None]


def _planned(cast: Cast, responsible: User) -> Recommendation:
    return recommendations.plan_recommendation(
        recommendation=worlds.answered(cast), day=TODAY, words="Mät avtalstroheten.", responsible=responsible,
        due_date=TODAY + timedelta(days=10), indicator="agreement_loyalty", by=cast.head, at=NOW,
    )  # fmt: skip


def _carried_out(cast: Cast, responsible: User, by: User) -> Recommendation:
    return recommendations.carry_out_recommendation(
        recommendation=_planned(cast, responsible), day=TODAY, words="Den mäts.", evidence="RS 2021/7", by=by, at=NOW
    )  # fmt: skip


def _reported(cast: Cast) -> BoardAssignment:
    return assignments.report_assignment(
        assignment=worlds.assignment(cast), diary_number="RS 1154-2020", day=TODAY, by=cast.head, at=NOW
    )


def _in_her_own_category(cast: Cast) -> SavingInitiative:
    CategoryAssignment.objects.create(
        category=cast.gloves_category, manager=cast.controller, valid_during=ALWAYS
    )
    return initiative_cases.frozen(cast)


def _reviewed_by_head(cast: Cast) -> FollowUpReport:
    """She was finance that morning."""
    report = report_cases.written(cast)
    finance = membership(cast.head, Role.CONTROLLER)
    head = User.objects.get(pk=cast.head.pk)
    review_report(report=report, shown=follow_ups.sha256_of(report), by=head, at=NOW)
    Membership.objects.filter(pk=finance.pk).delete()
    return report


def _handed_over(cast: Cast) -> FollowUpReport:
    return hand_over_report(
        report=report_cases.locked(cast), meeting_date=TODAY, paragraph="94", by=cast.head, at=NOW
    )


def _own_template(cast: Cast) -> ReportTemplate:
    checked = checked_template(TemplateKind.CASE, "Mall.docx", template(*EVERY))
    return set_template(template=checked, by=cast.head, at=NOW)


def _nothing(cast: Cast) -> None:
    return None


WORLDS: dict[tuple[str, ...], dict[str, Make]] = {
    governing.GUIDELINE: {governing.GUIDELINE[0]: worlds.draft},
    governing.RECOMMENDATIONS: {governing.RECOMMENDATIONS[0]: worlds.received},
    governing.PLANNED: {
        governing.PLANNED[0]: lambda cast: _planned(cast, cast.manager),
        governing.PLANNED[1]: lambda cast: _planned(cast, cast.auditor),
    },
    governing.CARRIED_OUT: {
        governing.CARRIED_OUT[0]: lambda cast: _carried_out(cast, cast.manager, cast.manager),
        governing.CARRIED_OUT[1]: lambda cast: _carried_out(cast, cast.auditor, cast.auditor),
        governing.CARRIED_OUT[2]: lambda cast: _carried_out(cast, cast.auditor, cast.head),
    },
    governing.ASSIGNMENTS: {
        governing.ASSIGNMENTS[0]: worlds.assignment,
        governing.ASSIGNMENTS[1]: lambda cast: worlds.assignment(cast, responsible=cast.controller),
    },
    governing.REPORTED: {governing.REPORTED[0]: _reported},
    governing.ACTIVITIES: {
        governing.ACTIVITIES[0]: worlds.activity,
        governing.ACTIVITIES[1]: lambda cast: worlds.activity(cast, responsible=cast.controller),
    },
    governing.ONBOARDINGS: {governing.ONBOARDINGS[0]: worlds.onboarding},
    governing.INITIATIVES: {governing.INITIATIVES[0]: initiative_cases.decided},
    governing.BASELINES: {
        governing.BASELINES[0]: initiative_cases.frozen,
        governing.BASELINES[1]: _in_her_own_category,
    },
    governing.REGISTER: {governing.REGISTER[0]: _nothing},
    governing.FROZEN: {governing.FROZEN[0]: report_cases.rewritten},
    governing.REPORTS: {
        "draft": report_cases.begun,
        "reviewed": report_cases.reviewed,
        "approved": report_cases.approved,
        "locked": report_cases.locked,
        "handed_over": _handed_over,
    },
    governing.WRITTEN: {governing.WRITTEN[0]: report_cases.written},
    governing.REVIEWED: {
        governing.REVIEWED[0]: report_cases.reviewed,
        governing.REVIEWED[1]: _reviewed_by_head,
    },
    governing.APPROVED: {governing.APPROVED[0]: report_cases.approved},
    governing.LOCKED: {governing.LOCKED[0]: report_cases.locked},
    governing.TEMPLATES: {governing.TEMPLATES[0]: _own_template},
}
"""By the states that a table has."""
