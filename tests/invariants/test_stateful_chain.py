"""After every step of whatever anybody does in a region, every rule holds; hypothesis looks for the shortest way to break one."""

from collections import Counter
from random import Random
from typing import Any

from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from office.rules import breaches
from tests.cast import Cast
from tests.invariants.region import Region
from tests.long import LONG, takes_long

EXAMPLES, STEPS = (120, 60) if LONG else (3, 30)

OF_THE_CLOCK = ("4d", "9")
"""Rules of what the clock has not done within minutes: asked when it has had its chance."""

acts = st.integers(min_value=0, max_value=10_000)
randoms = st.randoms(use_true_random=False)


def machine(cast: Cast, done: Counter[str]) -> type[RuleBasedStateMachine]:
    """A machine for the cast's region; each example begins where the cast does, and all of it is taken back."""

    class Chain(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.transaction = transaction.atomic()
            self.transaction.__enter__()
            self.region = Region(cast, Random(1))

        @rule(number=acts, random=randoms)
        def somebody_does_something(self, number: int, random: Any) -> None:
            self.region.random = random
            self.region.take(self.region.acts[number % len(self.region.acts)])

        @invariant()
        def every_rule_holds(self) -> None:
            violations = [
                each for each in breaches(self.region.at) if not each.rule.number.startswith(OF_THE_CLOCK)
            ]
            assert not violations, [
                (each.rule.number, each.rule.sentence, each.rows, each.failure) for each in violations
            ]

        def teardown(self) -> None:
            try:
                self.region.random = Random(1)
                self.region.settle()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                violations = breaches(self.region.at)
                assert not violations, [
                    (each.rule.number, each.rule.sentence, each.rows) for each in violations
                ]
                done.update(self.region.done)
            finally:
                transaction.set_rollback(True)
                self.transaction.__exit__(None, None, None)

    return Chain


def test_rules_hold_after_every_step(cast: Cast) -> None:
    counts: Counter[str] = Counter()
    run_state_machine_as_test(
        machine(cast, counts),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=not LONG,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert sum(counts.values()) > EXAMPLES * 2, counts


@takes_long
def test_every_act_of_the_region_is_done_in_the_end(cast: Cast) -> None:
    """Otherwise the rules would hold of nothing."""
    region = Region(cast, Random(11))
    names = {act.__name__ for act in region.acts} - {
        "leave",
        "import_purchases",
        "confirm_another",
        "compute",
    }
    for _step in range(4000):
        region.take(region.random.choice(region.acts))
        if names <= {name for name, count in region.done.items() if count}:
            break
    assert names - {name for name, count in region.done.items() if count} == set()
