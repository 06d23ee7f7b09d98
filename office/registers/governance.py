"""What the board and the audit have asked for, and the plan for carrying it out; what becomes of it is acts of their own."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.components import Link
from core.errors import InvalidInput
from governance.models import (
    AuditReport,
    BoardAssignment,
    ImplementationPlan,
    Onboarding,
    PlannedActivity,
    Recommendation,
)
from governance.states import AssignmentStatus, RecommendationStatus
from office.permissions import can_see_registers, is_head
from office.registers.agreements import DiaryNumber
from organizations.models import User
from registers.columns import Column
from registers.kinds import First, Last, Reference
from registers.register import Group, Register, Settled

PERSON = Reference(by="email", among={"is_active": True})


class ParagraphOfMinutes(InvalidInput):
    """A paragraph of minutes is written with its sign."""

    code = "board_assignment_paragraph_unreadable"
    sentence = _("Skriv paragrafen i protokollet som § 229.")


class DueAfterItWasGiven(InvalidInput):
    """An assignment is answered later than it is given."""

    code = "board_assignment_due_too_early"
    sentence = _("Återrapporten ska till ett senare sammanträde än det som gav uppdraget.")


class AssignmentIsReported(InvalidInput):
    """What was asked for stays, once it is answered."""

    code = "board_assignment_is_reported"
    sentence = _("Uppdraget är återrapporterat, så det ändras inte.")


class RecommendationIsAnswered(InvalidInput):
    """What was recommended stays, once it is answered."""

    code = "recommendation_is_answered"
    sentence = _("Rekommendationen är besvarad, så det som revisionen skrev ändras inte.")


class EndsBeforeItBegins(InvalidInput):
    """An activity ends on its first day or later."""

    code = "planned_activity_ends_before_it_begins"
    sentence = _("Sista dagen är före den första.")


class MilestoneIsADay(InvalidInput):
    """A milestone is one day."""

    code = "planned_activity_milestone_is_a_day"
    sentence = _("En milstolpe är en enda dag. Ange samma dag två gånger.")


class PlannedIsDone(InvalidInput):
    """What was planned stays, once it is done."""

    code = "planned_is_done"
    sentence = _("Det är klart, så planen för det ändras inte.")


def _page_of_recommendation(by: User, row: Model, at: datetime) -> Sequence[Link]:
    return [Link(str(_("Svara, planera och följ upp")), reverse("desk:recommendation", args=[row.pk]))]


def _page_of_assignment(by: User, row: Model, at: datetime) -> Sequence[Link]:
    return [Link(str(_("Återrapportera och avsluta")), reverse("desk:board_assignment", args=[row.pk]))]


AUDIT_REPORTS = Register(
    name="audit_reports",
    group=Group.GOVERNANCE,
    title=_("Revisionsrapporter"),
    one=_("revisionsrapport"),
    model=AuditReport,
    columns=[
        Column("code", _("Beteckning"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("date", _("Dag"), is_required=True),
        Column("diary_number", _("Diarienummer"), kind=DiaryNumber(most=30), others=("dnr",)),
        Column("auditor", _("Vem som granskade")),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    searched=["code", "name"],
)

RECOMMENDATIONS = Register(
    name="recommendations",
    group=Group.GOVERNANCE,
    title=_("Revisionens rekommendationer"),
    one=_("rekommendation"),
    model=Recommendation,
    columns=[
        Column("audit", _("Revisionsrapport"), kind=Reference(by="code"), is_key=True),
        Column("number", _("Nummer"), is_key=True),
        Column("text", _("Rekommendation"), is_required=True),
        Column("received_date", _("Mottagen"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    settled=[Settled(~Q(status=RecommendationStatus.RECEIVED), RecommendationIsAnswered)],
    actions=_page_of_recommendation,
    searched=["text"],
    filtered=["audit"],
)

BOARD_ASSIGNMENTS = Register(
    name="board_assignments",
    group=Group.GOVERNANCE,
    title=_("Uppdrag från styrelsen"),
    one=_("uppdrag"),
    model=BoardAssignment,
    columns=[
        Column("meeting_date", _("Sammanträde"), is_key=True),
        Column("paragraph", _("Paragraf"), is_key=True, note=_("Som den står i protokollet: § 229.")),
        Column(
            "diary_number",
            _("Diarienummer"),
            kind=DiaryNumber(most=30),
            is_key=True,
            others=("dnr",),
        ),
        Column("body", _("Vem som gav uppdraget"), is_required=True),
        Column("text", _("Uppdrag"), is_required=True),
        Column("due_date", _("Ska till sammanträdet"), is_required=True),
        Column("responsible", _("Ansvarig"), kind=PERSON, is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    settled=[Settled(~Q(status=AssignmentStatus.OPEN), AssignmentIsReported)],
    sentences={
        "board_assignment_paragraph_form": ParagraphOfMinutes,
        "board_assignment_due_after_it_was_given": DueAfterItWasGiven,
    },
    actions=_page_of_assignment,
    searched=["diary_number", "text"],
)

IMPLEMENTATION_PLANS = Register(
    name="implementation_plans",
    group=Group.GOVERNANCE,
    title=_("Genomförandeplaner"),
    one=_("genomförandeplan"),
    model=ImplementationPlan,
    columns=[
        Column("code", _("Beteckning"), is_key=True),
        Column("title", _("Namn"), is_required=True),
        Column("from_date", _("Från och med"), field="during", kind=First(), is_required=True),
        Column("through_date", _("Till och med"), field="during", kind=Last(), is_required=True),
        Column("diary_number", _("Diarienummer"), kind=DiaryNumber(most=30), others=("dnr",)),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    searched=["code", "title"],
)

PLANNED_ACTIVITIES = Register(
    name="planned_activities",
    group=Group.GOVERNANCE,
    title=_("Aktiviteter och milstolpar"),
    one=_("aktivitet"),
    model=PlannedActivity,
    columns=[
        Column("plan", _("Genomförandeplan"), kind=Reference(by="code"), is_key=True),
        Column("number", _("Nummer"), is_key=True),
        Column("text", _("Vad som ska göras"), is_required=True),
        Column("is_milestone", _("Milstolpe"), is_required=False),
        Column("responsible", _("Ansvarig"), kind=PERSON, is_required=True),
        Column("start_date", _("Första dag"), is_required=True),
        Column("end_date", _("Sista dag"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    settled=[Settled(Q(done_date__isnull=False), PlannedIsDone)],
    sentences={
        "planned_activity_in_order": EndsBeforeItBegins,
        "planned_activity_milestone_is_a_day": MilestoneIsADay,
    },
    searched=["text"],
    filtered=["plan"],
)

ONBOARDINGS = Register(
    name="onboardings",
    group=Group.GOVERNANCE,
    title=_("Förvaltningarnas införande"),
    one=_("införande"),
    model=Onboarding,
    columns=[
        Column("plan", _("Genomförandeplan"), kind=Reference(by="code"), is_key=True),
        Column("administration", _("Förvaltning"), kind=Reference(by="code"), is_key=True),
        Column("planned_date", _("Ska vara inne"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    settled=[Settled(Q(done_date__isnull=False), PlannedIsDone)],
    filtered=["plan"],
)
