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
from procurement.direct_award import NO_EXCEPTION, DirectAwardLimitPassed, Exceptional
from procurement.gates import PriceNotAccepted, Terms
from procurement.market import prices_on
from procurement.models import DecisionKind, RequisitionLine
from procurement.operations import ceilings
from procurement.operations.awards import ask_the_head, locked_awards
from procurement.operations.ceilings import Wanted
from procurement.operations.decidable import Outcome, decidable
from procurement.operations.deciding import (
    Made,
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
    exception: Exceptional = NO_EXCEPTION,
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
    asked: list[tuple[RequisitionLine, Terms]] = []
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
        asked.append((line, terms))
        capacities[line.pk] = capacity
    wanted = [
        Wanted(line, terms, facts_of(line, terms, prices, day=day, call_off=call_off))
        for (line, terms), call_off in zip(asked, call_offs(asked, prices, day=day), strict=True)
    ]
    ask_of(unasked, prices, at=at)
    try:
        with transaction.atomic() if any(map(_changes_sum, wanted)) else nullcontext():
            _carry_out(
                wanted, outcome, capacities, kind=kind, by=by, at=at, comment=comment, exception=exception
            )
    except _Unattestable as nobody:
        left = [each.line for each in wanted if each.line.pk not in nobody.lines]
        again = approve_on(
            left, terms_of, kind=kind, by=by, at=at, comment=comment, prices=prices, exception=exception
        )
        refused = [(each.line, NobodyCanAttest()) for each in wanted if each.line.pk in nobody.lines]
        return Outcome(again.done, [*outcome.refused, *refused, *again.refused])
    return outcome


class _Unattestable(Exception):
    """Lines that take the sums of their requisitions to where nobody may attest them; what was approved is undone."""

    def __init__(self, lines: set[int]) -> None:
        super().__init__(lines)
        self.lines = lines


def _changes_sum(wanted: Wanted) -> bool:
    """Whether an approval makes its requisition dearer or cheaper, or gives an attest back what an undoing took."""
    is_undone: bool = wanted.line.is_undone  # type: ignore[attr-defined]
    return is_undone or wanted.terms.amount != wanted.line.amount


def _carry_out(
    wanted: Sequence[Wanted],
    outcome: Outcome,
    capacities: Mapping[int, Capacity],
    *,
    kind: DecisionKind,
    by: User,
    at: datetime,
    comment: str,
    exception: Exceptional,
) -> None:
    """
    Approve what fits under the ceilings, and write it down.

    :raises _Unattestable: with the lines that nobody may attest.
    """
    awards = locked_awards(
        [(each.line, each.terms) for each in wanted],
        of_heads=frozenset(pk for pk, capacity in capacities.items() if is_of_head(by, capacity, at=at)),
        exception=exception,
        day=timezone.localdate(at),
    )
    refusals = ceilings.commit(wanted, at=at, awards=awards)
    made, changed, rebooked = [], [], []
    done, refused = [], []
    for each in wanted:
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
        made.append(
            Made(
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
        done.append(line)
    update_rows(rebooked, ["account"])
    save_approvals(done)
    write_decisions(made, at=at)
    unattestable = reassess_attests(
        {line.requisition_id: line.requisition for line in changed}.values(),
        by=by,
        at=at,
        has_grown=True,
        in_place_of=acting_for([(line, capacities[line.pk]) for line in done]),
    )
    if unattestable:
        raise _Unattestable({line.pk for line in changed if line.requisition_id in unattestable})
    if kind in HOW:
        tell_of_decisions(made, by=by, at=at)
    ask_the_head(
        [line for line, refusal in refused if isinstance(refusal, DirectAwardLimitPassed)],
        {each.line.pk: each.terms for each in wanted},
        by=by,
        at=at,
    )
    outcome.done += done
    outcome.refused += refused
