"""The models of governance."""

from governance.models.assignments import AssignmentReminder, BoardAssignment, Reminder
from governance.models.guidelines import Guideline, Paragraph
from governance.models.plans import ImplementationPlan, Onboarding, PlannedActivity
from governance.models.recommendations import (
    AuditReport,
    Indicator,
    Recommendation,
    RecommendationStep,
)

__all__ = [
    "AssignmentReminder",
    "AuditReport",
    "BoardAssignment",
    "Guideline",
    "ImplementationPlan",
    "Indicator",
    "Onboarding",
    "Paragraph",
    "PlannedActivity",
    "Recommendation",
    "RecommendationStep",
    "Reminder",
]
