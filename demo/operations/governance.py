"""What the board and the audits have asked for: the registers' files, and what has been done, through the doors of everybody."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time

from django.utils import timezone

from core.diary import normalised
from demo.data import governance as data
from demo.data.governance import day_of
from governance.models import (
    BoardAssignment,
    Guideline,
    Onboarding,
    PlannedActivity,
    Recommendation,
)
from governance.operations import assignments, guidelines, plans, recommendations
from organizations.models import User

Row = Mapping[str, object]

PLAN = "2021–2022"
CASE = "RS 1154-2020"
HEAD = "helena.stenmark@gotland.example"
TITLE = "Riktlinje för inköp"
ADOPTED = {1: ("2021-02-15", "2021-03-01"), 2: ("-150d", "-120d")}
"""When each version was adopted, and from when it holds."""
OFFICE_HOUR = time(10, 0)


def governance_files(today: date) -> dict[str, Sequence[Row]]:
    """The rows of each file by its register's name."""
    return {
        "audit_reports": [
            {
                "code": row.code,
                "name": row.name,
                "date": row.date,
                "diary_number": row.diary_number,
                "auditor": row.auditor,
            }
            for row in data.audit_reports()
        ],
        "recommendations": [
            {
                "audit": row.audit,
                "number": row.number,
                "text": row.text,
                "received_date": row.received_date,
            }
            for row in data.recommendations()
        ],
        "board_assignments": [
            {
                "meeting_date": day_of(row.meeting_date, today),
                "paragraph": row.paragraph,
                "diary_number": _diary_number(row, today),
                "body": row.body,
                "text": row.text,
                "due_date": day_of(row.due_date, today),
                "responsible": row.email,
            }
            for row in data.board_assignments()
        ],
        "implementation_plans": [
            {
                "code": PLAN,
                "title": f"Genomförandeplan {PLAN}",
                "from_date": "2021-01-01",
                "through_date": "2022-12-31",
                "diary_number": CASE,
            }
        ],
        "planned_activities": [
            {
                "plan": PLAN,
                "number": row.number,
                "text": row.text,
                "is_milestone": "ja" if row.is_milestone else "nej",
                "responsible": row.email,
                "start_date": day_of(row.start_date, today),
                "end_date": day_of(row.end_date, today),
            }
            for row in data.planned_activities()
        ],
        "onboardings": [
            {"plan": PLAN, "administration": row.administration, "planned_date": row.planned_date}
            for row in data.onboardings()
        ],
    }


def _diary_number(row: data.BoardAssignment, today: date) -> str:
    return row.diary_number.format(year=day_of(row.meeting_date, today).year)


def live_governance(*, today: date) -> None:
    """Do in the order of time what has been done until today."""
    acts = [
        *_adoptions(today),
        *_steps(today),
        *_reports(today),
        *_activities(today),
        *_onboardings(today),
    ]
    for day, act in sorted(acts, key=lambda each: each[0]):
        act(day, timezone.make_aware(datetime.combine(day, OFFICE_HOUR)))


Act = tuple[date, Callable[[date, datetime], object]]


def _person(email: str) -> User:
    """The person as she is now; what is known of her is read anew."""
    return User.objects.get(email=email)


def _adoptions(today: date) -> list[Act]:
    return [
        (day_of(adopted, today), _adoption_act(version, day_of(first, today)))
        for version, (adopted, first) in ADOPTED.items()
    ]


