"""Draw docs/states.md from the tables of transitions, so that the picture is the process."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import TextChoices
from django.utils import translation

from agreements.states import AGREEMENT_TRANSITIONS, AgreementStatus
from assortment.states import PROPOSAL_TRANSITIONS, SEARCH_TRANSITIONS, ProposalStatus, SearchStatus
from catalog.states import COMPETITION_TRANSITIONS, ITEM_TRANSITIONS, CompetitionStatus, ItemStatus
from config.local import BASE_DIR
from core.states import Transitions
from core.work import WORK_TRANSITIONS, WorkStatus
from governance.states import (
    ASSIGNMENT_TRANSITIONS,
    GUIDELINE_TRANSITIONS,
    RECOMMENDATION_TRANSITIONS,
    AssignmentStatus,
    GuidelineStatus,
    RecommendationStatus,
)
from notices.states import LETTER_TRANSITIONS, LetterStatus
from organizations.states import PLAN_TRANSITIONS, PlanStatus
from procurement.states import (
    ANSWER_TRANSITIONS,
    ATTEST_TRANSITIONS,
    LINE_TRANSITIONS,
    ORDER_TRANSITIONS,
    AnswerStatus,
    AttestStatus,
    LineStatus,
    OrderStatus,
)
from reporting.states import REPORT_TRANSITIONS, ReportStage

PAGE = BASE_DIR / "docs" / "states.md"
TABLES: dict[str, tuple[type[TextChoices], Transitions, TextChoices]] = {
    "RequisitionLine": (LineStatus, LINE_TRANSITIONS, LineStatus.DRAFT),
    "BudgetAttest": (AttestStatus, ATTEST_TRANSITIONS, AttestStatus.PENDING),
    "PurchaseOrder": (OrderStatus, ORDER_TRANSITIONS, OrderStatus.READY),
    "Supplier's answer to a line": (AnswerStatus, ANSWER_TRANSITIONS, AnswerStatus.NONE),
    "Agreement": (AgreementStatus, AGREEMENT_TRANSITIONS, AgreementStatus.DRAFT),
    "RenewedCompetition": (CompetitionStatus, COMPETITION_TRANSITIONS, CompetitionStatus.OPEN),
    "Item": (ItemStatus, ITEM_TRANSITIONS, ItemStatus.PROPOSED),
    "Proposal": (ProposalStatus, PROPOSAL_TRANSITIONS, ProposalStatus.RECEIVED),
    "MissedSearch": (SearchStatus, SEARCH_TRANSITIONS, SearchStatus.OPEN),
    "Guideline": (GuidelineStatus, GUIDELINE_TRANSITIONS, GuidelineStatus.DRAFT),
    "Recommendation": (RecommendationStatus, RECOMMENDATION_TRANSITIONS, RecommendationStatus.RECEIVED),
    "BoardAssignment": (AssignmentStatus, ASSIGNMENT_TRANSITIONS, AssignmentStatus.OPEN),
    "Letter": (LetterStatus, LETTER_TRANSITIONS, LetterStatus.READY),
    "PlannedChange": (PlanStatus, PLAN_TRANSITIONS, PlanStatus.PLANNED),
    "FollowUpReport": (ReportStage, REPORT_TRANSITIONS, ReportStage.DRAFT),
    "Work (imports, savings runs, reports)": (WorkStatus, WORK_TRANSITIONS, WorkStatus.QUEUED),
}


def drawing() -> str:
    """Give the whole page."""
    parts = [
        "# States",
        "Drawn by `manage.py draw_states` from the tables in `*/states.py` and `core/work.py`; a test holds it fresh.",
        "A requisition has no status of its own: it is derived from its lines (`requisition_status`).",
    ]
    with translation.override("sv"):
        for name, (statuses, transitions, first) in TABLES.items():
            parts.append(f"## {name}\n\n```mermaid\n{_diagram(statuses, transitions, first)}\n```")
    return "\n\n".join(parts) + "\n"


def _diagram(statuses: type[TextChoices], transitions: Transitions, first: TextChoices) -> str:
    lines = ["stateDiagram-v2"]
    lines += [f"    {status.value}: {status.value} ({status.label})" for status in statuses]
    lines.append(f"    [*] --> {first.value}")
    for status in statuses:
        targets = transitions[status]
        lines += [f"    {status.value} --> {target.value}" for target in statuses if target in targets]
        if not targets:
            lines.append(f"    {status.value} --> [*]")
    return "\n".join(lines)


class Command(BaseCommand):
    """Write the page, or say whether it is fresh."""

    help = "Draw docs/states.md from the tables of transitions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true", help="only say whether the page is fresh")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write or check."""
        page = drawing()
        if check:
            if not PAGE.exists() or PAGE.read_text() != page:
                raise SystemExit("docs/states.md is out of date: run manage.py draw_states")
            return
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(page)
