"""
When what somebody was told to wait for, or that waits for her, is done: conditions on notices that nobody has read.

A notice that is about certain lines names them (``facts["lines"]``), so it is done when none of them waits for what it says. One
that counts what waits for a person is done when nothing of the kind does any more. So a notice says what is so for as long as it
is unread, whichever operation, clock or register did the deed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, DateField, Exists, Func, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from catalog.models import Item
from catalog.states import ItemStatus
from categories.delegations import delegations_on
from core.addresses import place
from notices.kinds import Kind
from organizations.models import DelegationScope
from procurement.complaint_notices import COMPLAINT_LATE
from procurement.conversation import has_written_since, is_about_what_waits
from procurement.day_notices import DAY_WISH
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    AwardRecord,
    BudgetAttest,
    Complaint,
    Consultation,
    DayWish,
    DecisionKind,
    PurchaseOrder,
    Recall,
    Requisition,
    RequisitionLine,
    SupplierProposal,
)
from procurement.notices import (
    ATTESTS,
    AWARD,
    HANDOVER,
    LATE,
    LEAVING,
    NOT_SENT,
    OVERDUE,
    PRICE_QUESTION,
    QUESTION,
    RECALL,
    STRANDED,
    SUPPLIER_ANSWER,
    TAKEN_BACK,
    WAITING,
)
from procurement.routing import HELD
from procurement.states import DELIVERABLE, UNDECIDED, LineStatus, OrderStatus
from procurement.supplier_notices import PROPOSED
from procurement.waiting_notices import (
    COMPETED_QUEUE,
    CONSULTATION,
    ESCALATED,
    QUESTION_REMINDER,
    REMINDER,
    UNANSWERED,
)


class ToldLines(Func):
    """The ids of the lines that a notice is about; none when it names none."""

    template = "ARRAY(SELECT told.id::bigint FROM jsonb_array_elements_text(%(expressions)s -> 'lines') AS told (id))"
    output_field = ArrayField(BigIntegerField())


FACTS: Mapping[str, Any] = {
    "told_number": KT("facts__number"),
    "told_until": Cast(KT("facts__until"), DateField()),
    "told_message": Cast(KT("facts__message"), BigIntegerField()),
    "told_person": Cast(KT("facts__person"), BigIntegerField()),
    "told_complaint": Cast(KT("facts__complaint"), BigIntegerField()),
    "told_proposal": Cast(KT("facts__proposal"), BigIntegerField()),
    "told_wish": Cast(KT("facts__wish"), BigIntegerField()),
    "told_recall": Cast(KT("facts__recall"), BigIntegerField()),
    "told_lines": ToldLines("facts"),
}
"""What the conditions ask of a notice's facts, by the names that they use."""


