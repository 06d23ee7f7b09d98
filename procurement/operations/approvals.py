"""Approve lines together on given terms: under the gate, the ceilings and what may be attested."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from catalog.pricing import PriceLists
from core.bulk import update_rows
from core.errors import DomainError
from organizations.models import User
from procurement.approving import facts_of
from procurement.attesting import NobodyCanAttest
from procurement.calling_off import ask_of_winners, call_offs
from procurement.direct_award import NO_EXCEPTION, DirectAwardLimitPassed, LimitException
from procurement.gates import PriceNotAccepted, Terms
from procurement.market import prices_on
from procurement.models import DecisionKind, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.awards import ask_the_head, locked_awards
from procurement.operations.ceilings import PendingApproval
from procurement.operations.decidable import Outcome, decidable
from procurement.operations.deciding import (
    NewDecision,
    acting_for,
    mark_approved,
    save_approvals,
    write_decisions,
)
from procurement.operations.price_questions import ask_of
from procurement.operations.reassessing import reassess_attests
from procurement.operations.telling import HOW, tell_of_decisions
from procurement.permissions import Capacity, is_of_head


def approve_on(
    lines: Sequence[RequisitionLine],
    terms_of: Callable[[RequisitionLine, PriceLists], Terms],
    *,
    kind: DecisionKind,
    by: User,
    at: datetime,
    comment: str,
    prices: PriceLists | None = None,
    exception: LimitException = NO_EXCEPTION,
) -> Outcome:
    """
    Approve lines on the terms that a function gives each, those that pass the gate.

    Those that take a requisition's sum to where nobody may attest it are refused, and the others approved without them. Those that
    would pass the direct-award limit go to a head of procurement.

    :param exception: the ground on which a head lets lines pass that limit.
    """
    day = timezone.localdate(at)
    outcome, permitted = decidable(lines, by=by, at=at)
    if prices is None:
        prices = prices_on(day, [line.item_id for line, _capacity in permitted])
    ask_of_winners([line for line, _capacity in permitted], day=day)
    lines_with_terms: list[tuple[RequisitionLine, Terms]] = []
    capacities: dict[int, Capacity] = {}
    unasked: list[RequisitionLine] = []
    for line, capacity in permitted:
        try:
            terms = terms_of(line, prices)
        except DomainError as refusal:
            outcome.refused.append((line, refusal))
            if isinstance(refusal, PriceNotAccepted):
                unasked.append(line)
            continue
        lines_with_terms.append((line, terms))
        capacities[line.pk] = capacity
    approvals = [
        PendingApproval(line, terms, facts_of(line, terms, prices, day=day, call_off=call_off))
        for (line, terms), call_off in zip(
            lines_with_terms, call_offs(lines_with_terms, prices, day=day), strict=True
        )
    ]
    ask_of(unasked, prices, at=at)
    try:
        with transaction.atomic() if any(map(_changes_sum, approvals)) else nullcontext():
            _carry_out(
                approvals, outcome, capacities, kind=kind, by=by, at=at, comment=comment, exception=exception
            )
    except _Unattestable as nobody:
        remaining_lines = [each.line for each in approvals if each.line.pk not in nobody.lines]
        again = approve_on(
            remaining_lines,
            terms_of,
            kind=kind,
            by=by,
            at=at,
            comment=comment,
            prices=prices,
            exception=exception,
        )
        refusals = [(each.line, NobodyCanAttest()) for each in approvals if each.line.pk in nobody.lines]
        return Outcome(again.done, [*outcome.refused, *refusals, *again.refused])
    return outcome


class _Unattestable(Exception):
    """Lines that take the sums of their requisitions to where nobody may attest them; what was approved is undone."""

    def __init__(self, lines: set[int]) -> None:
        super().__init__(lines)
        self.lines = lines


def _changes_sum(approval: PendingApproval) -> bool:
    """Whether an approval makes its requisition dearer or cheaper, or gives an attest back what an undoing took."""
    is_undone: bool = approval.line.is_undone  # type: ignore[attr-defined]
    return is_undone or approval.terms.amount != approval.line.amount


def _carry_out(
    approvals: Sequence[PendingApproval],
    outcome: Outcome,
    capacities: Mapping[int, Capacity],
    *,
    kind: DecisionKind,
    by: User,
    at: datetime,
    comment: str,
    exception: LimitException,
) -> None:
    """
    Approve what fits under the ceilings, and write it down.

    :raises _Unattestable: with the lines that nobody may attest.
    """
    awards = locked_awards(
        [(each.line, each.terms) for each in approvals],
        of_heads=frozenset(pk for pk, capacity in capacities.items() if is_of_head(by, capacity, at=at)),
        exception=exception,
        day=timezone.localdate(at),
    )
    refusals = ceilings.commit(approvals, at=at, awards=awards)
    decisions, changed, rebooked = [], [], []
    approved, refused = [], []
    for each in approvals:
        line, terms = each.line, each.terms
        if line.pk in refusals:
            refused.append((line, refusals[line.pk]))
            continue
        if line.account != each.facts.coding.account:
            line.account = each.facts.coding.account
            rebooked.append(line)
        if _changes_sum(each):
            changed.append(line)
        mark_approved(line, terms, by=by, at=at)
        decisions.append(
            NewDecision(
                line,
                kind,
                by,
                capacities[line.pk],
                comment=comment,
                terms=terms,
                similar=awards.after.get(line.pk),
                exception=awards.exception_of(line),
            )
        )
        approved.append(line)
    update_rows(rebooked, ["account"])
    save_approvals(approved)
    write_decisions(decisions, at=at)
    unattestable = reassess_attests(
        {line.requisition_id: line.requisition for line in changed}.values(),
        by=by,
        at=at,
        has_grown=True,
        in_place_of=acting_for([(line, capacities[line.pk]) for line in approved]),
    )
    if unattestable:
        raise _Unattestable({line.pk for line in changed if line.requisition_id in unattestable})
    if kind in HOW:
        tell_of_decisions(decisions, by=by, at=at)
    ask_the_head(
        [line for line, refusal in refused if isinstance(refusal, DirectAwardLimitPassed)],
        {each.line.pk: each.terms for each in approvals},
        by=by,
        at=at,
    )
    outcome.done += approved
    outcome.refused += refused
