"""What the board and the audit had asked for, and how far it had come, when a day ended."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from governance.models import BoardAssignment, PlannedActivity, Recommendation
from governance.states import CLOSED_RECOMMENDATIONS


def governance_on(through: date) -> dict[str, Any]:
    """Assignments, recommendations and the plan as they stood: three queries."""
    return {
        "assignments": [
            {
                "paragraph": each.paragraph,
                "body": each.body,
                "meeting": each.meeting_date.isoformat(),
                "diary_number": each.diary_number,
                "text": each.text,
                "due": each.due_date.isoformat(),
                "status": each.status_then,
            }
            for each in BoardAssignment.objects.as_of(through).in_order()
        ],
        "recommendations": [
            {
                "audit": each.audit.name,
                "audit_date": each.audit.date.isoformat(),
                "number": each.number,
                "text": each.text,
                "status": each.status_then,
                "words": each.words_then,
            }
            for each in Recommendation.objects.as_of(through).select_related("audit").in_order()
        ],
        "activities": [
            {
                "number": each.number,
                "text": each.text,
                "is_milestone": each.is_milestone,
                "ends": each.end_date.isoformat(),
                "state": _state(each),
            }
            for each in PlannedActivity.objects.filter(plan__during__startswith__lte=through)
            .as_of(through)
            .in_order()
        ],
    }


def closed_share(governance: Mapping[str, Any]) -> tuple[int, int]:
    """Count the recommendations that nothing more is to be done about, and all."""
    rows = governance["recommendations"]
    return sum(row["status"] in CLOSED_RECOMMENDATIONS for row in rows), len(rows)


def _state(activity: PlannedActivity) -> str:
    if activity.is_done_then:
        return "done"
    if activity.is_late_then:
        return "late"
    return "begun" if activity.is_begun_then else "coming"
