"""
Ask the gate again of what is approved, when it is ordered and when it leaves: the parts that those share.

What no longer holds goes back to whoever answers for the line, with the reason, and its part of the ceilings is
released. A price that has fallen is taken. Both are decisions made in the name of whoever approved, by the rule
`DecisionRule.TERMS`. Used inside an operation that has locked the requisitions.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from catalog.pricing import PriceLists
from core.bulk import update_rows
from core.errors import DomainError, stored
from core.money import ZERO, line_amount
from core.working_days import add_working_days
from organizations.models import User
from procurement.approving import payer_of
from procurement.call_off import CallOff
from procurement.calling_off import ask_of_winners, call_offs
from procurement.gates import Coding, Facts, PriceRose, Terms, gate
from procurement.market import prices_on
from procurement.models import DecisionKind, DecisionRule, LineDecision, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.deciding import (
    WAITING_FIELDS,
    NewDecision,
    mark_undecided,
    undone_of,
    write_decisions,
)
from procurement.operations.price_questions import ask_of
from procurement.operations.reassessing import reassess_attests, with_refused_parts
from procurement.operations.rerouting import place_anew
from procurement.operations.telling import tell_of_taking_back
from procurement.permissions import Capacity
from procurement.states import LineStatus

APPROVALS = (DecisionKind.APPROVED, DecisionKind.ADJUSTED, DecisionKind.SUBSTITUTED)

GATE_RELATED = (
    "requisition__activity",
    "requisition__project",
    "requisition__department",
    "delivery_place__department",
    "charged_department",
    "account",
    "approved_item",
    "approved_supplier",
    "approved_agreement",
)
"""What comes with lines that are asked about."""

GATE_FIELDS = [
    "status",
    "position",
    "description",
    "item",
    "amount",
    "quantity",
    "unit",
    "unit_price",
    "accepted_unit_price",
    "asked_unit_price",
    "agreement",
    "supplier",
    "requisition__requester",
    "requisition__department__administration",
    "requisition__charged_department",
    "requisition__submitted_at",
    *(f"charged_department__{name}" for name in ("cost_center", "closed_date", "merged_into")),
    "needed_by_date",
    "service_start_date",
    "service_end_date",
    *(f"delivery_place__{name}" for name in ("name", "closed_date")),
    *(f"delivery_place__department__{name}" for name in ("closed_date", "merged_into")),
    "approved_quantity",
    "approved_unit",
    "approved_units_per_order_unit",
    "approved_unit_price",
    "approved_amount",
    "released_quantity",
    "released_amount",
    "decided_by",
    "responsible",
    "awaits_competition",
    *(
        f"requisition__{code}__{name}"
        for code in ("activity", "project")
        for name in ("code", "name", "closed_date")
    ),
    *(f"account__{name}" for name in ("code", "name", "closed_date")),
    *(
        f"approved_item__{name}"
        for name in (
            "name",
            "number",
            "name_en",
            "size",
            "status",
            "blocked_reason",
            "last_order_date",
            "tried",
            "base_unit",
            "order_unit",
            "units_per_order_unit",
        )
    ),
    "approved_supplier__name",
    "approved_supplier__blocked_reason",
    "approved_supplier__awaits_examination",
    "approved_agreement__number",
    "approved_agreement__valid_during",
    "approved_agreement__status",
    "approved_agreement__open_to",
    "approved_agreement__call_off_method",
]
"""The columns that the gate reads of them."""


@dataclass(slots=True)
class Recheck:
    """What the gate says today of lines that are approved."""

    holding: list[RequisitionLine] = field(default_factory=list)
    cheaper: list[tuple[RequisitionLine, Decimal]] = field(default_factory=list)
    """Those of the holding whose price has fallen, with the price."""
    lapsed: list[tuple[RequisitionLine, DomainError]] = field(default_factory=list)
    """Those that may not be bought as they were approved, and why."""

    @property
    def is_unchanged(self) -> bool:
        """Whether everything may leave as it was approved."""
        return not self.lapsed and not self.cheaper


def recheck(lines: Sequence[RequisitionLine], *, day: date) -> Recheck:
    """
    Ask the gate of approved or ordered lines: one query, whatever their number, and one where agreements demand competition.

    :param lines: those that leave together, loaded with GATE_RELATED.
    """
    prices = prices_on(day, [line.approved_item_id for line in lines])
    asked_of = [(line, approved_terms(line)) for line in lines]
    call_off_by_line = {
        line.pk: call_off for line, call_off in zip(lines, call_offs(asked_of, prices, day=day), strict=True)
    }
    result = Recheck(holding=list(lines))
    while True:
        attempt = _gate_once(result.holding, prices, call_off_by_line, day=day)
        result = Recheck(attempt.holding, attempt.cheaper, [*result.lapsed, *attempt.lapsed])
        if not attempt.lapsed:
            return result


def _gate_once(
    lines: Sequence[RequisitionLine],
    prices: PriceLists,
    call_off_by_line: Mapping[int, CallOff],
    *,
    day: date,
) -> Recheck:
    """
    Ask the gate once of lines that leave together, each at the price of all that leaves of its item.

    Where some lapse, fewer leave, and the others are asked again.
    """
    together = _ordered_quantities(lines)
    result = Recheck()
    for line in lines:
        terms, quantity = approved_terms(line), together[_order_key(line)]
        price = prices.of(
            line.approved_item_id,
            line.approved_agreement_id,
            line.approved_supplier_id,
            quantity=quantity,
            unit=line.approved_unit,
        )
        facts = Facts(
            day=day,
            department_id=line.requisition.department_id,
            price=price,
            ordered_quantity=quantity,
            place=line.delivery_place,
            administration_id=line.requisition.department.administration_id,
            call_off=call_off_by_line[line.pk],
            coding=Coding(
                line=line.description,
                account=line.account,
                others=(line.requisition.activity, line.requisition.project),
                payer=payer_of(line),
            ),
        )
        reasons = gate(terms, facts)
        if reasons:
            result.lapsed.append((line, reasons[0]))
            continue
        result.holding.append(line)
        if price is not None and price.unit_price < terms.unit_price:
            result.cheaper.append((line, price.unit_price))
    return result


def take_back(lapsed: Sequence[tuple[RequisitionLine, DomainError]], *, at: datetime) -> None:
    """Give lines back to those who answer for them, with the reason, and release what they had committed."""
    if not lapsed:
        return
    lines = [line for line, _reason in lapsed]
    deciders = User.objects.in_bulk([line.decided_by_id for line in lines])
    refused_ids = with_refused_parts(lines)
    changed = [
        line.requisition
        for line in lines
        if line.approved_amount != line.amount or line.requisition_id in refused_ids
    ]
    ceilings.release(lines, at=at)
    decisions = []
    for line, reason in lapsed:
        text = stored(reason)
        decisions.append(
            _automatic_decision(line, DecisionKind.UNDONE, deciders, comment=text, undone=undone_of(line))
        )
        mark_undecided(line, to=LineStatus.AWAITING, reason=text)
        line.promise(add_working_days(timezone.localdate(at), 1))
    update_rows(lines, WAITING_FIELDS)
    write_decisions(decisions, at=at)
    place_anew(lines, by=None, at=at)
    reassess_attests(changed, by=None, at=at, has_grown=True)
    tell_of_taking_back(lapsed, at=at)
    dearer = [line for line, reason in lapsed if isinstance(reason, PriceRose) and line.item_id]
    prefetch_related_objects(dearer, "agreement")
    ask_of_winners(dearer, day=timezone.localdate(at))
    ask_of(dearer, prices_on(timezone.localdate(at), [line.item_id for line in dearer]), at=at)


def take_lower_prices(cheaper: Sequence[tuple[RequisitionLine, Decimal]], *, at: datetime) -> None:
    """Approve lines anew at a price that has fallen, and release what they cost less; what will not come of them is released already."""
    if not cheaper:
        return
    lines = [line for line, _price in cheaper]
    deciders = User.objects.in_bulk([line.decided_by_id for line in lines])
    before = latest_approvals(lines)
    differences: dict[ceilings.Place, Decimal] = defaultdict(lambda: ZERO)
    undone, approved = [], []
    for line, price in cheaper:
        undone.append(_automatic_decision(line, DecisionKind.UNDONE, deciders, undone=undone_of(line)))
        quantity = line.approved_quantity or Decimal(0)
        amount, committed = (
            line_amount(price, quantity),
            line_amount(price, quantity - line.released_quantity),
        )
        if line.approved_agreement_id is not None:
            place = line.approved_agreement_id, line.approved_supplier_id or 0
            differences[place] += (line.approved_amount or ZERO) - line.released_amount - committed
        line.approved_unit_price, line.approved_amount, line.decided_at = price, amount, at
        line.released_amount = amount - committed
        earlier = before[line.pk]
        kind = DecisionKind(earlier.kind)
        approved.append(
            _automatic_decision(line, kind, deciders, comment=earlier.comment, terms=approved_terms(line))
        )
    ceilings.lower(differences, at=at)
    update_rows(lines, ["approved_unit_price", "approved_amount", "released_amount", "decided_at"])
    write_decisions([*undone, *approved], at=at)


def _automatic_decision(
    line: RequisitionLine, kind: DecisionKind, deciders: dict[int, User], **details: Any
) -> NewDecision:
    """A decision in the name of whoever approved the line."""
    return NewDecision(line, kind, deciders[line.decided_by_id or 0], Capacity(DecisionRule.TERMS), **details)


def latest_approvals(lines: Sequence[RequisitionLine]) -> dict[int, LineDecision]:
    """How each line was last approved."""
    decisions = LineDecision.objects.filter(line__in=[line.pk for line in lines], kind__in=APPROVALS)
    return {decision.line_id: decision for decision in decisions.order_by("pk")}


def approved_terms(line: RequisitionLine) -> Terms:
    """The terms that a line was approved on, with what they speak of as it is now."""
    assert line.approved_supplier is not None  # noqa: S101, the database holds it for what is approved
    return Terms(
        item=line.approved_item,
        quantity=line.approved_quantity or Decimal(0),
        unit=line.approved_unit,
        unit_price=line.approved_unit_price or Decimal(0),
        amount=line.approved_amount or ZERO,
        agreement=line.approved_agreement,
        supplier=line.approved_supplier,
        units_per_order_unit=line.approved_units_per_order_unit,
    )


def _order_key(line: RequisitionLine) -> tuple[Any, ...]:
    return (
        line.approved_item_id,
        line.approved_supplier_id,
        line.approved_agreement_id,
        line.approved_unit,
        line.delivery_place_id,
    )


def _ordered_quantities(lines: Sequence[RequisitionLine]) -> dict[Any, Decimal]:
    """How many of each item leave in one order: what minimum quantity and price are asked of."""
    quantities: dict[Any, Decimal] = defaultdict(lambda: Decimal(0))
    for line in lines:
        quantities[_order_key(line)] += line.approved_quantity or Decimal(0)
    return quantities
