"""Who is told of what happens in the chain: the last beat of the operations, each one statement at most."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from audit.trail import Actor
from core.addresses import address_of, place
from core.errors import DomainError, stored
from notices.kinds import Kind
from notices.operations.telling import News, tell
from organizations.models import Membership, Role, User
from procurement.models import (
    BudgetAttest,
    DecisionKind,
    LineMessage,
    MessageKind,
    PurchaseOrder,
    RequisitionLine,
)
from procurement.notices import (
    ANSWER,
    CHANGED,
    HANDOVER,
    NOT_SENT,
    PRICE_ANSWER,
    PRICE_QUESTION,
    QUESTION,
    SUPPLIER_ANSWER,
    SUPPLIER_CHANGE,
    TAKEN_BACK,
)
from procurement.operations.deciding import NewDecision
from procurement.orderers import recipients_of
from procurement.posts import Posts
from procurement.routing import Person
from procurement.waiting_notices import CONSULTATION, ESCALATED, MESSAGE, PASSED_ON, REMARK

HOW = {
    DecisionKind.ADJUSTED: "adjusted",
    DecisionKind.SUBSTITUTED: "substituted",
    DecisionKind.REJECTED: "rejected",
}
"""Decisions that give the requester something else than she asked for."""

ANSWER_PARTS = {"refused": "#svar", "rest_refused": "#rader"}
"""Where on the order's page it stands: one answer may say several things, and each is told."""


def tell_of_decisions(decisions: Sequence[NewDecision], *, by: User, at: datetime) -> None:
    """Tell the requesters of questions, and of decisions that change what they asked for; one notice a requisition."""
    of_requisition: dict[int, list[NewDecision]] = defaultdict(list)
    for each in decisions:
        of_requisition[each.line.requisition_id].append(each)
    recipients = _recipients((each.line for each in decisions), at=at)
    news = []
    for group in of_requisition.values():
        first = group[0]
        lines = [each.line for each in group]
        facts = {"text": first.comment, "lines": [line.pk for line in lines]} | _line_facts(lines, by=by)
        kind = QUESTION if first.kind == DecisionKind.RETURNED else CHANGED
        if kind is CHANGED:
            facts |= {
                "how": HOW[first.kind],
                "reason": first.reason_code,
                "condition": first.line.approved_condition,
            }
        news += [
            News(person, kind, _part_address(first.line), facts)
            for person in recipients[first.line.requisition_id]
        ]
    tell(news, by=by, at=at)


def tell_of_cancelling(
    lines: Sequence[RequisitionLine], how: str, text: str, *, by: User, at: datetime
) -> None:
    """Tell the requesters that lines are cancelled: an attest was refused, or their order is cancelled or has become smaller."""
    of_requisition: dict[int, list[RequisitionLine]] = defaultdict(list)
    for line in lines:
        of_requisition[line.requisition_id].append(line)
    recipients = _recipients(lines, at=at)
    news = [
        News(person, CHANGED, _part_address(group[0]), {"how": how, "text": text} | _line_facts(group, by=by))
        for group in of_requisition.values()
        for person in recipients[group[0].requisition_id]
    ]
    tell(news, by=by, at=at)


def tell_of_risen_prices(lines: Iterable[RequisitionLine], *, at: datetime) -> None:
    """Ask the requesters whether they want what has become dearer at its new price; one notice a line."""
    lines = list(lines)
    recipients = _recipients(lines, at=at)
    news = [
        News(
            person,
            PRICE_QUESTION,
            f"{address_of(line.requisition)}#pris-{line.pk}",
            {
                "lines": [line.pk],
                "number": line.requisition.number,
                "what": line.description,
                "before": str(line.shown_unit_price),
                "after": str(line.asked_unit_price),
            },
        )
        for line in lines
        for person in recipients[line.requisition_id]
    ]
    tell(news, by=None, at=at)


def tell_of_price_answer(line: RequisitionLine, *, is_accepted: bool, by: User, at: datetime) -> None:
    """Tell who answers for the line what the requester has said of the new price."""
    if line.responsible_id is not None:
        facts = {"is_accepted": is_accepted, **_line_facts([line], by=by)}
        tell([News(line.responsible_id, PRICE_ANSWER, address_of(line), facts)], by=by, at=at)


def tell_of_answer(line: RequisitionLine, text: str, *, asked_by: int, by: User, at: datetime) -> None:
    """Tell who answers for the line, and whoever asked, that the question has its answer."""
    people = dict.fromkeys([line.responsible_id, asked_by])
    facts = {"text": text} | _line_facts([line], by=by)
    news = [News(person, ANSWER, address_of(line), facts) for person in people if person is not None]
    tell(news, by=by, at=at)


