"""
Where a line is and who has it now: the dots of its timeline and one sentence.

Facts come in with the lines (`shop/requisition_lines.py` prefetches them), but for what is said about them: one query, and one more where
an agreement demands that its suppliers compete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formatting, units
from core.components import Step
from core.languages import current_language
from core.money import ZERO
from core.verdicts import Verdict
from organizations.models import User
from procurement import permissions
from procurement.attesting import attest_of
from procurement.competing import CompetitionState, competition_states, how_far
from procurement.conversation import ConversationEntry, conversations_about, day_wish
from procurement.models import (
    Allocation,
    BudgetAttest,
    DecisionKind,
    DecisionRule,
    LineDecision,
    RequisitionLine,
)
from procurement.reasons import reason_for
from procurement.separation_of_duties import deciders_of
from procurement.states import DELIVERABLE, AttestStatus, LineStatus, OrderStatus


@dataclass(slots=True)
class Progress:
    """One line as its requester sees it."""

    line: RequisitionLine
    steps: list[Step]
    sentence: str
    is_yours: bool = False
    question: LineDecision | None = None
    said: str = ""
    """What was decided, by whom and with which words."""
    allocations: list[Allocation] = field(default_factory=list)
    remaining: Decimal = ZERO
    can_receive: Verdict | None = None
    can_withdraw: Verdict | None = None
    can_revise: Verdict | None = None
    can_answer: Verdict | None = None
    can_write: Verdict | None = None
    can_wish: Verdict | None = None
    """Whether she may wish for another delivery day."""
    conversation: Sequence[ConversationEntry] = ()


def progress_of(
    lines: Sequence[RequisitionLine],
    attests: Sequence[BudgetAttest],
    *,
    user: User,
    at: datetime,
) -> list[Progress]:
    """Tell each line's progress to this person; ``attests`` are the current ones of the lines' parts."""
    conversations = conversations_about(lines)
    line_ids = [line.pk for line in lines if line.status in DELIVERABLE]
    deciders = deciders_of(line_ids) if line_ids else {}
    competed = competition_states(lines, day=timezone.localdate(at))
    progress = [
        _Teller(line, attest_of(line, attests), user, at, competed.get(line.pk)).tell(deciders)
        for line in lines
    ]
    for each in progress:
        each.conversation = conversations[each.line.pk]
        if each.line.status in DELIVERABLE:
            each.sentence += day_wish(each.conversation, user=user, day=timezone.localdate(at))
            if any(
                one.remaining and one.order_line.order.status == OrderStatus.SENT for one in each.allocations
            ):
                each.can_wish = permissions.can_wish_for_day(user, each.line, at=at)
    return progress


@dataclass(slots=True)
class _Teller:
    """Tells one line; the language and the day are the reader's."""

    line: RequisitionLine
    attest: BudgetAttest | None
    user: User
    at: datetime
    competed: CompetitionState | None
    """How far the item has been competed for, where its agreement demands it."""

    def tell(self, deciders: Mapping[int, frozenset[int]]) -> Progress:
        line = self.line
        allocations = list(line.allocations.all())
        remaining = sum((each.remaining for each in allocations), Decimal(0))
        may_answer = permissions.can_answer(self.user, line, at=self.at)
        progress = Progress(
            line=line,
            steps=self._steps(allocations, yours=bool(may_answer)),
            sentence=self._sentence(allocations, remaining),
            is_yours=bool(may_answer),
            question=self._latest(DecisionKind.RETURNED) if line.status == LineStatus.RETURNED else None,
            said=self._decision_text(),
            allocations=allocations,
            remaining=remaining,
            can_withdraw=permissions.can_withdraw(self.user, line, at=self.at),
            can_revise=permissions.can_revise(self.user, line, at=self.at),
            can_answer=may_answer,
            can_write=permissions.can_write_about(self.user, line, is_asked=False, at=self.at),
        )
        if line.status in (LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED):
            progress.can_receive = permissions.can_receive(self.user, line, deciders=deciders, at=self.at)
        return progress

    def _day(self, moment: datetime | date | None) -> str:
        if moment is None:
            return ""
        day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
        return formatting.short_day(day, timezone.localdate(self.at), language=current_language())

    def _weekday(self, day: date | None) -> str:
        return formatting.weekday_day(day, timezone.localdate(self.at), language=current_language())

    def _quantity_with_unit(self, quantity: Decimal) -> str:
        unit = self.line.approved_unit or self.line.unit
        return units.quantity_text(quantity, unit, language=current_language())

    def _quantity(self, quantity: Decimal) -> str:
        return formatting.quantity(quantity, language=current_language())

    def _latest(self, *kinds: DecisionKind) -> LineDecision | None:
        return next((each for each in reversed(list(self.line.decisions.all())) if each.kind in kinds), None)

    @property
    def _decision(self) -> LineDecision | None:
        return self._latest(
            DecisionKind.APPROVED, DecisionKind.ADJUSTED, DecisionKind.SUBSTITUTED, DecisionKind.REJECTED
        )

    # The dots

    def _steps(self, allocations: Sequence[Allocation], *, yours: bool) -> list[Step]:
        line = self.line
        submitted = Step(_("Inskickad"), self._day(line.submitted_at), "done")
        ordered, received = Step(_("Beställd")), Step(_("Utförd") if line.is_service else _("Mottagen"))
        if line.status == LineStatus.AWAITING:
            due = line.response_due_date
            until = _("svar senast %(day)s") % {"day": self._day(due)} if due else _("när någon har vunnit")
            return [submitted, Step(_("Prövas"), until, "now"), ordered, received]
        if line.status == LineStatus.RETURNED:
            question = self._latest(DecisionKind.RETURNED)
            question_day = self._day(question.at if question else None)
            return [
                submitted,
                Step(
                    _("Fråga till dig") if yours else _("Fråga ställd"),
                    question_day,
                    "you" if yours else "now",
                ),
                ordered,
                received,
            ]
        if line.status in (LineStatus.REJECTED, LineStatus.WITHDRAWN, LineStatus.CANCELLED):
            return [submitted, Step(str(line.get_status_display()), self._day(self._closed_at()), "refused")]
        return [submitted, self._decided_step(), *self._later_steps(allocations)]

    def _closed_at(self) -> datetime | None:
        rejection = self._latest(DecisionKind.REJECTED)
        return rejection.at if rejection else None

    def _decided_step(self) -> Step:
        decision = self._decision
        if decision is None:
            return Step(_("Godkänd"), self._day(self.line.decided_at), "done")
        labels = {
            DecisionKind.ADJUSTED: _("Antal ändrat"),
            DecisionKind.SUBSTITUTED: _("Ersatt"),
        }
        is_direct = decision.rule == DecisionRule.POLICY
        label = labels.get(DecisionKind(decision.kind), _("Godkänd direkt") if is_direct else _("Godkänd"))
        return Step(label, self._day(decision.at), "done")

    def _later_steps(self, allocations: Sequence[Allocation]) -> list[Step]:
        line = self.line
        arrived = Step(_("Utförd") if line.is_service else _("Mottagen"))
        if line.status == LineStatus.APPROVED:
            if self.attest and self.attest.status == AttestStatus.PENDING:
                return [
                    Step(_("Attesteras"), self.attest.responsible.full_name, "now"),
                    Step(_("Beställd")),
                    arrived,
                ]
            return [Step(_("Beställs"), self._moment(line.order_due_at), "now"), arrived]
        ordered = Step(
            _("Beställd"),
            self._day(min((each.order_line.order.created_at for each in allocations), default=None)),
            "done",
        )
        receipts = [receipt for each in allocations for receipt in each.receipt_lines.all()]
        received_day = self._day(receipts[-1].receipt.received_at) if receipts else ""
        if line.status == LineStatus.RECEIVED:
            if not any(each.received_quantity for each in allocations):
                return [ordered, Step(_("Kom inte"), received_day, "refused")]
            return [ordered, Step(str(arrived.label), received_day, "done")]
        if line.status == LineStatus.PARTLY_RECEIVED:
            facts = {
                "received": self._quantity(sum((each.received_quantity for each in allocations), Decimal(0)))
            }
            facts["ordered"] = self._quantity(sum((each.wanted for each in allocations), Decimal(0)))
            return [ordered, Step(_("%(received)s av %(ordered)s mottagna") % facts, received_day, "now")]
        expected = _expected(allocations)
        if line.is_service:
            return [ordered, Step(_("Utförs"), _("till %(day)s") % {"day": self._day(expected)}, "now")]
        return [ordered, Step(_("På väg"), _("väntas %(day)s") % {"day": self._day(expected)}, "now")]

    def _moment(self, moment: datetime | None) -> str:
        zone = timezone.get_current_timezone()
        return formatting.moment(moment, self.at, zone, language=current_language()) if moment else ""

    # The sentence

    def _sentence(self, allocations: Sequence[Allocation], remaining: Decimal) -> str:
        line = self.line
        if line.status == LineStatus.AWAITING:
            return self._waiting()
        if line.status == LineStatus.RETURNED:
            name = line.responsible.full_name if line.responsible else ""
            return _("Beslutas av %(name)s när frågan är besvarad.") % {"name": name}
        if line.status == LineStatus.APPROVED:
            return self._before_order()
        if line.status in (LineStatus.ORDERED, LineStatus.PARTLY_RECEIVED):
            return self._on_its_way(allocations, remaining) + self._left_out()
        if line.status == LineStatus.RECEIVED:
            return self._arrived(allocations) + self._left_out()
        if line.status == LineStatus.WITHDRAWN:
            return (
                _("Du drog tillbaka raden.")
                if line.requisition.requester_id == self.user.pk
                else _("Raden drogs tillbaka.")
            )
        if line.status == LineStatus.CANCELLED:
            return _("Raden annullerades och kommer inte att levereras.")
        return ""

    def _waiting(self) -> str:
        line = self.line
        due, today = line.response_due_date, timezone.localdate(self.at)
        late = due is not None and due < today
        facts = {"name": line.responsible.full_name if line.responsible else "", "day": self._weekday(due)}
        if due is None and (self.competed is None or self.competed.going_on is None):
            first = _("%(name)s har raden nu och får strax en ny svarsdag.") % facts
        elif due is None:
            first = _("%(name)s har raden nu och svarar när leverantörerna har tävlat.") % facts
        elif late:
            first = _("%(name)s har raden nu och skulle ha svarat %(day)s.") % facts
        else:
            first = _("%(name)s har raden nu och svarar senast %(day)s.") % facts
        if line.taken_back_reason:
            taken_back = _("Godkännandet gäller inte längre: %(reason)s") % {
                "reason": line.taken_back_sentence
            }
            return f"{taken_back} {first}"
        return " ".join(filter(None, (first, reason_for(line), how_far(line, self.competed, day=today))))

    def _before_order(self) -> str:
        if self.attest and self.attest.status == AttestStatus.PENDING:
            name = self.attest.responsible.full_name
            return _("%(name)s har beställningen för attest. Raden beställs när den är attesterad.") % {
                "name": name
            }
        supplier = self.line.approved_supplier
        facts = {"when": self._moment(self.line.order_due_at), "supplier": supplier.name if supplier else ""}
        return _("Beställs från %(supplier)s %(when)s.") % facts

    def _on_its_way(self, allocations: Sequence[Allocation], remaining: Decimal) -> str:
        expected = _expected(allocations)
        supplier = allocations[0].order_line.order.supplier.name if allocations else ""
        facts = {
            "supplier": supplier,
            "day": self._weekday(expected),
            "rest": self._quantity_with_unit(remaining),
        }
        late = expected is not None and expected < timezone.localdate(self.at)
        return self._where(facts, late=late) + self._asked_day(allocations)

    def _asked_day(self, allocations: Sequence[Allocation]) -> str:
        """That the supplier is asked for another day, while it has not answered."""
        asked_days = [each.order_line.asked_date for each in allocations if each.remaining]
        days = [day for day in asked_days if day is not None]
        if not days:
            return ""
        return " " + _("Leverantören är tillfrågad om %(day)s, och har inte svarat.") % {
            "day": self._weekday(max(days))
        }

    def _left_out(self) -> str:
        """How much of it does not come, where something does."""
        released, ordered = self.line.released_quantity, self.line.effective_quantity
        if not 0 < released < ordered:
            return ""
        facts = {"gone": self._quantity_with_unit(released), "ordered": self._quantity(ordered)}
        text = (
            _("%(gone)s av de %(ordered)s som beställdes utförs inte.")
            if self.line.is_service
            else _("%(gone)s av de %(ordered)s som beställdes kommer inte.")
        )
        return " " + text % facts

    def _where(self, facts: Mapping[str, str], *, late: bool) -> str:
        """Who has what is on its way, and until when."""
        if self.line.is_service:
            return _("%(supplier)s har uppdraget, till och med %(day)s.") % facts
        if self.line.status == LineStatus.PARTLY_RECEIVED:
            text = (
                _("%(supplier)s har raden. Resten, %(rest)s, skulle ha kommit %(day)s.")
                if late
                else _("%(supplier)s har raden. Resten, %(rest)s, väntas %(day)s.")
            )
            return text % facts
        return (
            _("%(supplier)s har raden. Leveransen skulle ha kommit %(day)s.")
            if late
            else _("%(supplier)s har raden. Leveransen väntas %(day)s.")
        ) % facts

    def _arrived(self, allocations: Sequence[Allocation]) -> str:
        receipts = [receipt.receipt for each in allocations for receipt in each.receipt_lines.all()]
        if not receipts:
            return ""
        facts = {
            "name": receipts[-1].received_by.full_name,
            "day": self._weekday(timezone.localdate(receipts[-1].received_at)),
        }
        if not any(each.received_quantity for each in allocations):
            return _("Inget kom. %(name)s avslutade raden %(day)s.") % facts
        return (
            _("Godkänd av %(name)s %(day)s.") % facts
            if self.line.is_service
            else _("Mottagen av %(name)s %(day)s.") % facts
        )

    def _decision_text(self) -> str:
        """What whoever decided changed or wrote."""
        decision = self._decision
        line = self.line
        if decision is None or line.status in (LineStatus.AWAITING, LineStatus.RETURNED):
            return ""
        facts = {
            "name": decision.by.full_name,
            "text": decision.comment,
            "before": self._quantity(line.quantity),
            "after": self._quantity(line.effective_quantity),
            "item": str(line.approved_item) if line.approved_item else "",
            "reason": str(decision.get_reason_code_display()) if decision.reason_code else "",
        }
        quoted = f" ”{decision.comment}”" if decision.comment else ""
        if decision.kind == DecisionKind.REJECTED:
            return (_("%(name)s avslog: %(reason)s.") % facts) + quoted
        if decision.kind == DecisionKind.SUBSTITUTED:
            return (_("%(name)s bytte till %(item)s.") % facts) + quoted
        if decision.kind == DecisionKind.ADJUSTED:
            return (_("%(name)s ändrade %(before)s till %(after)s.") % facts) + quoted
        return _("%(name)s: ”%(text)s”") % facts if decision.comment else ""


def _expected(allocations: Sequence[Allocation]) -> date | None:
    open_ones = [each.order_line.expected_date for each in allocations if each.remaining]
    return max(open_ones, default=None)