def _adoption_act(version: int, first: date) -> Callable[[date, datetime], object]:
    """Write a version and have it adopted: what a later one does not name anew it has from the one before."""

    def act(day: date, at: datetime) -> object:
        by = _person(HEAD)
        draft = guidelines.begin_guideline(title=TITLE, by=by, at=at)
        rows = [row for row in data.guideline_paragraphs() if row.version == version]
        if version > 1:
            numbers = {row.number for row in rows} | {"1"}
            for paragraph in draft.paragraphs.exclude(number__in=numbers):
                guidelines.remove_paragraph(paragraph=paragraph, by=by, at=at)
        paragraph_by_number = {paragraph.number: paragraph for paragraph in draft.paragraphs.all()}
        for row in rows:
            before = paragraph_by_number.get(row.number)
            guidelines.write_paragraph(
                guideline=draft,
                paragraph=before,
                seen=before.content if before else None,
                number=row.number,
                heading=row.heading,
                text=row.text,
                rules=row.rules.split(),
                by=by,
                at=at,
            )
        return guidelines.adopt_guideline(
            guideline=draft,
            adopted_by="regiondirektören",
            adopted_date=day,
            diary_number=CASE,
            from_date=first,
            by=by,
            at=at,
        )

    return act


def _steps(today: date) -> list[Act]:
    return [(day_of(row.date, today), _step_act(row, today)) for row in data.recommendation_steps()]


def _step_act(row: data.RecommendationStep, today: date) -> Callable[[date, datetime], object]:
    def act(day: date, at: datetime) -> object:
        recommendation = Recommendation.objects.get(audit__code=row.audit, number=row.number)
        by = _person(row.email)
        match row.act:
            case "answer":
                return recommendations.answer_recommendation(
                    recommendation=recommendation, day=day, words=row.words, by=by, at=at
                )
            case "plan":
                return recommendations.plan_recommendation(
                    recommendation=recommendation,
                    day=day,
                    words=row.words,
                    responsible=_person(row.responsible),
                    due_date=day_of(row.due_date, today),
                    indicator=row.indicator,
                    by=by,
                    at=at,
                )
            case "carry_out":
                return recommendations.carry_out_recommendation(
                    recommendation=recommendation,
                    day=day,
                    words=row.words,
                    evidence=row.evidence,
                    by=by,
                    at=at,
                )
            case "verify":
                return recommendations.verify_recommendation(
                    recommendation=recommendation,
                    day=day,
                    words=row.words,
                    evidence=row.evidence,
                    by=by,
                    at=at,
                )
            case "send_back":
                return recommendations.send_back_recommendation(
                    recommendation=recommendation, day=day, words=row.words, by=by, at=at
                )
            case "replace":
                return recommendations.replace_recommendation(
                    recommendation=recommendation,
                    day=day,
                    words=row.words,
                    guideline=Guideline.objects.adopted().latest_first().first(),
                    by=by,
                    at=at,
                )
        raise ValueError(row.act)

    return act


def _reports(today: date) -> list[Act]:
    def reporting(row: data.BoardAssignment) -> Callable[[date, datetime], object]:
        def act(day: date, at: datetime) -> object:
            return assignments.report_assignment(
                assignment=BoardAssignment.objects.get(
                    paragraph=row.paragraph, diary_number=normalised(_diary_number(row, today))
                ),
                diary_number=row.report_diary_number,
                day=day,
                by=_person(row.email),
                at=at,
            )

        return act

    reported = [row for row in data.board_assignments() if row.reported_date]
    return [(day_of(row.reported_date, today), reporting(row)) for row in reported]


def _activities(today: date) -> list[Act]:
    def finishing(row: data.PlannedActivity) -> Callable[[date, datetime], object]:
        def act(day: date, at: datetime) -> object:
            activity = PlannedActivity.objects.get(plan__code=PLAN, number=row.number)
            return plans.finish_activity(activity=activity, day=day, by=_person(row.email), at=at)

        return act

    finished = [row for row in data.planned_activities() if row.done_date]
    return [(day_of(row.done_date, today), finishing(row)) for row in finished]


def _onboardings(today: date) -> list[Act]:
    def finishing(row: data.Onboarding) -> Callable[[date, datetime], object]:
        def act(day: date, at: datetime) -> object:
            onboarding = Onboarding.objects.get(plan__code=PLAN, administration__code=row.administration)
            return plans.finish_onboarding(onboarding=onboarding, day=day, by=_person(HEAD), at=at)

        return act

    return [(day_of(row.done_date, today), finishing(row)) for row in data.onboardings()]
