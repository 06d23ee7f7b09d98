"""
Take a file in to a register: keep it, read it, and compare it with what the register holds.

Reading is work (`core.work`): a killed worker's is taken up by another, and begins again. Nothing of a file is in the register
before somebody with the right has had it applied (`registers.operations.applying`). Whoever says something more of a
file, what a heading stands for or how it writes its numbers, has it read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.clock import Clock
from core.errors import DomainError, InvalidInput, WrongState, stored
from core.models import Forgotten, StoredFile
from core.printable import printable
from core.transactions import operation
from core.wakeups import wake
from core.work import WorkStatus, carry_out
from organizations.models import User
from registers.events import Event
from registers.kinds import PLAIN, Conventions
from registers.ledgers import SourceMissing, SourceUnknownHere
from registers.models import WRITTEN, Change, HeadingMemory, Import
from registers.operations import staging
from registers.operations.cleaning import KEPT
from registers.operations.comparing import compare_incoming
from registers.operations.rehearsing import rehearse
from registers.operations.telling import tell_of_import
from registers.operations.writing import permit
from registers.reading.headings import UnclearHeadings, matched
from registers.reading.lines import Line, Overview, lines
from registers.register import Register

STEP = 5000
"""So many lines are read at a time."""


class NothingInFile(InvalidInput):
    """The file has no rows under its headings."""

    code = "register_nothing_in_file"
    sentence = _("Filen har inga rader.")


class HeadingsUnreadable(InvalidInput):
    """A cell of the first row cannot be a heading."""

    code = "register_headings_unreadable"
    sentence = _("Filens rubrikrad går inte att läsa. %(reason)s")


class SheetWithOtherHeadings(InvalidInput):
    """A sheet whose first row is not that of the first sheet was not read."""

    code = "register_sheet_with_other_headings"
    sentence = _("Bladet ”%(sheet)s” har andra rubriker än det första och lästes inte.")


class ReadAgainAlready(WrongState):
    """A later reading of the same file stands in the place of this one."""

    code = "register_read_again_already"
    sentence = _("Filen har lästs på nytt sedan dess. Gå till den senaste läsningen.")


class StillReading(WrongState):
    """The file is being read."""

    code = "register_still_reading"
    sentence = _("Filen håller på att läsas. Vänta tills den är klar.")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the one who hands a file in says of it; None leaves it as it was when it was read before."""

    said: Mapping[str, str] | None = None
    """Which column a heading stands for, where its name does not tell."""
    conventions: Conventions | None = None
    is_complete: bool | None = None
    """Whatever the register holds beside the file ends."""


@operation
def request_import(
    *,
    register: Register,
    file_name: str,
    content: BinaryIO,
    by: User | None,
    at: datetime,
    source: str = "",
    is_complete: bool = False,
    said: Mapping[str, str] | None = None,
    conventions: Conventions = PLAIN,
) -> Import:
    """
    Keep a file, to be read and compared by `run_import`. ``by`` is None for the command line.

    When its headings are unclear it is kept as failed, so that somebody can say what they stand for.

    :param source: the system that the file comes from, in a register that keeps that.
    :param is_complete: whatever the register holds beside the file ends.
    :param said: which column a heading stands for, where its name does not tell.
    :raises NotPermitted: she may not change the register.
    :raises InvalidInput: the file cannot be read, or its source is missing.
    """
    permit(register, by=by, at=at)
    source = _source(register, source)
    headings = _headings(content, file_name)
    _remember(register, source, headings, said or {})
    columns, unclear = _columns(register, source, headings)
    known = register.ledger.layout(source).conventions if register.ledger else PLAIN
    file = StoredFile.objects.keep(content, forget_after=at + KEPT)
    made = Import(
        register_name=register.name,
        source=source,
        file_name=file_name[-200:],
        file=file,
        headings=columns,
        decimal_sign=conventions.decimal_sign or known.decimal_sign,
        day_order=conventions.day_order or known.day_order,
        is_complete=is_complete and register.ledger is None,
        requested_by=by,
        requested_at=at,
    )
    if unclear is not None:
        made.status, made.error, made.finished_at = WorkStatus.FAILED, stored(unclear), at
    made.save()
    _record_request(made, by=by, at=at)
    wake("registers.run_import", import_id=made.pk)
    return made


