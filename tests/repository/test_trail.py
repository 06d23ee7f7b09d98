"""Whatever is written to the trail has a name on the auditor's page."""

import ast
from collections.abc import Iterator

from procurement.trail import DETAIL_NAMES
from tests.repository import code

WRITERS = {"record", "record_many", "entry"}
PARAMETERS = {"subject", "subjects", "by", "at", "on_behalf_of", "rule"}


def written_facts() -> Iterator[tuple[str, ast.keyword]]:
    """Each fact that is written to the trail, and where."""
    for path in code.mentioning("trail."):
        for call in ast.walk(code.tree(path)):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in WRITERS
                and ast.unparse(call.func.value) == "trail"
            ):
                yield from ((f"{path.name}:{call.lineno}", keyword) for keyword in call.keywords)


def test_every_fact_of_the_trail_has_a_name() -> None:
    fact_names = {keyword.arg for _where, keyword in written_facts() if keyword.arg}
    assert len(fact_names) > 20
    assert fact_names - PARAMETERS - set(DETAIL_NAMES) == set()


def test_no_fact_of_the_trail_is_an_internal_id() -> None:
    """A reader has no use for a row's number in the database; a thing is told by its own number or name."""
    violations = [
        f"{where} {keyword.arg}={ast.unparse(keyword.value)}"
        for where, keyword in written_facts()
        if keyword.arg not in PARAMETERS and is_an_id(keyword.value)
    ]
    assert violations == []


def is_an_id(value: ast.expr) -> bool:
    """Whether any part of what is written is a key of the database; what it hangs on is not written."""
    if isinstance(value, ast.IfExp):
        return is_an_id(value.body) or is_an_id(value.orelse)
    names = [node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute)]
    return any(name in {"pk", "id"} or name.endswith("_id") for name in names)
