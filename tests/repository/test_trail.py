"""Whatever is written to the trail has a name on the auditor's page."""

import ast

from procurement.trail import DETAIL_NAMES
from tests.repository.code import modules, tree

WRITERS = {"record", "record_many", "entry"}
PARAMETERS = {"subject", "subjects", "by", "at", "on_behalf_of", "rule"}


def test_every_fact_of_the_trail_has_a_name() -> None:
    written = {
        keyword.arg
        for path in modules()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {f"trail.{writer}" for writer in WRITERS}
        for keyword in call.keywords
        if keyword.arg
    }
    assert len(written) > 20
    assert written - PARAMETERS - set(DETAIL_NAMES) == set()


def test_no_fact_of_the_trail_is_an_internal_id() -> None:
    """A reader has no use for a row's number in the database; a thing is told by its own number or name."""
    told = [
        f"{path.name}:{call.lineno} {keyword.arg}={ast.unparse(keyword.value)}"
        for path in modules()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {f"trail.{writer}" for writer in WRITERS}
        for keyword in call.keywords
        if keyword.arg not in PARAMETERS and is_an_id(keyword.value)
    ]
    assert told == []


def is_an_id(value: ast.expr) -> bool:
    """Whether any part of what is written is a key of the database; what it hangs on is not written."""
    if isinstance(value, ast.IfExp):
        return is_an_id(value.body) or is_an_id(value.orelse)
    names = [node.attr for node in ast.walk(value) if isinstance(node, ast.Attribute)]
    return any(name in {"pk", "id"} or name.endswith("_id") for name in names)
