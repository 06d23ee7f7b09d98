"""docs/permissions.md: what each permission says to each role in each state, and what the refusals mean."""

from collections.abc import Iterator
from pathlib import Path

from core.errors import DomainError
from office.rights.acts import ACTS, Act
from office.rights.duties import PERMITTED, RULES
from office.rights.governing import GOVERNING
from office.rights.people import PEOPLE, suppose

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
YES = "yes"
PARTS = {**ACTS, **GOVERNING}
"""The parts of the page, each with its tables."""

INTRODUCTION = """# Who may do what, when

Drawn by `manage.py draw_permissions` from the permissions that the operations require (`procurement/permissions/`,
`governance/permissions.py`, `reporting/permissions.py`); a test holds it fresh, and tries every cell as a person in the browser
and as a program. A cell says *yes* or the code of the
refusal, of which the grounds are explained last. Whoever may not even see a thing is told that it is not there.

What the world says besides - prices, ceilings, codes that are closed - is the gate's (`procurement/gates.py`), and separation of
duties looks at what each person has done before as well (`procurement/separation_of_duties.py`). Each role stands for
somebody who is nothing else; *everybody else* are the others of these: {people}."""

DUTIES = """Looked at on the acting person at the moment of the act, in her own name, as a deputy, as head of procurement or in another's
place; whether or not what she did first still stands. The rules are `office/rights/duties.py`, each pair tried in each way by
`tests/procurement/test_duties.py`."""


def answer(act: Act, who: str, state: str) -> str:
    """What one cell says: yes, or the code of the refusal."""
    refusal = act.may(suppose(who), state).refusal
    return YES if refusal is None else refusal.code


def drawing() -> str:
    """Give the whole page."""
    everybody = "; ".join(each.words for each in PEOPLE.values())
    parts, codes = [INTRODUCTION.format(people=everybody)], set[str]()
    for title, acts in PARTS.items():
        parts.append(f"## {title}")
        for act in acts:
            table = {who: [answer(act, who, state) for state in act.states] for who in PEOPLE}
            codes |= {cell for row in table.values() for cell in row} - {YES}
            operations = ", ".join(f"`{operation}`" for operation in act.operations)
            asks = f"Asks `{act.asks}`{f' {act.when}' if act.when else ''}."
            parts += [f"### {operations}", asks, "\n".join(_rows(act, table))]
    codes |= {rule.refusal.code for rule in RULES}
    parts += ["## Separation of duties", DUTIES, "\n".join(_duties())]
    parts += ["## What the refusals say", "\n".join(_code_rows(sorted(codes)))]
    return "\n\n".join(parts) + "\n"


def _rows(act: Act, table: dict[str, list[str]]) -> Iterator[str]:
    """The rows of a table; those who are answered alike all along share one, and most of everybody are the last."""
    yield _row("who", *act.states)
    yield _row(*("---" for _column in range(len(act.states) + 1)))
    alike: dict[tuple[str, ...], list[str]] = {}
    for who, row in table.items():
        alike.setdefault(tuple(row), []).append(PEOPLE[who].words)
    for cells, people in sorted(alike.items(), key=lambda row: _are_most(row[1])):
        yield _row("everybody else" if _are_most(people) and len(alike) > 1 else "; ".join(people), *cells)


def _are_most(people: list[str]) -> bool:
    return 2 * len(people) > len(PEOPLE)


def _duties() -> Iterator[str]:
    """Each pair of duties, and what whoever has the first is told when she would do the second."""
    yield _row("who", "then", "is told")
    yield _row("---", "---", "---")
    for rule in RULES:
        yield _row(rule.first.label, rule.then.label, f"`{rule.refusal.code}`")
    for (first, second), why in PERMITTED.items():
        yield _row(first.label, second.label, f"{YES}: {why}")


def _code_rows(codes: list[str]) -> Iterator[str]:
    """Each code with the sentence that a person reads."""
    yield _row("code", "ground")
    yield _row("---", "---")
    for code in codes:
        ground = (DomainError.by_code[code].__doc__ or "").strip().partition("\n")[0]
        yield _row(f"`{code}`", ground)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
