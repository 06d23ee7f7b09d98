"""What the business knows is changed by operations, and by nothing else."""

import ast
from pathlib import Path

from tests.repository import code

WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}
MANY = {"insert_rows", "update_rows"}
ROOMS = {"operations", "models", "migrations", "admin"}
DOORS = {
    "audit/trail.py",  # the one function that writes the trail
    "core/work.py",  # an abstract model
    "core/bulk.py",  # what operations write many rows with
}


def is_write(call: ast.Call) -> bool:
    """
    Say whether a call looks like one that changes a model.

    A dictionary's `update` has a plain name before it, a queryset's has `objects` or a call; a document's `save` is
    told where to.
    """
    if isinstance(call.func, ast.Name):
        return call.func.id in MANY
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return False
    before = call.func.value
    if call.func.attr == "save":
        return not call.args
    if call.func.attr == "update":
        return isinstance(before, ast.Call) or (
            isinstance(before, ast.Attribute) and before.attr == "objects"
        )
    return True


def writes(path: Path) -> list[str]:
    return [
        f"{code.name(path)}:{node.lineno} {ast.unparse(node.func)}"
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.Call) and is_write(node)
    ]


def test_only_operations_and_models_write() -> None:
    apps = [app for app in code.LAYERS if app not in ("demo", "config")]
    violations = [
        write
        for path in code.modules(*apps)
        if not ROOMS & set(path.relative_to(code.ROOT).with_suffix("").parts) and code.name(path) not in DOORS
        for write in writes(path)
    ]
    assert violations == []
