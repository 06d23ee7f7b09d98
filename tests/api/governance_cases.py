"""What the board and the audit have asked for, at both doors."""

from typing import Any

from governance.models import (
    AuditReport,
    BoardAssignment,
    Guideline,
    ImplementationPlan,
    Onboarding,
    Paragraph,
    PlannedActivity,
    Recommendation,
    RecommendationStep,
)
from tests.api.doors import Case
from tests.cast import TODAY, Cast
from tests.governance import worlds

GUIDELINES = (Guideline, Paragraph)
ADVICE = (AuditReport, Recommendation, RecommendationStep)
PLANS = (ImplementationPlan, PlannedActivity, Onboarding)
DAY = TODAY.isoformat()
SAID = {"day": DAY, "words": "Så här."}
TITLE = {"title": "Riktlinje för inköp"}
PARAGRAPH = {
    "number": "5",
    "heading": "Avtal",
    "text": "Köp görs från avtal.",
    "rules": ["agreement_not_valid"],
}
ADOPTED = {
    "adopted_by": "regiondirektören", "adopted_date": DAY, "diary_number": "RS 1154-2020", "from_date": DAY,
}  # fmt: skip
REPORTED = {"diary_number": "RS 1154-2020", "day": DAY}
CLOSED = {"paragraph": "§ 114", "day": DAY}


def nothing(cast: Cast) -> None:
    return None


def advised(verb: str, page: str, **more: Any) -> tuple[Any, Any]:
    """A step of a recommendation, as each door says it."""
    return (
        lambda cast, recommendation: (f"recommendations/{recommendation.pk}/{verb}/", SAID | more),
        lambda cast, recommendation: (f"/styrning/rekommendationer/{recommendation.pk}/{page}/", SAID | more),
    )


def planned() -> tuple[Any, Any]:
    fields = SAID | {"due_date": DAY, "indicator": "lead_time"}

    return (
        lambda cast, recommendation: (
            f"recommendations/{recommendation.pk}/plan/",
            fields | {"responsible": cast.manager.pk},
        ),
        lambda cast, recommendation: (
            f"/styrning/rekommendationer/{recommendation.pk}/planera/",
            fields | {"responsible": cast.manager.email},
        ),
    )


def written(verb: str, page: str, body: dict[str, Any]) -> tuple[Any, Any]:
    """What is done to the draft."""
    return (
        lambda cast, draft: (f"guidelines/{draft.pk}/{verb}/", body),
        lambda cast, draft: (f"/riktlinje/utkast/{page}/", body),
    )


REMOVED: tuple[Any, Any] = (
    lambda cast, made: (f"guidelines/{made.pk}/remove-paragraph/", {"paragraph": made.paragraphs.get().pk}),
    lambda cast, made: (f"/riktlinje/utkast/paragraf/{made.paragraphs.get().pk}/ta-bort/", {}),
)
BEGUN = (lambda cast, made: ("guidelines/", TITLE), lambda cast, made: ("/riktlinje/utkast/borja/", TITLE))
REPORT = (
    lambda cast, made: (f"board-assignments/{made.pk}/report/", REPORTED),
    lambda cast, made: (f"/styrning/uppdrag/{made.pk}/aterrapport/", REPORTED),
)
CLOSE = (
    lambda cast, made: (f"board-assignments/{made.pk}/close/", CLOSED),
    lambda cast, made: (f"/styrning/uppdrag/{made.pk}/avsluta/", CLOSED),
)
FINISH = (
    lambda cast, made: (f"planned-activities/{made.pk}/finish/", {"day": DAY}),
    lambda cast, made: (f"/styrning/aktiviteter/{made.pk}/klar/", {"day": DAY}),
)
TAKE_IN = (
    lambda cast, made: (f"onboardings/{made.pk}/finish/", {"day": DAY}),
    lambda cast, made: (f"/styrning/inforanden/{made.pk}/inne/", {"day": DAY}),
)

GOVERNANCE = [
    Case("begin", nothing, "head", *BEGUN, also=GUIDELINES),
    Case("begin", nothing, "auditor", *BEGUN, "only_head_writes_guideline", GUIDELINES),
    Case("begin", worlds.draft, "head", *BEGUN, "guideline_draft_exists", GUIDELINES),
    Case("rename", worlds.draft, "head", *written("rename", "namn", {"title": "Annat"}), also=GUIDELINES),
    Case("write", worlds.draft, "head", *written("write-paragraph", "paragraf", PARAGRAPH), also=GUIDELINES),
    Case(
        "write", worlds.draft, "head", *written("write-paragraph", "paragraf", PARAGRAPH | {"number": "4.2"}),
        "guideline_paragraph_number_is_taken", GUIDELINES,
    ),
    Case("remove", worlds.draft, "head", *REMOVED, also=GUIDELINES),
    Case("discard", worlds.draft, "head", *written("discard", "kasta", {}), also=GUIDELINES),
    Case("adopt", worlds.draft, "head", *written("adopt", "anta", ADOPTED), also=GUIDELINES),
    Case(
        "adopt", worlds.draft, "head", *written("adopt", "anta", ADOPTED | {"diary_number": "1154"}),
        "not_a_diary_number", GUIDELINES,
    ),
    Case("answer", worlds.received, "head", *advised("answer", "svara"), also=ADVICE),
    Case("answer", worlds.received, "auditor", *advised("answer", "svara"), "only_head_answers_recommendation", ADVICE),
    Case("answer", worlds.answered, "head", *advised("answer", "svara"), "wrong_state", ADVICE),
    Case("plan", worlds.answered, "head", *planned(), also=ADVICE),
    Case("plan", worlds.carried_out, "head", *planned(), "recommendation_awaits_the_auditor", ADVICE),
    Case("carry out", worlds.planned, "manager", *advised("carry-out", "genomford", evidence="x"), also=ADVICE),
    Case(
        "carry out", worlds.planned, "controller", *advised("carry-out", "genomford", evidence="x"),
        "not_your_recommendation", ADVICE,
    ),
    Case("verify", worlds.carried_out, "auditor", *advised("verify", "verifiera", evidence="x"), also=ADVICE),
    Case("verify", worlds.carried_out, "head", *advised("verify", "verifiera"), "only_auditors_verify", ADVICE),
    Case("send back", worlds.carried_out, "auditor", *advised("send-back", "racker-inte"), also=ADVICE),
    Case(
        "send back", worlds.planned, "auditor", *advised("send-back", "racker-inte"),
        "recommendation_nothing_carried_out", ADVICE,
    ),
    Case("replace", worlds.planned, "head", *advised("replace", "ersatt"), also=ADVICE),
    Case("replace", worlds.verified, "head", *advised("replace", "ersatt"), "wrong_state", ADVICE),
    Case("report", worlds.assignment, "manager", *REPORT, also=(BoardAssignment,)),
    Case("report", worlds.assignment, "controller", *REPORT, "not_your_assignment", (BoardAssignment,)),
    Case("close", worlds.reported, "head", *CLOSE, also=(BoardAssignment,)),
    Case("close", worlds.assignment, "head", *CLOSE, "wrong_state", (BoardAssignment,)),
    Case("finish", worlds.activity, "manager", *FINISH, also=PLANS),
    Case("finish", worlds.activity, "controller", *FINISH, "not_your_activity", PLANS),
    Case("take in", worlds.onboarding, "head", *TAKE_IN, also=PLANS),
    Case("take in", worlds.onboarding, "auditor", *TAKE_IN, "only_head_takes_in_administration", PLANS),
]  # fmt: skip
