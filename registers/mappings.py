"""
How the files of somebody look, as data: a JSON file beside them, for those who bring the same kind of file in again and again.

``headings`` names the columns of files that have no headings of their own; ``columns`` says which column of a register each heading
stands for (of a bundle ``register.column``, several with a comma between them); ``constants`` what holds of all new rows.
"""

import json
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


class MappingUnreadable(ValueError):
    """The file is no mapping."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """What is said of a file before it is read."""

    source: str = ""
    headings: Sequence[str] | None = None
    columns: Dictionary[str, str] = field(default_factory=dict)
    constants: Dictionary[str, str] = field(default_factory=dict)
    decimal_sign: str = ""
    day_order: str = ""


NO_MAPPING = Mapping()


def read_mapping(path: Path) -> Mapping:
    """
    Read a mapping from its file.

    :raises MappingUnreadable: it is no JSON, or says something that is not known.
    """
    try:
        return mapping_of(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, MappingUnreadable) as error:
        raise MappingUnreadable(f"The mapping {path} cannot be read: {error}") from None


def mapping_of(text: str) -> Mapping:
    """
    Read a mapping.

    :raises MappingUnreadable: it is no JSON, or says something that is not known.
    """
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MappingUnreadable(str(error)) from None
    names = {each.name for each in fields(Mapping)}
    if not isinstance(data, dict) or not data.keys() <= names:
        raise MappingUnreadable(f"It may say {', '.join(sorted(names))} and nothing else.")
    for name, value in data.items():
        if not _is_text(value, _KINDS.get(name)):
            raise MappingUnreadable(f"It has something else than text in {name}.")
    if data.get("decimal_sign", "") not in ("", ",", ".") or data.get("day_order", "") not in (
        "",
        "dmy",
        "mdy",
    ):
        raise MappingUnreadable("Its decimal sign is a comma or a point, and its order of days dmy or mdy.")
    return Mapping(**data)


_KINDS: Dictionary[str, type] = {"headings": list, "columns": dict, "constants": dict}


def _is_text(value: Any, kind: type | None) -> bool:
    """Whether a value is text, or is of a kind and has nothing but texts in it."""
    if kind is None:
        return isinstance(value, str)
    parts = value.values() if isinstance(value, dict) else value
    return isinstance(value, kind) and all(isinstance(part, str) for part in parts)
