"""
Write rows to a register, settle what follows, and ask the rules of the rows as they now stand.

The statements are those of `registers.operations.writer`; what they write comes as a source.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, InternalError, connection
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import DomainError, InvalidInput, NotPermitted, WrongState
from core.verdicts import require
from organizations.models import User
from registers.events import Event
from registers.kinds import First
from registers.operations.bounds import beyond_bounds
from registers.operations.writer import Source, Writer
from registers.register import Register


class OutOfReach(NotPermitted):
    """The row is somebody else's to write."""

    code = "register_out_of_reach"
    sentence = _("Du ansvarar inte för den här raden och kan därför inte ändra den.")


class AlreadyThere(InvalidInput):
    """Two rows cannot have the same key."""

    code = "register_already_there"
    sentence = _("Det finns redan en rad med samma uppgifter.")


class PeriodsOverlap(InvalidInput):
    """Two periods of the same thing overlap."""

    code = "register_periods_overlap"
    sentence = _("Perioden går in i en annan rad för samma sak.")


class AgainstARule(InvalidInput):
    """The database refuses the row."""

    code = "register_against_a_rule"
    sentence = _("Uppgifterna går inte ihop med varandra, eller med det som redan finns.")


class EndsBeforeItBegins(InvalidInput):
    """A period's last day is its first or a later one."""

    code = "register_ends_before_it_begins"
    sentence = _("Sista dagen kommer före den första.")


class StillReferredTo(WrongState):
    """Something refers to the row, so it cannot be taken away."""

    code = "register_still_referred_to"
    sentence = _("Något annat hänvisar till raden, så den kan inte tas bort.")


REFUSALS = (IntegrityError, DataError, InternalError)
"""How the database refuses a row: by a constraint, for a value that has no room, or by a trigger."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that a rule refuses, after it was written and before it is kept."""

    id: int
    refusal: DomainError
    column: str = ""


def lock_register(name: str) -> None:
    """Let one at a time write in the register of that name, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"register {name}"])


def set_work_mem() -> None:
    """Let the database sort and join the rows of a file in memory, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")


def permit(register: Register, *, by: User | None, at: datetime) -> None:
    """
    See to it that the person may write in the register at all; the command line may.

    :raises NotPermitted: she may not.
    """
    if by is not None:
        require(register.may_change(by, at))


def write(
    register: Register, *, new: Source | None, changed: Source | None, by: User | None, at: datetime
) -> list[Broken]:
    """
    Write rows, settle what follows, and ask the rules of them; used inside an operation, in a savepoint of its own.

    :returns: the rows that a rule refuses; when there are any, the caller rolls back.
    :raises IntegrityError: the database refuses one of them; `refusal_of` says why.
    """
    writer, old_breaches = Writer(register), frozenset[tuple[int, str]]()
    if changed is not None:
        writer.lock(changed)
        if settled := settled_rows(register, changed, at=at):
            return settled
        old_breaches = broken_already(register, changed, at=at)
        writer.update(changed)
    if new is not None:
        writer.succeed(new, timezone.localdate(at))
        writer.insert(new, timezone.localdate(at))
    sources = [source for source in (new, changed) if source is not None]
    check_constraints()
    broken = settle_and_check(register, sources, by=by, at=at)
    if new is not None:
        broken += settled_rows(register, new, at=at)
    return [row for row in broken if (row.id, row.refusal.code) not in old_breaches]


def broken_already(register: Register, source: Source, *, at: datetime) -> frozenset[tuple[int, str]]:
    """The rows of a source, as they stand, that break a rule that a change may not break, each with the refusal's code."""
    rows, day = _rows_of(register, source), timezone.localdate(at)
    return frozenset(
        (row_id, rule.refusal.code)
        for rule in register.rules
        if rule.is_kept
        for row_id in _failing_ids(rows, rule.on(day))
    )


def _rows_of(register: Register, source: Source) -> QuerySet[Any]:
    ids = RawSQL(f"SELECT i.id FROM ({source.sql}) AS i", source.parameters)  # noqa: S611, put together from declarations
    return register.model._default_manager.filter(pk__in=ids)


def _failing_ids(rows: QuerySet[Any], holds: Q) -> QuerySet[Any, int]:
    condition = Case(When(holds, then=Value(True)), default=Value(False), output_field=BooleanField())
    failing = rows.alias(holds=condition).filter(holds=False)
    ids: QuerySet[Any, int] = failing.order_by("pk").values_list("pk", flat=True)
    return ids


