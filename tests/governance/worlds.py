"""What the board and the audit have asked of the cast's region, and how far it has come."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from governance.models import (
    AuditReport,
    BoardAssignment,
    Guideline,
    ImplementationPlan,
    Onboarding,
    PlannedActivity,
    Recommendation,
)
from governance.operations import assignments, guidelines, recommendations
from tests.cast import NOW, TODAY, Cast

RULES = ("own_request", "not_your_line")


def draft(cast: Cast, *, rules: tuple[str, ...] = RULES) -> Guideline:
    """A draft with § 4.2, which stands behind some rules."""
    guideline = guidelines.begin_guideline(title="Riktlinje för inköp", by=cast.head, at=NOW)
    if guideline.paragraphs.exists():
        return guideline
    guidelines.write_paragraph(
        guideline=guideline, number="4.2", heading="Två personer", text="Ingen beslutar om sitt eget.",
        rules=rules, by=cast.head, at=NOW,
    )  # fmt: skip
    return guideline


def adopted(cast: Cast, *, from_date: date = TODAY, rules: tuple[str, ...] = RULES) -> Guideline:
    """A version in force from a day."""
    return guidelines.adopt_guideline(
        guideline=draft(cast, rules=rules), adopted_by="regiondirektören", adopted_date=min(from_date, TODAY),
        diary_number="RS 1154-2020", from_date=from_date, by=cast.head, at=NOW,
    )  # fmt: skip


def audit() -> AuditReport:
    """The audit of 2020."""
    return AuditReport.objects.get_or_create(
        code="2020",
        defaults={
            "name": "Granskning av inköpsprocessen",
            "date": date(2020, 4, 1),
            "diary_number": "RS 2020/653",
        },
    )[0]


def received(cast: Cast, **facts: Any) -> Recommendation:
    """A recommendation that is not answered."""
    defaults = {"number": 1, "text": "Inför rutiner för uppföljning.", "received_date": date(2020, 4, 1)}
    return Recommendation.objects.create(audit=audit(), **(defaults | facts))


def answered(cast: Cast) -> Recommendation:
    """One that is answered."""
    return recommendations.answer_recommendation(
        recommendation=received(cast),
        day=date(2020, 6, 17),
        words="Vi bygger in uppföljningen.",
        by=cast.head,
        at=NOW,
    )


def planned(cast: Cast) -> Recommendation:
    """One whose measure is Karin's to carry out."""
    return recommendations.plan_recommendation(
        recommendation=answered(cast), day=date(2021, 1, 18), words="Mät avtalstroheten.", responsible=cast.manager,
        due_date=TODAY + timedelta(days=10), indicator="agreement_loyalty", by=cast.head, at=NOW,
    )  # fmt: skip


def carried_out(cast: Cast) -> Recommendation:
    """One that waits for the auditor."""
    return recommendations.carry_out_recommendation(
        recommendation=planned(cast), day=date(2021, 5, 10), words="Den mäts.", evidence="RS 2021/7",
        by=cast.manager, at=NOW,
    )  # fmt: skip


def verified(cast: Cast) -> Recommendation:
    """One that the auditor has verified."""
    return recommendations.verify_recommendation(
        recommendation=carried_out(cast),
        day=TODAY,
        words="Siffrorna stämmer.",
        evidence="",
        by=cast.auditor,
        at=NOW,
    )


def replaced(cast: Cast) -> Recommendation:
    """One whose promise was replaced."""
    return recommendations.replace_recommendation(
        recommendation=answered(cast),
        day=TODAY,
        words="En riktlinje i stället.",
        guideline=None,
        by=cast.head,
        at=NOW,
    )


def assignment(cast: Cast, **facts: Any) -> BoardAssignment:
    """§ 229, which Karin is to report in June 2021."""
    defaults = {
        "paragraph": "§ 229",
        "body": "Regionstyrelsens arbetsutskott",
        "meeting_date": date(2020, 11, 17),
        "diary_number": "RS 2020/1154",
        "text": "Återrapportera i juni 2021.",
        "due_date": date(2021, 6, 16),
        "responsible": cast.manager,
    }
    return BoardAssignment.objects.create(**(defaults | facts))


def reported(cast: Cast) -> BoardAssignment:
    """One that is reported and not closed."""
    return assignments.report_assignment(
        assignment=assignment(cast), diary_number="RS 1154-2020", day=TODAY, by=cast.manager, at=NOW
    )


def closed(cast: Cast) -> BoardAssignment:
    """One that the board has found answered."""
    return assignments.close_assignment(
        assignment=reported(cast), paragraph="§ 114", day=TODAY, by=cast.head, at=NOW
    )


def plan(cast: Cast) -> ImplementationPlan:
    """The plan for 2021 and 2022."""
    return ImplementationPlan.objects.get_or_create(
        code="2021",
        defaults={
            "title": "Genomförandeplan 2021–2022",
            "during": DateRange(date(2021, 1, 1), date(2023, 1, 1)),
        },
    )[0]


def activity(cast: Cast, **facts: Any) -> PlannedActivity:
    """Something of Karin's to be done in the spring."""
    defaults = {
        "plan": plan(cast),
        "number": 1,
        "text": "För in alla avtal",
        "responsible": cast.manager,
        "start_date": date(2021, 1, 18),
        "end_date": date(2021, 4, 30),
    }
    return PlannedActivity.objects.create(**(defaults | facts))


def onboarding(cast: Cast) -> Onboarding:
    """The administration is to be in by June."""
    return Onboarding.objects.create(
        plan=plan(cast), administration=cast.administration, planned_date=date(2021, 6, 1)
    )
