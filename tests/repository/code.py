"""What the tests of the code itself read."""

import ast
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0][
    "layers"
]
RANKS = tuple(tuple(re.findall(r"\w+", row)) for row in reversed(_LAYERS))
"""The house from the ground up, as import-linter has it; what stands in one row does not import its neighbour."""

HEIGHT = {app: number for number, row in enumerate(RANKS) for app in row}
LAYERS = tuple(HEIGHT)


def modules(*packages: str) -> Iterator[Path]:
    """Every module of the packages, or of the whole program."""
    for package in packages or LAYERS:
        yield from sorted((ROOT / package).rglob("*.py"))


def mentioning(*words: str, within: Sequence[str] = ()) -> Iterator[Path]:
    """The modules in which any of the words stands: to read all as text is quicker than to parse them."""
    for path in modules(*within):
        text = path.read_text(encoding="utf-8")
        if any(word in text for word in words):
            yield path


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
