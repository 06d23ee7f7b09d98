"""Names are nouns for what they hold: of a participle or a pronoun a reader must first find out what it is said of."""

import ast
from collections.abc import Iterator

import pytest

from tests.repository import code

NO_NOUNS = frozenset(
    {
        "asked",
        "found",
        "given",
        "held",
        "hers",
        "his",
        "kept",
        "known",
        "made",
        "mine",
        "said",
        "seen",
        "shown",
    }
    | {"theirs", "told", "wanted"}
)


def unclear_names(module: ast.Module) -> Iterator[tuple[int, str]]:
    """
    The lines and names of values in functions that are none.

    A field of a class and a keyword are read as parts of a phrase, and are often those of the API.
    """
    phrases: set[int] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            phrases |= {id(name) for each in node.body if not _is_function(each) for name in ast.walk(each)}
        elif isinstance(node, ast.FunctionDef):
            phrases |= set(map(id, node.args.kwonlyargs))
        name = ""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in phrases:
            name = node.id
        elif isinstance(node, ast.arg) and id(node) not in phrases:
            name = node.arg
        if name in NO_NOUNS:
            yield getattr(node, "lineno", 0), name


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def test_names_are_nouns() -> None:
    unclear = [
        f"{code.name(path)}:{line} {name}"
        for path in code.modules(*code.LAYERS, "bench", "devservers")
        for line, name in unclear_names(code.tree(path))
    ]
    assert unclear == []


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(told):\n    found = told", ["told", "found"]),
        ("for said in rows:\n    pass", ["said"]),
        ("class Row:\n    asked: int\n    def f(self):\n        kept = 1", ["kept"]),
        ("def f(*, asked):\n    return asked", []),
        ("rows = told(given)", []),
    ],
)
def test_an_unclear_name_is_found(source: str, names: list[str]) -> None:
    assert [name for _line, name in unclear_names(ast.parse(source))] == names