def expiry_conditions(day: date) -> Mapping[Kind, Q]:
    """For each kind that tells of what waits, when a notice of it tells of nothing that waits any more."""
    no_line, no_attest = _none_waits(day, Q()), _no_attest_waits(day, Q())
    is_of_attests = Q(address=place("attests"))
    is_answered = _none_of_its_lines(Q(status=LineStatus.RETURNED))
    is_price_answered = _none_of_its_lines(Q(status__in=UNDECIDED, asked_unit_price__isnull=False))
    return {
        WAITING: no_line,
        OVERDUE: _none_waits(day, Q(response_due_date__lt=day)),
        REMINDER: _none_waits(day, Q(response_due_date__lte=OuterRef("told_until"))),
        TAKEN_BACK: _none_waits(day, ~Q(taken_back_reason="")),
        UNANSWERED: _none_waits(day, Q(decisions__kind=DecisionKind.UNANSWERED)),
        COMPETED_QUEUE: no_line,
        ESCALATED: is_of_attests & _no_attest_waits(day, Q(escalated_from__isnull=False))
        | ~is_of_attests & _none_waits(day, Q(routing_rule__in=list(HELD))),
        HANDOVER: is_of_attests & no_attest | ~is_of_attests & no_line,
        ATTESTS: no_attest,
        QUESTION: is_answered,
        QUESTION_REMINDER: Q(facts__how="price") & is_price_answered | ~Q(facts__how="price") & is_answered,
        PRICE_QUESTION: is_price_answered,
        CONSULTATION: _none_of(_consultations()),
        LATE: _none_of(_late_allocations(day)),
        SUPPLIER_ANSWER: Q(facts__how="changed")
        & _none_of(_order_of_notice(PurchaseOrder.objects.with_changes())),
        NOT_SENT: _none_of(_order_of_notice(PurchaseOrder.objects.not_sent())),
        COMPLAINT_LATE: _none_of(Complaint.objects.open().filter(pk=OuterRef("told_complaint"))),
        PROPOSED: _none_of(SupplierProposal.objects.to_examine().filter(pk=OuterRef("told_proposal"))),
        DAY_WISH: _none_of(DayWish.objects.open().filter(pk=OuterRef("told_wish"))),
        RECALL: Q(facts__how="begun") & _none_of(Recall.objects.open().filter(pk=OuterRef("told_recall"))),
        STRANDED: _none_of(Requisition.objects.stranded(day).filter(requester=OuterRef("recipient"))),
        LEAVING: _none_of(_leaving_items(day)),
        AWARD: _none_of(AwardRecord.objects.to_complete().filter(order__number=OuterRef("told_number"))),
    }


def _none_of(rows: QuerySet[Any]) -> Q:
    return Q(~Exists(rows))


def _responsibility(day: date, right: DelegationScope) -> tuple[Q, Q]:
    """What is asked of whoever is told, and what is asked of those who have let her do it for them that day."""
    delegators = delegations_on(day).carrying(right).filter(delegate=OuterRef(OuterRef("recipient")))
    return Q(responsible=OuterRef("recipient")), Q(responsible__in=delegators.values("delegator"))


def _none_waits(day: date, which: Q) -> Q:
    """Whether none of these lines waits for a decision that she may make."""
    lines = RequisitionLine.objects.filter(which, status=LineStatus.AWAITING, awaits_competition=None)
    is_own, is_delegated = _responsibility(day, DelegationScope.DECISIONS)
    return _none_of(lines.filter(is_own)) & _none_of(lines.filter(is_delegated))


def _no_attest_waits(day: date, which: Q) -> Q:
    """Whether none of these attests waits for her."""
    attests = BudgetAttest.objects.pending().filter(which)
    is_own, is_delegated = _responsibility(day, DelegationScope.ATTESTS)
    return _none_of(attests.filter(is_own)) & _none_of(attests.filter(is_delegated))


def _none_of_its_lines(which: Q) -> Q:
    """Whether none of the lines that it is about is one of these."""
    return _none_of(RequisitionLine.objects.filter(which, pk__among=OuterRef("told_lines")))


def _consultations() -> QuerySet[Consultation]:
    """That somebody is asked in by the message, and has not answered while the line waits."""
    return Consultation.objects.filter(
        ~has_written_since(),
        is_about_what_waits(),
        message=OuterRef("told_message"),
        person=OuterRef("told_person"),
    )


def _late_allocations(day: date) -> QuerySet[Allocation]:
    """What has not come of the lines that it is about, and should have."""
    return Allocation.objects.filter(
        STILL_TO_COME,
        line__among=OuterRef("told_lines"),
        line__status__in=DELIVERABLE,
        order_line__order__status=OrderStatus.SENT,
        order_line__expected_date__lt=day,
    )


def _leaving_items(day: date) -> QuerySet[Item]:
    """The item that it is about, while its last order date is ahead; one that is blocked may be ordered again before it."""
    leaving = (ItemStatus.PHASING_OUT, ItemStatus.BLOCKED)
    return Item.objects.filter(number=OuterRef("told_number"), status__in=leaving, last_order_date__gte=day)


def _order_of_notice(orders: QuerySet[PurchaseOrder]) -> QuerySet[PurchaseOrder]:
    return orders.filter(number=OuterRef("told_number"))
