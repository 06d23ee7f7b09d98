"""Whatever happens to competitions and to what waits for them, every rule holds, what waits can be decided, and nothing is left."""

from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from agreements.models import CallOffMethod
from catalog.models import PriceProposal, RenewedCompetition
from catalog.operations.price_decisions import approve_prices
from catalog.operations.price_proposals import PriceHasChanged
from catalog.states import CompetitionStatus
from core.errors import DomainError, WrongState
from notices.models import Notice
from office.rules import breaches
from procurement.models import LineDecision, RequisitionLine
from procurement.operations.competed import follow_competitions
from procurement.operations.deciding import APPROVALS
from tests.cast import Cast
from tests.invariants.competitions import Competitions
from tests.long import LONG

STEPS, BETWEEN = 160, 1 if LONG else 16
OF_THE_CLOCK = ("4d", "9")


def was_won(decision: LineDecision, day: date) -> bool:
    """Whether what was approved under the agreement had been won by its supplier that day."""
    line = decision.line
    won = RenewedCompetition.objects.awarded_on(day).filter(
        agreement=line.approved_agreement, winner__supplier=line.approved_supplier
    )
    if line.approved_item_id is not None:
        won = won.filter(items__item=line.approved_item_id)
    return won.exists()


def check(walk: Competitions) -> None:
    """Every rule, and what they cannot ask: that approvals were won, and that what is proposed can be decided."""
    violations = [each for each in breaches(walk.at) if not each.rule.number.startswith(OF_THE_CLOCK)]
    assert not violations, [(each.rule.number, each.rule.sentence, each.rows[:3]) for each in violations]
    approved = LineDecision.objects.filter(
        kind__in=APPROVALS, line__approved_agreement__call_off_method=CallOffMethod.MINI_COMPETITION
    )
    for decision in approved.select_related("line").order_by("pk"):
        if decision.line.decided_at == decision.at:
            assert was_won(decision, timezone.localdate(decision.at)), decision.line
    for proposal in PriceProposal.objects.undecided().filter(from_date__gt=walk.today).order_by("pk"):
        check_can_be_decided(walk, proposal)


def check_can_be_decided(walk: Competitions, proposal: PriceProposal) -> None:
    """What waits for a decision is of a price that holds, or that nothing has followed."""
    refusals: list[DomainError] = []
    try:
        with transaction.atomic():
            approve_prices(proposal=proposal, by=walk.cast.manager, at=walk.at)
            transaction.set_rollback(True)
    except DomainError as refusal:
        refusals.append(refusal)
    row = proposal.rows.select_related("price").get()
    details = (proposal.from_date, row.old_price, row.price.valid_during)
    assert not any(isinstance(each, PriceHasChanged) for each in refusals), details


@pytest.mark.parametrize("seed", range(1, 41) if LONG else [1, 2])
def test_rules_hold_after_random_competitions(cast: Cast, seed: int) -> None:
    walk = Competitions(cast, seed)
    for _step in range(0, STEPS, BETWEEN):
        walk.go(BETWEEN)
        check(walk)
    assert sum(walk.done.values()) > STEPS / 5, walk.done
    unexplained = [what for what in walk.refused if what.endswith(f": {WrongState.code}")]
    assert unexplained == []
    walk.clock()
    assert follow_competitions(at=walk.at) == 0
    dead = RenewedCompetition.objects.filter(status=CompetitionStatus.CANCELLED)
    assert not RequisitionLine.objects.filter(tied_competition__in=dead).exists()
    recipient_ids = Notice.objects.filter(kind="competed_order").values_list("recipient", flat=True)
    tied = RequisitionLine.objects.exclude(tied_competition=None).select_related("requisition")
    assert {each.requisition.requester_id for each in tied} <= set(recipient_ids)
    walk.end()
    assert not RequisitionLine.objects.undecided().exists()
    check(walk)


def test_everything_happens_to_competitions_in_the_end(cast: Cast) -> None:
    """Otherwise the rules would hold of nothing."""
    walk = Competitions(cast, 7)
    acts = {act.__name__ for act in walk.acts}
    for _round in range(12):
        walk.go(STEPS // 2)
        if acts <= set(walk.done):
            break
    assert acts - set(walk.done) == set()
