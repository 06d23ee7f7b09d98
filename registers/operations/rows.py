"""Write one row of a register: what a form or a program asks for."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput, RefusalSentence, WrongState, codes_in
from core.transactions import operation
from core.verdicts import PERMITTED, Verdict, refused, require
from organizations.models import User
from registers.cells import Cell
from registers.events import Event
from registers.kinds import PLAIN, Conventions
from registers.operations.comparing import NothingReferredTo
from registers.operations.writer import Source, Writer
from registers.operations.writing import (
    REFUSALS,
    Broken,
    OutOfReach,
    check_constraints,
    is_within_reach,
    lock_register,
    permit,
    record,
    refusal_of,
    settle,
    settled_rows,
    write,
)
from registers.register import Proposal, Register, WrittenByFiles
from registers.unreadable import Unreadable, ValueMissing


class RowRefused(InvalidInput):
    """A column of the row is refused; ``by_column`` has the sentences."""

    code = "register_row_refused"
    sentence = _("%(sentences)s")

    def __init__(self, by_column: Mapping[str, InvalidInput]) -> None:
        self.by_column = by_column
        sentences = [str(refusal) for refusal in by_column.values()]
        super().__init__(sentences=RefusalSentence(" ".join(sentences), *codes_in(sentences)))


class UnknownColumn(InvalidInput):
    """The register has no such column."""

    code = "register_unknown_column"
    sentence = _("Registret har ingen kolumn som heter %(column)s.")


class RowIsGone(WrongState):
    """The row has been taken away."""

    code = "register_row_is_gone"
    sentence = _("Raden finns inte längre.")


class ChangedMeanwhile(InvalidInput):
    """Somebody else has changed the column since the person saw it."""

    code = "register_changed_meanwhile"
    sentence = _("Någon annan har ändrat det här till ”%(value)s” sedan du öppnade sidan.")


class HasBeenInForce(WrongState):
    """What has held for some time ends; it is not taken away."""

    code = "register_has_been_in_force"
    sentence = _("Raden har gällt sedan %(day)s. Avsluta den i stället, så syns det vad som gällde.")


class RowIsKept(WrongState):
    """Rows of this register say what was meant to happen, also when it did not."""

    code = "register_row_is_kept"
    sentence = _("Raden tas inte bort. Ändra den i stället, så syns det vad som var tänkt.")


@operation
def add_row(
    *,
    register: Register,
    cells: Mapping[str, Cell],
    by: User | None,
    at: datetime,
    conventions: Conventions = PLAIN,
) -> int:
    """
    Add a row and give its id.

    :param conventions: how the numbers and days of the cells are written.
    :raises NotPermitted: she may not change the register, or not this part of it.
    :raises RowRefused: a value is missing, unreadable, or refers to nothing.
    :raises InvalidInput: the row is there already, or a rule refuses it.
    """
    lock_register(register.name)
    _permit(register, by=by, at=at)
    values = read_row(register, cells, conventions)
    row_values = {name: values.get(name, column.default) for name, column in register.bound.items()}
    require_values(register, row_values, changed=row_values)
    (row_id,) = new_ids(register, 1)
    source = _source(row_id, register.key_of(row_values), row_values, {})
    if succeeded := Writer(register).succeeded(source, timezone.localdate(at)):
        record(register, Event.ROW_ENDED, succeeded, by=by, at=at)
    _write(register, new=source, changed=None, by=by, at=at)
    record(register, Event.ROW_ADDED, source, by=by, at=at)
    return row_id


@operation
def change_row(
    *,
    register: Register,
    row_id: int,
    cells: Mapping[str, Cell],
    by: User | None,
    at: datetime,
    conventions: Conventions = PLAIN,
    expected: Mapping[str, str] | None = None,
) -> Mapping[str, str]:
    """
    Change the named columns of a row, and give what those that differ said before.

    :param conventions: how the numbers and days of the cells are written.
    :param expected: what the person saw of the row, as plain text; a column that has been changed since is refused.
    :raises NotPermitted: she may not change the register, or not this row, as it is or as it would be.
    :raises RowIsGone: it is not there.
    :raises RowRefused: a value is missing, unreadable, or refers to nothing.
    :raises InvalidInput: another row has the same key, or a rule refuses it.
    """
    lock_register(register.name)
    _permit(register, by=by, at=at)
    now = current_row(register, row_id)
    require_reach(register, row_id, by=by, at=at)
    values = read_row(register, cells, conventions)
    before = {
        name: now[name]
        for name, value in values.items()
        if now[name] != value and name not in register.opening
    }
    if not before:
        return before
    _require_seen(before, expected or before)
    changed = {name: values[name] for name in before}
    require_values(register, now | changed, changed=changed)
    source = _source(row_id, register.key_of(now | changed), changed, before)
    _write(register, new=None, changed=source, by=by, at=at)
    is_ended = changed.get(register.ends) not in (None, "", "true")
    record(register, Event.ROW_ENDED if is_ended else Event.ROW_CHANGED, source, by=by, at=at)
    return before


@operation
def remove_row(*, register: Register, row_id: int, by: User | None, at: datetime) -> None:
    """
    Take a row away that nothing refers to.

    :raises NotPermitted: she may not change the register, or not this row.
    :raises RowIsGone: it is not there.
    :raises HasBeenInForce: it is a period that began before today.
    :raises DomainError: what has been decided of it stays.
    :raises StillReferredTo: something refers to it.
    """
    lock_register(register.name)
    _permit(register, by=by, at=at)
    now = current_row(register, row_id)
    require_reach(register, row_id, by=by, at=at)
    require(can_remove(register, now, at=at))
    source = _source(row_id, register.key_of(now), {}, now)
    for row in settled_rows(register, source, at=at):
        raise row.refusal
    record(register, Event.ROW_REMOVED, source, by=by, at=at)
    try:
        with transaction.atomic():
            Writer(register).delete(source)
            if register.settle is not None:
                register.settle(by, at)
            check_constraints()
            settle(register, by=by, at=at)
    except REFUSALS as error:
        raise refusal_of(register, error) from None


def propose(
    *,
    register: Register,
    row_id: int | None,
    cells: Mapping[str, Cell] | None,
    by: User,
    at: datetime,
    conventions: Conventions = PLAIN,
) -> Proposal:
    """
    Say what a row is and would be, before anything is written.

    :param row_id: None for a new row.
    :param cells: None for a row that is to be taken away.
    :raises DomainError: as the operation itself, as far as it can be told before it is tried.
    """
    _permit(register, by=by, at=at)
    before: dict[str, str] = {} if row_id is None else current_row(register, row_id)
    if row_id is not None:
        require_reach(register, row_id, by=by, at=at)
    if cells is None:
        return Proposal(row_id=row_id, before=before, after={}, by=by, at=at)
    values = read_row(register, cells, conventions)
    after = {
        name: values.get(name, before.get(name, column.default)) for name, column in register.bound.items()
    }
    require_values(register, after, changed=values)
    return Proposal(row_id=row_id, before=before, after=after, by=by, at=at)


def can_remove(register: Register, values: Mapping[str, str], *, at: datetime) -> Verdict:
    """Whether a row may be taken away, if nothing refers to it: not when it has been in force, or is kept."""
    if register.is_kept:
        return refused(RowIsKept())
    first = register.first
    if first is None or not "" < values[first.name] < timezone.localdate(at).isoformat():
        return PERMITTED
    return refused(HasBeenInForce(day=values[first.name]))


def read_row(
    register: Register, cells: Mapping[str, Cell], conventions: Conventions = PLAIN
) -> dict[str, str]:
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
            values[name] = column.plain(cell, conventions)
        except Unreadable as refusal:
            refusals[name] = refusal
    if refusals:
        raise RowRefused(refusals)
    return values


def require_values(register: Register, values: Mapping[str, str], *, changed: Collection[str]) -> None:
    """
    See to it that what must be there is, and that what is referred to exists.

    :param changed: the columns that are written; what another one refers to may have ended since.
    :raises RowRefused: naming each column.
    """
    refusals: dict[str, InvalidInput] = {
        column.name: ValueMissing(column=column.heading)
        for column in register.bound.values()
        if column.is_required and not values[column.name]
    }
    for column, kind in register.references:
        value = values[column.name] if column.name in changed else ""
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
    """
    See to it that the person may write rows by hand at all; the command line may, where anybody may.

    :raises NotPermitted: she may not.
    :raises WrittenByFiles: nobody may.
    """
    if register.ledger is not None:
        raise WrittenByFiles
    permit(register, by=by, at=at)


def _require_seen(now: Mapping[str, str], old_values: Mapping[str, str]) -> None:
    refusals: dict[str, InvalidInput] = {
        name: ChangedMeanwhile(value=text) for name, text in now.items() if old_values.get(name, text) != text
    }
    if refusals:
        raise RowRefused(refusals)


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
