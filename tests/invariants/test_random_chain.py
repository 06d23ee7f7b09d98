"""After a random chain of every act, every rule holds."""

import pytest
from django.db import connection

from tests.cast import Cast
from tests.invariants.rules import HANDED_IN, OPENING, OURS, broken, rules
from tests.invariants.walk import Walk
from tests.long import LONG

STEPS = 160
ABOUT_TODAY = {"9a", "9b", "9c", "9d", "9e"}
"""Rules about how long ago something was by the clock on the wall; the walk takes place in 2021."""

ABOUT_FILES = {"5a", "9h"}
"""Rules about columns of files that have since moved to a table of their own; the walk makes no files."""


@pytest.mark.parametrize("seed", range(1, 41) if LONG else [1, 2, 3])
def test_rules_hold_after_a_random_chain(cast: Cast, seed: int) -> None:
    walk = Walk(cast, seed)
    walk.go(STEPS)
    assert sum(walk.done.values()) > STEPS / 4, walk.done
    assert broken(OURS) == {}


def test_walk_does_everything_in_the_end(cast: Cast) -> None:
    """Otherwise the rules would hold of nothing."""
    walk = Walk(cast, 4)
    acts = {act.__name__ for act in walk.acts}
    for _round in range(12):
        walk.go(STEPS // 2)
        if acts <= set(walk.done):
            break
    assert acts - set(walk.done) == set()
    assert broken(OURS) == {}


def test_rules_find_what_is_wrong(cast: Cast) -> None:
    Walk(cast, 1).go(STEPS)
    cast.agreement.refresh_from_db()
    cast.agreement.committed_amount += 1
    cast.agreement.save()
    assert len(broken(OURS)) == 1


@pytest.mark.skipif(not HANDED_IN.exists(), reason="../shared/faults/rules.sql is not there")
def test_rules_that_were_handed_in_hold(cast: Cast) -> None:
    Walk(cast, 5).go(STEPS)
    with connection.cursor() as cursor:
        cursor.execute(OPENING)
    assert len(rules(HANDED_IN)) > 50
    assert broken(HANDED_IN, apart_from=ABOUT_TODAY | ABOUT_FILES) == {}
