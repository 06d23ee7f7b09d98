"""
Write rows to a register, one or sixty thousand, by the same two statements.

What is to be written comes as a *source*: SQL that gives ``id``, ``key``, ``v`` (plain text by column) and ``before``. The rows are
inserted or updated, what follows is settled, and then the rules are asked of the rows as they now stand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import DatabaseError, DataError, IntegrityError, InternalError, connection
from django.db.models import BooleanField, Case, Field, GeneratedField, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import DomainError, InvalidInput, NotPermitted, WrongState
from core.verdicts import require
from organizations.models import User
from registers.events import Event
from registers.kinds import First, Last
from registers.register import BoundColumn, Register


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


class StillReferredTo(WrongState):
    """Something refers to the row, so it cannot be taken away."""

    code = "register_still_referred_to"
    sentence = _("Något annat hänvisar till raden, så den kan inte tas bort.")


REFUSALS = (IntegrityError, DataError, InternalError)
"""How the database refuses a row: by a constraint, for a value that has no room, or by a trigger."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows to write: SQL that gives them, and which columns they have values for."""

    sql: str
    parameters: Sequence[Any]
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that a rule refuses, after it was written and before it is kept."""

    id: int
    refusal: DomainError
    column: str = ""


class Writer:
    """The statements of a register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.meta: Any = register.model._meta
        self.table = connection.ops.quote_name(self.meta.db_table)

    @cached_property
    def by_field(self) -> dict[str, list[BoundColumn]]:
        """The columns that each field of the model is written from; a period has two."""
        columns: dict[str, list[BoundColumn]] = {}
        for column in self.register.bound.values():
            columns.setdefault(column.field, []).append(column)
        return columns

    def insert(self, source: Source, day: date) -> None:
        """Insert rows that have their ids already; a period without a first day begins on the day."""
        names, values, parameters = [], [], []
        for field in self.meta.local_concrete_fields:
            if isinstance(field, GeneratedField):
                continue
            value, needed = self._new(field, source.columns)
            if self.register.first is not None and field.name == self.register.first.field:
                value, needed = _period(self._given(field, source.columns), "", self._begins(source, day)), []
            names.append(connection.ops.quote_name(field.column))
            values.append(value)
            parameters += needed
        self._execute(
            f"INSERT INTO {self.table} ({', '.join(names)}) SELECT {', '.join(values)} FROM ({source.sql}) AS i",
            [*parameters, *source.parameters],
        )

    def succeeded(self, source: Source, day: date) -> Source | None:
        """
        The periods that go on at the first day of a new one, and end the day before.

        ``v`` and ``before`` are their last days, now and until now; None where a register has no periods.
        """
        first = self.register.first
        if first is None:
            return None
        period = connection.ops.quote_name(self.meta.get_field(first.field).column)
        begins, ends = self._begins(source, day), self.register.ends
        # What the new rows refer to is found once for each of them, before they are held against all that is there.
        keys = ", ".join(
            f"{column.kind.stored(_text(column))} AS same_{number}"
            for number, column in enumerate(self.register.keys)
        )
        same = [
            f"t.{connection.ops.quote_name(self.meta.get_field(column.field).column)}"
            f" {'=' if column.is_required else 'IS NOT DISTINCT FROM'} i.same_{number}"
            for number, column in enumerate(self.register.keys)
        ]
        return Source(
            f"WITH i AS MATERIALIZED (SELECT i.key, {begins} AS begins, {keys} FROM ({source.sql}) AS i)"
            " SELECT DISTINCT ON (t.id) t.id, i.key, i.begins,"
            f" jsonb_build_object('{ends}', (i.begins - 1)::text) AS v,"
            f" jsonb_build_object('{ends}', coalesce((upper(t.{period}) - 1)::text, '')) AS before"
            f" FROM {self.table} AS t JOIN i ON {' AND '.join(same)}"
            f" AND t.{period} @> i.begins AND lower(t.{period}) < i.begins ORDER BY t.id, i.begins",
            source.parameters,
            frozenset([self.register.ends]),
        )

    def succeed(self, source: Source, day: date) -> None:
        """Let the period that goes on at the first day of a new one end the day before."""
        first, succeeded = self.register.first, self.succeeded(source, day)
        if first is None or succeeded is None:
            return
        period = connection.ops.quote_name(self.meta.get_field(first.field).column)
        self._execute(
            f"UPDATE {self.table} AS t SET {period} = daterange(lower(t.{period}), s.begins)"
            f" FROM ({succeeded.sql}) AS s WHERE t.id = s.id",
            succeeded.parameters,
        )

    def _begins(self, source: Source, day: date) -> str:
        """SQL of the first day of a new row: as said, or the day on which it is written."""
        first = self.register.first
        is_said = first is not None and first.name in source.columns
        said = first.kind.stored(_text(first)) if first is not None and is_said else "NULL::date"
        return f"coalesce({said}, '{day.isoformat()}'::date)"

    def update(self, source: Source) -> None:
        """Update the rows in the columns that the source has."""
        parts, parameters = [], []
        for name, columns in self.by_field.items():
            present = [column for column in columns if column.name in source.columns]
            if present:
                field = self.meta.get_field(name)
                value, needed = self._value(
                    field, present, old=f"t.{connection.ops.quote_name(field.column)}"
                )
                parts.append(f"{connection.ops.quote_name(field.column)} = {value}")
                parameters += needed
        if parts:
            self._execute(
                f"UPDATE {self.table} AS t SET {', '.join(parts)} FROM ({source.sql}) AS i WHERE t.id = i.id",
                [*parameters, *source.parameters],
            )

    def delete(self, source: Source) -> None:
        """Delete rows that nothing refers to."""
        self._execute(
            f"DELETE FROM {self.table} AS t USING ({source.sql}) AS i WHERE t.id = i.id", source.parameters
        )

    def bring_back(self, source: Source) -> None:
        """Insert rows again as they were when they were taken away, with their ids; ``before`` has every column."""
        self.insert(
            Source(
                f"SELECT r.id, r.key, r.before AS v, r.before FROM ({source.sql}) AS r",
                source.parameters,
                frozenset(self.register.bound),
            ),
            date.max,
        )

    def lock(self, source: Source) -> None:
        """Lock the rows, in the order of their ids."""
        self._execute(
            f"SELECT t.id FROM {self.table} AS t WHERE t.id IN (SELECT i.id FROM ({source.sql}) AS i)"
            " ORDER BY t.id FOR NO KEY UPDATE",
            source.parameters,
        )

    def _new(self, field: Field[Any, Any], given: frozenset[str]) -> tuple[str, list[Any]]:
        """What a field of a new row gets: its columns' value, a constant, its default, or nothing."""
        columns = self._given(field, given)
        ledger = self.register.ledger
        if field.primary_key:
            return "i.id", []
        if ledger is not None and field.name in (ledger.of_import, ledger.row):
            return "i.row" if field.name == ledger.row else "i.of_import_id", []
        if columns:
            return self._value(field, columns)
        if field.name in self.register.constants:
            return "%s", [field.get_db_prep_save(self.register.constants[field.name](), connection)]
        if field.has_default() or not field.null:
            return "%s", [field.get_db_prep_save(field.get_default(), connection)]
        return "NULL", []

    def _given(self, field: Field[Any, Any], given: frozenset[str]) -> list[BoundColumn]:
        return [column for column in self.by_field.get(field.name, []) if column.name in given]

    def _value(
        self, field: Field[Any, Any], columns: list[BoundColumn], *, old: str = ""
    ) -> tuple[str, list[Any]]:
        """SQL of the value that a field gets; ``old`` is what the row has, where it has one."""
        if isinstance(field, DateRangeField):
            return _period(columns, old), []
        (column,) = columns
        value = column.kind.stored(_text(column))
        if field.has_default() and not field.null and not field.empty_strings_allowed:
            return f"coalesce({value}, %s)", [field.get_db_prep_save(field.get_default(), connection)]
        if field.has_default() and field.default:
            return f"coalesce(nullif({value}, ''), %s)", [
                field.get_db_prep_save(field.get_default(), connection)
            ]
        return value, []

    def _execute(self, sql: str, parameters: Iterable[Any]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, list(parameters))


