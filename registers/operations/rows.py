"""Write one row of a register: what a form or a program asks for."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from registers.events import Event
from registers.kinds import Cell
from registers.operations.comparing import NothingReferredTo
from registers.operations.writing import (
    REFUSALS,
    Broken,
    OutOfReach,
    Source,
    Writer,
    check_constraints,
    is_within_reach,
    lock_register,
    record,
    refusal_of,
    write,
)
from registers.register import Register
from registers.unreadable import Unreadable


class RowRefused(InvalidInput):
    """A column of the row is refused; ``by_column`` has the sentences."""

    code = "register_row_refused"
    sentence = _("%(sentences)s")

    def __init__(self, by_column: Mapping[str, InvalidInput]) -> None:
        self.by_column = by_column
        super().__init__(sentences=" ".join(str(refusal) for refusal in by_column.values()))


class ValueMissing(InvalidInput):
    """A column that must have a value has none."""

    code = "register_value_missing"
    sentence = _("Fyll i %(column)s.")


class UnknownColumn(InvalidInput):
    """The register has no such column."""

    code = "register_unknown_column"
    sentence = _("Registret har ingen kolumn som heter %(column)s.")


class RowIsGone(WrongState):
    """The row has been taken away."""

    code = "register_row_is_gone"
    sentence = _("Raden finns inte längre.")


class CannotEnd(InvalidInput):
    """Rows of this register do not end."""

    code = "register_cannot_end"
    sentence = _("Rader i det här registret avslutas inte.")


@operation
def add_row(*, register: Register, cells: Mapping[str, Cell], by: User | None, at: datetime) -> int:
    """
    Add a row and give its id.

    :raises NotPermitted: she may not change the register, or not this part of it.
    :raises RowRefused: a value is missing, unreadable, or refers to nothing.
    :raises InvalidInput: the row is there already, or a rule refuses it.
    """
    lock_register(register)
    _permit(register, by=by, at=at)
    values = read_row(register, cells)
    given = {name: values.get(name, "") for name in register.bound}
    require_values(register, given)
    (row_id,) = new_ids(register, 1)
    source = _source(row_id, register.key_of(given), given, {})
    _write(register, new=source, changed=None, by=by, at=at)
    record(register, Event.ROW_ADDED, source, by=by, at=at)
    return row_id


@operation
def change_row(
    *, register: Register, row_id: int, cells: Mapping[str, Cell], by: User | None, at: datetime
) -> Mapping[str, str]:
    """
    Change the named columns of a row, and give what those that differ said before.

    :raises NotPermitted: she may not change the register, or not this row, as it is or as it would be.
    :raises RowIsGone: it is not there.
    :raises RowRefused: a value is missing, unreadable, or refers to nothing.
    :raises InvalidInput: another row has the same key, or a rule refuses it.
    """
    lock_register(register)
    _permit(register, by=by, at=at)
    now = current_row(register, row_id)
    require_reach(register, row_id, by=by, at=at)
    values = read_row(register, cells)
    before = {
        name: now[name]
        for name, value in values.items()
        if now[name] != value and name not in register.opening
    }
    if not before:
        return before
    changed = {name: values[name] for name in before}
    require_values(register, now | changed)
    source = _source(row_id, register.key_of(now | changed), changed, before)
    _write(register, new=None, changed=source, by=by, at=at)
    record(register, Event.ROW_ENDED if register.ends in changed else Event.ROW_CHANGED, source, by=by, at=at)
    return before


@operation
def remove_row(*, register: Register, row_id: int, by: User | None, at: datetime) -> None:
    """
    Take a row away that nothing refers to.

    :raises NotPermitted: she may not change the register, or not this row.
    :raises RowIsGone: it is not there.
    :raises StillReferredTo: something refers to it.
    """
    lock_register(register)
    _permit(register, by=by, at=at)
    now = current_row(register, row_id)
    require_reach(register, row_id, by=by, at=at)
    source = _source(row_id, register.key_of(now), {}, now)
    record(register, Event.ROW_REMOVED, source, by=by, at=at)
    try:
        with transaction.atomic():
            Writer(register).delete(source)
            check_constraints()
    except REFUSALS as error:
        raise refusal_of(register, error) from None


def read_row(register: Register, cells: Mapping[str, Cell]) -> dict[str, str]:
    """
    Make plain text of what was handed in for one row.

    :raises RowRefused: a column is unknown, or a value is not of its kind.
    """
    values: dict[str, str] = {}
    refusals: dict[str, InvalidInput] = {}
    for name, cell in cells.items():
        column = register.bound.get(name)
        if column is None:
            refusals[name] = UnknownColumn(column=name[:40])
            continue
        try:
            values[name] = column.kind.plain(cell)
        except Unreadable as refusal:
            refusals[name] = refusal
    if refusals:
        raise RowRefused(refusals)
    return values


def require_values(register: Register, values: Mapping[str, str]) -> None:
    """
    See to it that what must be there is, and that what is referred to exists.

    :raises RowRefused: naming each column.
    """
    refusals: dict[str, InvalidInput] = {
        column.name: ValueMissing(column=column.heading)
        for column in register.bound.values()
        if column.is_required and not values[column.name]
    }
    for column, kind in register.references:
        value = values[column.name]
        if value and not kind.rows().filter(**{kind.by: value}).exists():
            refusals[column.name] = NothingReferredTo(value=value)
    if refusals:
        raise RowRefused(refusals)


def current_row(register: Register, row_id: int) -> dict[str, str]:
    """
    What the register says of a row, as plain text by column.

    :raises RowIsGone: it is not there.
    """
    for _id, _key, values in register.rows().filter(pk=row_id):
        return values
    raise RowIsGone


def require_reach(register: Register, row_id: int, *, by: User | None, at: datetime) -> None:
    """
    See to it that the row, as it is, is the person's to write.

    :raises OutOfReach: it is somebody else's.
    """
    if not is_within_reach(register, [row_id], by=by, at=at):
        raise OutOfReach


def new_ids(register: Register, number: int) -> list[int]:
    """Take so many ids for new rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [register.model._meta.db_table, number],
        )
        return [row[0] for row in cursor.fetchall()]


def _permit(register: Register, *, by: User | None, at: datetime) -> None:
    if by is not None:
        require(register.may_change(by, at))


def _source(row_id: int, key: str, values: Mapping[str, str], before: Mapping[str, str]) -> Source:
    return Source(
        "SELECT %s::bigint AS id, %s::text AS key, %s::jsonb AS v, %s::jsonb AS before",
        [row_id, key, _json(values), _json(before)],
        frozenset(values),
    )


def _json(values: Mapping[str, str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _write(
    register: Register, *, new: Source | None, changed: Source | None, by: User | None, at: datetime
) -> None:
    try:
        with transaction.atomic():
            broken = write(register, new=new, changed=changed, by=by, at=at)
    except REFUSALS as error:
        raise refusal_of(register, error) from None
    for row in broken:
        raise _refusal(row)


def _refusal(row: Broken) -> Any:
    if row.column and isinstance(row.refusal, InvalidInput):
        return RowRefused({row.column: row.refusal})
    return row.refusal
