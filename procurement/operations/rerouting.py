"""
Move what waits to who answers for it today.

Posts, memberships, accounts, absences and delegations change after a line is routed, some of them by the date alone. And
what nobody has decided when its time is out goes on to the deputy and then to the head of procurement
(``procurement.escalation``): found here too, so a clock that comes late or twice does what one in time does once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from audit import trail
from audit.trail import Actor
from core.bulk import update_rows
from core.transactions import operation
from organizations.models import User
from procurement.attesters import attester_instead, late_attests, misplaced_attests
from procurement.escalation import Lateness, Step, lateness_of
from procurement.events import Event
from procurement.models import BudgetAttest, RequisitionLine, RoutingRule
from procurement.operations.deciding import NOBODY, InPlaceOf
from procurement.operations.late_attests import escalate_attests
from procurement.operations.locks import lock_requisitions
from procurement.operations.putting_away import put_away_for
from procurement.operations.telling import EscalatedLine, Handover, tell_of_escalation, tell_of_handover
from procurement.posts import Posts
from procurement.routing import HELD, Person, Route
from procurement.separation_of_duties import deciders_in
from procurement.states import LineStatus


@operation
def reroute_waiting(*, at: datetime) -> int:
    """
    Give every waiting line and attest that is with the wrong person to the right one.

    It changes nothing when everything is where it should be, so it may run at any time and any number of times.

    :returns: how many lines and attests were moved.
    """
    return move_waiting(by=None, at=at)


def move_waiting(*, by: Actor | None, at: datetime) -> int:
    """
    Move what waits, inside the operation that changed who answers.

    What nobody else can decide stays where it is. Response days are kept: the requester has been promised them.

    :param by: whose act made it necessary; None for the clock.
    """
    day = timezone.localdate(at)
    lines = list(_waiting_lines())
    requisition_ids = {line.requisition_id for line, _route in _misplaced(lines, day=day)}
    requisition_ids |= set(misplaced_attests(day).values_list("requisition", flat=True))
    for late in late_attests(day).values():
        requisition_ids |= set(late.values_list("requisition", flat=True))
    if not requisition_ids:
        return 0
    lock_requisitions(sorted(requisition_ids))
    handovers: dict[int, Handover] = defaultdict(Handover)
    moved_lines = _move_lines(sorted(requisition_ids), handovers, by=by, at=at, day=day)
    attests = _move_attests(sorted(requisition_ids), handovers, by=by, at=at, day=day)
    tell_of_handover(handovers, by=by, at=at)
    return len(moved_lines) + attests + escalate_attests(sorted(requisition_ids), by=by, at=at, day=day)


def place_anew(
    lines: Iterable[RequisitionLine],
    *,
    by: Actor | None,
    at: datetime,
    in_place_of: InPlaceOf = NOBODY,
) -> None:
    """
    Give lines that wait again to who answers for them today, inside an operation that has locked them.

    :param in_place_of: on whose behalf the act was done, by the requisition's id.
    """
    line_by_id = {line.pk: line for line in lines}
    requisitions = sorted({line.requisition_id for line in line_by_id.values()})
    if not requisitions:
        return
    day = timezone.localdate(at)
    handovers: dict[int, Handover] = defaultdict(Handover)
    for moved_line in _move_lines(requisitions, handovers, by=by, at=at, day=day, in_place_of=in_place_of):
        if line := line_by_id.get(moved_line.pk):
            line.responsible_id, line.routing_rule = moved_line.responsible_id, moved_line.routing_rule
            line.routing_facts = moved_line.routing_facts
    _move_attests(requisitions, handovers, by=by, at=at, day=day, in_place_of=in_place_of)
    tell_of_handover(handovers, by=by, at=at)


def _waiting_lines() -> QuerySet[RequisitionLine]:
    return (
        RequisitionLine.objects.undecided()
        .select_related("requisition", "category", "responsible")
        .only(
            "requisition__requester",
            "category__lineage",
            "category__name",
            "category__name_en",
            "responsible__first_name",
            "responsible__last_name",
            "routing_rule",
            "routing_facts",
            "response_due_date",
            "status",
            "description",
        )
        .order_by("pk")
    )


def _misplaced(lines: Sequence[RequisitionLine], *, day: date) -> list[tuple[RequisitionLine, Route]]:
    """
    Lines that are with somebody else than routing finds today, each with what it finds.

    One that was handed over stays with whom it was handed to, as long as she may decide it.
    """
    posts = Posts.read(
        [line.requisition.requester_id for line in lines],
        [line.category for line in lines if line.category],
        day=day,
    )
    misplaced = []
    for line in lines:
        requester_id = line.requisition.requester_id
        lateness = _lateness_of(line, posts, day=day)
        if (
            line.routing_rule == RoutingRule.HANDED_OVER
            and (lateness is None or lateness.step == Step.ORDINARY)
            and line.responsible_id in posts.who_may_decide(line.category, requester_id=requester_id)
        ):
            continue
        if line.routing_rule == RoutingRule.DIRECT_AWARD:
            rule, facts = RoutingRule.DIRECT_AWARD, line.routing_facts
            route = posts.head_for(rule, requester_id=requester_id, facts=facts)
        else:
            route = posts.route_for(line.category, requester_id=requester_id, lateness=lateness)
        if route is None or route.responsible.pk == line.responsible_id:
            continue
        if route.is_of_a_head and _is_free_head(line.responsible_id, posts, requester_id=requester_id):
            continue
        misplaced.append((line, route))
    return misplaced


def _lateness_of(line: RequisitionLine, posts: Posts, *, day: date) -> Lateness | None:
    """
    How far the line has gone on, by its response day or by whom it is with: what has gone on does not go back.

    While the requester is asked about it, nobody is late.
    """
    step = HELD.get(RoutingRule(line.routing_rule), Step.ORDINARY)
    previous = Lateness(step, date.fromisoformat(line.routing_facts["due"])) if step else None
    if line.status != LineStatus.AWAITING or line.response_due_date is None:
        return previous
    now = lateness_of(line.response_due_date, day, posts.policy_for(line.category))
    return previous if previous and previous.step >= now.step else now


def _is_free_head(person_id: int | None, posts: Posts, *, requester_id: int) -> bool:
    """Whether the person is a head of procurement who can decide this, so that one head's line stays hers."""
    heads: list[Person] = posts.heads
    return person_id not in posts.conflicts[requester_id] and any(
        head.pk == person_id and head.is_at_work for head in heads
    )


