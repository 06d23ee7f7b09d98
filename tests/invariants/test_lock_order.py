"""Every act locks what it locks in one order, so that two of them never wait for each other."""

import re
from collections.abc import Iterator
from itertools import pairwise

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.invariants.walk import Walk

STEPS, MOST_STEPS = 250, 1500
"""How long the walk is at least, and at most until it has seen every lock after the one before it."""

ORDER = (
    "procurement_requisition",
    "procurement_purchaseorder",
    "agreements_agreement",
    "catalog_itemceiling",
    "organizations_budgetframe",
)
"""What the acts of the chain lock, first to last."""

OF_TABLE = re.compile(r'FOR NO KEY UPDATE OF "(\w+)"')
SKIPPING = "SKIP LOCKED"
"""Notices that are put away, and messages that are claimed: who skips what others hold waits for nobody."""
FIRST_TABLE = re.compile(r'FROM "(\w+)".* FOR NO KEY UPDATE', re.DOTALL)


def in_full(statements: list[str]) -> list[str]:
    """The statements, each that was prepared in its own words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, statement FROM pg_prepared_statements")
        prepared = dict(cursor.fetchall())
    return [
        prepared.get(statement.removeprefix("EXECUTE ").partition("(")[0], statement)
        for statement in statements
    ]


def locked_together(statements: list[str]) -> Iterator[list[str]]:
    """The tables that each outermost transaction locks rows of, in the order of their first lock."""
    depth, tables = 0, dict[str, None]()
    for statement in statements:
        if statement.startswith("SAVEPOINT"):
            depth += 1
        elif statement.startswith(("RELEASE", "ROLLBACK TO")):
            depth -= statement.startswith("RELEASE")
            if depth == 0:
                yield list(tables)
                tables = {}
        elif SKIPPING in statement:
            continue
        elif locking := OF_TABLE.search(statement) or FIRST_TABLE.search(statement):
            tables.setdefault(locking[1])


def test_every_act_locks_in_one_order(cast: Cast) -> None:
    walk, sequences = Walk(cast, 14), set[tuple[str, ...]]()
    for step in range(MOST_STEPS):
        connection.queries_log.clear()
        with CaptureQueriesContext(connection) as queries:
            walk.go(1)
        sequences |= {tuple(each) for each in locked_together(in_full([query["sql"] for query in queries]))}
        if step >= STEPS and steps_of(sequences) >= set(pairwise(ORDER)):
            break
    for tables in (each for each in sequences if len(each) > 1):
        assert list(tables) == [table for table in ORDER if table in tables], tables
    assert steps_of(sequences) >= set(pairwise(ORDER)), walk.done


def steps_of(seen: set[tuple[str, ...]]) -> set[tuple[str, str]]:
    """Which table was locked right after which."""
    return {pair for tables in seen for pair in pairwise(tables)}
