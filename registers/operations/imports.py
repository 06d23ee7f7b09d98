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
from typing import BinaryIO

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.clock import Clock
from core.errors import DomainError, InvalidInput, WrongState, stored
from core.models import Forgotten, StoredFile
from core.transactions import operation
from core.wakeups import wake
from core.work import WorkStatus, carry_out
from organizations.models import User
from registers.bundles import Bundle, Part, columns_in
from registers.events import Event
from registers.kinds import PLAIN, Conventions
from registers.ledgers import RowsPassedBy
from registers.mappings import NO_MAPPING
from registers.mappings import Mapping as FileLayout
from registers.models import WRITTEN, Change, Import
from registers.operations import staging
from registers.operations.cleaning import KEPT
from registers.operations.comparing import compare_incoming
from registers.operations.recognising import (
    NothingInFile,
    columns_of,
    constants_of,
    headings_of,
    recognised,
    remember,
    sie_reading,
    source_named,
    texts_of,
)
from registers.operations.rehearsing import rehearse
from registers.operations.telling import tell_of_import
from registers.operations.writing import permit
from registers.reading.lines import Line, Overview, lines
from registers.register import Register

STEP = 5000
"""So many lines are read at a time."""


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
    register: Register | Bundle,
    file_name: str,
    content: BinaryIO,
    by: User | None,
    at: datetime,
    source: str = "",
    is_complete: bool = False,
    column_by_heading: Mapping[str, str] | None = None,
    conventions: Conventions = PLAIN,
    constants: Mapping[str, str] | None = None,
    mapping: FileLayout = NO_MAPPING,
) -> Import:
    """
    Keep a file, to be read and compared by `run_import`. ``by`` is None for the command line.

    When its headings are unclear it is kept as failed, so that somebody can say what they stand for. For a bundle the import of its
    first register is given, which leads the others.

    :param source: the system that the file comes from, in a bundle or a register that keeps that.
    :param is_complete: whatever the register holds beside the file ends.
    :param column_by_heading: which column a heading stands for, where its name does not tell; in a bundle as ``register.column``.
    :param constants: what holds of all new rows, in columns that the file does not have, likewise.
    :param mapping: what is always said of such files; what is said of this one goes before it.
    :raises NotPermitted: she may not change the register.
    :raises InvalidInput: the file cannot be read, a constant cannot, or its source is missing.
    """
    bundle = register if isinstance(register, Bundle) else None
    parts = bundle.parts if bundle else [Part(register)] if isinstance(register, Register) else []
    for part in parts:
        permit(part.register, by=by, at=at)
    source = source_named(register, source or mapping.source)
    column_by_heading, constants, headings = (
        {**mapping.columns, **(column_by_heading or {})},
        {**mapping.constants, **(constants or {})},
        mapping.headings,
    )
    heading_texts = headings_of(register, content, file_name) if headings is None else texts_of(headings)
    file = StoredFile.objects.keep(content, forget_after=at + KEPT)
    new_imports: list[Import] = []
    failed: DomainError | None = None
    for part in parts:
        of = part.register
        remember(of, source, heading_texts, columns_in(of, column_by_heading, is_bundled=bundle is not None))
        part_constants = constants_of(of, constants, is_bundled=bundle is not None)
        columns, unclear = columns_of(part, source, heading_texts, constant_columns=part_constants)
        if unclear is not None and part.is_optional:
            continue
        failed = failed or unclear
        defaults = of.ledger.layout(source).conventions if of.ledger else PLAIN
        new_imports.append(
            Import(
                register_name=of.name,
                bundle_name=bundle.name if bundle else "",
                led_by=new_imports[0] if new_imports else None,
                source=source,
                file_name=file_name[-200:],
                file=file,
                headings=columns,
                is_headless=headings is not None,
                said_constants=part_constants,
                decimal_sign=conventions.decimal_sign or mapping.decimal_sign or defaults.decimal_sign,
                day_order=conventions.day_order or mapping.day_order or defaults.day_order,
                is_complete=is_complete and of.ledger is None and (bundle is None or bool(part.within)),
                requested_by=by,
                requested_at=at,
            )
        )
    return _save_imports(new_imports, failed, by=by, at=at)


@operation
def read_again(*, of_import: Import, wishes: Wishes = Wishes(), by: User | None, at: datetime) -> Import:
    """
    Have a file read and compared again, with what somebody has said of it since; rows that were left out stay so.

    :raises NotPermitted: she may not change the register.
    :raises WrongState: it is being read, or has been read again already.
    :raises Forgotten: it was kept for some time only.
    :raises UnclearHeadings: it is still not clear what the headings stand for.
    """
    before = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=of_import.lead.pk)
    for each in before.with_followers():
        permit(each.register, by=by, at=at)
    if before.applied_at is None and Import.objects.filter(replaces=before).exists():
        raise ReadAgainAlready
    if before.forgotten_at is not None:
        raise Forgotten
    if not before.is_finished or before.applications.unfinished().exists():
        raise StillReading
    new_imports: list[Import] = []
    for each in before.with_followers():
        register, headings = each.register, [heading for heading, _column in each.headings]
        column_by_heading = columns_in(register, wishes.said or {}, is_bundled=bool(each.bundle_name))
        remember(register, each.source, headings, column_by_heading)
        columns = recognised(each.part, each.source, headings, constant_columns=each.said_constants)
        conventions = wishes.conventions or each.conventions
        new_imports.append(
            Import(
                register_name=each.register_name,
                bundle_name=each.bundle_name,
                led_by=new_imports[0] if new_imports else None,
                source=each.source,
                file_name=each.file_name,
                file=each.file,
                headings=columns,
                is_headless=each.is_headless,
                said_constants=each.said_constants,
                decimal_sign=conventions.decimal_sign,
                day_order=conventions.day_order,
                is_complete=_is_complete(each, wishes),
                replaces=each if each.applied_at is None else None,
                requested_by=by,
                requested_at=at,
            )
        )
    return _save_imports(new_imports, None, by=by, at=at)


