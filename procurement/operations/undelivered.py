"""
What follows when a supplier does not deliver what is ordered: it is asked for once more, from the next in rank or by whoever answers.

Used inside an operation that has locked the requisitions and then the order (`agreed_changes.lock_order`).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.pricing import PriceLists
from core.bulk import insert_rows, update_rows
from core.errors import DomainError, stored
from core.money import line_amount
from core.states import move
from core.working_days import add_working_days
from organizations.models import User
from procurement.approving import facts_of
from procurement.calling_off import call_offs, is_ranked_by_price, refused_suppliers, selling_at
from procurement.complaint_notices import UNDELIVERED
from procurement.events import Event
from procurement.frozen import LINE_FROZEN
from procurement.gates import Terms
from procurement.market import prices_on
from procurement.models import (
    Allocation,
    ChangeNotice,
    DecisionKind,
    DecisionRule,
    NoticedDecision,
    NoticedLine,
    OrderLine,
    PurchaseOrder,
    RequisitionLine,
)
from procurement.next_in_rank import RANKED, cheapest_left, ranked_after
from procurement.operations import arrivals, ceilings
from procurement.operations.ceilings import PendingApproval
from procurement.operations.deciding import (
    NewDecision,
    mark_approved,
    save_approvals,
    write_decisions,
)
from procurement.operations.putting_away import put_away_for
from procurement.operations.reassessing import reassess_attests, with_refused_parts
from procurement.operations.rechecks import GATE_RELATED, approved_terms, latest_approvals
from procurement.operations.rerouting import place_anew
from procurement.operations.telling import tell_of_supplier_change, tell_of_taking_back
from procurement.operations.telling_of_complaints import tell_of_replacing
from procurement.permissions import Capacity
from procurement.states import (
    ANSWER_TRANSITIONS,
    COMMITTED,
    DELIVERABLE,
    LINE_TRANSITIONS,
    ORDER_TRANSITIONS,
    WILL_NOT_COME,
    AnswerStatus,
    LineStatus,
    OrderStatus,
)

COPIED = sorted(
    LINE_FROZEN - {"id", "version", "replaces"}
    | {"category", "account", "is_account_chosen", "responsible", "routing_rule", "routing_facts"}
    | {"accepted_unit_price", "accepted_by", "accepted_at"}
)
"""What a line that was not delivered asks for once more."""


class SupplierDoesNotDeliver(DomainError):
    """Why an ordered line waits again."""

    code = "supplier_does_not_deliver"
    sentence = _("%(supplier)s levererar inte raden, som var beställd i %(order)s.")


def no_more_comes(
    order: PurchaseOrder,
    lines: Sequence[OrderLine],
    status: AnswerStatus,
    *,
    by: User | None,
    at: datetime,
) -> dict[int, Decimal]:
    """
    Let no more come of lines of an order, since its supplier has said no; how much has come of each, by its id.

    A line of which nothing has come is not delivered. What has come of one stands as what was delivered, and the rest is released.
    """
    received_by_line = _received_of(lines)
    _not_delivered(order, [line for line in lines if not received_by_line[line.pk]], status, by=by, at=at)
    if begun := [line for line in lines if received_by_line[line.pk]]:
        for line in begun:
            move(line, to=AnswerStatus.CONFIRMED, transitions=ANSWER_TRANSITIONS, field="answer")
            line.asked_date = None
        update_rows(begun, ["answer", "asked_date"])
        _close_the_rest(order, begun, by=by, at=at)
    return received_by_line


def _not_delivered(
    order: PurchaseOrder,
    lines: Sequence[OrderLine],
    status: AnswerStatus,
    *,
    by: User | None,
    at: datetime,
) -> None:
    """Let nothing come of lines of an order: what was asked for goes to the next in rank, or back to whoever answers for it."""
    if not lines:
        return
    for line in lines:
        move(line, to=status, transitions=ANSWER_TRANSITIONS, field="answer")
        line.asked_date = None
    update_rows(lines, ["answer", "asked_date"])
    _close_the_rest(order, lines, by=by, at=at)


def decline(notice: ChangeNotice, lines: Sequence[OrderLine], *, by: User, at: datetime) -> list[NoticedLine]:
    """Say no to what a supplier wants to change of lines: no more of them comes. What the supplier is told of them."""
    received_by_line = no_more_comes(notice.order, lines, AnswerStatus.DECLINED, by=by, at=at)
    return [
        NoticedLine(
            notice=notice,
            order_line=line,
            decision=NoticedDecision.DECLINED,
            quantity=received_by_line[line.pk],
            unit_price=line.due_unit_price,
            delivery_date=line.expected_date,
        )
        for line in lines
    ]


def _received_of(lines: Sequence[OrderLine]) -> dict[int, Decimal]:
    """How much has come of each line of an order, by the line's id."""
    received: dict[int, Decimal] = defaultdict(Decimal)
    for each in Allocation.objects.filter(order_line__in=lines).order_by("pk"):
        received[each.order_line_id] += each.received_quantity
    return received