def _text(column: BoundColumn) -> str:
    return f"(i.v->>'{column.name}')"


def _period(columns: list[BoundColumn], old: str, begins: str = "") -> str:
    first, last = (f"lower({old})", f"upper({old})") if old else ("NULL::date", "NULL::date")
    for column in columns:
        if isinstance(column.kind, First):
            said = column.kind.stored(_text(column))
            # Who says nothing of a first day leaves the one that is.
            first = f"CASE WHEN i.v ? '{column.name}' THEN {said} ELSE {first} END" if old else said
        if isinstance(column.kind, Last):
            last = f"({column.kind.stored(_text(column))} + 1)"
    return f"daterange({begins or first}, {last})"


def lock_register(register: Register) -> None:
    """Let one at a time write in a register, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"register {register.name}"])


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
    writer = Writer(register)
    if changed is not None:
        writer.lock(changed)
        writer.update(changed)
    if new is not None:
        writer.succeed(new, timezone.localdate(at))
        writer.insert(new, timezone.localdate(at))
    sources = [source for source in (new, changed) if source is not None]
    check_constraints()
    return settle_and_ask(register, sources, by=by, at=at)


def settle_and_ask(
    register: Register, sources: Iterable[Source], *, by: User | None, at: datetime
) -> list[Broken]:
    """Settle what follows of what was written, and give the rows that a rule refuses."""
    settle(register, by=by, at=at)
    return [broken for source in sources for broken in _broken(register, source, by=by, at=at)]


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
    known = register.model._default_manager.filter(pk__in=ids)
    if register.reach is None:
        return known.none().values_list("pk", flat=True)
    return known.exclude(pk__in=known.filter(register.reach(by, day)).values("pk")).values_list(
        "pk", flat=True
    )


def is_within_reach(register: Register, ids: Iterable[int], *, by: User | None, at: datetime) -> bool:
    """Whether the person may write all of these rows as they stand now; the command line may."""
    return by is None or not out_of_reach(register, list(ids), by=by, day=timezone.localdate(at)).exists()


def _broken(register: Register, source: Source, *, by: User | None, at: datetime) -> list[Broken]:
    ids = RawSQL(f"SELECT i.id FROM ({source.sql}) AS i", source.parameters)  # noqa: S611, put together from declarations
    rows = register.model._default_manager.filter(pk__in=ids)
    day = timezone.localdate(at)
    asked = [(rule.on(day), rule.refusal, rule.column) for rule in register.rules]
    if by is not None and register.reach is not None:
        asked.append((register.reach(by, day), OutOfReach, ""))
    broken = []
    for holds, refusal, column in asked:
        condition = Case(When(holds, then=Value(True)), default=Value(False), output_field=BooleanField())
        failing = rows.alias(holds=condition).filter(holds=False).order_by("pk").values_list("pk", flat=True)
        broken += [Broken(id=row_id, refusal=refusal(), column=column) for row_id in failing]
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
    match getattr(cause, "pgcode", ""):
        case "23505":
            return AlreadyThere()
        case "23P01":
            return PeriodsOverlap()
        case "23503" | "23001":
            return StillReferredTo()
    return AgainstARule()


def record(
    register: Register, event: Event, source: Source, *, by: User | None, at: datetime, **details: Any
) -> None:
    """Write an entry in the trail for each row of the source: what it said before, and what it says now."""
    trail.record_selected(
        event,
        subject_type=register.model._meta.label_lower,
        rows="SELECT i.id, translate(i.key, chr(31), ' '),"
        " jsonb_build_object('register', %s::text, 'before', i.before, 'after', i.v)"
        f" FROM ({source.sql}) AS i",
        parameters=[register.name, *source.parameters],
        by=by,
        at=at,
        **details,
    )
