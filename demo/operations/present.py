"""
Live the last weeks: perform the real operations, each at its moment before today, in the order of time.

What the files do not say goes its ordinary way: a line that is older than a week is decided the morning after, an attest
is given the morning after, a delivery is received on the day it was expected. What they name stays where they leave it.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from categories.operations.absences import report_absence
from categories.operations.delegations import accept_delegation, delegate
from core.working_days import add_working_days, is_working_day
from demo import data
from demo.history import draw
from demo.operations.region import Registers
from demo.proposed_suppliers import proposed_suppliers
from demo.routine import routine
from organizations.models import Department, Dimension, User
from procurement.market import prices_on
from procurement.models import (
    Allocation,
    BudgetAttest,
    CancellationNotice,
    Deviation,
    PurchaseOrder,
    RejectionReason,
    Requisition,
    RequisitionLine,
)
from procurement.operations import (
    amendments,
    attests,
    baskets,
    decisions,
    orders,
    receipts,
    requisitions,
    sending,
)
from procurement.states import DELIVERABLE, AttestStatus, LineStatus

ORDER_CLOCK = time(15, 0)
MORNING = time(7, 45)
"""When the present stands still, today."""

SETTLED_DAYS = 5
"""What was asked for so many working days ago has been decided."""

FIRST_NUMBER = 4300
"""The numbers go on from the system used before."""

DECISIONS = {"adjust", "approve", "buy", "keep", "refuse", "reject", "return", "revise", "substitute", "withdraw"}  # fmt: skip
RECEIPTS = {"damaged", "late", "receive", "short"}


def live_present(registers: Registers, *, today: date, at: datetime) -> None:
    """Perform what happened until this morning, and order what has passed its order time since."""
    present = _Present(registers, today)
    present.live()
    present.order_until(at)


def _prices_of(lines: Sequence[RequisitionLine], at: datetime) -> dict[int, Decimal]:
    """What each line costs at the moment, as the queue shows it to whoever approves."""
    prices = prices_on(timezone.localdate(at), [line.item_id for line in lines])
    price_by_line = (
        (
            line.pk,
            prices.of(
                line.item_id, line.agreement_id, line.supplier_id, quantity=line.quantity, unit=line.unit
            ),
        )
        for line in lines
    )
    return {pk: price.unit_price for pk, price in price_by_line if price is not None}


class _Present:
    """The last weeks while they are lived: a queue of moments, and what has come of each requisition."""

    def __init__(self, registers: Registers, today: date) -> None:
        self.registers = registers
        self.today = today
        self.ends = self.moment(today, MORNING)
        self.queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = count()
        self.made: dict[str, Requisition] = {}
        self.key_of: dict[int, str] = {}
        self.events: dict[tuple[str, int], list[data.RequisitionEvent]] = defaultdict(list)
        for event in data.requisition_events():
            self.events[event.requisition, event.position].append(event)
        self.proposals = proposed_suppliers()

    # The clock

    def moment(self, day: date, at: time) -> datetime:
        return timezone.make_aware(datetime.combine(day, at))

    def schedule(self, at: datetime, act: Callable[[datetime], None]) -> None:
        """Let something happen, unless it would be later than this morning."""
        if at <= self.ends:
            heapq.heappush(self.queue, (at, next(self.order), act))

    def live(self) -> None:
        """Let everything happen in the order of time."""
        with connection.cursor() as cursor:
            for sequence in ("procurement_requisition_number", "procurement_order_number"):
                cursor.execute("SELECT setval(%s, %s)", [sequence, FIRST_NUMBER])
        self._arrange_absences()
        self._schedule_requisitions()
        self._schedule_order_clock()
        while self.queue:
            at, _order, act = heapq.heappop(self.queue)
            act(at)

    def order_until(self, at: datetime) -> None:
        """Order what is due, as the clock does: what is loaded in the afternoon has passed its order time."""
        due = self.moment(self.today, ORDER_CLOCK)
        if is_working_day(self.today) and due < at:
            self._order(due)

    def _schedule_requisitions(self) -> None:
        lines: dict[str, list[data.RequisitionLine]] = defaultdict(list)
        for line in data.requisition_lines():
            lines[line.requisition].append(line)
        all_requisitions = [*routine(), *((row, lines[row.key]) for row in data.requisitions())]
        for row, rows in all_requisitions:
            at = self.moment(add_working_days(self.today, row.days), row.time)
            self.schedule(at, lambda at, row=row, rows=rows: self._submit(row, rows, at))  # type: ignore[misc]
        for event in data.requisition_events():
            at = self.moment(add_working_days(self.today, event.days), event.time)
            if event.verb not in {"late", "keep"}:
                self.schedule(at, lambda at, event=event: self._perform(event, at))  # type: ignore[misc]

    def _schedule_order_clock(self) -> None:
        day = add_working_days(self.today, -30)
        while day <= self.today:
            if is_working_day(day):
                self.schedule(self.moment(day, ORDER_CLOCK), self._order)
            day += timedelta(days=1)

    # People

    def user(self, email: str) -> User:
        """Read the person afresh, as each request does."""
        return User.objects.get(email=email)

    def fresh(self, user: User | None) -> User:
        if user is None:
            raise ValueError("nobody is responsible")
        return User.objects.get(pk=user.pk)

    def _arrange_absences(self) -> None:
        at = self.moment(add_working_days(self.today, -10), time(8, 20))
        manager = self.user("mikael.norrby@gotland.example")
        period = DateRange(add_working_days(self.today, -7), self.today + timedelta(days=7))
        report_absence(user=manager, during=period, by=manager, at=at)
        delegator = self.user("goran.hultgren@gotland.example")
        colleague = self.user("annika.rosvall@gotland.example")
        delegation = delegate(
            delegator=delegator,
            delegate=colleague,
            valid_during=DateRange(self.today + timedelta(days=10), self.today + timedelta(days=17)),
            reason="Semester",
            by=delegator,
            at=at,
        )
        accept_delegation(delegation=delegation, by=colleague, at=at)

    # Asking

    def _submit(self, row: data.Requisition, rows: Iterable[data.RequisitionLine], at: datetime) -> None:
        by = self.user(row.email)
        department = self.registers.departments[row.cost_center]
        basket = baskets.open_basket(department=department, by=by, at=at)
        for line in rows:
            self._add(basket, line, by=by, at=at)
        if any(event.verb == "keep" for event in self.events[row.key, 0]):
            return
        baskets.save_details(
            basket=basket,
            delivery_place=department.delivery_places.order_by("pk")[0],
            charged_department=department,
            activity=department.activity,
            account=None,
            project=self.registers.accounts.get((Dimension.PROJECT, row.project)),
            needed_by_date=add_working_days(timezone.localdate(at), row.needed_in_days),
            reason=row.reason,
            by=by,
            at=at,
        )
        requisition = requisitions.submit(basket=basket, by=by, at=at)
        self.made[row.key], self.key_of[requisition.pk] = requisition, row.key
        if row.days <= -SETTLED_DAYS:
            self._settle(row, at)

    def _add(self, basket: Requisition, line: data.RequisitionLine, *, by: User, at: datetime) -> None:
        category = self.registers.categories.get(line.category)
        if line.kind == "item":
            item = self.registers.items[line.item]
            baskets.add_item(basket=basket, item=item, quantity=line.quantity, by=by, at=at)
            return
        need: dict[str, Any] = {
            "description": line.description,
            "specification": line.specification,
            "category": category,
            "estimated_unit_price": line.unit_price or Decimal(0),
            "suggested_supplier": line.suggested_supplier,
            "proposal": self.proposals.get((line.requisition, line.position)),
        }
        if line.kind == "free_text":
            baskets.add_free_text(basket=basket, quantity=line.quantity, unit=line.unit, by=by, at=at, **need)
        else:
            baskets.add_service(
                basket=basket,
                place=line.place,
                start_date=self.today + timedelta(days=line.starts_in_days or 0),
                end_date=self.today + timedelta(days=line.ends_in_days or 0),
                hours=line.quantity,
                by=by,
                at=at,
                **need,
            )

    def _settle(self, row: data.Requisition, at: datetime) -> None:
        """Let the ordinary decisions follow the morning after."""
        morning = add_working_days(timezone.localdate(at), 1)
        if not any(event.verb in {"attest", "refuse"} for event in self.events[row.key, 0]):
            self.schedule(self.moment(morning, time(9, 5)), lambda at: self._attest(row.key, at))
        self.schedule(self.moment(morning, time(10, 0)), lambda at: self._approve_ordinary(row.key, at))

    def _approve_ordinary(self, key: str, at: datetime) -> None:
        waiting: dict[User, list[RequisitionLine]] = defaultdict(list)
        for line in self._lines(key).filter(status=LineStatus.AWAITING, item__isnull=False):
            events = self.events[key, line.position]
            if line.responsible and not any(event.verb in DECISIONS for event in events):
                waiting[line.responsible].append(line)
        for responsible, lines in waiting.items():
            prices = _prices_of(lines, at)
            decisions.approve(lines=lines, by=self.fresh(responsible), at=at, unit_prices=prices)

    # What the files name

    def _perform(self, event: data.RequisitionEvent, at: datetime) -> None:
        if event.verb == "attest":
            self._attest(event.requisition, at)
        elif event.verb == "refuse":
            attest = self._pending(event.requisition)
            if attest:
                by = self.fresh(attest.responsible)
                attests.refuse_attest(attest=attest, by=by, at=at, comment=event.text)
        elif event.verb == "cancel_order":
            self._cancel_order(event, at)
        elif event.verb in RECEIPTS:
            self._receive_named(event, at)
        elif event.verb in {"answer", "revise", "withdraw"}:
            self._change(event, at)
        else:
            self._decide(event, at)

    def _decide(self, event: data.RequisitionEvent, at: datetime) -> None:
        line = self._line(event)
        by = self.fresh(line.responsible)
        if event.verb == "approve":
            decisions.approve(lines=[line], by=by, at=at, unit_prices=_prices_of([line], at)).only()
        elif event.verb == "buy":
            supplier = self.registers.suppliers[event.value]
            decisions.approve(lines=[line], by=by, at=at, supplier=supplier).only()
        elif event.verb == "adjust":
            decisions.adjust(
                line=line,
                quantity=Decimal(event.value),
                by=by,
                at=at,
                comment=event.text,
                unit_price=_prices_of([line], at).get(line.pk),
            ).only()
        elif event.verb == "return":
            decisions.return_with_question(lines=[line], question=event.text, by=by, at=at).only()
        elif event.verb == "reject":
            reason = RejectionReason(event.value)
            decisions.reject(lines=[line], reason_code=reason, comment=event.text, by=by, at=at).only()
        elif event.verb == "substitute":
            number, quantity = event.value.split()
            item = self.registers.items[number]
            decisions.substitute(
                line=line, item=item, quantity=Decimal(quantity), by=by, at=at, comment=event.text
            ).only()
        else:
            raise ValueError(event.verb)

    def _change(self, event: data.RequisitionEvent, at: datetime) -> None:
        line = self._line(event)
        by = self.fresh(line.requisition.requester)
        if event.verb == "answer":
            amendments.answer(line=line, text=event.text, by=by, at=at)
        elif event.verb == "withdraw":
            amendments.withdraw_line(line=line, by=by, at=at)
        else:
            amendments.revise_line(line=line, quantity=Decimal(event.value), specification="", by=by, at=at)

    def _attest(self, key: str, at: datetime) -> None:
        attest = self._pending(key)
        if attest:
            attests.attest(attest=attest, by=self.fresh(attest.responsible), at=at)

    def _pending(self, key: str) -> BudgetAttest | None:
        pending = BudgetAttest.objects.filter(requisition=self.made[key], status=AttestStatus.PENDING)
        return pending.select_related("responsible", "requisition").first()

    def _cancel_order(self, event: data.RequisitionEvent, at: datetime) -> None:
        placed = PurchaseOrder.objects.filter(
            lines__allocations__line__requisition=self.made[event.requisition]
        )
        head = self.user("helena.stenmark@gotland.example")
        cancelled = orders.cancel_order(order=placed.order_by("pk")[0], reason=event.text, by=head, at=at)
        for notice in CancellationNotice.objects.filter(order=cancelled):
            sending.send_cancellation(notice=notice, at=at + timedelta(minutes=1))

    def _lines(self, key: str) -> models.QuerySet[RequisitionLine]:
        return RequisitionLine.objects.filter(requisition=self.made[key]).select_related(
            "requisition__department", "requisition__requester", "responsible"
        )

    def _line(self, event: data.RequisitionEvent) -> RequisitionLine:
        line: RequisitionLine = (
            self._lines(event.requisition).filter(position=event.position).latest("version")
        )
        return line

    # Ordering and receiving

    def _order(self, at: datetime) -> None:
        placed = orders.consolidate(at=at)
        for order in placed:
            orders.send_order(order=order, at=at + timedelta(minutes=1))
        allocations = Allocation.objects.filter(order_line__order__in=placed).select_related(
            "line__requisition__department", "order_line"
        )
        expected: dict[tuple[date, int], list[Allocation]] = defaultdict(list)
        for allocation in allocations.order_by("pk"):
            key = self.key_of[allocation.line.requisition_id]
            if any(event.verb in RECEIPTS for event in self.events[key, allocation.line.position]):
                continue
            day = allocation.order_line.expected_date
            expected[day, allocation.line.requisition_id].append(allocation)
        for (day, requisition_id), together in expected.items():
            minute = draw(f"received {self.key_of[requisition_id]}", 60)
            ids = [allocation.pk for allocation in together]
            self.schedule(
                self.moment(day, time(9, minute)),
                lambda at, ids=ids: self._receive(ids, at),  # type: ignore[misc]
            )

    def _receive_named(self, event: data.RequisitionEvent, at: datetime) -> None:
        line = self._line(event)
        (allocation,) = line.allocations.all()
        quantity = Decimal(event.value or 0)
        if event.verb == "damaged":
            whole = allocation.quantity - quantity
            entry = receipts.ReceiptEntry(allocation.pk, whole, Deviation.DAMAGED, quantity, event.text)
        elif event.verb == "short":
            entry = receipts.ReceiptEntry(allocation.pk, quantity, Deviation.SHORT, comment=event.text)
        else:
            entry = receipts.ReceiptEntry(allocation.pk, quantity, comment=event.text)
        self._sign([entry], line.requisition.department, line.requisition.requester, at)

    def _receive(self, allocation_ids: list[int], at: datetime) -> None:
        """Receive all that remains of some allocations."""
        allocations = list(
            Allocation.objects.filter(pk__in=allocation_ids, line__status__in=DELIVERABLE)
            .select_related("line__requisition__department", "line__requisition__requester")
            .order_by("pk")
        )
        if allocations:
            entries = [receipts.ReceiptEntry(each.pk, each.remaining) for each in allocations]
            requisition = allocations[0].line.requisition
            self._sign(entries, requisition.department, requisition.requester, at)

    def _sign(
        self, entries: list[receipts.ReceiptEntry], department: Department, requester: User, at: datetime
    ) -> None:
        key = uuid5(
            NAMESPACE_URL, f"demo {department.cost_center} {at.isoformat()} {entries[0].allocation_id}"
        )
        receipts.receive(key=key, department=department, entries=entries, by=self.fresh(requester), at=at)
