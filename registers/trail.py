"""What the trail says of a row of a register: what each column said before, and what it says now."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

from audit.models import Entry
from registers.register import REGISTERS, Register
from registers.words import as_read

OWN = frozenset({"register", "before", "after"})
"""The details of an entry that are told here."""
NOTHING = "–"


def is_about_a_row(entry: Entry) -> bool:
    """Whether an entry says what a row of a register was and became."""
    details = entry.details
    return isinstance(details.get("after"), Mapping) and isinstance(details.get("before"), Mapping)


def differences(
    entry: Entry, names: Mapping[tuple[str, str], str] | None = None
) -> list[tuple[str | Promise, str]]:
    """
    Each column that differs, with ``before → now``; what a new row says, and what one that is gone said.

    :param names: what keys stand for, by column and key, where that is known.
    """
    before, after = entry.details["before"], entry.details["after"]
    register = REGISTERS.get(entry.details.get("register", ""))
    column_names = [*register.bound] if register else []
    lines = []
    for name in sorted(
        before or after,
        key=lambda each: column_names.index(each) if each in column_names else len(column_names),
    ):
        old, new = (
            (names or {}).get((name, str(values.get(name)))) or _words(register, name, values)
            for values in (before, after)
        )
        if before and after and old != new:
            lines.append((_heading(register, name), f"{old or NOTHING} → {new or NOTHING}"))
        elif not (before and after) and (old or new):
            lines.append((_heading(register, name), old or new))
    return lines


def title(entry: Entry) -> str | Promise:
    """What the register is called; its name when there is none such any longer."""
    name = entry.details.get("register", "")
    return REGISTERS[name].title if name in REGISTERS else name


def _heading(register: Register | None, name: str) -> str | Promise:
    return register.bound[name].heading if register and name in register.bound else name


def _words(register: Register | None, name: str, values: Mapping[str, Any]) -> str:
    text = str(values.get(name, ""))
    if not register or name not in register.bound or name not in values:
        return text
    return as_read(register.bound[name], text)
