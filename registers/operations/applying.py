"""
Write what a file says to its register, or take it back: all that was asked for, in one transaction.

What a rule or the database refuses is left with its reason, and the others are written (`registers.operations.changing`).
"""

from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.clock import Clock
from core.errors import DomainError, WrongState, stored
from core.models import Forgotten
from core.transactions import operation
from core.wakeups import wake
from core.work import carry_out
from organizations.models import User
from registers.events import Event
from registers.ledgers import Ledger
from registers.models import Application, ChangeKind, Import
from registers.operations.changing import Changes, restoring, source_of
from registers.operations.comparing import compare, refuse_what_refers_to_nothing
from registers.operations.imports import ReadAgainAlready
from registers.operations.raising import (
    decide_rises,
    differing_rises,
    propose_rises,
    refuse_rises,
    take_back_rises,
)
from registers.operations.telling import tell_of_import
from registers.operations.writer import Source, Writer
from registers.operations.writing import (
    REFUSALS,
    OutOfReach,
    broken_already,
    check_constraints,
    lock_register,
    out_of_reach,
    permit,
    record,
    refusal_of,
    set_work_mem,
    settle_and_check,
    settled_rows,
)
from registers.register import Register


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
        "Registret har ändrats sedan filen jämfördes. Antal rader som nu betyder något annat: %(rows)s. "
        "Jämför på nytt och gå igenom skillnaden igen."
    )


class BuiltUpon(WrongState):
    """Something has been done since with what the file wrote."""

    code = "register_built_upon"
    sentence = _("%(rows)s av raderna har ändrats sedan dess, så filens ändringar kan inte tas tillbaka.")


@operation
def request_application(
    *,
    of_import: Import,
    by: User | None,
    at: datetime,
    is_taking_back: bool = False,
    rises_reason: str = "",
) -> Application:
    """
    Have what a file says written, or taken back, by a worker.

    :param rises_reason: why she decides about what rises herself, at once; without one it becomes proposals.
    :raises NotPermitted: she may not change the register.
    :raises WrongState: there is nothing to write or take back, or it is under way.
    """
    locked = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=of_import.lead.pk)
    for each in locked.with_followers():
        permit(each.register, by=by, at=at)
    require_applicable(locked, is_taking_back=is_taking_back)
    if locked.applications.unfinished().exists():
        raise UnderWay
    application = Application.objects.create(
        of_import=locked,
        is_taking_back=is_taking_back,
        rises_reason=rises_reason.strip(),
        requested_by=by,
        requested_at=at,
    )
    wake("registers.run_application", application_id=application.pk)
    return application


def run_application(*, application: Application, at: datetime) -> Application:
    """Write what a file says, or take it back; safe to call again, also after a crash in the middle."""
    return carry_out(application, at=at, steps=_carry_out, give_up=_failed)


def _carry_out(application: Application, clock: Clock) -> None:
    act = (
        take_back_import
        if application.is_taking_back
        else partial(apply_import, rises_reason=application.rises_reason)
    )
    try:
        with transaction.atomic():
            act(of_import=application.of_import, by=application.requested_by, at=clock.now())
            application.finish(at=clock.now())
            how = "taken_back" if application.is_taking_back else "applied"
            tell_of_import(application.of_import, how, to=application.requested_by_id, at=clock.now())
    except DomainError as refusal:
        _failed(application, stored(refusal), clock.now())


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
    person = application.requested_by_id
    tell_of_import(application.of_import, "not_applied", to=person, at=at, error=error)


@operation
def apply_import(*, of_import: Import, by: User | None, at: datetime, rises_reason: str = "") -> Import:
    """
    Write what a file says and nobody has left out, and propose what rises where somebody decides about that.

    :param rises_reason: why she decides about it herself, at once; without one it becomes proposals.
    :raises NotPermitted: she may not change the register.
    :raises WrongState: it is not compared, is applied already, or the register has changed since.
    """
    lead, *followers = _locked(of_import, by=by, at=at, is_taking_back=False)
    differing = sum(compare(each, day=timezone.localdate(at)) for each in [lead, *followers])
    differing += sum(differing_rises(each, by=by, at=at) for each in [lead, *followers])
    if differing:
        raise RegisterHasChanged(rows=differing)
    for each in [lead, *followers]:
        if each.pk != lead.pk:
            refuse_what_refers_to_nothing(each, with_file=False)
        changes = Changes(each, by=by, at=at)
        refuse_rises(each, by=by, at=at)
        decide_rises(each, reason=rises_reason.strip(), by=by, at=at)
        changes.refuse_out_of_reach()
        changes.write_all()
        changes.record_all()
        propose_rises(each, by=by, at=at)
        each.applied_at = at
        each.save(update_fields=["applied_at"])
        trail.record(
            Event.IMPORT_APPLIED,
            subject=each,
            by=by,
            at=at,
            register=each.register_name,
            counts=each.counts(),
        )
    return lead


@operation
def take_back_import(*, of_import: Import, by: User | None, at: datetime) -> Import:
    """
    Make the register say what it said before the file, as long as nothing has been built on it.

    :raises NotPermitted: she may not change the register.
    :raises WrongState: it is not applied, is taken back already, or something has been built on it.
    """
    lead, *followers = _locked(of_import, by=by, at=at, is_taking_back=True)
    for each in [*reversed(followers), lead]:
        each.taken_back_at = at
        each.save(update_fields=["taken_back_at"])
        if each.register.ledger is not None:
            _remove_facts(each, each.register.ledger, by=by, at=at)
        else:
            _require_unchanged(each, by=by, at=at)
            take_back_rises(each, by=by, at=at)
            _restore(each, by=by, at=at)
        trail.record(Event.IMPORT_TAKEN_BACK, subject=each, by=by, at=at, register=each.register_name)
    return lead


