"""
What people are told at 07.30 on working days: what waits for them then, counted, instead of a notice for each line as it comes.

So no operation that asks for a decision writes a notice, and whoever has thirty lines has one sentence about them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q, prefetch_related_objects
from django.utils import timezone

from categories.delegations import delegations_on
from core.addresses import address_of, place
from core.transactions import operation
from notices.operations import digests
from notices.operations.telling import News
from organizations.models import Absence, DelegationScope, Membership, Role
from organizations.models.roles import COVERING
from procurement.award_records import days_to_tell
from procurement.models import (
    STILL_TO_COME,
    Allocation,
    AwardRecord,
    BudgetAttest,
    OrderTemplate,
    RequisitionLine,
)
from procurement.notices import ATTESTS, AWARD, LATE, OVERDUE, TEMPLATE, WAITING
from procurement.operations.morning_reminders import reminders_in_the_morning
from procurement.operations.rerouting import move_waiting
from procurement.operations.telling import those_who_answer
from procurement.operations.telling_of_complaints import late_complaints
from procurement.orderers import keepers_of, recipients_of
from procurement.reminders import days_to_say, falls_on
from procurement.states import DELIVERABLE, LineStatus, OrderStatus


@dataclass(frozen=True, slots=True)
class _Pile:
    """What waits for one person of what another asked for."""

    responsible_id: int
    requester_id: int
    count: int
    newly_overdue: int
    earliest: date | None


Others = Callable[[date, date | None], Iterable[News]]
"""What an app above this one tells: from the day and the day of the morning before."""


@operation
def tell_morning(*, at: datetime, others: Sequence[Others] = ()) -> bool:
    """
    Make the digest of the day, unless it is made or it is not 07.30 on a working day yet; whether it was made now.

    What waits is moved to who answers today first, so nobody is told of what she cannot decide. A response day that has
    passed and a delivery that is late are told on the first morning after, and not again.

    :param others: what apps above this one tell in the same letter.
    """
    day = timezone.localdate(at)
    since = digests.latest_before(day)
    if not digests.begin(at):
        return False
    move_waiting(by=None, at=at)
    news = [
        *_decision_news(day, since),
        *_attest_news(day),
        *_late_delivery_news(day, since, at=at),
        *_template_news(day, since),
        *_award_news(day, since, at=at),
        *reminders_in_the_morning(day, since),
        *late_complaints(day, since),
    ]
    news += [each for source in others for each in source(day, since)]
    digests.finish(news, at=at)
    return True


def _decision_news(day: date, since: date | None) -> Iterator[News]:
    """What can be decided; what waits for suppliers to compete is told of when they have."""
    lines = RequisitionLine.objects.filter(
        status=LineStatus.AWAITING, responsible__isnull=False, awaits_competition=None
    )
    passed = Q(response_due_date__lt=day)
    if since is not None:
        passed &= Q(response_due_date__gte=since)
    rows = (
        lines.order_by()
        .values("responsible", "requisition__requester")
        .annotate(count=Count("pk"), passed=Count("pk", filter=passed), earliest=Min("response_due_date"))
    )
    all_piles = [
        _Pile(row["responsible"], row["requisition__requester"], row["count"], row["passed"], row["earliest"])
        for row in rows
    ]
    for person, piles in _piles_by_person(day, all_piles, DelegationScope.DECISIONS).items():
        earliest = min((pile.earliest for pile in piles if pile.earliest), default=day)
        facts = {"count": sum(pile.count for pile in piles), "day": earliest.isoformat()}
        yield News(person, WAITING, place("queue"), facts)
        overdue = sum(pile.newly_overdue for pile in piles)
        if overdue:
            yield News(person, OVERDUE, place("queue"), {"count": overdue})


def _attest_news(day: date) -> Iterator[News]:
    rows = (
        BudgetAttest.objects.pending()
        .order_by()
        .values_list("responsible", "requisition__requester", Count("pk"))
    )
    piles = [_Pile(responsible, requester, count, 0, None) for responsible, requester, count in rows]
    for person, person_piles in _piles_by_person(day, piles, DelegationScope.ATTESTS).items():
        yield News(person, ATTESTS, place("attests"), {"count": sum(pile.count for pile in person_piles)})


def _piles_by_person(day: date, piles: Iterable[_Pile], right: DelegationScope) -> dict[int, list[_Pile]]:
    """
    Each pile by whoever can take from it: the person, and whom she has let do that for her.

    Nobody takes from what she asked for herself, nor from what was asked for by those whom she acts for. Whoever is away is
    told when she is back.
    """
    acting: dict[int, set[int]] = defaultdict(set)
    taking: dict[int, set[int]] = defaultdict(set)
    for delegator, delegate, scope in delegations_on(day).values_list("delegator", "delegate", "scope"):
        acting[delegator].add(delegate)
        if scope in COVERING[right]:
            taking[delegator].add(delegate)
    absent_ids = set(Absence.objects.on(day).values_list("user", flat=True))
    shared: dict[int, list[_Pile]] = defaultdict(list)
    for pile in piles:
        in_conflict = {pile.requester_id, *acting[pile.requester_id]}
        for person in {pile.responsible_id, *taking[pile.responsible_id]} - in_conflict - absent_ids:
            shared[person].append(pile)
    return shared


def _late_delivery_news(day: date, since: date | None, *, at: datetime) -> Iterator[News]:
    """Those that became late since the last morning: to whoever asked for them, and to those who answer today."""
    late = Allocation.objects.filter(
        STILL_TO_COME,
        order_line__order__status=OrderStatus.SENT,
        order_line__expected_date__lt=day,
        line__status__in=DELIVERABLE,
    )
    if since is not None:
        late = late.filter(order_line__expected_date__gte=since)
    rows = late.select_related("line__requisition", "line__category", "order_line").order_by("pk")
    expected: dict[int, date] = {}
    lines: dict[int, RequisitionLine] = {}
    for each in rows:
        lines[each.line_id] = each.line
        expected[each.line_id] = min(
            each.order_line.expected_date, expected.get(each.line_id, each.order_line.expected_date)
        )
    of_requisition: dict[int, list[RequisitionLine]] = defaultdict(list)
    of_manager: dict[int, list[RequisitionLine]] = defaultdict(list)
    answering = those_who_answer(list(lines.values()), at=at)
    for line in lines.values():
        of_requisition[line.requisition_id].append(line)
        if line.pk in answering:
            of_manager[answering[line.pk]].append(line)
    recipients = recipients_of((line.requisition for line in lines.values()), day)
    for group in of_requisition.values():
        requisition = group[0].requisition
        facts = {"number": requisition.number} | _late_facts(group, expected)
        for person in recipients[requisition.pk]:
            yield News(person, LATE, address_of(requisition), facts)
    for person, group in of_manager.items():
        facts = {"number": ""} | _late_facts(group, expected)
        yield News(person, LATE, f"{place('late_orders')}?visa=forsenade", facts)


def _template_news(day: date, since: date | None) -> Iterator[News]:
    """
    Each template whose day it is: to those who keep it, or, when none of them can order today, to all who can.

    Whoever is away is not told, unless all are: then nobody is.
    """
    days = list(days_to_say(since=since, day=day))
    templates = OrderTemplate.objects.exclude(remind_weekday=None, remind_month_day=None)
    due = {
        template: each
        for template in templates.select_related("department").order_by("pk")
        for each in days
        if falls_on(each, weekday=template.remind_weekday, month_day=template.remind_month_day)
        and template.department.is_open_on(day)
    }
    departments = {template.department_id for template in due}
    absent_ids = Absence.objects.on(day).values("user")
    orderers: dict[int, set[int]] = defaultdict(set)
    for department, person in (
        Membership.objects.on(day)
        .filter(role=Role.REQUESTER, department__in=departments, user__is_active=True)
        .exclude(user__in=absent_ids)
        .values_list("department", "user")
    ):
        orderers[department].add(person)
    prefetch_related_objects(list(due), "keepers")
    for template, each in due.items():
        facts = {"name": template.name, "department": template.department.name, "day": each.isoformat()}
        for person in sorted(keepers_of(template, orderers)):
            yield News(person, TEMPLATE, address_of(template), facts)


def _award_news(day: date, since: date | None, *, at: datetime) -> Iterator[News]:
    """Direct awards to document, on their days since the last morning: to those who answer today."""
    earliest = day if since is None else since + timedelta(days=1)
    records = AwardRecord.objects.to_complete().filter(due_date__gte=earliest - timedelta(days=1))
    waiting = {
        record: how
        for record in records.select_related("order", "line__category", "line__requisition").order_by("pk")
        for how, each in zip(("new", "soon", "late"), days_to_tell(record.contract_date), strict=True)
        if earliest <= each <= day
    }
    answering = those_who_answer([record.line for record in waiting], at=at)
    for record, how in waiting.items():
        if person := answering.get(record.line_id):
            facts = {
                "how": how,
                "number": record.order.number,
                "supplier": record.supplier_name,
                "day": record.due_date.isoformat(),
            }
            yield News(person, AWARD, address_of(record), facts)


def _late_facts(lines: Sequence[RequisitionLine], expected: dict[int, date]) -> dict[str, object]:
    return {
        "lines": [line.pk for line in lines],
        "count": len(lines),
        "what": lines[0].description,
        "day": min(expected[line.pk] for line in lines).isoformat(),
    }
