"""What the tests of the code itself read."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = (
    "core",
    "audit",
    "organizations",
    "categories",
    "catalog",
    "procurement",
    "reporting",
    "demo",
    "config",
)


def modules(*packages: str) -> Iterator[Path]:
    """Every module of the packages, or of the whole program."""
    for package in packages or LAYERS:
        yield from sorted((ROOT / package).rglob("*.py"))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
