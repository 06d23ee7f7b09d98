"""Names say what things are, and every app says what it is about."""

import ast

import pytest

from tests.repository import code

NOBODY_DECIDED = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "services",
    "service",
    "managers",
    "manager",
}


def test_no_module_is_called_what_nobody_decided() -> None:
    violations = [
        code.name(path)
        for path in code.modules()
        if NOBODY_DECIDED & set(path.relative_to(code.ROOT).with_suffix("").parts)
    ]
    assert violations == []


@pytest.mark.parametrize("app", code.LAYERS)
def test_every_app_says_what_it_is_about(app: str) -> None:
    docstring = ast.get_docstring(code.tree(code.ROOT / app / "__init__.py"))
    assert docstring
    assert len(docstring.split()) > 8
