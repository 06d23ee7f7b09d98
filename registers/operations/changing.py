"""
Write the changes of an import to its register: what ends, what changes, what is new.

Rows that a rule or the database refuses are left, each with its reason, and the others are written. Which row it is that the
database refuses is found by halving.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core.errors import DomainError, stored
from organizations.models import User
from registers.events import Event
from registers.models import Change, ChangeKind, Import
from registers.operations.shadows import colliding, shadow
from registers.operations.writer import Source, Writer
from registers.operations.writing import (
    REFUSALS,
    AgainstARule,
    Broken,
    OutOfReach,
    check_constraints,
    out_of_reach,
    record,
    refusal_of,
    settle,
    settled_rows,
    write,
)
from registers.register import BoundColumn

MOST_TRIES = 4000
"""So many times rows are halved to find what the database refuses; then what is left is refused together."""

EVENTS = {
    ChangeKind.NEW: Event.ROW_ADDED,
    ChangeKind.CHANGED: Event.ROW_CHANGED,
    ChangeKind.ENDED: Event.ROW_ENDED,
    ChangeKind.REMOVED: Event.ROW_REMOVED,
}

Refused = tuple[list[int], str, str]
"""Ids of changes, the stored reason, and the column."""


class Changes:
    """Writes the changes of one import, and knows which of them were refused meanwhile."""

    def __init__(self, of_import: Import, *, by: User | None, at: datetime) -> None:
        self.of_import, self.register, self.by, self.at = of_import, of_import.register, by, at
        self.day = timezone.localdate(at)
        self.writer = Writer(self.register)
        self.refused: list[Refused] = []
        self.only: Q | None = None
        """The changes that are written, where it is not all of them."""
        self.is_on_copy = False
        """Whether they are tried on a copy of the table (`registers.operations.shadows`)."""
        self.tries = 0

    def refuse_out_of_reach(self) -> None:
        """Refuse what would change rows that are somebody else's as they stand."""
        if self.by is None or self.register.reach is None:
            return
        changes = self.of_import.changes.to_write().exclude(kind=ChangeKind.NEW)
        others = out_of_reach(self.register, changes.values("subject_id"), by=self.by, day=self.day)
        self._refuse(changes.filter(subject_id__in=others).values_list("pk", flat=True), OutOfReach())

    def try_on_copy(self, *, is_whole: bool) -> None:
        """Put a copy of the table before it, whole or with the rows that these changes are written over."""
        self.is_on_copy = True
        if is_whole or self.register.parents:
            shadow(self.register, None)
            return
        new = source_of(self.of_import, ChangeKind.NEW)
        written_over = [source_of(self.of_import, kind) for kind in EVENTS if kind is not ChangeKind.NEW]
        succeeded = self.writer.succeeded(new, self.day)
        shadow(self.register, [*written_over, *([succeeded] if succeeded is not None else [])])

    def write_all(self) -> None:
        """
        Write what goes and changes, then what is new, so that a new row finds room.

        Parents are written before children, and of several new periods of the same thing the first before the next.
        """
        self._prepare()
        if self.register.together:
            self._write_together()
            return
        for kind in (ChangeKind.REMOVED, ChangeKind.ENDED, ChangeKind.CHANGED):
            self._write(kind, None)
        if not self.register.parents:
            for ids in self._turns():
                self._write(ChangeKind.NEW, ids)
            return
        while ids := self._writable_ids():
            self._write(ChangeKind.NEW, ids)
        new = self.of_import.changes.to_write().filter(kind=ChangeKind.NEW)
        orphans = new.exclude(subject_id__in=self.register.model._default_manager.values("pk"))
        self._refuse(orphans.values_list("pk", flat=True), AgainstARule())

    def record_all(self) -> None:
        """Write in the trail what was written in the register; facts tell themselves which file they come from."""
        if self.register.ledger is not None:
            return
        for kind, event in EVENTS.items():
            source = source_of(self.of_import, kind)
            record(self.register, event, source, by=self.by, at=self.at, file=self.of_import.file_name)

    def refuse_again(self) -> None:
        """Refuse what was refused, when what was written has been rolled back."""
        for ids, reason, column in self.refused:
            _refuse(ids, reason, column)

    def _prepare(self) -> None:
        """Give what ends its last day: the day before, or the day itself for what begins on it."""
        ends, first = self.register.ends, self.register.first
        if ends:
            day = self.of_import.begins or self.day
            ended = self.register.bound[ends].kind.ended(day)
            _execute(
                "UPDATE registers_change SET values = jsonb_build_object(%s::text,"
                " CASE WHEN before->>%s = %s THEN %s ELSE %s END),"
                " before = jsonb_build_object(%s::text, before->%s)"
                " WHERE of_import_id = %s AND kind = 'ended' AND NOT is_left_out",
                [
                    ends,
                    first.name if first else "",
                    day.isoformat(),
                    day.isoformat(),
                    ended,
                    ends,
                    ends,
                    self.of_import.pk,
                ],
            )

    def _write(self, kind: ChangeKind, ids: list[int] | None) -> None:
        """Write the changes of a kind, all or those with the ids, halving them where the database refuses."""
        if not self._of(kind, ids).exists():
            return
        ids = self._ids(kind) if ids is None else ids
        self.tries += 1
        try:
            with transaction.atomic():
                broken = self._write_at_once(kind, ids)
                if broken:
                    raise _RuleRefuses(broken)
        except _RuleRefuses as rule:
            self._refuse_broken(kind, rule.broken)
            self._write(kind, ids)
        except REFUSALS as error:
            self._halve(kind, ids, refusal_of(self.register, error))

    def _write_together(self) -> None:
        """Write all at once; where the database refuses, those that stand together by themselves."""
        sources = {kind: source_of(self.of_import, kind, self._ids(kind)) for kind in EVENTS}
        self.tries += 1
        try:
            with transaction.atomic():
                removed, changed, new = (
                    sources[kind] for kind in (ChangeKind.REMOVED, ChangeKind.CHANGED, ChangeKind.NEW)
                )
                broken = settled_rows(self.register, removed, at=self.at)
                self.writer.delete(removed)
                broken += write(self.register, new=new, changed=changed, by=self.by, at=self.at)
                if broken:
                    raise _RuleRefuses(broken)
        except _RuleRefuses as rule:
            for kind in EVENTS:
                self._refuse_broken(kind, rule.broken)
            self._write_together()
        except REFUSALS as error:
            self._part(refusal_of(self.register, error))

    def _part(self, refusal: DomainError) -> None:
        """Write each half of those that stand together by itself; one by itself is refused with all its rows."""
        everything = self.only
        name = self.register.together
        groups = sorted({row.values.get(name) or row.before.get(name, "") for row in self._all()})
        if len(groups) == 1 or self.tries > MOST_TRIES:
            self._refuse(self._all().values_list("pk", flat=True), refusal)
            return
        middle = len(groups) // 2
        for half in (groups[:middle], groups[middle:]):
            of_half = Q(**{f"values__{name}__in": half}) | Q(
                kind=ChangeKind.REMOVED, **{f"before__{name}__in": half}
            )
            self.only = of_half if everything is None else everything & of_half
            self._write_together()
        self.only = everything

    def _all(self) -> "QuerySet[Change]":
        return self.of_import.changes.to_write().filter(self.only or Q())

    def _ids(self, kind: ChangeKind) -> list[int] | None:
        """The ids of the changes of a kind, where it is not all of them that are written."""
        if self.only is None:
            return None
        return list(self._of(kind, None).order_by("pk").values_list("pk", flat=True))

    def _write_at_once(self, kind: ChangeKind, ids: list[int] | None) -> list[Broken]:
        source = source_of(self.of_import, kind, ids)
        if kind is ChangeKind.REMOVED:
            if settled := settled_rows(self.register, source, at=self.at):
                return settled
            self.writer.delete(source)
            check_constraints()
            settle(self.register, by=self.by, at=self.at)
            return []
        if kind is ChangeKind.NEW and not self.is_on_copy:
            self._end_what_is_succeeded(source)
        new, changed = (source, None) if kind is ChangeKind.NEW else (None, source)
        broken = write(self.register, new=new, changed=changed, by=self.by, at=self.at)
        return (
            broken + colliding(self.register, source, is_new=new is not None) if self.is_on_copy else broken
        )

    def _end_what_is_succeeded(self, source: Source) -> None:
        """Keep, as changes of the import, which periods end because another one begins."""
        succeeded = self.writer.succeeded(source, self.day)
        if succeeded is None:
            return
        _execute(
            "INSERT INTO registers_change"
            ' (of_import_id, sheet, row, key, kind, values, before, subject_id, is_left_out, "column", reason)'
            f" SELECT %s, '', 0, s.key, 'ended', s.v, s.before, s.id, false, '', '' FROM ({succeeded.sql}) AS s",
            [self.of_import.pk, *succeeded.parameters],
        )

    def _of(self, kind: ChangeKind, ids: list[int] | None) -> "QuerySet[Change]":
        changes = self.of_import.changes.to_write().filter(self.only or Q(), kind=kind)
        return changes if ids is None else changes.filter(pk__in=ids)

    def _halve(self, kind: ChangeKind, ids: list[int] | None, refusal: DomainError) -> None:
        ids = list(self._of(kind, ids).order_by("pk").values_list("pk", flat=True))
        if len(ids) == 1 or self.tries > MOST_TRIES:
            self._refuse(ids, refusal)
            return
        middle = len(ids) // 2
        self._write(kind, ids[:middle])
        self._write(kind, ids[middle:])

    def _refuse_broken(self, kind: ChangeKind, broken: list[Broken]) -> None:
        together: dict[tuple[str, str], list[int]] = defaultdict(list)
        refusals: dict[tuple[str, str], DomainError] = {}
        for row in broken:
            same = (stored(row.refusal), row.column)
            together[same].append(row.id)
            refusals[same] = row.refusal
        for (reason, column), row_ids in together.items():
            changes = self._of(kind, None).filter(subject_id__in=row_ids)
            self._refuse(changes.values_list("pk", flat=True), refusals[reason, column], column=column)

    def _refuse(self, ids: Iterable[int], refusal: DomainError, *, column: str = "") -> None:
        entry: Refused = (list(ids), stored(refusal), column)
        if entry[0]:
            self.refused.append(entry)
            _refuse(*entry)

    def _turns(self) -> list[list[int] | None]:
        """New rows in as many turns as the same thing has new periods; all at once where it has one."""
        first = self.register.first
        if first is None or first.name not in self.of_import.columns:
            return [None]
        same = ", ".join(f"c.values->>'{column.name}'" for column in self.register.keys)
        begins = f"coalesce(nullif({_text(first)}, ''), '{self.day.isoformat()}')"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(id ORDER BY id) FROM ("
                f"SELECT c.id, row_number() OVER (PARTITION BY {same} ORDER BY {begins}, c.id) AS turn"
                " FROM registers_change AS c WHERE c.of_import_id = %s AND c.kind = 'new' AND NOT c.is_left_out AND NOT c.is_proposed"
                ") AS new GROUP BY turn ORDER BY turn",
                [self.of_import.pk],
            )
            turns: list[list[int] | None] = [row[0] for row in cursor.fetchall()]
        return turns if len(turns) > 1 else [None]

    def _writable_ids(self) -> list[int]:
        """New rows that are not written, and whose parents are there."""
        conditions = " ".join(
            f"AND (coalesce(c.values->>'{column.name}', '') = '' OR EXISTS ({kind.select(_text(column))}))"
            for column, kind in self.register.parents
        )
        table = connection.ops.quote_name(self.register.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.id FROM registers_change c WHERE c.of_import_id = %s AND c.kind = 'new' AND NOT c.is_left_out AND NOT c.is_proposed"
                f" AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = c.subject_id) {conditions} ORDER BY c.id",
                [self.of_import.pk],
            )
            return [row[0] for row in cursor.fetchall()]


