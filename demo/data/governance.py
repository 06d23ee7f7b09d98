"""
What the board and the audits have asked of the region, and what has been done about it.

The decision of 17 November 2020 and the three audits are the region's own history, told in other words. Days are dates,
or offsets from today for what is under way.
"""

from dataclasses import dataclass
from datetime import date

from demo.data.files import table
from demo.data.offsets import day_at


@dataclass(frozen=True, slots=True)
class GuidelineParagraph:
    """A paragraph as a version of the guideline first has it; ``rules`` are codes with spaces between."""

    version: int
    number: str
    heading: str
    text: str
    rules: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """A report of the auditors."""

    code: str
    name: str
    date: str
    diary_number: str
    auditor: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What an audit recommends."""

    audit: str
    number: int
    text: str
    received_date: str


@dataclass(frozen=True, slots=True)
class RecommendationStep:
    """What somebody does about a recommendation; the person and the day that a plan names stand with it."""

    audit: str
    number: int
    date: str
    act: str
    email: str
    words: str
    evidence: str
    responsible: str
    due_date: str
    indicator: str


@dataclass(frozen=True, slots=True)
class BoardAssignment:
    """What the board asks for, and the report that answers it where there is one."""

    meeting_date: str
    paragraph: str
    diary_number: str
    body: str
    text: str
    due_date: str
    email: str
    report_diary_number: str
    reported_date: str


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An activity or a milestone of the plan."""

    number: int
    text: str
    is_milestone: bool
    email: str
    start_date: str
    end_date: str
    done_date: str


@dataclass(frozen=True, slots=True)
class Onboarding:
    """When an administration is to come in, and when it did."""

    administration: str
    planned_date: str
    done_date: str


def day_of(text: str, today: date) -> date:
    """The day that a date, or an offset from today, stands for."""
    return date.fromisoformat(text) if text[4:5] == "-" else day_at(text, today)


guideline_paragraphs = table("guideline_paragraphs.csv", GuidelineParagraph)
audit_reports = table("audit_reports.csv", AuditReport)
recommendations = table("recommendations.csv", Recommendation)
recommendation_steps = table("recommendation_steps.csv", RecommendationStep)
board_assignments = table("board_assignments.csv", BoardAssignment)
planned_activities = table("planned_activities.csv", PlannedActivity)
onboardings = table("onboardings.csv", Onboarding)
