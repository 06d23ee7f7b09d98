"""Foreign keys, the names by which they are read backwards, and addresses point the way that imports do."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Field, Model

from tests.repository import code


def relations() -> Iterator[tuple[type[Model], "Field[object, object]", type[Model]]]:
    for model in apps.get_models():
        for field in model._meta.get_fields():
            related = field.related_model
            if (
                field.is_relation
                and not field.auto_created
                and isinstance(field, Field)
                and isinstance(related, type)
                and model._meta.app_label in code.HEIGHT
                and related._meta.app_label in code.HEIGHT
            ):
                yield model, field, related


def test_foreign_keys_point_downwards() -> None:
    violations = [
        f"{model._meta.label}.{field.name} -> {related._meta.label}"
        for model, field, related in relations()
        if code.HEIGHT[related._meta.app_label] > code.HEIGHT[model._meta.app_label]
    ]
    assert violations == []


def backward_names() -> dict[str, int]:
    """Names by which a lower model reads a higher one, with the height of the lowest app that gives the name."""
    names: dict[str, int] = {}
    pairs: set[tuple[str, int]] = set()
    for model, field, related in relations():
        accessor = field.remote_field.get_accessor_name() if field.remote_field else None
        height, below = code.HEIGHT[model._meta.app_label], code.HEIGHT[related._meta.app_label]
        if accessor and height > below:
            names[accessor] = min(height, names.get(accessor, height))
        elif accessor:
            pairs.add((accessor, height))
    for model in apps.get_models():
        if model._meta.app_label in code.HEIGHT:
            for own_field in model._meta.get_fields():
                if not own_field.auto_created:
                    pairs.add((own_field.name, code.HEIGHT[model._meta.app_label]))
    for name, height in pairs:
        if name in names:
            # The word is a lower model's own too, so it can be told apart only above that.
            names[name] = min(names[name], height)
    return names


LOOKUP = re.compile(r"[a-z_]+(__[a-z_]+)+")


def words_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every word that could read a model: attributes of managers, keywords of lookups, lookups in strings."""
    nodes = list(ast.walk(tree))
    called = {node.func for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        if isinstance(node, ast.Attribute) and node not in called:
            yield node.lineno, node.attr
        elif isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg and "__" in keyword.arg:
                    yield from ((node.lineno, word) for word in keyword.arg.split("__"))
        elif isinstance(node, ast.Constant) and LOOKUP.fullmatch(str(node.value)):
            yield from ((node.lineno, word) for word in str(node.value).split("__"))


def test_no_lower_app_reads_a_higher_one_backwards() -> None:
    names = backward_names()
    # The absence page shows the posts of whoever goes away.
    names.pop("managed_assignments")
    violations = sorted(
        {
            f"{code.name(path)}:{line} {word}"
            for app, height in code.HEIGHT.items()
            for higher in [{name for name, lowest in names.items() if lowest > height}]
            for path in code.mentioning(*higher, within=[app])
            if "migrations" not in path.parts
            for line, word in words_of(code.tree(path))
            if word in higher
        }
    )
    assert violations == []


ADDRESS = re.compile(r"""["']([a-z]+):[a-z_]+["']""")


@pytest.mark.parametrize("app", [app for app in code.HEIGHT if app != "config"])
def test_addresses_are_named_from_above(app: str) -> None:
    """A module or a template of an app names pages of its own row or of what stands lower."""
    templates = sorted((code.ROOT / "templates" / app).rglob("*.html"))
    if app == "core":
        folders = ("components", "errors", "pages")
        templates = [path for each in folders for path in (code.ROOT / "templates" / each).rglob("*.html")]
        templates += sorted((code.ROOT / "templates").glob("*.html"))
    violations = [
        f"{code.name(path)}: {name}"
        for path in [*code.modules(app), *templates]
        for name in ADDRESS.findall(path.read_text(encoding="utf-8"))
        if code.HEIGHT.get(name, 0) > code.HEIGHT[app]
    ]
    assert violations == []
