"""What waits for suppliers to compete: which competition it waits for, and who is told how that goes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from agreements.models import Agreement, CallOffMethod
from catalog.models import CompetitionItem, Item, RenewedCompetition
from catalog.states import CompetitionStatus
from core.addresses import address_of, place
from core.money import to_quantity
from notices.operations.telling import News
from procurement.models import RequisitionLine
from procurement.states import UNDECIDED
from procurement.waiting_notices import COMPETED, COMPETED_QUEUE

TO_THE_QUEUE = ("awarded", "cancelled")
"""What whoever decides about the lines can act on."""


@dataclass(frozen=True, slots=True)
class Competed:
    """How far an undecided line's item has been competed for."""

    going_on: RenewedCompetition | None = None
    """The competition that its suppliers have been invited to; None when nobody has invited them."""
    won: RenewedCompetition | None = None
    """The one that somebody has won, and that may be ordered from that day."""


def competed_for(lines: Iterable[RequisitionLine], *, day: date) -> dict[int, Competed]:
    """
    Say of each undecided line under an agreement that demands competition how far it has come, by the line's id: one query, or none.

    :param lines: with their agreements.
    """
    concerned = [
        line
        for line in lines
        if line.status in UNDECIDED
        and line.item_id is not None
        and line.agreement is not None
        and line.agreement.call_off_method == CallOffMethod.MINI_COMPETITION
    ]
    if not concerned:
        return {}
    live = Q(status=CompetitionStatus.OPEN) | Q(status=CompetitionStatus.AWARDED, award_during__contains=day)
    held: Any = RenewedCompetition.objects.filter(
        live, agreement__in={line.agreement_id for line in concerned}
    )
    competitions = list(held.with_items().select_related("winner__supplier").order_by("-pk"))
    return {line.pk: _competed(line, competitions) for line in concerned}


def _competed(line: RequisitionLine, competitions: Iterable[Any]) -> Competed:
    of_it = [
        each
        for each in competitions
        if each.agreement_id == line.agreement_id and line.item_id in each.item_ids
    ]
    return Competed(
        going_on=next((each for each in of_it if each.is_open), None),
        won=next((each for each in of_it if not each.is_open), None),
    )


def items_waiting(agreement: Agreement, *, day: date) -> dict[Item, Decimal]:
    """
    The items that somebody waits for under the agreement, that no competition is about that day: two queries.

    :returns: how many of each, in the item's own order units, by the item; in the order of their numbers.
    """
    lines = list(
        RequisitionLine.objects.undecided()
        .filter(agreement=agreement, item__isnull=False)
        .select_related("agreement", "item")
    )
    competed = competed_for(lines, day=day)
    waiting: dict[Item, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.item is not None and competed.get(line.pk) == Competed():
            pack = line.units_per_order_unit or line.item.units_per_order_unit
            waiting[line.item] += line.quantity * pack / line.item.units_per_order_unit
    return {item: to_quantity(waiting[item]) for item in sorted(waiting, key=lambda each: each.number)}


def waiting_for(competition: RenewedCompetition, facts: Mapping[str, Any]) -> Iterator[News]:
    """
    Tell those whose lines of the items wait under the agreement: each requester of each order, each decider once.

    A need in words waits for no competition that is known: whoever decides about it chooses under which agreement it is bought.

    :param facts: what has become of it, as ``catalog.operations.competition_news`` has it.
    """
    items = CompetitionItem.objects.filter(competition=competition).values("item")
    waiting = (
        RequisitionLine.objects.undecided()
        .filter(agreement=competition.agreement, item__in=items)
        .select_related("requisition")
        .order_by("requisition", "position")
    )
    of_requisition: dict[int, list[RequisitionLine]] = defaultdict(list)
    of_decider: dict[int, int] = defaultdict(int)
    for line in waiting:
        of_requisition[line.requisition_id].append(line)
        if line.responsible_id is not None:
            of_decider[line.responsible_id] += 1
    for lines in of_requisition.values():
        requisition = lines[0].requisition
        hers = {"number": requisition.number, "count": len(lines), "what": lines[0].description}
        yield News(requisition.requester_id, COMPETED, address_of(requisition), {**facts, **hers})
    if facts["how"] in TO_THE_QUEUE:
        for person, count in of_decider.items():
            yield News(person, COMPETED_QUEUE, place("queue"), {**facts, "count": count})