def _remove_facts(of_import: Import, ledger: Ledger, *, by: User | None, at: datetime) -> None:
    """
    Take away the facts that a file told.

    :raises DomainError: something has been built on them.
    """
    register = of_import.register
    if (built_on := ledger.built_on(of_import)) is not None:
        raise built_on
    facts = register.model._default_manager.filter(**{ledger.of_import: of_import}).values("id")
    try:
        with transaction.atomic():
            Writer(register).delete(Source(*facts.query.sql_with_params(), frozenset()))
            check_constraints()
    except REFUSALS as error:
        raise refusal_of(register, error) from None
    settle_and_check(register, [], by=by, at=at)


def _require_unchanged(of_import: Import, *, by: User | None, at: datetime) -> None:
    """
    See to it that the rows say what the file made them say, and that all of them are the person's to write.

    :raises BuiltUpon: somebody has changed them since.
    :raises OutOfReach: they are somebody else's.
    """
    register = of_import.register
    if changed_since := _changed_since(register, of_import):
        raise BuiltUpon(rows=changed_since)
    row_ids = of_import.changes.to_write().values("subject_id")
    if by is not None and out_of_reach(register, row_ids, by=by, day=timezone.localdate(at)).exists():
        raise OutOfReach


def _restore(of_import: Import, *, by: User | None, at: datetime) -> None:
    """
    Take away what was new, bring back what was taken away, and let the others say what they said.

    :raises DomainError: the database or a rule refuses that today.
    """
    register = of_import.register
    writer, added = Writer(register), source_of(of_import, ChangeKind.NEW)
    removed = source_of(of_import, ChangeKind.REMOVED)
    changed, ended = (restoring(of_import, kind) for kind in (ChangeKind.CHANGED, ChangeKind.ENDED))
    for source in (added, changed, ended):
        for settled in settled_rows(register, source, at=at):
            raise settled.refusal
    old_breaches = {row for source in (changed, ended) for row in broken_already(register, source, at=at)}
    try:
        with transaction.atomic():
            writer.delete(added)
            writer.bring_back(removed)
            for source in (ended, changed):
                writer.lock(source)
                writer.update(source)
            check_constraints()
    except REFUSALS as error:
        raise refusal_of(register, error) from None
    for broken in settle_and_check(register, [changed, ended], by=by, at=at):
        if (broken.id, broken.refusal.code) not in old_breaches:
            raise broken.refusal
    for event, source in (
        (Event.ROW_REMOVED, added),
        (Event.ROW_ADDED, removed),
        (Event.ROW_CHANGED, changed),
        (Event.ROW_CHANGED, ended),
    ):
        record(register, event, source, by=by, at=at, taken_back=of_import.file_name)


def _locked(of_import: Import, *, by: User | None, at: datetime, is_taking_back: bool) -> list[Import]:
    """
    Lock the import, with those of its bundle, and their registers in the order of their names.

    :raises NotPermitted: she may not change one of the registers.
    :raises WrongState: there is nothing to write, or to take back.
    """
    lead = Import.objects.select_for_update(no_key=True, of=("self",)).get(pk=of_import.lead.pk)
    parts = lead.with_followers()
    for name in sorted({each.register_name for each in parts}):
        lock_register(name)
    set_work_mem()
    for each in parts:
        permit(each.register, by=by, at=at)
        require_applicable(each, is_taking_back=is_taking_back)
    return parts


def require_applicable(of_import: Import, *, is_taking_back: bool) -> None:
    """
    See to it that there is something to write, or to take back, and that nobody is at it.

    :raises WrongState: there is not, or somebody is.
    :raises Forgotten: it was kept for some time only.
    """
    if of_import.forgotten_at is not None:
        raise Forgotten
    if not is_taking_back and Import.objects.filter(replaces=of_import).exists():
        raise ReadAgainAlready
    if of_import.compared_at is None:
        raise NotCompared
    if is_taking_back and (of_import.applied_at is None or of_import.taken_back_at is not None):
        raise NotApplied
    if not is_taking_back and of_import.applied_at is not None:
        raise AlreadyApplied


def _changed_since(register: Register, of_import: Import) -> int:
    """How many of the rows that the file wrote say something else today."""
    rows, parameters = register.rows().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM registers_change AS c"
            f" LEFT JOIN ({rows}) AS current (id, key, v) ON current.id = c.subject_id"
            # What a later row of the file has ended says when, and not what its own row says.
            " LEFT JOIN registers_change AS e ON e.of_import_id = c.of_import_id AND e.kind = 'ended'"
            " AND NOT e.is_left_out AND c.kind <> 'ended' AND e.subject_id = c.subject_id"
            " WHERE c.of_import_id = %s AND c.kind IN ('new', 'changed', 'ended') AND NOT c.is_left_out AND NOT c.is_proposed"
            " AND (current.id IS NULL OR NOT current.v @> (c.values - %s::text[] - CASE WHEN e.id IS NULL THEN '' ELSE %s END))",
            [*parameters, of_import.pk, sorted(of_import.opening), register.ends],
        )
        return int(cursor.fetchone()[0])
