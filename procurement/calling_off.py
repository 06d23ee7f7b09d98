"""What the gate is told of how agreements are called off: no question but where an agreement demands something."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.models import Agreement, AgreementSupplier, CallOffMethod, Supplier
from catalog.models import RenewedCompetition
from catalog.pricing import PriceLists, at_quantity
from procurement.call_off import CallOff, WonCompetition
from procurement.gates import Terms
from procurement.models import Allocation, RankRefusal, RequisitionLine
from procurement.next_in_rank import RANKED, passed_over
from procurement.states import UNDECIDED

LineWithTerms = tuple[RequisitionLine, Terms]
"""A line, and the terms that are asked about."""

NO_PRICES = PriceLists({})
"""Where the terms are those that are offered, nobody has been passed over."""


def call_offs(lines_with_terms: Iterable[LineWithTerms], prices: PriceLists, *, day: date) -> list[CallOff]:
    """
    Say of each line, in the order given, what its agreement's way of calling off asks of it.

    One query where some agreement demands competition; one where suppliers are ranked and another sells the same as well, and
    two more where one who comes before could have got the order.

    :param prices: those of the lines' items that day.
    """
    lines = list(lines_with_terms)
    won = _won_competitions(_agreements_of(lines, (CallOffMethod.MINI_COMPETITION,)), day)
    first = _passed_over(lines, prices)
    return [
        CallOff(
            is_won=any(
                each.covers(
                    terms.agreement.pk if terms.agreement else 0,
                    terms.supplier.pk,
                    terms.item.pk if terms.item else None,
                )
                for each in won
            ),
            passed_over=first.get(place, ""),
        )
        for place, (_line, terms) in enumerate(lines)
    ]


def ask_of_winners(lines: Iterable[RequisitionLine], *, day: date) -> None:
    """
    Let undecided lines be asked of whoever has won what they ask for, where another supplier was cheapest when they were submitted.

    The lines are changed as they are held, not as they are kept: what was asked for stays, and the approval names the winner. No
    question but where an agreement demands competition, and a line that two may be ordered for from is left to its manager.

    :param lines: with their agreements.
    """
    competed = [
        line
        for line in lines
        if line.status in UNDECIDED
        and line.item_id is not None
        and line.agreement is not None
        and line.agreement.call_off_method == CallOffMethod.MINI_COMPETITION
    ]
    won = _won_competitions({line.agreement_id or 0 for line in competed}, day)
    chosen: dict[RequisitionLine, int] = {}
    for line in competed:
        winners = {
            each.supplier_id
            for each in won
            if each.agreement_id == line.agreement_id and line.item_id in each.item_ids
        }
        if len(winners) == 1 and line.supplier_id not in winners:
            chosen[line] = winners.pop()
    if chosen:
        suppliers = Supplier.objects.in_bulk(chosen.values())
        for line, supplier in chosen.items():
            line.supplier = suppliers[supplier]


def _agreements_of(lines: Iterable[LineWithTerms], methods: Collection[str]) -> set[int]:
    return {
        terms.agreement.pk
        for _line, terms in lines
        if terms.agreement is not None and terms.agreement.call_off_method in methods
    }


def _won_competitions(agreements: Collection[int], day: date) -> list[WonCompetition]:
    """What has been won that day under the agreements."""
    if not agreements:
        return []
    awarded: Any = RenewedCompetition.objects.awarded_on(day).filter(agreement__in=agreements).with_items()
    rows = awarded.values_list("agreement", "winner__supplier", "item_ids").order_by("pk")
    return [WonCompetition(agreement, supplier, frozenset(items)) for agreement, supplier, items in rows]


def _passed_over(lines: Sequence[LineWithTerms], prices: PriceLists) -> dict[int, str]:
    """Who has been passed over, by the places of the lines that somebody has been for."""
    selling = {place: selling_at(terms, prices) for place, (_line, terms) in enumerate(lines)}
    rivals = {place: suppliers for place, suppliers in selling.items() if len(suppliers) > 1}
    if not rivals:
        return {}
    parties: dict[int, list[AgreementSupplier]] = defaultdict(list)
    agreements = _agreements_of((lines[place] for place in rivals), RANKED)
    for each in AgreementSupplier.objects.filter(agreement__in=agreements).select_related("supplier"):
        parties[each.agreement_id].append(each)

    def first(place: int, refusers: Collection[int]) -> AgreementSupplier | None:
        terms = lines[place][1]
        return passed_over(
            parties[terms.agreement.pk if terms.agreement else 0],
            supplier_id=terms.supplier.pk,
            selling=rivals[place],
            refused=refusers,
            is_by_price=is_ranked_by_price(terms.agreement),
        )

    suspected = [place for place in rivals if first(place, ()) is not None]
    refusers = refused_suppliers([lines[place][0] for place in suspected]) if suspected else {}
    name_by_place = {}
    for place in suspected:
        line = lines[place][0]
        party = first(place, refusers.get((line.requisition_id, line.position), ()))
        if party is not None:
            name_by_place[place] = party.supplier.name
    return name_by_place


def selling_at(terms: Terms, prices: PriceLists) -> Mapping[int, Decimal]:
    """
    Who sells the same item in the same order unit under the agreement, where it ranks its suppliers, and at what price.

    Where the price ranks them, those that sell it in larger quantities alone are left out.
    """
    item, agreement = terms.item, terms.agreement
    if item is None or agreement is None or agreement.call_off_method not in RANKED:
        return {}
    unit = terms.unit if (item.pk, agreement.pk, terms.supplier.pk, terms.unit) in prices.rows else ""
    price_by_supplier = {}
    for key, rows in prices.rows.items():
        if (*key[:2], key[3]) != (item.pk, agreement.pk, unit):
            continue
        price = at_quantity(rows, terms.quantity)
        if price.minimum_quantity <= terms.quantity or not is_ranked_by_price(agreement):
            price_by_supplier[key[2]] = price.unit_price
    return price_by_supplier


def is_ranked_by_price(agreement: Agreement | None) -> bool:
    """Whether the lowest price of the call-off comes first (dynamisk rangordning)."""
    return agreement is not None and agreement.call_off_method == CallOffMethod.DYNAMIC_RANKING


def refused_suppliers(lines: Sequence[RequisitionLine]) -> Mapping[tuple[int, int], set[int]]:
    """Who has refused lines or the rest of them, in any of their versions: by an answer to an order, or by what was registered."""
    requisitions = {line.requisition_id for line in lines}
    suppliers_by_line: dict[tuple[int, int], set[int]] = defaultdict(set)
    answered = Allocation.objects.filter(
        refused_at__isnull=False, line__requisition__in=requisitions
    ).values_list("line__requisition", "line__position", "order_line__order__supplier")
    registered = RankRefusal.objects.filter(line__requisition__in=requisitions).values_list(
        "line__requisition", "line__position", "supplier"
    )
    for requisition, position, supplier in [*answered, *registered]:
        suppliers_by_line[requisition, position].add(supplier)
    return suppliers_by_line
