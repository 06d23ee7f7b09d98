"""
A random walk through every act of the chain, by people of every role; what is refused is refused.

Prices, suppliers and items change in between, savings are computed and purchases imported, under baselines that are
replaced on the way.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from agreements.models import Supplier
from catalog.models import Item, ItemCeiling, Price
from catalog.states import ItemStatus
from categories.models import CategoryPolicy
from core.errors import DomainError
from organizations.models import User
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    BudgetAttest,
    Deviation,
    PurchaseOrder,
    RejectionReason,
    RequisitionLine,
)
from procurement.operations import (
    amendments,
    attests,
    baskets,
    decisions,
    orders,
    other_days,
    receipts,
    reducing,
    requisitions,
    sending,
)
from procurement.operations.decidable import Outcome
from procurement.operations.filling import Wish
from procurement.operations.receipts import ReceiptEntry
from procurement.states import LineStatus, OrderStatus
from registers.operations import applying
from reporting.models import Baseline, SavingInitiative
from reporting.operations import reports, savings
from reporting.operations.months import sum_up_months
from reporting.operations.report_stages import approve_report, lock_report, review_report
from tests.cast import NOW, Cast
from tests.history.scms_files import compared, table
from tests.procurement import events
from tests.reporting import follow_ups, initiatives


class Walk:
    """Steps that one seed decides; `done` counts what succeeded and `refused` what was said no to."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast = cast
        self.random = Random(seed)
        self.at: datetime = NOW
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.acts: list[Callable[[], object]] = [
            self.place, self.place, self.submit, self.approve, self.approve, self.adjust, self.substitute, self.ask,
            self.answer, self.reject, self.undo, self.withdraw, self.revise, self.attest, self.attest,
            self.refuse_attest, self.consolidate, self.send, self.cancel, self.reduce, self.ask_for_another_day, self.receive, self.receive, self.compute,
            self.import_purchases, self.confirm_another, self.happen, self.happen,
        ]  # fmt: skip
        cast.agreement.ceiling_amount = Decimal(30_000)
        cast.agreement.save()
        ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=200)
        CategoryPolicy.objects.update(standing_approval_limit=Decimal(300))
        initiatives.example_deliveries(cast)
        initiatives.confirmed(cast)

    def go(self, steps: int) -> None:
        """Take so many steps, ten minutes apart."""
        for _step in range(steps):
            self.at += timedelta(minutes=10)
            act = self.random.choice(self.acts)
            try:
                result = act()
            except DomainError as refusal:
                self.refused[f"{act.__name__}: {refusal.code}"] += 1
            else:
                if isinstance(result, Outcome):
                    self.done[act.__name__] += len(result.done)
                    self.refused.update(f"{act.__name__}: {error.code}" for _line, error in result.refused)
                elif result:
                    self.done[act.__name__] += 1

    def person(self, *people: User) -> User:
        """One of these, read afresh as for a new request; now and then somebody else altogether."""
        if self.random.random() < 0.1:
            people = (self.cast.stranger, self.cast.requester, self.cast.controller, self.cast.manager)
        return User.objects.get(pk=self.random.choice(people).pk)

    def decider(self) -> User:
        return self.person(self.cast.manager, self.cast.deputy, self.cast.head, self.cast.head)

    def orderer(self) -> User:
        return self.person(self.cast.requester, self.cast.colleague)

    def quantity(self, most: int = 12) -> Decimal:
        return Decimal(self.random.randint(1, most))

    def line(self, *statuses: LineStatus) -> RequisitionLine | None:
        if self.random.random() < 0.1:
            statuses = tuple(LineStatus)
        rows = list(RequisitionLine.objects.filter(status__in=statuses).order_by("pk"))
        return self.random.choice(rows) if rows else None

    def place(self) -> object:
        items = [self.cast.gloves, self.cast.gown, self.cast.chair]
        wishes = [
            Wish(item, self.quantity(4 if item == self.cast.chair else 12))
            for item in self.random.choices(items, weights=(5, 3, 1), k=self.random.randint(1, 3))
        ]
        cast = self.cast
        details = baskets.Details(cast.place, cast.ward, cast.activity, (self.at + timedelta(days=7)).date())
        return requisitions.place(
            key=UUID(int=self.random.getrandbits(128)), department=cast.ward, wanted=wishes, details=details,
            by=self.orderer(), at=self.at,
        )  # fmt: skip

    def submit(self) -> object:
        cast, by = self.cast, self.orderer()
        basket = baskets.open_basket(department=cast.ward, by=by, at=self.at)
        baskets.add_item(basket=basket, item=cast.gloves, quantity=self.quantity(), by=by, at=self.at)
        baskets.add_free_text(
            basket=basket, description="Vagn", specification="", category=cast.office, quantity=self.quantity(3),
            unit="st", estimated_unit_price=Decimal("950.50"), suggested_supplier="", by=by, at=self.at,
        )  # fmt: skip
        details = baskets.Details(cast.place, cast.ward, cast.activity, (self.at + timedelta(days=7)).date())
        return requisitions.submit(basket=basket, details=details, by=by, at=self.at)

    def approve(self) -> object:
        lines = [line for line in (self.line(LineStatus.AWAITING) for _number in range(3)) if line]
        distinct = list({line.pk: line for line in lines}.values())
        return distinct and decisions.approve(
            lines=distinct,
            by=self.decider(),
            at=self.at,
            supplier=self.cast.paper_supplier,
            unit_price=Decimal(self.random.randint(900, 1100)),
        )

    def adjust(self) -> object:
        line = self.line(LineStatus.AWAITING)
        return line and decisions.adjust(
            line=line, quantity=self.quantity(6), by=self.decider(), at=self.at, comment="Färre räcker"
        )

    def substitute(self) -> object:
        line = self.line(LineStatus.AWAITING)
        return line and decisions.substitute(
            line=line,
            item=self.cast.gown,
            quantity=self.quantity(6),
            by=self.decider(),
            at=self.at,
            comment="Slut",
        )

    def ask(self) -> object:
        line = self.line(LineStatus.AWAITING)
        return line and decisions.return_with_question(
            lines=[line], question="Behövs den?", by=self.decider(), at=self.at
        )

    def answer(self) -> object:
        line = self.line(LineStatus.RETURNED)
        return line and amendments.answer(line=line, text="Ja", by=self.orderer(), at=self.at)

    def reject(self) -> object:
        line = self.line(LineStatus.AWAITING)
        return line and decisions.reject(
            lines=[line], reason_code=RejectionReason.IN_STOCK, comment="", by=self.decider(), at=self.at
        )

    def undo(self) -> object:
        line = self.line(LineStatus.APPROVED)
        return line and decisions.undo(lines=[line], by=self.decider(), at=self.at)

    def withdraw(self) -> object:
        line = self.line(LineStatus.AWAITING, LineStatus.APPROVED)
        return line and amendments.withdraw_line(line=line, by=self.orderer(), at=self.at)

    def revise(self) -> object:
        line = self.line(LineStatus.AWAITING, LineStatus.RETURNED)
        return line and amendments.revise_line(
            line=line, quantity=self.quantity(), specification="", by=self.orderer(), at=self.at
        )

    def _attest(self) -> BudgetAttest | None:
        waiting = self.random.random() < 0.8
        attests = BudgetAttest.objects.filter(status="pending") if waiting else BudgetAttest.objects.all()
        rows = list(attests.order_by("pk"))
        return self.random.choice(rows) if rows else None

    def attest(self) -> object:
        attest = self._attest()
        return attest and attests.attest(
            attest=attest,
            by=self.person(self.cast.budget_holder, self.cast.budget_holder, self.cast.head),
            at=self.at,
        )

    def refuse_attest(self) -> object:
        attest = self._attest() if self.random.random() < 0.5 else None
        return attest and attests.refuse_attest(
            attest=attest, by=self.person(self.cast.budget_holder), at=self.at, comment="Ryms inte"
        )

    def consolidate(self) -> object:
        return orders.consolidate(at=self.at, due_only=False)

    def _order(self) -> PurchaseOrder | None:
        rows = list(PurchaseOrder.objects.order_by("pk"))
        return self.random.choice(rows) if rows else None

    def send(self) -> object:
        order = self._order()
        return order and sending.send_order(order=order, at=self.at)

    def _who_may_cancel(self, order: PurchaseOrder) -> User:
        """Mostly the head, who may cancel any order; else whoever decides today."""
        return self.cast.head if self.random.random() < 0.7 else self.decider()

    def cancel(self) -> object:
        order = self._order() if self.random.random() < 0.4 else None
        return order and orders.cancel_order(
            order=order, reason="Fel vara", by=self._who_may_cancel(order), at=self.at
        )

    def reduce(self) -> object:
        """Fewer of an order are needed: none, or half of what is left of one row."""
        allocations = list(
            Allocation.objects.filter(STILL_TO_COME, order_line__order__status=OrderStatus.SENT).order_by(
                "pk"
            )
        )
        if not allocations:
            return None
        allocation = self.random.choice(allocations)
        order = allocation.order_line.order
        return reducing.reduce_order(
            order=order,
            version=order.version,
            coming={allocation.pk: self.random.choice([Decimal(0), allocation.remaining // 2])},
            reason="Räcker",
            by=self._who_may_cancel(order),
            at=self.at,
        )

    def ask_for_another_day(self) -> object:
        """What is left of an order is needed up to a fortnight later."""
        order = self._order()
        if order is None:
            return None
        days = {
            line.position: line.expected_date + timedelta(days=self.random.randint(0, 14))
            for line in order.lines.all()
        }
        return other_days.ask_for_other_days(
            order=order,
            version=order.version,
            days=days,
            reason="Stängt",
            by=self._who_may_cancel(order),
            at=self.at,
        )

    def receive(self) -> object:
        allocations = list(
            Allocation.objects.filter(line__status__in=["ordered", "partly_received"]).order_by("pk")
        )
        if not allocations:
            return None
        chosen = self.random.sample(allocations, k=min(len(allocations), self.random.randint(1, 3)))
        entries = []
        for allocation in chosen:
            quantity = Decimal(
                self.random.randint(0, int(allocation.quantity - allocation.received_quantity))
            )
            deviation = self.random.choice(
                [Deviation.NONE, Deviation.NONE, Deviation.SHORT, Deviation.DAMAGED]
            )
            missing = Decimal(0) if deviation == Deviation.NONE else Decimal(1)
            entries.append(ReceiptEntry(allocation.pk, quantity, deviation, missing))
        return receipts.receive(
            key=UUID(int=self.random.getrandbits(128)), department=self.cast.ward, entries=entries,
            by=self.person(self.cast.colleague, self.cast.requester), at=self.at,
        )  # fmt: skip

    def compute(self) -> object:
        return savings.compute_savings(run=savings.request_savings_run(by=None, at=self.at), at=self.at)

    def import_purchases(self) -> object:
        rows = [
            {"ID": str(self.random.randint(1, 20)), "Pack Price": self.random.choice(["29", "31", "billig"])}
            for _row in range(5)
        ]
        of_import = compared(table(*rows).encode(), self.cast.controller)
        return applying.apply_import(of_import=of_import, by=self.cast.controller, at=self.at)

    def confirm_another(self) -> object:
        """A later initiative takes over what the first one counted, once."""
        if SavingInitiative.objects.count() > 1 or not Baseline.objects.filter(
            savings__receipt_line__isnull=False
        ):
            return None
        return initiatives.confirmed(self.cast, effective=date(2021, 5, 1))

    def happen(self) -> object:
        """Something happens to the gloves, or what has happened is over."""
        event = self.random.choice(
            [None] * 5
            + [
                events.price_fell,
                events.price_rose,
                events.minimum_raised,
                events.item_recalled,
                events.supplier_blocked,
            ]
        )
        Supplier.objects.update(blocked_reason="")
        Item.objects.filter(pk=self.cast.gloves.pk).update(status=ItemStatus.STANDARD, blocked_reason="")
        Price.objects.filter(item=self.cast.gloves).update(unit_price=Decimal(58), minimum_quantity=1)
        if event is not None:
            event(self.cast)
        return True

    def settle(self) -> None:
        """Let the clock do its work until nothing is due: order, send, compute, sum up."""
        for _day in range(5):
            self.at += timedelta(days=1)
            orders.consolidate(at=self.at)
            sending.send_due(at=self.at)
            self.compute()
            sum_up_months()

    def report(self) -> None:
        """Ask for a report on the year before, write it, and take it as far as it goes that day."""
        asked_for = reports.request_report(
            year=2020, through_date=date(2020, 12, 31), title="Återrapport", by=self.cast.head, at=self.at
        )
        draft = follow_ups.wrote(self.cast, asked_for, **follow_ups.TEXTS)
        report = reports.build_report(report=draft, at=self.at)
        review_report(report=report, shown=follow_ups.sha256_of(report), by=self.cast.controller, at=self.at)
        approve_report(report=report, shown=follow_ups.sha256_of(report), by=self.cast.head, at=self.at)
        lock_report(report=report, diary_number="RS 2020/1154", by=self.cast.head, at=self.at)
        follow_ups.files_made(report, at=self.at)
