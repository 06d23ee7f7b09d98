"""
Each operation of governance and reporting, as ``acts.py`` has those of the chain.

What people have been asked to do is the category manager's or somebody else's; reports are in each of their stages.
"""

from collections.abc import Callable, Mapping

from categories.models import Category
from core.verdicts import Verdict
from governance import permissions as governing
from governance.models import BoardAssignment, PlannedActivity, Recommendation
from office.rights.acts import Act, May, of
from office.rights.people import AT, CATEGORY, suppose
from organizations.models import User
from reporting import permissions as reporting
from reporting.models import FollowUpReport, ReportAct, SavingInitiative
from reporting.states import ReportStage

GUIDELINE = ("guideline",)
RECOMMENDATIONS = ("recommendation",)
PLANNED = ("the category manager is to carry it out", "the auditor is to carry it out")
CARRIED_OUT = (
    "the category manager has carried it out",
    "the auditor has carried it out",
    "the auditor answers for it",
)
ASSIGNMENTS = ("the category manager is to report it", "finance is to report it")
REPORTED = ("reported to the board",)
ACTIVITIES = ("the category manager is to do it", "finance is to do it")
ONBOARDINGS = ("administration on its way in",)
INITIATIVES = ("decided initiative",)
BASELINES = ("in another's category", "in a category of her own")
REGISTER = ("savings register",)
FROZEN = ("report with its figures",)
REPORTS = tuple(ReportStage.values)
WRITTEN = ("written draft",)
REVIEWED = ("finance has reviewed it", "the head of procurement has reviewed it")
APPROVED = ("approved report",)
LOCKED = ("locked report",)
TEMPLATES = ("Word template",)


def _regardless_of_state(permission: Callable[..., Verdict]) -> May:
    return lambda by, _state: permission(by, at=AT)


def _responsible_person(state: str, *, others: str) -> User:
    """Whoever is to do something: the category manager, or else somebody of another role."""
    return suppose("manager" if state.startswith("the category manager") else others)


def recommendation(state: str) -> Recommendation:
    """A recommendation and whoever answers for what is done about it, and has done it."""
    whose = _responsible_person(state, others="auditor")
    did = suppose("head") if state == CARRIED_OUT[2] else whose
    return Recommendation(pk=1, responsible=whose, carried_out_by=None if state in PLANNED else did)


def assignment(state: str) -> BoardAssignment:
    """An assignment of the board and whoever is to report it."""
    return BoardAssignment(pk=1, responsible=_responsible_person(state, others="controller"))


def activity(state: str) -> PlannedActivity:
    """Something of the plan and whoever is to do it."""
    return PlannedActivity(pk=1, responsible=_responsible_person(state, others="controller"))


def report(state: str) -> FollowUpReport:
    """A follow-up report in a stage."""
    return FollowUpReport(pk=1, stage=state)


def _may_confirm(by: User, state: str) -> Verdict:
    initiative, is_hers = SavingInitiative(pk=1, category=Category(pk=CATEGORY)), state == BASELINES[1]
    return reporting.can_confirm_baselines(by, initiative, is_hers=is_hers, at=AT)


def _may_approve(by: User, state: str) -> Verdict:
    reviewer = suppose("controller" if state == REVIEWED[0] else "head")
    return reporting.can_approve_report(by, ReportAct(by=reviewer), at=AT)


GOVERNING: Mapping[str, tuple[Act, ...]] = {
    "The guideline": (
        Act(
            (
                "governance.guidelines.begin_guideline",
                "governance.guidelines.rename_guideline",
                "governance.guidelines.write_paragraph",
                "governance.guidelines.remove_paragraph",
                "governance.guidelines.discard_guideline",
                "governance.guidelines.adopt_guideline",
            ),
            "can_write_guideline",
            GUIDELINE,
            _regardless_of_state(governing.can_write_guideline),
        ),
    ),
    "Recommendations of audits": (
        Act(
            (
                "governance.recommendations.answer_recommendation",
                "governance.recommendations.plan_recommendation",
                "governance.recommendations.replace_recommendation",
            ),
            "can_answer_recommendation",
            RECOMMENDATIONS,
            _regardless_of_state(governing.can_answer_recommendation),
        ),
        Act(
            ("governance.recommendations.carry_out_recommendation",),
            "can_carry_out",
            PLANNED,
            of(governing.can_carry_out, recommendation),
        ),
        Act(
            (
                "governance.recommendations.verify_recommendation",
                "governance.recommendations.send_back_recommendation",
            ),
            "can_verify",
            CARRIED_OUT,
            of(governing.can_verify, recommendation),
        ),
    ),
    "Assignments of the board": (
        Act(
            ("governance.assignments.report_assignment",),
            "can_report_assignment",
            ASSIGNMENTS,
            of(governing.can_report_assignment, assignment),
        ),
        Act(
            ("governance.assignments.close_assignment",),
            "can_close_assignment",
            REPORTED,
            _regardless_of_state(governing.can_close_assignment),
        ),
    ),
    "The implementation plan": (
        Act(
            ("governance.plans.finish_activity",),
            "can_finish_activity",
            ACTIVITIES,
            of(governing.can_finish_activity, activity),
        ),
        Act(
            ("governance.plans.finish_onboarding",),
            "can_finish_onboarding",
            ONBOARDINGS,
            _regardless_of_state(governing.can_finish_onboarding),
        ),
    ),
    "Savings": (
        Act(
            ("reporting.baselines.freeze_baselines", "reporting.baselines.revise_baselines"),
            "can_freeze_baselines",
            INITIATIVES,
            _regardless_of_state(reporting.can_freeze_baselines),
        ),
        Act(
            ("reporting.baselines.confirm_baselines",),
            "can_confirm_baselines",
            BASELINES,
            _may_confirm,
        ),
        Act(
            ("reporting.savings.request_savings_run",),
            "can_compute_savings",
            REGISTER,
            _regardless_of_state(reporting.can_compute_savings),
        ),
        Act(
            ("reporting.costs.register_cost",),
            "can_register_cost",
            REGISTER,
            _regardless_of_state(reporting.can_register_cost),
        ),
    ),
    "Follow-up reports": (
        Act(
            (
                "reporting.reports.request_report",
                "reporting.reports.retry_report",
                "reporting.report_files.renew_files",
            ),
            "can_request_report",
            FROZEN,
            _regardless_of_state(reporting.can_request_report),
        ),
        Act(
            ("reporting.report_texts.write_text",),
            "can_write_report",
            REPORTS,
            of(reporting.can_write_report, report),
        ),
        Act(
            ("reporting.report_stages.review_report",),
            "can_review_report",
            WRITTEN,
            _regardless_of_state(reporting.can_review_report),
        ),
        Act(("reporting.report_stages.approve_report",), "can_approve_report", REVIEWED, _may_approve),
        Act(
            ("reporting.report_stages.send_back_report", "reporting.report_stages.lock_report"),
            "can_move_report",
            APPROVED,
            _regardless_of_state(reporting.can_move_report),
        ),
        Act(
            ("reporting.report_stages.hand_over_report",),
            "can_move_report",
            LOCKED,
            _regardless_of_state(reporting.can_move_report),
        ),
        Act(
            (
                "reporting.report_templates.set_template",
                "reporting.report_templates.use_own_template",
            ),
            "can_change_templates",
            TEMPLATES,
            _regardless_of_state(reporting.can_change_templates),
        ),
    ),
}
"""The parts of the page, each with its tables."""
