"""What must always hold, asked of the database itself: each rule is a statement that lists what breaks it."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction

RULES = Path(__file__).with_name("rules.sql")
MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its number, whose digit is that of docs/architecture.md's eight (9 is what the program promises itself)."""

    number: str
    sentence: str
    statement: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that does not hold, and the first rows that break it, as its statement lists them; or why it could not be asked."""

    rule: Rule
    rows: list[tuple[Any, ...]]
    failure: str = ""


def breaches(at: datetime) -> list[Breach]:
    """Ask every rule at a moment, each by itself so that one that cannot be asked hides no other; nothing is changed."""
    broken_rules = []
    for rule in rules():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                rows = _rows_that_break(rule, cursor, at)
        except DatabaseError as error:
            broken_rules.append(Breach(rule, [], failure=str(error).partition("\n")[0]))
        else:
            broken_rules += [Breach(rule, rows)] if rows else []
    return broken_rules


def breaches_in(cursor: Any, at: datetime) -> list[Breach]:
    """The same, in the transaction of any cursor."""
    rows_by_rule = ((rule, _rows_that_break(rule, cursor, at)) for rule in rules())
    return [Breach(rule, rows) for rule, rows in rows_by_rule if rows]


def _rows_that_break(rule: Rule, cursor: Any, at: datetime) -> list[tuple[Any, ...]]:
    cursor.execute(rule.statement, {"at": at})
    rows: list[tuple[Any, ...]] = cursor.fetchmany(MOST_ROWS)
    return rows


@cache
def rules() -> list[Rule]:
    """Every rule, in the order of its number."""
    blocks = re.split(r"(?m)^-- rule: ", RULES.read_text())[1:]
    all_rules = []
    for block in blocks:
        head, _line, statement = block.partition("\n")
        number, _space, sentence = head.partition(" ")
        all_rules.append(Rule(number, sentence, statement.strip().rstrip(";")))
    return sorted(all_rules, key=lambda rule: (rule.number[0], rule.number))