def _close_the_rest(
    order: PurchaseOrder, lines: Sequence[OrderLine], *, by: User | None, at: datetime
) -> None:
    """Let what has not come of lines of an order not come: asked for once more where nothing has, released where something has."""
    allocations = list(Allocation.objects.filter(order_line__in=lines).order_by("pk"))
    open_ones = [each for each in allocations if each.remaining]
    begun = {each.line_id for each in open_ones if each.received_quantity}
    for each in open_ones:
        each.closed_quantity, each.refused_at = each.quantity - each.received_quantity, at
    update_rows(open_ones, ["closed_quantity", "refused_at"])
    needs = requisition_lines(lines, DELIVERABLE)
    begun_lines = [line for line in needs if line.pk in begun]
    arrivals.count_lines(begun_lines, at=at)
    give_back([line for line in needs if line.status == LineStatus.ORDERED], order, by=by, at=at)
    tell_of_supplier_change(begun_lines, order, at=at)
    tell_of_replacing({each.pk: UNDELIVERED for each in open_ones}, by=by, at=at)


def end_when_nothing_comes(order: PurchaseOrder) -> None:
    """End an order of which every line has been refused or declined."""
    if not order.lines.exclude(answer__in=WILL_NOT_COME).exists():
        move(order, to=OrderStatus.REFUSED, transitions=ORDER_TRANSITIONS)
        order.save(update_fields=["status"])


def give_back(
    lines: Sequence[RequisitionLine], order: PurchaseOrder, *, by: User | None, at: datetime
) -> None:
    """
    Ask once more for what a supplier does not deliver: each line is superseded by a version with the same content.

    What it had committed is released. Where the agreement ranks its suppliers, the next one that delivers for no more than was
    approved gets it at once; otherwise the line waits for whoever answers for it, with the reason.
    """
    if not lines:
        return
    reason = SupplierDoesNotDeliver(supplier=order.supplier.name, order=order.number)
    ceilings.release(lines, at=at)
    for line in lines:
        move(line, to=LineStatus.SUPERSEDED, transitions=LINE_TRANSITIONS)
    update_rows(lines, ["status"])
    prices = prices_on(timezone.localdate(at), [line.approved_item_id for line in lines])
    offers = _offers_of_next_in_rank(lines, order, prices)
    again = [_new_version(line, reason, offers.get(line.pk), at=at) for line in lines]
    insert_rows(again)
    trail.record_many(
        Event.LINE_NOT_DELIVERED,
        subjects=again,
        by=by,
        at=at,
        supplier=order.supplier.name,
        order=order.number,
    )
    passed = _pass_on(list(zip(lines, again, strict=True)), offers, prices, reason, at=at)
    waiting = [line for line in again if line.pk not in passed]
    place_anew(waiting, by=None, at=at)
    refused_ids = with_refused_parts(again)
    changed = {
        old.requisition_id: old.requisition
        for old in lines
        if old.approved_amount != old.amount or old.requisition_id in refused_ids
    }
    reassess_attests(changed.values(), by=None, at=at, has_grown=True)
    tell_of_taking_back([(line, reason) for line in waiting], at=at)
    put_away_for({line.requisition.requester_id for line in lines}, at=at)