class _RuleRefuses(Exception):
    def __init__(self, broken: list[Broken]) -> None:
        self.broken = broken
        super().__init__()


def source_of(of_import: Import, kind: ChangeKind, ids: list[int] | None = None) -> Source:
    """The changes of a kind, as rows to write."""
    register = of_import.register
    narrowed = "" if ids is None else " AND c.id = ANY(%s)"
    columns = {
        ChangeKind.NEW: of_import.columns,
        ChangeKind.CHANGED: of_import.columns - of_import.opening,
        ChangeKind.ENDED: frozenset([register.ends]),
        ChangeKind.REMOVED: frozenset[str](),
    }[kind]
    return Source(
        "SELECT c.subject_id AS id, c.key, c.values AS v, c.before, c.of_import_id, c.row FROM registers_change AS c"
        f" WHERE c.of_import_id = %s AND c.kind = %s AND NOT c.is_left_out AND NOT c.is_proposed{narrowed}",
        [of_import.pk, kind.value, *([] if ids is None else [ids])],
        columns,
    )


def restoring(of_import: Import, kind: ChangeKind) -> Source:
    """What was changed or ended, as it was before: ``v`` has what it said then, ``before`` what the file made of it."""
    source = source_of(of_import, kind)
    return Source(
        f"SELECT c.id, c.key, c.v || c.before AS v, c.v AS before FROM ({source.sql}) AS c",
        source.parameters,
        source.columns,
    )


def _refuse(ids: list[int], reason: str, column: str) -> None:
    Change.objects.filter(pk__in=ids).update(kind=ChangeKind.REFUSED, reason=reason, column=column, before={})


def _text(column: BoundColumn) -> str:
    return f"c.values->>'{column.name}'"


def _execute(sql: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
