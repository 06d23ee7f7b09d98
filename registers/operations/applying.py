"""
Write what a file says to its register, or take it back: all that was asked for, in one transaction.

Rows that a rule refuses are left, each with its reason, and the others are written. Which row it is that the database refuses is
found by halving.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.clock import Clock
from core.errors import DomainError, WrongState, stored
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from core.work import carry_out
from organizations.models import User
from registers.events import Event
from registers.models import Application, Change, ChangeKind, ChangeQuerySet, Import
from registers.operations.comparing import compare
from registers.operations.writing import (
    AgainstARule,
    Broken,
    Source,
    Writer,
    check_constraints,
    is_within_reach,
    lock_register,
    record,
    refusal_of,
    write,
)
from registers.register import BoundColumn, Register

MOST_TRIES = 400
"""So many times rows are halved to find what the database refuses; then what is left is refused together."""


class NotCompared(WrongState):
    """The file is not read yet, or could not be."""

    code = "register_not_compared"
    sentence = _("Filen är inte jämförd med registret än.")


class AlreadyApplied(WrongState):
    """What the file says is written already."""

    code = "register_already_applied"
    sentence = _("Filens ändringar är redan genomförda.")


class NotApplied(WrongState):
    """There is nothing to take back."""

    code = "register_not_applied"
    sentence = _("Filens ändringar är inte genomförda, så det finns inget att ta tillbaka.")


class UnderWay(WrongState):
    """A worker is at it."""

    code = "register_under_way"
    sentence = _("Filens ändringar håller redan på att genomföras eller tas tillbaka.")


class RegisterHasChanged(WrongState):
    """The register is not what it was when the file was compared."""

    code = "register_has_changed"
    sentence = _(
        "Registret har ändrats sedan filen jämfördes, och %(rows)s rader betyder nu något annat. "
        "Jämför på nytt och gå igenom skillnaden igen."
    )


class BuiltUpon(WrongState):
    """Something has been done since with what the file wrote."""

    code = "register_built_upon"
    sentence = _("%(rows)s av raderna har ändrats sedan dess, så filens ändringar kan inte tas tillbaka.")


@operation
def request_application(
    *, of_import: Import, by: User | None, at: datetime, is_taking_back: bool = False
) -> Application:
    """
    Have what a file says written, or taken back, by a worker.

    :raises NotPermitted: she may not change the register.
    :raises WrongState: there is nothing to write or take back, or it is under way.
    """
    locked = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=of_import.pk)
    _permit(locked.register, by=by, at=at)
    _check_applicable(locked, is_taking_back=is_taking_back)
    if locked.applications.unfinished().exists():
        raise UnderWay
    application = Application.objects.create(
        of_import=locked, is_taking_back=is_taking_back, requested_by=by, requested_at=at
    )
    wake("registers.run_application", application_id=application.pk)
    return application


def run_application(*, application: Application, at: datetime) -> Application:
    """Write what a file says, or take it back; safe to call again, also after a crash in the middle."""
    return carry_out(application, at=at, steps=_carry_out, give_up=_failed)


def _carry_out(application: Application, clock: Clock) -> None:
    act = take_back_import if application.is_taking_back else apply_import
    with transaction.atomic():
        act(of_import=application.of_import, by=application.requested_by, at=clock.now())
        application.finish(at=clock.now())


@transaction.atomic
def _failed(application: Application, error: str, at: datetime) -> None:
    application.fail(at=at, error=error)
    trail.record(
        Event.IMPORT_NOT_APPLIED,
        subject=application.of_import,
        by=application.requested_by,
        at=at,
        error=error,
    )


@operation
def apply_import(*, of_import: Import, by: User | None, at: datetime) -> Import:
    """
    Write what a file says and nobody has left out.

    :raises NotPermitted: she may not change the register.
    :raises WrongState: it is not compared, is applied already, or the register has changed since.
    """
    of_import, register = _locked(of_import)
    _permit(register, by=by, at=at)
    _check_applicable(of_import, is_taking_back=False)
    differing = compare(of_import, day=timezone.localdate(at))
    if differing:
        raise RegisterHasChanged(rows=differing)
    _prepare(register, of_import, at=at)
    _Application(register, of_import, by=by, at=at).write_all()
    for kind, event in EVENTS.items():
        record(register, event, _source(register, of_import, kind), by=by, at=at, file=of_import.file_name)
    of_import.applied_at = at
    of_import.save(update_fields=["applied_at"])
    trail.record(
        Event.IMPORT_APPLIED,
        subject=of_import,
        by=by,
        at=at,
        register=register.name,
        counts=of_import.counts(),
    )
    return of_import


@operation
def take_back_import(*, of_import: Import, by: User | None, at: datetime) -> Import:
    """
    Make the register say what it said before the file, as long as nothing has been built on it.

    :raises NotPermitted: she may not change the register.
    :raises WrongState: it is not applied, is taken back already, or something has been built on it.
    """
    of_import, register = _locked(of_import)
    _permit(register, by=by, at=at)
    _check_applicable(of_import, is_taking_back=True)
    changed_since = _changed_since(register, of_import)
    if changed_since:
        raise BuiltUpon(rows=changed_since)
    written = of_import.changes.to_write()
    added = _source(register, of_import, ChangeKind.NEW)
    restored = _restoring(register, of_import)
    if not is_within_reach(register, _ids(written), by=by, at=at):
        raise BuiltUpon(rows=written.count())
    try:
        with transaction.atomic():
            write(register, new=None, changed=restored, by=None, at=at)
            Writer(register).delete(added)
            check_constraints()
    except IntegrityError as error:
        raise refusal_of(register, error) from None
    record(register, Event.ROW_CHANGED, restored, by=by, at=at, taken_back=of_import.file_name)
    record(register, Event.ROW_REMOVED, added, by=by, at=at, taken_back=of_import.file_name)
    of_import.taken_back_at = at
    of_import.save(update_fields=["taken_back_at"])
    trail.record(Event.IMPORT_TAKEN_BACK, subject=of_import, by=by, at=at, register=register.name)
    return of_import


EVENTS = {
    ChangeKind.NEW: Event.ROW_ADDED,
    ChangeKind.CHANGED: Event.ROW_CHANGED,
    ChangeKind.ENDED: Event.ROW_ENDED,
}


class _Application:
    """Writes the changes of one import; those that are refused are found and left."""

    def __init__(self, register: Register, of_import: Import, *, by: User | None, at: datetime) -> None:
        self.register, self.of_import, self.by, self.at = register, of_import, by, at
        self.tries = 0

    def write_all(self) -> None:
        """Write what ends and changes, then what is new, so that a new row finds room; parents before children."""
        self._write(ChangeKind.ENDED, None)
        self._write(ChangeKind.CHANGED, None)
        if not self.register.parents:
            self._write(ChangeKind.NEW, None)
            return
        while ids := self._ready():
            self._write(ChangeKind.NEW, ids)
        left = (
            self.of_import.changes.to_write()
            .filter(kind=ChangeKind.NEW)
            .exclude(subject_id__in=self._there())
        )
        self._refuse(left.values_list("pk", flat=True), AgainstARule())

    def _write(self, kind: ChangeKind, ids: list[int] | None) -> None:
        """Write the changes of a kind, all or those with the ids, halving them where the database refuses."""
        source = _source(self.register, self.of_import, kind, ids)
        new, changed = (source, None) if kind is ChangeKind.NEW else (None, source)
        self.tries += 1
        try:
            with transaction.atomic():
                broken = write(self.register, new=new, changed=changed, by=self.by, at=self.at)
                if broken:
                    raise _RuleRefuses(broken)
        except _RuleRefuses as rule:
            self._refuse_broken(kind, rule.broken)
            self._write(kind, ids)
        except IntegrityError as error:
            self._halve(kind, ids, refusal_of(self.register, error))

    def _halve(self, kind: ChangeKind, ids: list[int] | None, refusal: DomainError) -> None:
        if ids is None:
            kept = self.of_import.changes.to_write().filter(kind=kind).order_by("pk")
            ids = list(kept.values_list("pk", flat=True))
        if len(ids) == 1 or self.tries > MOST_TRIES:
            self._refuse(ids, refusal)
            return
        middle = len(ids) // 2
        self._write(kind, ids[:middle])
        self._write(kind, ids[middle:])

    def _refuse_broken(self, kind: ChangeKind, broken: list[Broken]) -> None:
        for row in broken:
            refused = self.of_import.changes.filter(kind=kind, subject_id=row.id)
            self._refuse(refused.values_list("pk", flat=True), row.refusal, column=row.column)

    def _refuse(self, ids: Iterable[int], refusal: DomainError, *, column: str = "") -> None:
        Change.objects.filter(pk__in=list(ids)).update(
            kind=ChangeKind.REFUSED, reason=stored(refusal), column=column, before={}
        )

    def _ready(self) -> list[int]:
        """New rows that are not written, and whose parents are there."""
        conditions = " ".join(
            f"AND (c.values->>'{column.name}' = '' OR EXISTS ({kind.select(_text(column))}))"
            for column, kind in self.register.parents
        )
        table = connection.ops.quote_name(self.register.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id FROM registers_change c WHERE c.of_import_id = %s AND c.kind = 'new' AND NOT c.is_left_out"
                f" AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = c.subject_id) {conditions} ORDER BY c.id",
                [self.of_import.pk],
            )
            return [row[0] for row in cursor.fetchall()]

    def _there(self) -> Any:
        return self.register.model._default_manager.values("pk")


class _RuleRefuses(Exception):
    def __init__(self, broken: list[Broken]) -> None:
        self.broken = broken
        super().__init__()


def _locked(of_import: Import) -> tuple[Import, Register]:
    locked = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=of_import.pk)
    lock_register(locked.register)
    return locked, locked.register


def _check_applicable(of_import: Import, *, is_taking_back: bool) -> None:
    if of_import.compared_at is None:
        raise NotCompared
    if is_taking_back and (of_import.applied_at is None or of_import.taken_back_at is not None):
        raise NotApplied
    if not is_taking_back and of_import.applied_at is not None:
        raise AlreadyApplied


def _permit(register: Register, *, by: User | None, at: datetime) -> None:
    if by is not None:
        require(register.may_change(by, at))


def _prepare(register: Register, of_import: Import, *, at: datetime) -> None:
    """Give new rows their ids, in the order of the file, and what ends its last day."""
    _execute(
        "WITH given AS (SELECT id, nextval(pg_get_serial_sequence(%s, 'id')) AS subject_id FROM ("
        " SELECT id FROM registers_change WHERE of_import_id = %s AND kind = 'new' AND NOT is_left_out"
        " ORDER BY sheet, row, id) AS new)"
        " UPDATE registers_change AS c SET subject_id = given.subject_id FROM given WHERE c.id = given.id",
        [register.model._meta.db_table, of_import.pk],
    )
    if register.ends:
        ended = register.bound[register.ends].kind.ended(timezone.localdate(at))
        _execute(
            "UPDATE registers_change SET values = jsonb_build_object(%s::text, %s::text),"
            " before = jsonb_build_object(%s::text, before->%s)"
            " WHERE of_import_id = %s AND kind = 'ended' AND NOT is_left_out",
            [register.ends, ended, register.ends, register.ends, of_import.pk],
        )


def _source(register: Register, of_import: Import, kind: ChangeKind, ids: list[int] | None = None) -> Source:
    """The changes of a kind, as rows to write."""
    narrowed = "" if ids is None else " AND c.id = ANY(%s)"
    columns = {
        ChangeKind.NEW: of_import.columns,
        ChangeKind.CHANGED: of_import.columns - register.opening,
        ChangeKind.ENDED: frozenset([register.ends]),
    }[kind]
    return Source(
        "SELECT c.subject_id AS id, c.key, c.values AS v, c.before FROM registers_change AS c"
        f" WHERE c.of_import_id = %s AND c.kind = %s AND NOT c.is_left_out{narrowed}",
        [of_import.pk, kind.value, *([] if ids is None else [ids])],
        columns,
    )


def _restoring(register: Register, of_import: Import) -> Source:
    """What was changed and ended, as it was before; ``v`` has every column of the file, or the one that ended it."""
    return Source(
        "SELECT c.subject_id AS id, c.key, c.values || c.before AS v, c.values AS before FROM registers_change AS c"
        " WHERE c.of_import_id = %s AND c.kind = 'changed' AND NOT c.is_left_out",
        [of_import.pk],
        of_import.columns - register.opening,
    )


def _changed_since(register: Register, of_import: Import) -> int:
    """How many of the rows that the file wrote say something else today."""
    rows, parameters = register.rows().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM registers_change AS c"
            f" LEFT JOIN ({rows}) AS current (id, key, v) ON current.id = c.subject_id"
            " WHERE c.of_import_id = %s AND c.kind IN ('new', 'changed', 'ended') AND NOT c.is_left_out"
            " AND (current.id IS NULL OR NOT current.v @> (c.values - %s::text[]))",
            [*parameters, of_import.pk, sorted(register.opening)],
        )
        return int(cursor.fetchone()[0])


def _ids(changes: ChangeQuerySet) -> list[int]:
    return [
        subject_id for subject_id in changes.values_list("subject_id", flat=True) if subject_id is not None
    ]


def _text(column: BoundColumn) -> str:
    return f"c.values->>'{column.name}'"


def _execute(sql: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
