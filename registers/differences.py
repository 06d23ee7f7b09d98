"""A difference as people read it: each row with what it says, what it said, and why it is refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import reader
from core.errors import DomainError, reread_code
from core.spreadsheets import Cell
from registers.kinds import Choice, Flag, Number
from registers.models import Change, ChangeKind, Import
from registers.operations.plain_lines import CellsWithoutHeading
from registers.register import KEY_JOINT, BoundColumn, Register
from registers.unreadable import AmbiguousDay, AmbiguousNumber, Unreadable, ValueMissing

ORDER = [
    ChangeKind.REFUSED,
    ChangeKind.NEW,
    ChangeKind.CHANGED,
    ChangeKind.ENDED,
    ChangeKind.REMOVED,
    ChangeKind.UNCHANGED,
]
"""What needs somebody comes first."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a column says, and what it said before."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One row of a difference."""

    change: Change
    label: str
    facts: Sequence[Fact]
    column: str


def shown(register: Register, changes: Iterable[Change]) -> list[ShownChange]:
    """Write rows of a difference in the reader's language."""
    return [_shown(register, change) for change in changes]


def questions(of_import: Import) -> tuple[bool, bool]:
    """Whether the file has numbers, and whether it has days, of which it must be said how they are to be read."""
    refused = of_import.changes.filter(kind=ChangeKind.REFUSED)
    number, day = (
        refused.filter(reason__startswith=f'{{"code": "{refusal.code}"').exists()
        for refusal in (AmbiguousNumber, AmbiguousDay)
    )
    return number, day


def to_mend(of_import: Import) -> tuple[list[str], Iterator[list[Cell]]]:
    """The refused rows under the headings of their file, each with its reason, to be mended and handed in again."""
    register = of_import.register
    headings = [(heading, register.bound[name]) for heading, name in of_import.headings if name]
    refused = of_import.changes.filter(kind=ChangeKind.REFUSED, row__gt=0).in_order()
    header = [heading for heading, _column in headings]
    first = {column.name: place for place, (_heading, column) in reversed([*enumerate(headings)])}
    """What is put together of several columns stands whole in the first of them."""
    return [*header, _("Avvisad för att")], (
        [
            *(
                _to_mend(change, column) if first[column.name] == place else ""
                for place, (_heading, column) in enumerate(headings)
            ),
            change.sentence,
        ]
        for change in refused.iterator(chunk_size=1000)
    )


def _to_mend(change: Change, column: BoundColumn) -> str:
    """A value as it stood in the file, or as such a file would have it where it was understood."""
    text: str = change.values.get(column.name, "")
    is_number = isinstance(column.kind, Number) and not _was_unreadable(change)
    return text.replace(".", ",") if is_number else text


def _was_unreadable(change: Change) -> bool:
    """Whether the row was refused when it was read, so that its values stand as they stood in the file."""
    refusal = DomainError.by_code.get(reread_code(change.reason), DomainError)
    return issubclass(refusal, (Unreadable, ValueMissing, CellsWithoutHeading))


def _shown(register: Register, change: Change) -> ShownChange:
    names = change.before if change.kind == ChangeKind.CHANGED else (change.values or change.before)
    facts = [
        Fact(
            str(column.heading),
            _written(change, column, change.before.get(name, "")),
            _written(change, column, change.values.get(name, "")),
        )
        for name, column in register.bound.items()
        if name in names
        and not (change.kind != ChangeKind.CHANGED and not (change.values | change.before).get(name))
    ]
    label = change.key.replace(KEY_JOINT, " · ") or ", ".join(fact.after for fact in facts[:2])
    column = register.bound.get(change.column)
    return ShownChange(change, label, facts, str(column.heading) if column else "")


def _written(change: Change, column: BoundColumn, text: str) -> str:
    kind = column.kind
    if not text or (change.kind == ChangeKind.REFUSED and _was_unreadable(change)):
        return text
    if isinstance(kind, Flag):
        return _("Ja") if text == "true" else _("Nej")
    if isinstance(kind, Choice):
        return str(kind.labels.get(text, text))
    if isinstance(kind, Number):
        return reader.quantity(Decimal(text))
    return text