def requisition_lines(
    lines: Sequence[OrderLine], statuses: Sequence[LineStatus] = COMMITTED
) -> list[RequisitionLine]:
    """What was ordered with lines of an order, and stands in one of these states."""
    return list(
        RequisitionLine.objects.filter(allocations__order_line__in=lines, status__in=statuses)
        .select_related(*GATE_RELATED, "category__account", "item")
        .order_by("pk")
        .distinct()
    )


def _new_version(
    old: RequisitionLine, reason: DomainError, offer: Terms | None, *, at: datetime
) -> RequisitionLine:
    """A version with the same content, which waits; from the next in rank, if there is one."""
    fields = [RequisitionLine._meta.get_field(name) for name in COPIED]
    new = RequisitionLine(
        **{field.attname: getattr(old, field.attname) for field in fields},  # type: ignore[union-attr]
        version=old.version + 1,
        replaces=old,
        status=LineStatus.AWAITING,
        response_due_date=add_working_days(timezone.localdate(at), 1),
        taken_back_reason=stored(reason),
    )
    new.requisition, new.item = old.requisition, old.item
    new.category, new.account = old.category, old.account
    new.delivery_place, new.charged_department = old.delivery_place, old.charged_department
    if offer is not None and old.approved_item_id == old.item_id:
        new.supplier = offer.supplier
    return new


def _offers_of_next_in_rank(
    lines: Sequence[RequisitionLine], order: PurchaseOrder, prices: PriceLists
) -> dict[int, Terms]:
    """On what terms the next in rank that sells it would deliver each line, by the line's id."""
    agreement = order.agreement
    if agreement is None or agreement.call_off_method not in RANKED:
        return {}
    parties = list(agreement.suppliers.select_related("supplier"))
    refusers_by_line = refused_suppliers(lines) if is_ranked_by_price(agreement) else {}
    offers = {}
    for line in lines:
        terms = approved_terms(line)
        if is_ranked_by_price(agreement):
            refusers = {order.supplier_id, *refusers_by_line.get((line.requisition_id, line.position), ())}
            after = cheapest_left(parties, selling=selling_at(terms, prices), refused=refusers)
        else:
            after = ranked_after(parties, refused_by=order.supplier_id)
        for party in after:
            price = prices.of(
                line.approved_item_id,
                agreement.pk,
                party.supplier_id,
                quantity=terms.quantity,
                unit=terms.unit,
            )
            if price is not None:
                offers[line.pk] = replace(
                    terms,
                    supplier=party.supplier,
                    unit_price=price.unit_price,
                    amount=line_amount(price.unit_price, terms.quantity),
                )
                break
    return offers


def _pass_on(
    versions: Sequence[tuple[RequisitionLine, RequisitionLine]],
    offers: dict[int, Terms],
    prices: PriceLists,
    reason: DomainError,
    *,
    at: datetime,
) -> set[int]:
    """
    Approve lines from the next in rank, in the name of whoever approved them from the one before, at no higher price.

    :returns: ids of the lines that were.
    """
    day = timezone.localdate(at)
    before = {
        new.pk: old
        for old, new in versions
        if old.pk in offers and offers[old.pk].unit_price <= (old.approved_unit_price or Decimal(0))
    }
    lines_with_terms = [(new, offers[old.pk]) for old, new in versions if new.pk in before]
    candidates = [
        PendingApproval(new, terms, facts_of(new, terms, prices, day=day, call_off=call_off))
        for (new, terms), call_off in zip(
            lines_with_terms, call_offs(lines_with_terms, prices, day=day), strict=True
        )
    ]
    refusals = ceilings.commit(candidates, at=at)
    approvals = latest_approvals(list(before.values()))
    deciders = User.objects.in_bulk([old.decided_by_id for old in before.values()])
    approved, decisions = [], []
    for each in candidates:
        if each.line.pk in refusals:
            continue
        old = before[each.line.pk]
        decider = deciders[old.decided_by_id or 0]
        mark_approved(each.line, each.terms, by=decider, at=at)
        approved.append(each.line)
        decisions.append(
            NewDecision(
                each.line,
                DecisionKind(approvals[old.pk].kind),
                decider,
                Capacity(DecisionRule.TERMS),
                comment=stored(reason),
                terms=each.terms,
            )
        )
    save_approvals(approved)
    write_decisions(decisions, at=at)
    return {line.pk for line in approved}
