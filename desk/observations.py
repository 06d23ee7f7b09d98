"""What follow-up asks about purchases, in parts as the page shows them: each with the rule by which it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy

from organizations.models import User
from procurement.models import DecisionRule, LineDecision, ObservationKind, RequisitionLine
from procurement.observing.asking import MEASURES, AskedQuestion
from procurement.observing.measures import Gap, Measures
from procurement.observing.observation import APPROVALS, Observation

MOST_QUESTIONS = 50
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """The questions of one kind, as many as the page has room for, and how many there are."""

    kind: ObservationKind
    rule: str
    """The latest of the period; empty where nothing is asked."""
    earlier_rules: Sequence[tuple[date, str]]
    """Those before it, each with its last day."""
    gaps: Sequence[Gap]
    questions: Sequence[AskedQuestion]
    count: int

    @property
    def heading(self) -> str:
        """What the questions of the kind have in common."""
        return str(HEADINGS[self.kind])


def question_parts(questions: Sequence[AskedQuestion], measures: Measures) -> list[QuestionPart]:
    """Every kind with its questions, in the order that they are given."""
    parts = []
    for kind, measure in MEASURES.items():
        of_kind = [each for each in questions if each.observation.kind == kind]
        measured = measures.of(measure)
        rules = [(spell.last, spell.measure.rule) for spell in measured.spells]
        parts.append(
            QuestionPart(
                kind=kind,
                rule=rules[-1][1] if rules else "",
                earlier_rules=rules[:-1],
                gaps=measured.gaps,
                questions=of_kind[:MOST_QUESTIONS],
                count=len(of_kind),
            )
        )
    return parts


@dataclass(frozen=True, slots=True)
class ObservedRow:
    """One line that a question is about: when it was approved or attested, and by whom."""

    line: RequisitionLine
    at: datetime | None
    by: str
    is_automatic: bool
    """Whether a standing approval let it by, in that person's name."""


def rows_of(observation: Observation, user: User) -> list[ObservedRow]:
    """The lines of a question that the person may open, oldest first, as many as the page has room for: one statement."""
    approvals = LineDecision.objects.filter(line=OuterRef("pk"), kind__in=APPROVALS).exclude(
        rule__in=(DecisionRule.TERMS, DecisionRule.CLOCK)
    )
    visible_lines = RequisitionLine.objects.opened_to(user).filter(pk__in=observation.lines)
    lines = visible_lines.for_display().select_related("decided_by")
    by_rule = lines.annotate(rule=Subquery(approvals.order_by("-pk").values("rule")[:1]))
    rows = []
    for line in by_rule.order_by("requisition__submitted_at", "pk")[:MOST_LINES]:
        at = observation.moments.get(line.pk)
        decider = line.decided_by.full_name if line.decided_by else ""
        rows.append(
            ObservedRow(
                line=line,
                at=at or line.decided_at,
                by=observation.names[0] if at else decider,
                is_automatic=at is None and line.rule == DecisionRule.POLICY,  # type: ignore[attr-defined]
            )
        )
    return rows


HEADINGS = {
    ObservationKind.SPLIT: gettext_lazy("Är det ett behov eller flera?"),
    ObservationKind.PAIR: gettext_lazy("Varför återkommer leverantören?"),
    ObservationKind.NEAR_LIMIT: gettext_lazy("Varför hamnar beloppen strax under gränsen?"),
    ObservationKind.ODD_HOURS: gettext_lazy("Varför godkänns köp när det är stängt?"),
}