def _move_lines(
    requisitions: Sequence[int],
    handovers: dict[int, Handover],
    *,
    by: Actor | None,
    at: datetime,
    day: date,
    in_place_of: InPlaceOf = NOBODY,
) -> list[RequisitionLine]:
    """Read the lines of locked requisitions as they are now, and move those that are misplaced."""
    lines = list(_waiting_lines().filter(requisition__in=requisitions))
    misplaced = _misplaced(lines, day=day)
    entries, gone_on = [], []
    waited_for = {line.responsible_id for line, _route in misplaced}
    for line, route in misplaced:
        before = line.responsible.full_name if line.responsible else ""
        if route.rule in HELD:
            gone_on.append(EscalatedLine(line, line.responsible_id, before, route.responsible))
        else:
            handovers[route.responsible.pk].lines += 1
            handovers[route.responsible.pk].before.add(before)
        alike = line.routing_facts.get("item")
        line.responsible_id = route.responsible.pk
        line.routing_rule = route.rule
        line.routing_facts = {**route.facts, **({"item": alike} if alike else {})}
        entries.append(
            trail.entry(
                Event.LINE_ESCALATED if route.rule in HELD else Event.LINE_MOVED,
                subject=line,
                by=by,
                at=at,
                on_behalf_of=in_place_of.get(line.requisition_id),
                rule=route.rule,
                before=before,
                responsible=route.responsible.full_name,
                due=route.facts.get("due", ""),
            )
        )
    update_rows([line for line, _route in misplaced], ["responsible", "routing_rule", "routing_facts"])
    trail.record_entries(entries)
    tell_of_escalation(gone_on, by=by, at=at)
    put_away_for(waited_for, at=at)
    return [line for line, _route in misplaced]


def _move_attests(
    requisitions: Sequence[int],
    handovers: dict[int, Handover],
    *,
    by: Actor | None,
    at: datetime,
    day: date,
    in_place_of: InPlaceOf = NOBODY,
) -> int:
    """Ask somebody who may give them for attests, now that the lines have moved; few at a time are ever misplaced."""
    count = 0
    waiting = misplaced_attests(day).filter(requisition__in=requisitions)
    attests = list(waiting.select_related("responsible", "department", "requisition").order_by("pk"))
    waited_for = {attest.responsible_id for attest in attests}
    for attest in attests:
        person = in_place_of.get(attest.requisition_id)
        count += _move_attest(attest, handovers, by=by, at=at, day=day, on_behalf_of=person)
    put_away_for(waited_for, at=at)
    return count


def _move_attest(
    attest: BudgetAttest,
    handovers: dict[int, Handover],
    *,
    by: Actor | None,
    at: datetime,
    day: date,
    on_behalf_of: User | None,
) -> bool:
    requisition = attest.requisition
    person = attester_instead(attest, deciders=deciders_in(requisition.pk), day=day)
    if person is None:
        return False
    before = attest.responsible.full_name
    handovers[person.pk].attests += 1
    handovers[person.pk].before.add(before)
    attest.responsible = person
    attest.save(update_fields=["responsible"])
    trail.record(
        Event.ATTEST_MOVED,
        subject=requisition,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of,
        before=before,
        responsible=person.full_name,
        amount=str(attest.amount),
    )
    return True
