"""After whatever happens to orders that suppliers have, every rule holds, and nobody is refused without being told why, and nothing is left that nobody can end."""

import pytest

from core.errors import WrongState
from office.rules import breaches
from procurement.models import Complaint, PurchaseOrder, RequisitionLine
from tests.cast import Cast
from tests.invariants.deliveries import Deliveries
from tests.long import LONG

STEPS, BETWEEN = 90, 1 if LONG else 15


@pytest.mark.parametrize("seed", range(1, 41) if LONG else [1, 2])
def test_rules_hold_after_random_deliveries(cast: Cast, seed: int) -> None:
    walk = Deliveries(cast, seed)
    for step in range(0, STEPS, BETWEEN):
        if step % 15 == 0:
            walk.order()
        walk.go(BETWEEN)
        violations = [each for each in breaches(walk.at) if not each.rule.number.startswith(("4d", "9"))]
        assert not violations, [(each.rule.number, each.rule.sentence, each.rows[:3]) for each in violations]
    assert sum(walk.done.values()) > STEPS / 5, walk.done
    unexplained = [what for what in walk.refused if what.endswith(f": {WrongState.code}")]
    assert unexplained == []
    walk.end()
    assert not RequisitionLine.objects.deliverable().exists()
    assert not PurchaseOrder.objects.with_changes().exists()
    assert not Complaint.objects.open().exists()


def test_everything_happens_to_orders_in_the_end(cast: Cast) -> None:
    """Otherwise the rules would hold of nothing."""
    walk = Deliveries(cast, 7)
    acts = {act.__name__ for act in walk.acts}
    for _round in range(12):
        walk.order()
        walk.go(STEPS // 2)
        if acts <= set(walk.done):
            break
    assert acts - set(walk.done) == set()
    walk.settle()
    assert breaches(walk.at) == []
