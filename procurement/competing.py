"""What waits for suppliers to compete: which competition it waits for, and who is told how that goes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement, CallOffMethod
from catalog.models import CompetitionItem, Item, RenewedCompetition
from catalog.states import CompetitionStatus
from core import reader
from core.addresses import address_of, place
from core.money import to_quantity
from notices.operations.telling import News
from organizations.models import User
from procurement.models import RequisitionLine
from procurement.orderers import recipients_of
from procurement.states import UNDECIDED
from procurement.waiting_notices import COMPETED, COMPETED_QUEUE

TO_THE_QUEUE = ("awarded", "cancelled")
"""What whoever decides about the lines can act on."""


@dataclass(frozen=True, slots=True)
class CompetitionState:
    """How far what an undecided line asks for has been competed for."""

    going_on: RenewedCompetition | None = None
    """The competition that its suppliers have been invited to; None when nobody has invited them."""
    won: RenewedCompetition | None = None
    """The one that somebody has won, and that may be ordered from that day."""


def competition_states(lines: Iterable[RequisitionLine], *, day: date) -> dict[int, CompetitionState]:
    """
    Say of each undecided line that is to be competed for how far it has come, by the line's id: one query, or none.

    That is a line of an item under an agreement that demands competition, and a need in words that is tied to a competition which is
    open, or which somebody has won.

    :param lines: with their agreements.
    """
    undecided = [line for line in lines if line.status in UNDECIDED]
    of_items = [line for line in undecided if line.item_id is not None and _demands_competition(line)]
    tied = [line for line in undecided if line.tied_competition_id is not None]
    if not of_items and not tied:
        return {}
    live = Q(status=CompetitionStatus.OPEN) | Q(status=CompetitionStatus.AWARDED, award_during__contains=day)
    candidates: Any = RenewedCompetition.objects.filter(
        live,
        Q(agreement__in={line.agreement_id for line in of_items})
        | Q(pk__in={line.tied_competition_id for line in tied}),
    )
    competitions = list(candidates.with_items().select_related("winner__supplier").order_by("-pk"))
    competed_by_line = {line.pk: _competed(line, competitions) for line in (*of_items, *tied)}
    tied_keys = {line.pk for line in tied}
    return {
        pk: competed
        for pk, competed in competed_by_line.items()
        if pk not in tied_keys or competed != CompetitionState()
    }


def _demands_competition(line: RequisitionLine) -> bool:
    agreement = line.agreement
    return agreement is not None and agreement.call_off_method == CallOffMethod.MINI_COMPETITION


def _competed(line: RequisitionLine, competitions: Iterable[Any]) -> CompetitionState:
    of_it = [each for each in competitions if _is_about(each, line)]
    return CompetitionState(
        going_on=next((each for each in of_it if each.is_open), None),
        won=next((each for each in of_it if not each.is_open), None),
    )


def _is_about(competition: Any, line: RequisitionLine) -> bool:
    if line.item_id is None:
        return bool(competition.pk == line.tied_competition_id)
    return competition.agreement_id == line.agreement_id and line.item_id in competition.item_ids


def how_far(line: RequisitionLine, competed: CompetitionState | None, *, day: date) -> str:
    """Tell the requester what her line waits for, who won, or since when it waits no longer; empty where nobody competes."""
    if competed is None and line.competed_at is None:
        return ""
    if competed is None:
        return _("Den väntar sedan %(day)s inte längre på att leverantörer tävlar.") % {
            "day": reader.short_day(timezone.localdate(line.competed_at), day)
        }
    if competed.won is not None:
        winner = competed.won.winner
        return _("Leverantörerna har tävlat, och %(supplier)s vann.") % {
            "supplier": winner.supplier.name if winner else ""
        }
    if competed.going_on is None:
        return _("Leverantörerna i avtalet ska tävla om den först, och är inte inbjudna än.")
    return _("Leverantörerna i avtalet tävlar om den, med anbud senast %(day)s.") % {
        "day": reader.weekday_day(competed.going_on.bids_by_date, day)
    }


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
    competed = competition_states(lines, day=day)
    waiting: dict[Item, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.item is not None and competed.get(line.pk) == CompetitionState():
            pack = line.units_per_order_unit or line.item.units_per_order_unit
            waiting[line.item] += line.quantity * pack / line.item.units_per_order_unit
    return {item: to_quantity(waiting[item]) for item in sorted(waiting, key=lambda each: each.number)}


def waiting_for(competition: RenewedCompetition, facts: Mapping[str, Any], day: date) -> Iterator[News]:
    """
    Tell those whose lines of the items wait under the agreement, or whose needs are tied to it: whoever is told of each order,
    each decider once.

    :param facts: what has become of it, as ``catalog.operations.competition_news`` has it.
    """
    items = CompetitionItem.objects.filter(competition=competition).values("item")
    waiting = (
        RequisitionLine.objects.undecided()
        .filter(Q(agreement=competition.agreement, item__in=items) | Q(tied_competition=competition))
        .select_related("requisition")
        .order_by("requisition", "position")
    )
    of_requisition: dict[int, list[RequisitionLine]] = defaultdict(list)
    of_decider: dict[int, int] = defaultdict(int)
    for line in waiting:
        of_requisition[line.requisition_id].append(line)
        if line.responsible_id is not None:
            of_decider[line.responsible_id] += 1
    yield from competed_news(list(of_requisition.values()), facts, day)
    if facts["how"] in TO_THE_QUEUE:
        for person, count in of_decider.items():
            yield News(person, COMPETED_QUEUE, place("queue"), {**facts, "count": count})


def competed_news(
    groups: Sequence[Sequence[RequisitionLine]], facts: Mapping[str, Any], day: date
) -> Iterator[News]:
    """What those who are told of each order hear of what its lines wait for; a group is of one order."""
    recipients = recipients_of((lines[0].requisition for lines in groups), day)
    for lines in groups:
        requisition = lines[0].requisition
        order_facts = {"number": requisition.number, "count": len(lines), "what": lines[0].description}
        for person in recipients[requisition.pk]:
            yield News(person, COMPETED, address_of(requisition), {**facts, **order_facts})


def facts_of_letting_go(
    line: RequisitionLine, competition: RenewedCompetition, *, by: User
) -> Mapping[str, Any]:
    """What is told of a need that somebody lets wait for a competition no longer."""
    day = line.response_due_date.isoformat() if line.response_due_date else ""
    return {"how": "let_go", "who": by.full_name, "subject": competition.subject, "day": day}


def needs_for(competition: RenewedCompetition) -> QuerySet[RequisitionLine]:
    """Needs in words that wait for a decision or an answer and could be tied to a competition: of what its agreement is for."""
    agreement = competition.agreement
    of_agreement = Q(category__lineage__contains=[agreement.category_id]) | Q(
        category__in=agreement.category.lineage
    )
    return RequisitionLine.objects.filter(
        of_agreement, status__in=UNDECIDED, item=None, awaits_competition=None
    )


def competitions_for(line: RequisitionLine) -> QuerySet[RenewedCompetition]:
    """The open competitions that a need in words could be tied to, those that end first first."""
    lineage = line.category.lineage if line.category else []
    of_category = Q(agreement__category__in=lineage) | Q(
        agreement__category__lineage__contains=[line.category_id or 0]
    )
    competitions = RenewedCompetition.objects.filter(of_category, status=CompetitionStatus.OPEN)
    return competitions.select_related("agreement").order_by("bids_by_date", "pk")