def _save_imports(
    new_imports: Sequence[Import], failed: DomainError | None, *, by: User | None, at: datetime
) -> Import:
    """Keep the imports of one file, the first of which leads, and wake somebody to read it."""
    for each in new_imports:
        if failed is not None:
            each.status, each.error, each.finished_at = WorkStatus.FAILED, stored(failed), at
        each.save()
        _record_request(each, by=by, at=at)
    lead = new_imports[0]
    wake("registers.run_import", import_id=lead.pk)
    return lead


def _is_complete(before: Import, wishes: Wishes) -> bool:
    """Whether what the file does not have ends; facts never do, nor what nothing narrows in a bundle."""
    is_complete = before.is_complete if wishes.is_complete is None else wishes.is_complete
    return (
        is_complete and before.register.ledger is None and (before.bundle is None or bool(before.part.within))
    )


def run_import(*, of_import: Import, at: datetime) -> Import:
    """Read and compare a kept file; safe to call again, also after a crash in the middle."""
    return carry_out(of_import.lead, at=at, steps=_read_and_compare, give_up=_failed)


def _read_and_compare(lead: Import, clock: Clock) -> None:
    """Read the file once for each register that it feeds, and compare; then try all of it together."""
    overviews: list[tuple[Import, Overview]] = []
    for this in lead.with_followers():
        if this.pk != lead.pk:
            this.start(at=clock.now())
        try:
            overview, leaves_unsaid = _read(this)
            overviews.append((this, overview))
        except InvalidInput as refusal:
            _failed(lead, stored(refusal), clock.now())
            return
        compare_incoming(this, day=timezone.localdate(clock.now()), leaves_unsaid=leaves_unsaid)
        staging.end()
    for this, _overview in overviews:
        _leave_out_again(this)
    rehearse(lead, at=clock.now())
    for this, overview in reversed(overviews):
        _compared(this, overview, at=clock.now())


def _read(of_import: Import) -> tuple[Overview, bool]:
    """
    Copy the lines of the file to a table of the session's own, some thousand at a time; tell whether some leave columns unsaid.

    :raises InvalidInput: the file cannot be read to its end, or has no rows.
    """
    Change.objects.filter(of_import=of_import).delete()
    overview, stage, line_count = Overview(), staging.Stage(of_import), 0
    content, name = of_import.file.open(), of_import.file_name
    of_sie = sie_reading(of_import.bundle or of_import.register)
    with closing(lines(content, file_name=name, overview=overview, of_sie=of_sie)) as all_lines:
        of_interest = all_lines if of_import.is_headless else _under_headings(of_import, all_lines, overview)
        while step := list(islice(of_interest, STEP)):
            total = overview.total
            with transaction.atomic():
                stage.keep(step)
                line_count += len(step)
                of_import.advance(done=line_count, total=max(line_count, total))
    if not line_count:
        raise NothingInFile
    if stage.passed_by:
        overview.left_out.append(RowsPassedBy(rows=stage.passed_by))
    stage.tell_apart()
    stage.analyze()
    of_import.advance(done=line_count - stage.passed_by, total=line_count - stage.passed_by)
    return overview, stage.reader.leaves_unsaid


def _under_headings(of_import: Import, all_lines: Iterator[Line], overview: Overview) -> Iterator[Line]:
    """The lines below the headings; every sheet has its own, and one with others is left out."""
    headings = [heading for heading, _column in of_import.headings]
    sheet: str | None = None
    is_known = True
    for line in all_lines:
        if line.sheet != sheet:
            sheet, is_known = line.sheet, texts_of(line.cells) == headings
            if not is_known:
                overview.left_out.append(SheetWithOtherHeadings(sheet=line.sheet[:100]))
        elif is_known and not (
            line.cells and line.cells[0] == headings[0] and texts_of(line.cells) == headings
        ):
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
    if of_import.led_by_id is None:
        tell_of_import(of_import, "compared", to=of_import.requested_by_id, at=at)


@transaction.atomic
def _failed(of_import: Import, error: str, at: datetime) -> None:
    for follower in of_import.followers.unfinished():
        if follower.status == WorkStatus.QUEUED:
            follower.start(at=at)
        follower.fail(at=at, error=error)
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