def settled_rows(register: Register, source: Source, *, at: datetime) -> list[Broken]:
    """
    The rows of a source of which something is decided that the source would write over.

    Asked of rows before they are changed or taken away, and of new ones when they are there.
    """
    broken: dict[int, Broken] = {}
    day = timezone.localdate(at)
    for each in register.settled:
        changing, parameters = f"SELECT i.id FROM ({source.sql}) AS i", [*source.parameters]
        if each.columns:
            changing += (
                " WHERE EXISTS (SELECT FROM unnest(%s::text[]) AS name"
                " WHERE i.before ? name AND i.before->>name IS DISTINCT FROM i.v->>name)"
            )
            parameters.append(sorted(each.columns))
        ids = RawSQL(changing, parameters)  # noqa: S611, put together from declarations
        rows = register.model._default_manager.filter(each.on(day), pk__in=ids)
        for row_id in rows.order_by("pk").values_list("pk", flat=True):
            broken.setdefault(row_id, Broken(id=row_id, refusal=each.refusal()))
    return list(broken.values())


def settle_and_check(
    register: Register, sources: Iterable[Source], *, by: User | None, at: datetime
) -> list[Broken]:
    """Settle what follows of what was written, and give the rows that a rule refuses."""
    settle(register, by=by, at=at)
    return [broken for source in sources for broken in _broken_rows(register, source, by=by, at=at)]


def settle(register: Register, *, by: User | None, at: datetime) -> None:
    """Settle what follows of what was written or taken away."""
    if register.settle is not None:
        register.settle(by, at)


def check_constraints() -> None:
    """Let the database refuse now what it would refuse at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def out_of_reach(register: Register, ids: Any, *, by: User, day: date) -> QuerySet[Any]:
    """
    The ids, of these rows as they stand now, that are not the person's to write.

    :param ids: a list of ids, or a query that gives them.
    """
    rows = register.model._default_manager.filter(pk__in=ids)
    if register.reach is None:
        return rows.none().values_list("pk", flat=True)
    return rows.exclude(pk__in=rows.filter(register.reach(by, day)).values("pk")).values_list("pk", flat=True)


def is_within_reach(register: Register, ids: Iterable[int], *, by: User | None, at: datetime) -> bool:
    """Whether the person may write all of these rows as they stand now; the command line may."""
    return by is None or not out_of_reach(register, list(ids), by=by, day=timezone.localdate(at)).exists()


def _broken_rows(register: Register, source: Source, *, by: User | None, at: datetime) -> list[Broken]:
    rows, day = _rows_of(register, source), timezone.localdate(at)
    checks = [(rule.on(day), rule.refusal, rule.column) for rule in register.rules]
    if by is not None and register.reach is not None:
        checks.append((register.reach(by, day), OutOfReach, ""))
    broken = []
    for holds, refusal, column in checks:
        broken += [
            Broken(id=row_id, refusal=refusal(), column=column) for row_id in _failing_ids(rows, holds)
        ]
    return [*broken, *_out_of_order(register, source)]


def _out_of_order(register: Register, source: Source) -> list[Broken]:
    """The rows whose state is changed to one that does not follow it."""
    moves = register.moves
    if moves is None or moves.column not in source.columns:
        return []
    before, after = (f"(i.{side}->>'{moves.column}')" for side in ("before", "v"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT i.id, {before}, {after} FROM ({source.sql}) AS i"
            f" WHERE {before} <> {after} AND NOT {before} || ' ' || {after} = ANY(%s) ORDER BY i.id",
            [*source.parameters, moves.pairs],
        )
        rows = cursor.fetchall()
    return [Broken(id=pk, refusal=moves.refusal(was, is_), column=moves.column) for pk, was, is_ in rows]


def refusal_of(register: Register, error: DatabaseError) -> DomainError:
    """
    Say in a sentence why the database refused a row.

    :raises DatabaseError: it is the database itself that failed.
    """
    cause = error.__cause__
    if getattr(cause, "pgcode", None) is None:
        raise error
    diagnosis = getattr(cause, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    if name in register.sentences:
        return register.sentences[name]()
    if (beyond := beyond_bounds(register, name)) is not None:
        return beyond
    match getattr(cause, "pgcode", ""):
        case "23505":
            return AlreadyThere()
        case "23P01":
            return PeriodsOverlap()
        case "23503" | "23001":
            return StillReferredTo()
        case "22000" if any(isinstance(column.kind, First) for column in register.bound.values()):
            return EndsBeforeItBegins()
    return AgainstARule()


def record(
    register: Register, event: Event, source: Source, *, by: User | None, at: datetime, **details: Any
) -> None:
    """Write an entry in the trail for each row of the source: what it said before, and what it says now."""
    # Together at once, since there may be very many rows.
    detail_sql = "".join(f", '{name}', %s::jsonb" for name in details)
    trail.record_selected(
        event,
        subject_type=register.model._meta.label_lower,
        rows="SELECT i.id, translate(i.key, chr(31), ' '),"
        f" jsonb_build_object('register', %s::text, 'before', i.before, 'after', i.v{detail_sql})"
        f" FROM ({source.sql}) AS i",
        parameters=[register.name, *map(json.dumps, details.values()), *source.parameters],
        by=by,
        at=at,
    )
