"""What follow-up asks about purchases, in parts as the page shows them: each with the rule by which it is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from core import reader
from organizations.models import User
from procurement.models import DecisionRule, LineDecision, ObservationKind, RequisitionLine
from procurement.observing.asking import AskedQuestion
from procurement.observing.near_limits import NEAR_COUNT, NEAR_SHARE
from procurement.observing.observation import APPROVALS, Observation
from procurement.observing.odd_hours import NIGHT_BEGINS, NIGHT_ENDS, ODD_DAYS
from procurement.observing.pairs import PAIR_ORDERS, PAIR_SHARE
from procurement.observing.splits import SPLIT_DAYS
from procurement.wording import spelled

MOST_QUESTIONS = 50
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """The questions of one kind, as many as the page has room for, and how many there are."""

    kind: ObservationKind
    heading: str
    rule: str
    questions: Sequence[AskedQuestion]
    count: int


def question_parts(questions: Sequence[AskedQuestion]) -> list[QuestionPart]:
    """Every kind with its questions, in the order that they are given."""
    parts = []
    for kind in ObservationKind:
        of_kind = [each for each in questions if each.observation.kind == kind]
        heading, rule = _words(kind)
        parts.append(QuestionPart(kind, heading, rule, of_kind[:MOST_QUESTIONS], len(of_kind)))
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
    made = LineDecision.objects.filter(line=OuterRef("pk"), kind__in=APPROVALS).exclude(
        rule__in=(DecisionRule.TERMS, DecisionRule.CLOCK)
    )
    seen = RequisitionLine.objects.opened_to(user).filter(pk__in=observation.lines)
    lines = seen.for_display().select_related("decided_by")
    by_rule = lines.annotate(rule=Subquery(made.order_by("-pk").values("rule")[:1]))
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


def rule_of(kind: ObservationKind) -> str:
    """By which rule questions of the kind are asked."""
    return _words(kind)[1]


def _words(kind: ObservationKind) -> tuple[str, str]:
    """The heading of the part, and the rule."""
    return {
        ObservationKind.SPLIT: (
            _("Är det ett behov eller flera?"),
            _(
                "En enhet har på högst %(days)s dagar beställt samma artikel, eller från samma leverantör utanför avtal. Varje"
                " beställning är under en gräns, tillsammans är de över den, och minst en av dem har gått igenom utan att någon såg på"
                " den."
            )
            % {"days": spelled(SPLIT_DAYS)},
        ),
        ObservationKind.PAIR: (
            _("Varför återkommer leverantören?"),
            _(
                "Någon har minst %(count)s gånger köpt från en leverantör utanför avtal, och det är minst %(share)s av vad"
                " personen köper utanför avtal, eller av vad regionen köper så därifrån. Köp med dokumenterad konkurrens räknas inte."
            )
            % {"count": spelled(PAIR_ORDERS), "share": reader.share(PAIR_SHARE, 0)},
        ),
        ObservationKind.NEAR_LIMIT: (
            _("Varför hamnar beloppen strax under gränsen?"),
            _(
                "Minst %(count)s av en persons beställningar ligger högst %(share)s under en gräns, och det är mer än dubbelt så många"
                " som ligger mellan %(share)s och %(next_share)s under den. Samma artikel i samma antal räknas en gång."
            )
            % {
                "count": spelled(NEAR_COUNT),
                "share": reader.share(NEAR_SHARE, 0),
                "next_share": reader.share(2 * NEAR_SHARE, 0),
            },
        ),
        ObservationKind.ODD_HOURS: (
            _("Varför godkänns köp när det är stängt?"),
            _(
                "Någon har på minst %(days)s dagar godkänt eller attesterat på en helg, en stängd dag eller mellan kl. %(begins)s och"
                " %(ends)s, svensk tid. Stående godkännanden räknas inte."
            )
            % {"days": spelled(ODD_DAYS), "begins": f"{NIGHT_BEGINS:02}", "ends": f"{NIGHT_ENDS:02}"},
        ),
    }[kind]
