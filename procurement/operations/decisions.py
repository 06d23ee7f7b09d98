"""Decide lines in a category: approve, adjust, substitute, return with a question, reject, undo, move."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Supplier
from attachments.detection import AcceptedFile
from audit import trail
from catalog.models import Item
from catalog.permissions import can_be_ordered
from catalog.pricing import PriceLists
from catalog.replacements import all_replacements
from categories.models import Category
from core.bulk import update_rows
from core.errors import InvalidInput, WrongState
from core.money import line_amount
from core.states import move
from core.transactions import operation
from core.verdicts import require
from core.working_days import add_working_days
from organizations.models import User
from procurement import permissions
from procurement.approving import terms_asked, terms_completed
from procurement.direct_award import LimitException
from procurement.events import Event
from procurement.gates import Terms
from procurement.market import offers
from procurement.models import DecisionKind, LineMessage, RejectionReason, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.approvals import approve_on
from procurement.operations.baskets import ItemHasNoPrice
from procurement.operations.competed import TIED_FIELDS
from procurement.operations.conversations import keep_files
from procurement.operations.decidable import Outcome, decidable, locked_lines, permitted_of
from procurement.operations.deciding import (
    NOBODY,
    WAITING_FIELDS,
    NewDecision,
    acting_for,
    mark_undecided,
    save_approvals,
    undone_of,
    write_decisions,
)
from procurement.operations.putting_away import put_away_for
from procurement.operations.reassessing import reassess_attests
from procurement.operations.rerouting import place_anew
from procurement.operations.submitting import NobodyCanDecide
from procurement.operations.telling import tell_of_decisions
from procurement.operations.tying import tell_of_letting_go, untie
from procurement.planning import plan
from procurement.quantities import check_quantity
from procurement.states import LINE_TRANSITIONS, LineStatus

MOVED_FIELDS = ["category", "account", "responsible", "routing_rule", "routing_facts"]
NO_PRICES: Mapping[int, Decimal] = MappingProxyType({})


class LargerThanAsked(InvalidInput):
    """Only the requester asks for more."""

    code = "larger_than_asked"
    sentence = _("Du kan minska antalet. Vill enheten ha fler än %(quantity)s ändrar den som har beställt.")


class QuestionMissing(InvalidInput):
    """A question is needed to return a line."""

    code = "question_missing"
    sentence = _("Skriv din fråga.")


class ReasonMissing(InvalidInput):
    """An adjustment or substitution tells the requester why."""

    code = "reason_missing"
    sentence = _("Skriv varför, så att den som har beställt förstår.")


class ConditionNotRead(InvalidInput):
    """What replaces an item on a condition, or in a crisis alone, is taken by who has read that."""

    code = "condition_not_read"
    sentence = _("%(equivalence)s: ”%(condition)s” Läs det, och spara igen om det gäller här.")


class CategoryFollowsItem(InvalidInput):
    """An item has one category; only needs in free text can be moved."""

    code = "category_follows_item"
    sentence = _("Kategorin följer artikeln %(item)s och kan inte bytas på raden.")


class HasThatCategory(WrongState):
    """The line is in that category, so nothing is moved."""

    code = "has_that_category"
    sentence = _("Raden ligger redan i kategorin %(category)s.")


@operation
def approve(
    *,
    lines: Sequence[RequisitionLine],
    by: User,
    at: datetime,
    comment: str = "",
    supplier: Supplier | None = None,
    unit_price: Decimal | None = None,
    agreement: Agreement | None = None,
    unit_prices: Mapping[int, Decimal] = NO_PRICES,
    exception_ground: str = "",
    exception_reason: str = "",
) -> Outcome:
    """
    Approve lines as asked for, committing them against their agreements' ceilings.

    An item is approved at its price that day. One that has risen since the line was asked for is taken when it is
    named, never unseen. ``supplier``, ``unit_price`` and ``agreement`` complete needs in free text. An amount that is
    not the one asked for is followed by the attest. Thirteen queries at most, and three for what is bought under no
    agreement.

    :param unit_price: the price that is approved, of a need in free text or of an item whose price has risen.
    :param unit_prices: the same line by line, by the lines' ids.
    :param exception_ground: an `ExceptionGround` on which a head lets lines pass the direct-award limit, and the reason.
    :returns: which lines were approved, and why the others were refused (not permitted, already decided, no
        supplier, nobody who may attest a sum that has grown, or what the gate says).
    """

    def terms(line: RequisitionLine, prices: PriceLists) -> Terms:
        if line.supplier is None and supplier is not None:
            return terms_completed(line, supplier=supplier, unit_price=unit_price, agreement=agreement)
        named_price = unit_prices.get(line.pk, unit_price)
        return terms_asked(line, prices, quantity=line.quantity, named_price=named_price)

    exception = LimitException(exception_ground, exception_reason.strip())
    return approve_on(
        lines, terms, kind=DecisionKind.APPROVED, by=by, at=at, comment=comment, exception=exception
    )


@operation
def adjust(
    *,
    line: RequisitionLine,
    quantity: Decimal,
    by: User,
    at: datetime,
    comment: str,
    unit_price: Decimal | None = None,
    exception_ground: str = "",
    exception_reason: str = "",
) -> Outcome:
    """
    Approve fewer than asked for, and tell why.

    :param unit_price: the price that is approved, when it has risen since the line was asked for.
    :raises InvalidInput: the quantity is absurd or larger than asked for, or no reason is given.
    """
    quantity = check_quantity(quantity, line.unit)
    if not comment.strip():
        raise ReasonMissing

    def terms(line: RequisitionLine, prices: PriceLists) -> Terms:
        if quantity > line.quantity:
            raise LargerThanAsked(quantity=line.quantity)
        return terms_asked(line, prices, quantity=quantity, named_price=unit_price)

    return approve_on(
        [line],
        terms,
        kind=DecisionKind.ADJUSTED,
        by=by,
        at=at,
        comment=comment.strip(),
        exception=LimitException(exception_ground, exception_reason.strip()),
    )


@operation
def substitute(
    *,
    line: RequisitionLine,
    item: Item,
    quantity: Decimal,
    by: User,
    at: datetime,
    comment: str,
    unit_price: Decimal | None = None,
    condition: str = "",
    exception_ground: str = "",
    exception_reason: str = "",
) -> Outcome:
    """
    Approve another item than the one asked for, at its price today, and tell why.

    A larger sum than attested asks for a new attest. What is said that day of how it replaces the other is kept on the
    line: the factor, by which savings compare them, and the condition.

    :param unit_price: the price that was seen; one that is higher now is refused.
    :param condition: the condition as it was read, where it replaces the other on one or in a crisis alone.
    :raises ConditionNotRead: there is a condition, and another was read or none.
    :raises DomainError: the item cannot be ordered or has no price, the quantity is absurd, or no reason is given.
    """
    quantity = check_quantity(quantity, item.order_unit)
    if not comment.strip():
        raise ReasonMissing
    day = timezone.localdate(at)
    administrations = [line.requisition.department.administration_id]
    prices = offers([item.pk], day=day, administrations=administrations)
    price = prices.get(item.pk, quantity, unit=item.order_unit)
    if price is None:
        require(can_be_ordered(item, day=day, department_id=line.requisition.department_id))
        raise ItemHasNoPrice(item=item.names)
    ways = all_replacements([line.item_id] if line.item_id else [], day=day).get(line.item_id or 0, [])
    replacement = next((each for each in ways if each.to_item.pk == item.pk), None)
    if replacement is not None and replacement.condition.strip() not in ("", condition.strip()):
        raise ConditionNotRead(
            equivalence=str(replacement.equivalence.label), condition=replacement.condition
        )
    approved_price = price.unit_price if unit_price is None else min(price.unit_price, unit_price)

    def terms(_line: RequisitionLine, _prices: PriceLists) -> Terms:
        return Terms(
            item=price.item,
            quantity=quantity,
            unit=price.item.order_unit,
            unit_price=approved_price,
            amount=line_amount(approved_price, quantity),
            agreement=price.agreement,
            supplier=price.supplier,
            units_per_order_unit=price.item.units_per_order_unit,
            replacement=replacement,
        )

    return approve_on(
        [line],
        terms,
        kind=DecisionKind.SUBSTITUTED,
        by=by,
        at=at,
        comment=comment.strip(),
        prices=PriceLists.of_rows([price]),
        exception=LimitException(exception_ground, exception_reason.strip()),
    )


@operation
def return_with_question(
    *,
    lines: Sequence[RequisitionLine],
    question: str,
    by: User,
    at: datetime,
    files: Sequence[AcceptedFile] = (),
) -> Outcome:
    """
    Ask the requester about lines; they wait for her answer.

    :param files: what the question is about, such as a picture; each of the lines gets them.

    :raises QuestionMissing: the question is empty.
    """
    if not question.strip():
        raise QuestionMissing
    outcome = _close_on(
        lines, to=LineStatus.RETURNED, kind=DecisionKind.RETURNED, by=by, at=at, comment=question.strip()
    )
    if files:
        for line in outcome.done:
            keep_files(LineMessage.objects.create(line=line, by=by, at=at), files, by=by, at=at)
    return outcome


@operation
def reject(
    *, lines: Sequence[RequisitionLine], reason_code: RejectionReason, comment: str, by: User, at: datetime
) -> Outcome:
    """Reject lines for a reason; the requester sees it and may order again."""
    return _close_on(
        lines,
        to=LineStatus.REJECTED,
        kind=DecisionKind.REJECTED,
        by=by,
        at=at,
        comment=comment.strip(),
        reason_code=RejectionReason(reason_code),
    )


@operation
def undo(*, lines: Sequence[RequisitionLine], by: User, at: datetime) -> Outcome:
    """
    Take approvals back until the lines are ordered; what they had committed is released.

    There is a working day to decide them anew, also where the response day has passed.
    """
    tomorrow = add_working_days(timezone.localdate(at), 1)
    outcome, permitted = permitted_of(locked_lines(lines), permissions.can_undo, by=by, at=at)
    ceilings.release([line for line, _capacity in permitted], at=at)
    changed, new_decisions = {}, []
    for line, capacity in permitted:
        if line.approved_amount != line.amount:
            changed[line.requisition_id] = line.requisition
        new_decisions.append(NewDecision(line, DecisionKind.UNDONE, by, capacity, undone=undone_of(line)))
        mark_undecided(line, to=LineStatus.AWAITING)
        line.promise(max(line.response_due_date or tomorrow, tomorrow))
        outcome.done.append(line)
    update_rows(outcome.done, WAITING_FIELDS)
    write_decisions(new_decisions, at=at)
    in_place_of = acting_for(permitted)
    place_anew(outcome.done, by=by, at=at, in_place_of=in_place_of)
    reassess_attests(changed.values(), by=by, at=at, has_grown=True, in_place_of=in_place_of)
    return outcome


@operation
def reassign_category(
    *, line: RequisitionLine, category: Category, by: User, at: datetime
) -> RequisitionLine:
    """
    Give a line in free text another category, and with it another responsible person and, unless one was chosen,
    the category's account. The requester's limit is judged again, with what was asked for in that category in the week
    before. It waits for no competition that it was tied to, and the requester is told.

    :raises NotPermitted: the line is not hers to decide.
    :raises LineIsDecided: it is decided already.
    :raises HasThatCategory: it is there already.
    """
    (line,) = locked_lines([line])
    require(permissions.can_reassign(by, line, at=at))
    capacity = permissions.capacity_for(by, line, at=at)
    if line.item is not None:
        raise CategoryFollowsItem(item=str(line.item))
    if line.category_id == category.pk:
        raise HasThatCategory(category=str(category))
    before, waited_for = line.category, line.responsible_id
    line.category = category
    (planned,) = plan(line.requisition, [line], at=at).lines
    if planned.route is None:
        raise NobodyCanDecide(line=line.description)
    line.responsible_id = planned.route.responsible.pk
    line.routing_rule, line.routing_facts = planned.route.rule, dict(planned.route.facts)
    if not line.is_account_chosen:
        line.account = category.account
    tied_to = untie(line, by=by, at=at)
    line.promise(planned.response_due_date)
    update_rows([line], [*MOVED_FIELDS, *TIED_FIELDS])
    trail.record(
        Event.LINE_REROUTED,
        subject=line,
        by=by,
        at=at,
        on_behalf_of=capacity.on_behalf_of if capacity else None,
        rule=line.routing_rule,
        before=before.name if before else "",
        category=category.name,
        responsible=planned.route.responsible.full_name,
    )
    in_place_of = {line.requisition_id: capacity.on_behalf_of} if capacity else NOBODY
    reassess_attests([line.requisition], by=by, at=at, has_grown=True, in_place_of=in_place_of)
    tell_of_letting_go(line, tied_to, by=by, at=at)
    put_away_for([waited_for], at=at)
    return line


def _close_on(
    lines: Sequence[RequisitionLine],
    *,
    to: LineStatus,
    kind: DecisionKind,
    by: User,
    at: datetime,
    comment: str,
    reason_code: str = "",
) -> Outcome:
    """Move undecided lines to a state that is not an approval."""
    outcome, permitted = decidable(lines, by=by, at=at)
    for line, _capacity in permitted:
        move(line, to=to, transitions=LINE_TRANSITIONS)
        if to == LineStatus.REJECTED:
            line.decided_by, line.decided_at = by, at
        outcome.done.append(line)
    save_approvals(outcome.done)
    decisions = [
        NewDecision(line, kind, by, capacity, comment=comment, reason_code=reason_code)
        for line, capacity in permitted
    ]
    write_decisions(decisions, at=at)
    if to == LineStatus.REJECTED:
        in_place_of = acting_for(permitted)
        reassess_attests([line.requisition for line in outcome.done], by=by, at=at, in_place_of=in_place_of)
    tell_of_decisions(decisions, by=by, at=at)
    return outcome
