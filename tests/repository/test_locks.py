"""How operations open their transactions and lock their rows."""

import ast

from tests.repository import code

LONG_WORK_IN_STEPS = {
    "registers/operations/applying.py",
    "registers/operations/imports.py",
    "reporting/operations/reports.py",
    "reporting/operations/savings.py",
}
"""Modules whose private functions are steps of long work; each is a transaction that the next sweep repeats."""


def test_rows_are_locked_without_their_keys() -> None:
    """`FOR UPDATE` makes everyone wait who only points at the row; `FOR NO KEY UPDATE` does not."""
    stronger = [
        f"{code.name(path)}:{node.lineno}"
        for path in code.modules()
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "no_key" not in {keyword.arg for keyword in node.keywords}
    ]
    assert stronger == []


def test_operations_open_their_transaction_as_operations() -> None:
    """`operation` tries once more after a deadlock; a plain `atomic` shows it to the person."""
    plain = [
        f"{code.name(path)}:{node.lineno} {node.name}"
        for path in code.modules()
        if "operations" in path.parts and path.relative_to(code.ROOT).parts[0] != "demo"
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.FunctionDef)
        and "transaction.atomic" in map(ast.unparse, node.decorator_list)
        and not (node.name.startswith("_") and code.name(path) in LONG_WORK_IN_STEPS)
    ]
    assert plain == []
