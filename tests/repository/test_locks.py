"""How operations open their transactions and lock their rows."""

import ast
from pathlib import Path

from tests.repository import code

LONG_WORK_IN_STEPS = {
    "registers/operations/applying.py",
    "registers/operations/imports.py",
    "reporting/operations/report_files.py",
    "reporting/operations/reports.py",
    "reporting/operations/savings.py",
}
"""Modules whose private functions are steps of long work; each is a transaction that the next sweep repeats."""


def test_rows_are_locked_without_their_keys() -> None:
    """`FOR UPDATE` makes everyone wait who only points at the row; `FOR NO KEY UPDATE` does not."""
    stronger = [
        f"{code.name(path)}:{node.lineno}"
        for path in code.mentioning("select_for_update")
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
        and "no_key" not in {keyword.arg for keyword in node.keywords}
    ]
    assert stronger == []


def test_operations_open_their_transaction_as_operations() -> None:
    """`operation` tries once more after a deadlock; a plain `atomic` shows it to the person."""
    violations = [
        f"{code.name(path)}:{node.lineno} {node.name}"
        for path in code.mentioning("transaction.atomic")
        if "operations" in path.parts and path.relative_to(code.ROOT).parts[0] != "demo"
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.FunctionDef)
        and "transaction.atomic" in map(ast.unparse, node.decorator_list)
        and not (node.name.startswith("_") and code.name(path) in LONG_WORK_IN_STEPS)
    ]
    assert violations == []


STATE = {"status", "valid_during", "blocked_reason", "closed_at", "last_order_date"}
"""What a row says of where it is, which somebody else may change in the same moment."""


def reads_state_of(function: ast.FunctionDef, name: str) -> bool:
    """Whether a function reads the state of one of its parameters, as it came in."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in STATE
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        for node in ast.walk(function)
    )


def is_read_again(function: ast.FunctionDef, name: str) -> bool:
    """Whether a function gives a parameter's name to the row as it reads it itself."""
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(function)
    )


def unlocked_states(path: Path) -> list[str]:
    """The operations of a module that ask where a row is, of a row that they were handed and have not locked."""
    functions = {node.name: node for node in code.tree(path).body if isinstance(node, ast.FunctionDef)}
    violations = []
    for operation in functions.values():
        if "operation" not in map(ast.unparse, operation.decorator_list):
            continue
        handed = [arg.arg for arg in operation.args.kwonlyargs if not is_read_again(operation, arg.arg)]
        checks = [(operation, name, name) for name in handed]
        for call in ast.walk(operation):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in functions:
                called = functions[call.func.id]
                checks += [
                    (called, parameter.arg, argument.id)
                    for parameter, argument in zip(called.args.args, call.args, strict=False)
                    if isinstance(argument, ast.Name) and argument.id in handed
                ]
        violations += [
            f"{code.name(path)} {operation.name}: {argument}"
            for function, name, argument in checks
            if reads_state_of(function, name) and not is_read_again(function, name)
        ]
    return violations


def test_operations_ask_where_a_row_is_when_they_have_locked_it() -> None:
    """What it said when it was read is not what it says when the others are locked."""
    violations = [
        each for path in code.modules() if "operations" in path.parts for each in unlocked_states(path)
    ]
    assert violations == []