@operation
def read_again(*, of_import: Import, wishes: Wishes = Wishes(), by: User | None, at: datetime) -> Import:
    """
    Have a file read and compared again, with what somebody has said of it since; rows that were left out stay so.

    :raises NotPermitted: she may not change the register.
    :raises WrongState: it is being read, or has been read again already.
    :raises Forgotten: it was kept for some time only.
    :raises UnclearHeadings: it is still not clear what the headings stand for.
    """
    before = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=of_import.pk)
    register = before.register
    permit(register, by=by, at=at)
    if before.applied_at is None and Import.objects.filter(replaces=before).exists():
        raise ReadAgainAlready
    if before.forgotten_at is not None:
        raise Forgotten
    if not before.is_finished or before.applications.unfinished().exists():
        raise StillReading
    headings = [heading for heading, _column in before.headings]
    _remember(register, before.source, headings, wishes.said or {})
    columns = matched(register, headings, said=_remembered(register, before.source, headings))
    conventions = wishes.conventions or before.conventions
    made = Import.objects.create(
        register_name=register.name,
        source=before.source,
        file_name=before.file_name,
        file=before.file,
        headings=columns,
        decimal_sign=conventions.decimal_sign,
        day_order=conventions.day_order,
        is_complete=_is_complete(before, wishes),
        replaces=before if before.applied_at is None else None,
        requested_by=by,
        requested_at=at,
    )
    _record_request(made, by=by, at=at)
    wake("registers.run_import", import_id=made.pk)
    return made


def _is_complete(before: Import, wishes: Wishes) -> bool:
    """Whether what the file does not have ends; facts never do."""
    said = before.is_complete if wishes.is_complete is None else wishes.is_complete
    return said and before.register.ledger is None


def run_import(*, of_import: Import, at: datetime) -> Import:
    """Read and compare a kept file; safe to call again, also after a crash in the middle."""
    return carry_out(of_import, at=at, steps=_read_and_compare, give_up=_failed)


def _read_and_compare(of_import: Import, clock: Clock) -> None:
    try:
        overview = _read(of_import)
    except InvalidInput as refusal:
        _failed(of_import, stored(refusal), clock.now())
        return
    compare_incoming(of_import, day=timezone.localdate(clock.now()))
    staging.end()
    _leave_out_again(of_import)
    rehearse(of_import, at=clock.now())
    _compared(of_import, overview, at=clock.now())


def _read(of_import: Import) -> Overview:
    """
    Copy the lines of the file to a table of the session's own, some thousand at a time.

    :raises InvalidInput: the file cannot be read to its end, or has no rows.
    """
    Change.objects.filter(of_import=of_import).delete()
    overview, stage, done = Overview(), staging.Stage(of_import), 0
    content, name = of_import.file.open(), of_import.file_name
    with closing(lines(content, file_name=name, overview=overview)) as all_lines:
        of_interest = _under_headings(of_import, all_lines, overview)
        while step := list(islice(of_interest, STEP)):
            total = overview.total
            with transaction.atomic():
                stage.keep(step)
                done += len(step)
                of_import.advance(done=done, total=max(done, total))
    if not done:
        raise NothingInFile
    stage.analyze()
    of_import.advance(done=done, total=done)
    return overview


def _under_headings(of_import: Import, all_lines: Iterator[Line], overview: Overview) -> Iterator[Line]:
    """The lines below the headings; every sheet has its own, and one with others is left out."""
    known = [heading for heading, _column in of_import.headings]
    sheet: str | None = None
    is_known = True
    for line in all_lines:
        if line.sheet != sheet:
            sheet, is_known = line.sheet, texts_of(line.cells) == known
            if not is_known:
                overview.left_out.append(SheetWithOtherHeadings(sheet=line.sheet[:100]))
        elif is_known and not (line.cells and line.cells[0] == known[0] and texts_of(line.cells) == known):
            yield line