def tell_of_message(
    message: LineMessage, *, consulted: Sequence[User], is_answer: bool, by: User, at: datetime
) -> None:
    """
    Tell those who are asked in, the requester, who answers for the line, and whoever asked the one who writes.

    :param is_answer: whether she who writes was asked in; her answer is for those who decide.
    """
    line, invited = message.line, {person.pk for person in consulted}
    facts = {"text": message.text} | _line_facts([line], by=by)
    news = [
        News(
            person,
            CONSULTATION,
            place("conversation", line.pk),
            {"how": "asked", "message": message.pk, "person": person} | facts,
        )
        for person in sorted(invited)
    ]
    deciding = {line.responsible_id}
    if is_answer:
        deciding |= askers_of(by, line)
    else:
        recipients = set(_recipients([line], at=at)[line.requisition_id]) - invited
        news += [News(person, MESSAGE, _part_address(line), facts) for person in sorted(recipients)]
    for person in sorted({each for each in deciding if each is not None} - invited):
        if person != line.requisition.requester_id:
            news.append(News(person, ANSWER if is_answer else REMARK, place("conversation", line.pk), facts))
    tell(news, by=by, at=at)


def askers_of(person: User, line: RequisitionLine) -> set[int]:
    """Ids of those who have asked the person about the line."""
    messages = LineMessage.objects.about(line.requisition_id, line.position).filter(
        consultations__person=person
    )
    return set(messages.values_list("by", flat=True))


def tell_of_taking_back(lapsed: Iterable[tuple[RequisitionLine, DomainError]], *, at: datetime) -> None:
    """Tell those who answer that lines which were approved have come back to them, and why."""
    of_person: dict[int, list[tuple[RequisitionLine, DomainError]]] = defaultdict(list)
    for line, reason in lapsed:
        if line.responsible_id is not None:
            of_person[line.responsible_id].append((line, reason))
    news = [
        News(
            person,
            TAKEN_BACK,
            f"{place('queue')}?visa=har-kommit-tillbaka",
            {"count": len(group), "what": group[0][0].description, "reason": stored(group[0][1])},
        )
        for person, group in of_person.items()
    ]
    tell(news, by=None, at=at)


def tell_of_not_sent(order: PurchaseOrder, reason: str, *, kind: MessageKind, at: datetime) -> None:
    """Tell those who answer today for what is ordered that the supplier does not have the message."""
    facts = {
        "number": order.number,
        "supplier": order.supplier.name,
        "reason": reason,
        "kind": kind.value,
    }
    _tell_those_who_answer(order, NOT_SENT, facts, by=None, at=at)


def tell_of_supplier_answer(
    order: PurchaseOrder, how: str, *, by: User | None, at: datetime, what: str = "", reason: str = ""
) -> None:
    """
    Tell those who answer today for what is ordered what the supplier says of it.

    :param how: "changed" when the supplier wants to change something, "refused", "rest_refused" of what has come in part, or
        "not_taken" when nothing followed.
    """
    facts = {
        "number": order.number,
        "supplier": order.supplier.name,
        "how": how,
        "what": what,
        "reason": reason,
    }
    _tell_those_who_answer(order, SUPPLIER_ANSWER, facts, part=ANSWER_PARTS.get(how, ""), by=by, at=at)


def tell_of_supplier_change(lines: Sequence[RequisitionLine], order: PurchaseOrder, *, at: datetime) -> None:
    """Tell the requesters, and those who receive, that what they have ordered comes on another day, or that fewer come."""
    of_requisition: dict[int, list[RequisitionLine]] = defaultdict(list)
    for line in lines:
        of_requisition[line.requisition_id].append(line)
    receiving = those_who_receive({line.requisition.department_id for line in lines}, at=at)
    recipients = _recipients(lines, at=at)
    news = []
    for group in of_requisition.values():
        requisition = group[0].requisition
        facts = {
            "number": requisition.number,
            "supplier": order.supplier.name,
            "what": group[0].description,
            "count": len(group),
        }
        news += [
            News(person, SUPPLIER_CHANGE, _part_address(group[0]), facts)
            for person in recipients[requisition.pk]
        ]
        news += [
            News(person, SUPPLIER_CHANGE, delivery_of(order), facts)
            for person in sorted(receiving[requisition.department_id])
        ]
    tell(news, by=None, at=at)


def delivery_of(order: PurchaseOrder) -> str:
    """Where what comes of an order is received."""
    return f"{place('deliveries')}?order={order.number}"


def those_who_receive(departments: Collection[int], *, at: datetime) -> dict[int, set[int]]:
    """Who receives goods for each of the departments without ordering for it: one query, or none."""
    receiving: dict[int, set[int]] = defaultdict(set)
    if departments:
        receivers = Membership.objects.on(timezone.localdate(at)).filter(
            role=Role.GOODS_RECEIVER, department__in=departments
        )
        for department, person in receivers.values_list("department", "user"):
            receiving[department].add(person)
    return receiving


def _tell_those_who_answer(
    order: PurchaseOrder,
    kind: Kind,
    facts: dict[str, Any],
    *,
    part: str = "",
    by: User | None,
    at: datetime,
) -> None:
    """Tell whoever answers today for a line of the order; ``part`` is where on its page."""
    lines = list(
        RequisitionLine.objects.filter(allocations__order_line__order=order)
        .select_related("category", "requisition")
        .order_by("pk")
        .distinct()
    )
    people = sorted(set(those_who_answer(lines, at=at).values()))
    tell([News(person, kind, address_of(order) + part, facts) for person in people], by=by, at=at)


def those_who_answer(lines: Sequence[RequisitionLine], *, at: datetime) -> dict[int, int]:
    """Who answers today for each line, also for one that was decided long ago: people by the lines' ids."""
    posts = Posts.read(
        [line.requisition.requester_id for line in lines],
        [line.category for line in lines if line.category],
        day=timezone.localdate(at),
    )
    person_by_line = {}
    for line in lines:
        route = posts.route_for(line.category, requester_id=line.requisition.requester_id)
        if route is not None:
            person_by_line[line.pk] = route.responsible.pk
    return person_by_line


@dataclass(frozen=True, slots=True)
class EscalatedLine:
    """A line that has gone on since its time was out: from whom, and to whom."""

    line: RequisitionLine
    before_id: int | None
    before: str
    now: Person


def tell_of_escalation(gone_on: Sequence[EscalatedLine], *, by: Actor | None, at: datetime) -> None:
    """Tell each person what has come to her because somebody else has not decided it, and those what has gone on."""
    incoming: dict[int, list[EscalatedLine]] = defaultdict(list)
    outgoing: dict[int, list[EscalatedLine]] = defaultdict(list)
    for each in gone_on:
        incoming[each.now.pk].append(each)
        if each.before_id is not None:
            outgoing[each.before_id].append(each)
    news = [
        News(person, ESCALATED, f"{place('queue')}?visa=gatt-vidare", _escalation_facts(group, "before"))
        for person, group in incoming.items()
    ]
    news += [
        News(person, PASSED_ON, place("queue"), _escalation_facts(group, "now"))
        for person, group in outgoing.items()
    ]
    tell(news, by=by, at=at)


def tell_of_late_attest(attest: BudgetAttest, *, by: Actor | None, at: datetime) -> None:
    """Tell who is to attest now, and who did not, that an attest has gone on."""
    before, facts = attest.escalated_from, {"is_attest": True, "count": 1}
    news = [
        News(
            attest.responsible_id,
            ESCALATED,
            place("attests"),
            facts | {"people": [before.full_name if before else ""]},
        )
    ]
    if before is not None:
        passed = facts | {"people": [attest.responsible.full_name]}
        news.append(News(before.pk, PASSED_ON, address_of(attest.requisition), passed))
    tell(news, by=by, at=at)


def _escalation_facts(group: Sequence[EscalatedLine], side: str) -> dict[str, Any]:
    people = {each.before if side == "before" else each.now.full_name for each in group}
    return {"count": len(group), "what": group[0].line.description, "people": sorted(people)}


@dataclass(slots=True)
class Handover:
    """What has been moved to one person in one operation, and from whom."""

    lines: int = 0
    attests: int = 0
    before: set[str] = field(default_factory=set)
    note: str = ""
    """What whoever handed it over wrote."""


def tell_of_handover(handovers: Mapping[int, Handover], *, by: Actor | None, at: datetime) -> None:
    """Tell each person what is now hers to decide or attest."""
    news = [
        News(
            person,
            HANDOVER,
            place("queue" if each.lines else "attests"),
            {
                "lines": each.lines,
                "attests": each.attests,
                "before": sorted(each.before - {""}),
                "text": each.note,
            },
        )
        for person, each in handovers.items()
    ]
    tell(news, by=by, at=at)


def _recipients(lines: Iterable[RequisitionLine], *, at: datetime) -> dict[int, list[int]]:
    """Who is told of each of the lines' requisitions, by its id; ``lines`` come with them."""
    return recipients_of((line.requisition for line in lines), timezone.localdate(at))


def _line_facts(lines: Sequence[RequisitionLine], *, by: User) -> dict[str, Any]:
    first = lines[0]
    return {
        "number": first.requisition.number,
        "who": by.full_name,
        "what": first.description,
        "count": len(lines),
    }


def _part_address(line: RequisitionLine) -> str:
    """The line's own part of its requisition's page."""
    return f"{address_of(line.requisition)}#rad-{line.pk}"
