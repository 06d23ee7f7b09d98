"""
Text as it may stand in a document, whatever a person or another system has written.

Word and Excel files are XML, which cannot hold most control characters; PDF and CSV can, and are broken by them. What
is removed here is what nobody can see; visible text is never changed.
"""

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

LONGEST_PROPERTY = 255
"""Characters that a property of a Word or Excel file may have."""

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    r"""
    Text without control characters and without what turns the writing direction; line ends are ``\n``.

    Half of a surrogate pair is no character; it is shown as �.
    """
    if text.isprintable():  # as nearly all is; none of the characters below are
        return text
    text = _LINE_ENDS.sub("\n", text)
    return _HALF_CHARACTER.sub("\ufffd", _TURNS_DIRECTION.sub("", _NOT_TEXT.sub("", text)))


def property_text(text: str, *, default: str) -> str:
    """One line of at most 255 characters for a document's properties; ``default`` when there is nothing to say."""
    line = " ".join(printable(text).split())
    if len(line) > LONGEST_PROPERTY:
        line = line[: LONGEST_PROPERTY - 1].rstrip() + "…"
    return line or default


def each_text(value: Any, change: Callable[[str], str] = printable) -> Any:
    """Change every text, wherever it stands in dictionaries, sequences and dataclasses; other values are kept."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: each_text(each, change) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(each_text(each, change) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{field.name: each_text(getattr(value, field.name), change) for field in fields(value)}
        )
    return value