@transaction.atomic
def _leave_out_again(of_import: Import) -> None:
    """Leave out the rows that were left out when the file was read before."""
    if of_import.replaces_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registers_change AS c SET is_left_out = true FROM registers_change AS before"
            " WHERE c.of_import_id = %s AND before.of_import_id = %s AND before.is_left_out"
            " AND c.kind = ANY(%s) AND (c.sheet, c.row) = (before.sheet, before.row) AND c.key = before.key",
            [of_import.pk, of_import.replaces_id, [kind.value for kind in WRITTEN]],
        )


@transaction.atomic
def _compared(of_import: Import, overview: Overview, *, at: datetime) -> None:
    of_import.compared_at = at
    of_import.left_out = [stored(refusal) for refusal in overview.left_out]
    of_import.save(update_fields=["compared_at", "left_out"])
    of_import.finish(at=at)
    trail.record(
        Event.IMPORT_COMPARED,
        subject=of_import,
        by=of_import.requested_by,
        at=at,
        register=of_import.register_name,
        counts=of_import.counts(),
    )
    tell_of_import(of_import, "compared", to=of_import.requested_by_id, at=at)


@transaction.atomic
def _failed(of_import: Import, error: str, at: datetime) -> None:
    of_import.fail(at=at, error=error)
    trail.record(Event.IMPORT_FAILED, subject=of_import, by=of_import.requested_by, at=at, error=error)
    tell_of_import(of_import, "failed", to=of_import.requested_by_id, at=at, error=error)


def _record_request(of_import: Import, *, by: User | None, at: datetime) -> None:
    trail.record(
        Event.IMPORT_REQUESTED,
        subject=of_import,
        by=by,
        at=at,
        register=of_import.register_name,
        sha256=of_import.file.sha256,
        size=of_import.file.size,
    )


def _headings(content: BinaryIO, file_name: str) -> list[str]:
    """
    Read the first line of a file.

    :raises InvalidInput: there is none, or it cannot be read.
    """
    with closing(lines(content, file_name=file_name)) as all_lines:
        head = next(all_lines, None)
    if head is None:
        raise NothingInFile
    for refusal in head.refused.values():
        raise HeadingsUnreadable(reason=str(refusal))
    return texts_of(head.cells)


def _source(register: Register, source: str) -> str:
    """
    The system that a file comes from, by the name that is known.

    :raises InvalidInput: it is not said, or has no place in the register.
    """
    name = " ".join(printable(source).split())
    if register.ledger is None:
        if name:
            raise SourceUnknownHere
        return ""
    if not name:
        raise SourceMissing
    known = {source.casefold(): source for source in Import.objects.sources_of(register)}
    titles = {str(layout.title).casefold(): source for source, layout in register.ledger.layouts.items()}
    return register.bound[register.ledger.source].kind.plain((known | titles).get(name.casefold(), name))


def _columns(
    register: Register, source: str, headings: list[str]
) -> tuple[list[tuple[str, str]], DomainError | None]:
    """Each heading with its column; with none, and the reason, when that is unclear."""
    try:
        return matched(register, headings, said=_remembered(register, source, headings)), None
    except UnclearHeadings as unclear:
        return [(heading, "") for heading in headings], unclear


def _remember(register: Register, source: str, headings: list[str], said: Mapping[str, str]) -> None:
    """Keep what somebody says of a heading, for this file and the next ones."""
    HeadingMemory.objects.bulk_create(
        [
            HeadingMemory(register_name=register.name, source=source, heading=heading, column=column)
            for heading, column in sorted(said.items())
            if heading in headings and heading and (not column or column in register.bound)
        ],
        update_conflicts=True,
        unique_fields=["register_name", "source", "heading"],
        update_fields=["column"],
    )


def _remembered(register: Register, source: str, headings: list[str]) -> dict[str, str]:
    """What is known of a source's headings, and what somebody has said of them, of columns that are still there."""
    layout = register.ledger.layout(source).headings if register.ledger else {}
    known = HeadingMemory.objects.filter(
        register_name=register.name, source=source, heading__in=headings
    ).values_list("heading", "column")
    said = {heading: column for heading, column in known if not column or column in register.bound}
    return {heading: column for heading, column in layout.items() if heading in headings} | said


def texts_of(cells: Sequence[Any]) -> list[str]:
    """A line of headings, as text; without the empty cells after the last one."""
    texts = [" ".join(printable(str(cell if cell is not None else "")).split())[:200] for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts
