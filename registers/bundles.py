"""
Bundles: several registers that one file feeds, as one difference that is applied in one transaction.

A supplier's price list has the items and their prices in the same rows. The file is compared with each register in turn, in the order of
the parts, so that what a later part refers to may be new in an earlier one. Each part is an import of its own; the first one leads.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.functional import Promise

from core.verdicts import PERMITTED, Verdict
from registers.columns import Column
from registers.register import REGISTERS, Register

if TYPE_CHECKING:
    from datetime import datetime

    from organizations.models import User
    from registers.models import Import


@dataclass(frozen=True, slots=True)
class Part:
    """
    One register of a bundle.

    :param only_with: a row of the file is of this register only when these columns say something.
    :param may_repeat: rows of the file that say the same of the register are one row of it.
    :param is_optional: a file without its key columns has nothing of it.
    :param known_also: another field by which files know what a key column, or what it refers to, stands for.
    :param in_full: the columns that a file names in full only, as ``register.column``, since its headings mean another part's.
    :param within: of a complete file, what ends is what has the same in these columns as some row of the file; nothing ends
        without them.
    """

    register: Register
    only_with: Sequence[str] = ()
    may_repeat: bool = False
    is_optional: bool = False
    known_also: Mapping[str, str] = field(default_factory=dict)
    in_full: Sequence[str] = ()
    within: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """
    Registers that one file feeds.

    :param name: in addresses, files and the API; no register has it.
    :param title: what people call such files, many.
    :param one: what they call one of them, in the middle of a sentence.
    :param asked: the columns, as ``register.column``, that the one who hands a file in may say for all its new rows.
    :param refuse: refuses lines of a part that has just been read, by what the lines of several parts say together.
    """

    name: str
    title: str | Promise
    one: str | Promise
    parts: Sequence[Part]
    asked: Sequence[str] = field(default=())
    refuse: "Callable[[Import], None] | None" = None

    def __post_init__(self) -> None:
        if self.name in REGISTERS or self.name in BUNDLES:
            raise ValueError(f"There are two registers called {self.name}.")
        BUNDLES[self.name] = self

    def __str__(self) -> str:
        return str(self.title)

    def may_change(self, user: "User", at: "datetime") -> Verdict:
        """Whether a person may write in all of its registers at all."""
        for part in self.parts:
            verdict = part.register.may_change(user, at)
            if not verdict:
                return verdict
        return PERMITTED

    def part_of(self, register: Register) -> Part:
        """The part that a register is."""
        return next(part for part in self.parts if part.register is register)

    @property
    def columns(self) -> Sequence[tuple[Register, Column]]:
        """Every column of every part."""
        return [(part.register, column) for part in self.parts for column in part.register.columns]


def columns_in(
    register: Register, names_by_heading: Mapping[str, str], *, is_bundled: bool
) -> dict[str, str]:
    """
    What is said of headings, in one register.

    In a bundle columns are named ``register.column``, several with a comma between them; a heading that is said to stand for
    something elsewhere stands for nothing here.
    """
    if not is_bundled:
        return dict(names_by_heading)
    column_by_heading: dict[str, str] = {}
    for heading, names in names_by_heading.items():
        column_by_heading[heading] = ""
        for owner, _dot, column in (name.strip().rpartition(".") for name in names.split(",")):
            if owner in ("", register.name) and column in register.bound:
                column_by_heading[heading] = column
    return column_by_heading


def constants_in(register: Register, constants: Mapping[str, str]) -> dict[str, str]:
    """The values said for all rows, by column of one register, from those by ``register.column``."""
    text_by_key = {name.partition(".")[::2]: text for name, text in constants.items()}
    return {column: text for (owner, column), text in text_by_key.items() if owner == register.name}


BUNDLES: dict[str, Bundle] = {}
"""Every bundle by its name."""
