"""After a random chain of every act, every rule holds."""

import pytest
from django.db import connection, transaction

from office.rules import breaches, rules
from reporting.models import Saving
from tests.cast import Cast
from tests.invariants.walk import Walk
from tests.long import LONG

STEPS = 160


@pytest.mark.parametrize("seed", range(1, 41) if LONG else [1, 2])
def test_rules_hold_after_a_random_chain(cast: Cast, seed: int) -> None:
    walk = Walk(cast, seed)
    walk.go(STEPS)
    assert sum(walk.done.values()) > STEPS / 5, walk.done
    walk.settle()
    assert breaches(walk.at) == []


def test_walk_does_everything_in_the_end(cast: Cast) -> None:
    """Otherwise the rules would hold of nothing."""
    walk = Walk(cast, 5)
    acts = {act.__name__ for act in walk.acts}
    for _round in range(12):
        walk.go(STEPS // 2)
        if acts <= set(walk.done):
            break
    assert acts - set(walk.done) == set()
    walk.settle()
    walk.report()
    assert breaches(walk.at) == []
    assert Saving.objects.filter(receipt_line__isnull=False).exists()
    assert Saving.objects.filter(replaces__isnull=False).exists()


def test_rules_are_seventy_eight_and_more() -> None:
    assert len(rules()) >= 78


WRONG: dict[str, str] = {
    "2c": "DELETE FROM categories_categoryassignment",
    "3b": "UPDATE agreements_agreement SET committed_amount = committed_amount + 1",
    "3c": "UPDATE catalog_itemceiling SET committed_quantity = committed_quantity + 1",
    "4e": "UPDATE reporting_savingsrun SET added_count = added_count + 1",
    "5h": "UPDATE reporting_boughtmonth SET amount = amount + 1",
    "6i": "DROP TRIGGER audit_entry_append_only ON audit_entry",
    "8d": "UPDATE procurement_allocation SET received_quantity = quantity"
    " WHERE received_quantity < quantity AND closed_quantity = 0",
    "9b": "UPDATE reporting_savingsrun SET status = 'failed'",
    "9f": "UPDATE registers_import SET total = total + 1",
}
"""Each breaks its rule, and perhaps others with it."""


def test_rules_find_what_is_wrong(cast: Cast) -> None:
    walk = Walk(cast, 1)
    walk.go(STEPS)
    walk.import_purchases()
    walk.settle()
    assert breaches(walk.at) == []
    for rule, statement in WRONG.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)
            assert rule in {each.rule.number for each in breaches(walk.at)}
            transaction.set_rollback(True)
