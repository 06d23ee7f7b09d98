"""A walk among orders that suppliers have: they answer, change and refuse, what comes is wrong, and fewer or another day is needed."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from agreements.models import Agreement
from catalog.models import ItemCeiling
from organizations.models import User
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    AnswerOutcome,
    BudgetAttest,
    Complaint,
    DayWish,
    Deviation,
    Expectation,
    OrderLine,
    PurchaseOrder,
    Receipt,
    ReceiptKind,
    RequisitionLine,
    SettlementOutcome,
    still_to_come,
)
from procurement.operations import (
    answers,
    attests,
    complaints,
    day_wishes,
    decisions,
    orders,
    receipts,
    returning,
    sending,
    settling,
)
from procurement.operations.answered_lines import LineAnswer
from procurement.operations.receipts import POSSIBLE, ReceiptEntry
from procurement.states import DELIVERABLE, WILL_NOT_COME, AnswerStatus, AttestStatus, LineStatus, OrderStatus
from tests.cast import Cast
from tests.invariants.walk import Walk

OUTCOMES = (AnswerOutcome.CONFIRMED, AnswerOutcome.CHANGED, AnswerOutcome.CHANGED, AnswerOutcome.REFUSED)


class Deliveries(Walk):
    """The walk with whatever may happen to an order between its sending and its last receipt, under ceilings that suffice."""

    def __init__(self, cast: Cast, seed: int) -> None:
        super().__init__(cast, seed)
        self.acts = [
            self.order, self.cancel, self.reduce, self.reduce, self.ask_for_another_day, self.receive, self.receive,
            self.supplier_answers, self.supplier_answers, self.supplier_answers, self.settle_changes,
            self.settle_changes, self.wish, self.wish, self.decline_wish, self.take_back, self.send_back, self.settle_complaint,
        ]  # fmt: skip
        Agreement.objects.update(ceiling_amount=Decimal(100_000_000))
        ItemCeiling.objects.update(ceiling_quantity=Decimal(1_000_000))

    def _key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128))

    def orderer(self) -> User:
        return User.objects.get(pk=self.cast.requester.pk)

    def order(self) -> object:
        """Needs of two requisitions, ordered and sent at once."""
        for _need in range(2):
            self.place()
        waiting = RequisitionLine.objects.filter(status=LineStatus.AWAITING).order_by("pk")
        decisions.approve(lines=list(waiting), by=User.objects.get(pk=self.cast.head.pk), at=self.at)
        for attest in BudgetAttest.objects.filter(status=AttestStatus.PENDING).order_by("pk"):
            attests.attest(attest=attest, by=User.objects.get(pk=self.cast.budget_holder.pk), at=self.at)
        new_orders = orders.consolidate(at=self.at, due_only=False)
        sending.send_due(at=self.at)
        return new_orders

    def _undelivered_order(self) -> PurchaseOrder | None:
        """Mostly an order of which something is left to come."""
        order_ids = Allocation.objects.filter(STILL_TO_COME).values("order_line__order")
        rows = list(PurchaseOrder.objects.filter(status=OrderStatus.SENT, pk__in=order_ids).order_by("pk"))
        return self.random.choice(rows) if rows and self.random.random() < 0.9 else self._order()

    def supplier_answers(self) -> object:
        order = self._undelivered_order()
        lines = list(order.lines.exclude(answer__in=WILL_NOT_COME).order_by("position")) if order else []
        if order is None or not lines:
            return None
        line_answers = [
            self._line_answer(each)
            for each in self.random.sample(lines, k=self.random.randint(1, len(lines)))
        ]
        return answers.register_answer(
            order=order,
            key=self._key(),
            version=order.version,
            lines=line_answers,
            by=self.cast.head,
            at=self.at,
        )

    def _line_answer(self, line: OrderLine) -> LineAnswer:
        outcome = self.random.choice(OUTCOMES)
        if outcome == AnswerOutcome.REFUSED:
            return LineAnswer(line.position, outcome)
        day = line.asked_date or line.expected_date
        return LineAnswer(
            line.position,
            outcome,
            quantity=self.random.choice([None, None, self.quantity(int(line.quantity)), line.quantity]),
            unit_price=self.random.choice([None, None, line.due_unit_price - 1, line.due_unit_price]),
            delivery_date=self.random.choice([None, day, line.expected_date, day + timedelta(days=3)]),
        )

    def settle_changes(self) -> object:
        rows = list(PurchaseOrder.objects.with_changes().order_by("pk"))
        if not rows:
            return None
        order = self.random.choice(rows)
        agreed: list[int] = []
        declined: list[int] = []
        for line in order.lines.filter(answer=AnswerStatus.CHANGED).order_by("position"):
            self.random.choice([agreed, declined]).append(line.position)
        return settling.settle_changes(
            order=order,
            version=order.version,
            agreed=agreed,
            declined=declined,
            by=self.cast.head,
            at=self.at,
        )

    def receive(self) -> object:
        allocations = list(Allocation.objects.filter(line__status__in=DELIVERABLE).order_by("pk"))
        if not allocations:
            return None
        chosen = self.random.sample(allocations, k=min(len(allocations), self.random.randint(1, 3)))
        return receipts.receive(
            key=self._key(), department=self.cast.ward, entries=[self._entry(each) for each in chosen],
            by=self.person(self.cast.colleague, self.cast.requester), at=self.at,
        )  # fmt: skip

    def _entry(self, allocation: Allocation) -> ReceiptEntry:
        """Some of it, and whatever may be wrong with it, with whatever may be expected of that."""
        quantity = Decimal(self.random.randint(0, int(allocation.remaining)))
        deviation = self.random.choice([Deviation.NONE, *Deviation])
        if deviation == Deviation.NONE:
            return ReceiptEntry(allocation.pk, quantity)
        expects = self.random.choice([None, Expectation.NOTHING, *sorted(POSSIBLE[deviation])])
        wrong = Decimal(0) if deviation == Deviation.SHORT else self.quantity(3)
        return ReceiptEntry(allocation.pk, quantity, deviation, wrong, "", expects)

    def wish(self) -> object:
        """Whoever waits for something would rather have it up to a week later."""
        line = self.line(*DELIVERABLE)
        return line and day_wishes.wish_for_day(
            line=line, day=self.at.date() + timedelta(days=self.random.randint(0, 14)), reason="Stängt",
            by=self.person(self.cast.requester, self.cast.colleague), at=self.at,
        )  # fmt: skip

    def decline_wish(self) -> object:
        wish = DayWish.objects.open().order_by("pk").first()
        return wish and day_wishes.decline_day(
            line=wish.line, reason="Går inte", by=self.decider(), at=self.at
        )

    def _receipt(self) -> Receipt | None:
        rows = list(Receipt.objects.filter(kind=ReceiptKind.DELIVERY).order_by("pk"))
        return self.random.choice(rows) if rows else None

    def take_back(self) -> object:
        receipt = self._receipt()
        return receipt and returning.take_back(
            key=self._key(), receipt=receipt, reason="Fel", by=self.cast.colleague, at=self.at
        )

    def send_back(self) -> object:
        receipt = self._receipt()
        if receipt is None:
            return None
        row = self.random.choice(list(receipt.lines.order_by("pk")))
        return returning.send_back(
            key=self._key(), receipt=receipt, quantities={row.pk: self.quantity(int(row.quantity) or 1)},
            expects=self.random.choice([Expectation.NOTHING, Expectation.CREDIT, Expectation.REPLACEMENT]),
            reason="Trasig", by=self.cast.colleague, at=self.at,
        )  # fmt: skip

    def settle_complaint(self) -> object:
        rows = list(Complaint.objects.open().order_by("pk"))
        return bool(rows) and complaints.settle_complaint(
            complaint=self.random.choice(rows), outcome=self.random.choice(list(SettlementOutcome)), reference="K1",
            by=self.cast.colleague, at=self.at,
        )  # fmt: skip

    def end(self) -> None:
        """Let everybody do what is left: answer suppliers, settle complaints, and receive what is on its way."""
        for order in PurchaseOrder.objects.with_changes().order_by("pk"):
            changed_lines = order.lines.filter(still_to_come(), answer=AnswerStatus.CHANGED)
            settling.settle_changes(
                order=order,
                version=order.version,
                agreed=(),
                declined=list(changed_lines.values_list("position", flat=True)),
                by=self.cast.head,
                at=self.at,
            )
        while complaint := Complaint.objects.open().order_by("pk").first():  # one may end another
            complaints.settle_complaint(
                complaint=complaint, outcome=SettlementOutcome.DONE, reference="K2", by=self.cast.colleague, at=self.at
            )  # fmt: skip
        allocations = Allocation.objects.filter(line__status__in=DELIVERABLE).order_by("pk")
        entries = [ReceiptEntry(each.pk, each.remaining) for each in allocations]
        if entries:
            receipts.receive(
                key=self._key(),
                department=self.cast.ward,
                entries=entries,
                by=self.cast.colleague,
                at=self.at,
            )
