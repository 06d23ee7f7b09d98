"""What must always hold, asked of the database itself: each rule is a statement that lists what breaks it."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

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
    """A rule that does not hold, and the first rows that break it, as its statement lists them."""

    rule: Rule
    rows: list[tuple[Any, ...]]


def breaches(at: datetime) -> list[Breach]:
    """Ask every rule at a moment; nothing is changed."""
    with connection.cursor() as cursor:
        return breaches_in(cursor, at)


def breaches_in(cursor: Any, at: datetime) -> list[Breach]:
    """The same, in the transaction of any cursor."""
    found = []
    for rule in rules():
        cursor.execute(rule.statement, {"at": at})
        if rows := cursor.fetchmany(MOST_ROWS):
            found.append(Breach(rule, rows))
    return found


@cache
def rules() -> list[Rule]:
    """Every rule, in the order of its number."""
    blocks = re.split(r"(?m)^-- rule: ", RULES.read_text())[1:]
    found = []
    for block in blocks:
        head, _line, statement = block.partition("\n")
        number, _space, sentence = head.partition(" ")
        found.append(Rule(number, sentence, statement.strip().rstrip(";")))
    return sorted(found, key=lambda rule: (rule.number[0], rule.number))
