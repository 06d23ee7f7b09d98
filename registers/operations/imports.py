"""
Take a file in to a register: keep it, read it, and compare it with what the register holds.

Reading is work (`core.work`): a killed worker's is taken up by another, and begins again. Nothing of a file is in the register
before somebody with the right has had it applied (`registers.operations.applying`).
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice, zip_longest
from typing import BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.clock import Clock
from core.errors import DomainError, InvalidInput, stored
from core.models import StoredFile
from core.printable import printable
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from core.work import carry_out
from organizations.models import User
from registers.events import Event
from registers.kinds import Cell, Conventions
from registers.models import Change, ChangeKind, Import
from registers.operations.comparing import compare
from registers.operations.rows import ValueMissing
from registers.reading.headings import matched
from registers.reading.lines import Line, lines
from registers.register import Register
from registers.unreadable import Unreadable

STEP = 2000
"""So many lines are read at a time."""


class NothingInFile(InvalidInput):
    """The file has no rows under its headings."""

    code = "register_nothing_in_file"
    sentence = _("Filen har inga rader.")


@operation
def request_import(
    *,
    register: Register,
    file_name: str,
    content: BinaryIO,
    by: User | None,
    at: datetime,
    is_complete: bool = False,
    said: Mapping[str, str] | None = None,
    conventions: Conventions = Conventions(),  # noqa: B008, frozen
) -> Import:
    """
    Keep a file, to be read and compared by `run_import`. ``by`` is None for the command line.

    :param is_complete: whatever the register holds beside the file ends.
    :param said: which column a heading stands for, where its name does not tell.
    :raises NotPermitted: she may not change the register.
    :raises InvalidInput: the file cannot be read, or lacks what tells rows apart.
    """
    if by is not None:
        require(register.may_change(by, at))
    file = StoredFile.objects.keep(content)
    head = next(lines(file.open(), file_name=file_name), None)
    if head is None:
        raise NothingInFile
    headings = matched(register, texts_of(head), said=said or {})
    made = Import.objects.create(
        register_name=register.name,
        file_name=file_name[-200:],
        file=file,
        headings=headings,
        decimal_sign=conventions.decimal_sign,
        day_order=conventions.day_order,
        is_complete=is_complete,
        requested_by=by,
        requested_at=at,
    )
    trail.record(
        Event.IMPORT_REQUESTED,
        subject=made,
        by=by,
        at=at,
        register=register.name,
        sha256=file.sha256,
        size=file.size,
    )
    wake("registers.run_import", import_id=made.pk)
    return made


def run_import(*, of_import: Import, at: datetime) -> Import:
    """Read and compare a kept file; safe to call again, also after a crash in the middle."""
    return carry_out(of_import, at=at, steps=_read_and_compare, give_up=_failed)


def _read_and_compare(of_import: Import, clock: Clock) -> None:
    register = of_import.register
    Change.objects.filter(of_import=of_import).delete()
    all_lines = lines(of_import.file.open(), file_name=of_import.file_name)
    done = 0
    while step := list(islice(all_lines, STEP)):
        with transaction.atomic():
            _keep(register, of_import, step)
            done += len(step)
            of_import.advance(done=done, total=max(done, of_import.total))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registers_change")
    compare(of_import, day=timezone.localdate(clock.now()))
    _compared(of_import, total=done, at=clock.now())


@transaction.atomic
def _compared(of_import: Import, *, total: int, at: datetime) -> None:
    of_import.compared_at = at
    of_import.save(update_fields=["compared_at"])
    of_import.advance(done=total, total=total)
    of_import.finish(at=at)
    trail.record(
        Event.IMPORT_COMPARED,
        subject=of_import,
        by=of_import.requested_by,
        at=at,
        register=of_import.register_name,
        counts=of_import.counts(),
    )


@transaction.atomic
def _failed(of_import: Import, error: str, at: datetime) -> None:
    of_import.fail(at=at, error=error)
    trail.record(Event.IMPORT_FAILED, subject=of_import, by=of_import.requested_by, at=at, error=error)


def _keep(register: Register, of_import: Import, step: Sequence[Line]) -> None:
    """Copy lines to the table of changes, in plain text or refused."""
    conventions = Conventions(of_import.decimal_sign, of_import.day_order)
    text = io.StringIO()
    writer = csv.writer(text)
    for line in step:
        if texts_of(line) == [heading for heading, _column in of_import.headings]:
            continue
        values, column, reason = _plain(register, of_import, line, conventions)
        kind = ChangeKind.REFUSED if reason else ChangeKind.READ
        key = register.key_of(values)
        plain = json.dumps(values, ensure_ascii=False)
        writer.writerow([of_import.pk, line.sheet, line.row, key, kind, plain, "{}", False, column, reason])
    text.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(
            'COPY registers_change (of_import_id, sheet, row, key, kind, values, before, is_left_out, "column", reason)'
            ' FROM STDIN (FORMAT csv, FORCE_NOT_NULL (sheet, key, "column", reason))',
            text,
        )


def _plain(
    register: Register, of_import: Import, line: Line, conventions: Conventions
) -> tuple[dict[str, str], str, str]:
    """The line as plain text by column; with the column and the reason when it is refused."""
    values: dict[str, str] = {}
    refused: tuple[str, DomainError] | None = None
    for (_heading, name), cell in zip_longest(of_import.headings, line.cells[: len(of_import.headings)]):
        if not name:
            continue
        column = register.bound[name]
        try:
            values[name] = column.kind.plain(cell, conventions)
        except Unreadable as refusal:
            values[name] = _shown(cell)
            refused = refused or (name, refusal)
        else:
            if column.is_required and not values[name]:
                refused = refused or (name, ValueMissing(column=column.heading))
    return (values, refused[0], stored(refused[1])) if refused else (values, "", "")


def _shown(cell: Cell) -> str:
    """What stood in a cell that could not be read, for the person to see."""
    return printable(str(cell))[:200]


def texts_of(line: Line) -> list[str]:
    """A line of headings, as text."""
    return [" ".join(printable(str(cell if cell is not None else "")).split())[:200] for cell in line.cells]
