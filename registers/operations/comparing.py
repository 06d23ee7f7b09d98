"""Compare the rows of a file with what a register holds: some statements, however many rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput, stored
from core.transactions import operation
from registers.kinds import Reference
from registers.ledgers import ToldOtherwise
from registers.models import Import
from registers.operations import staging
from registers.operations.aliases import replace_aliases
from registers.operations.current_rows import (
    Current,
    Lines,
    all_current,
    current_of,
    execute,
    sequence_of,
    values_of,
)
from registers.operations.measuring import measured
from registers.operations.periods import expand_unsaid_keys, go_on_with_periods, leave_as_it_is
from registers.operations.writing import StillReferredTo, set_work_mem
from registers.register import BoundColumn, Register


class NothingReferredTo(InvalidInput):
    """What the row refers to is not there."""

    code = "register_nothing_referred_to"
    sentence = _("%(value)s finns inte i registret som raden hänvisar till.")


class NothingToEnd(InvalidInput):
    """The row says what becomes of one that is there, and there is none."""

    code = "register_nothing_to_end"
    sentence = _("Raden finns inte i registret, så det finns inget att ändra eller avsluta.")


class RepeatedInFile(InvalidInput):
    """The file has the row once already."""

    code = "register_repeated_in_file"
    sentence = _("Samma rad finns redan på rad %(row)s i filen.")


class NewRowIsIncomplete(InvalidInput):
    """The row is not in the register, and the file does not have all that a new one needs."""

    code = "register_new_row_is_incomplete"
    sentence = _("Raden finns inte i registret, och en ny rad behöver också %(columns)s.")


@operation
def compare(of_import: Import, *, day: date) -> int:
    """
    Say of each row that was read what it means to the register as it is now.

    :param day: the day on which the register is asked.
    :returns: how many rows mean something else than the last time.
    """
    lines = _changes_of(of_import)
    current = current_of(of_import, day, lines)
    facts = _facts(of_import, current)
    differing = 0
    if current.with_open or lines.has_keys_twice():
        differing += _refuse(_REPEATED, RepeatedInFile(row="§row§"), facts)
    differing += execute(_COMPARED.format(rows=current.sql, meaning=_MEANING), facts)
    return differing + _check_against_register(of_import, lines, facts, day)


@operation
def compare_incoming(of_import: Import, *, day: date, leaves_unsaid: bool = False) -> None:
    """
    Make changes of the lines of `registers.operations.staging`, each with what it means to the register as it is now.

    New rows take their ids, in the order of the file, so that they are written as they stand.

    :param leaves_unsaid: some rows say nothing of columns that the file has.
    """
    set_work_mem()
    if of_import.bundle is not None and of_import.bundle.refuse is not None:
        of_import.bundle.refuse(of_import)
    replace_aliases(of_import)
    if leaves_unsaid:
        expand_unsaid_keys(of_import, day)
        leave_as_it_is(of_import, day)
    go_on_with_periods(of_import, day)
    measure = measured(of_import, day)
    current = current_of(of_import, day, staging.LINES)
    facts = _facts(of_import, current)
    sql = _INCOMING.format(
        rows=current.sql,
        meaning=_MEANING,
        incoming=staging.incoming(of_import, is_unsaid=current.with_open),
        ids=sequence_of(of_import.register),
        measured=measure,
    )
    execute(sql, facts | measure.parameters)
    # What follows has to know how many rows there are now.
    execute("ANALYZE registers_change", {})
    if current.with_open or staging.LINES.has_keys_twice():
        if of_import.part.may_repeat:
            execute(_SAID_ALREADY, facts)
        _refuse(_REPEATED, RepeatedInFile(row="§row§"), facts)
    _check_against_register(of_import, staging.LINES, facts, day)


def _changes_of(of_import: Import) -> Lines:
    """The lines of a file as they were read, after they are changes."""
    return Lines(
        f"registers_change WHERE of_import_id = {of_import.pk:d} AND row > 0 AND kind <> 'refused'",
        lambda name: f"(values->>'{name}')",
    )


def _facts(of_import: Import, current: Current) -> dict[str, Any]:
    return {"import": of_import.pk, "opening": sorted(of_import.opening), **current.parameters}


def _check_against_register(of_import: Import, lines: Lines, facts: dict[str, Any], day: date) -> int:
    """Refuse the rows that refer to nothing, or are new and lack something; and say what ends."""
    register, columns = of_import.register, of_import.columns
    differing = refuse_what_refers_to_nothing(of_import, with_file=True, lines=lines)
    missing = [c for c in register.bound.values() if c.is_required and c.name not in columns]
    if missing:
        refusal = NewRowIsIncomplete(columns=", ".join(str(column.heading) for column in missing))
        differing += _refuse(_NEW, refusal, facts)
    if of_import.bundle_name:
        required = [c.name for c in register.bound.values() if c.is_required and c.name in columns]
        differing += _refuse(_NEW_WITHOUT, NothingToEnd(), facts | {"needed": required})
    if register.ledger is not None:
        differing += _refuse(_OTHERWISE, ToldOtherwise(), facts)
    if of_import.is_complete and not register.is_kept and not of_import.changes.without_key().exists():
        differing += _end(of_import, day)
    return differing


def refuse_what_refers_to_nothing(of_import: Import, *, with_file: bool, lines: Lines | None = None) -> int:
    """
    Refuse the rows that refer to nothing.

    :param with_file: what is new in the file itself, or in an earlier part of its bundle, may be referred to.
    :param lines: the lines that the rows are made of, where they are at hand.
    """
    references = [each for each in of_import.register.references if each[0].name in of_import.columns]
    if not references or not (lines or _changes_of(of_import)).has_unknown(references):
        return 0
    differing = 0
    for column, kind in references:
        unknown = _UNKNOWN.format(**_reference(of_import, column, kind, with_file=with_file))
        refusal = NothingReferredTo(value="§value§")
        differing += _refuse(unknown, refusal, {"import": of_import.pk}, column.name)
    return differing


def _end(of_import: Import, day: date) -> int:
    """Say what ends, of that which the one who handed the file in may write, within what the file is complete in."""
    register, day = of_import.register, of_import.begins or day
    current = all_current(register, of_import.columns, day, by=of_import.requested_by)
    is_open = "true"
    if register.ends:
        is_open = register.bound[register.ends].kind.is_open(f"(current.v->>'{register.ends}')", day)
    if within := of_import.part.within:
        current_values, line_values = (values_of(within, of) for of in ("current.v", "told.values"))
        is_open += f" AND ({current_values}) IN (SELECT {line_values} FROM registers_change AS told WHERE told.{_READ} AND told.kind <> 'refused')"
    if register.first is not None and register.first.name in of_import.columns:
        # A period that another one of the same thing follows ends by that.
        keys = [column.name for column in register.keys]
        current_values, line_values = (values_of(keys, of) for of in ("current.v", "told.values"))
        is_open += f" AND ({current_values}) NOT IN (SELECT {line_values} FROM registers_change AS told WHERE told.{_READ})"
    facts = {"import": of_import.pk, "kind": register.ending, **current.parameters}
    differing = execute(_NO_LONGER_ENDED.format(rows=current.sql, is_open=is_open), facts)
    differing += execute(_ENDED.format(rows=current.sql, is_open=is_open), facts)
    if not register.ends:
        for table, column in _referring(register):
            referred = _REFERRED_TO.format(table=table, column=column)
            differing += _refuse(referred, StillReferredTo(), facts)
    return differing


def _referring(register: Register) -> Iterator[tuple[str, str]]:
    """The tables and columns that refer to rows of a register."""
    for relation in register.model._meta.related_objects:
        meta: Any = relation.field.model._meta
        column: Any = relation.field.column
        if column is not None:
            yield connection.ops.quote_name(meta.db_table), connection.ops.quote_name(column)


_READ = "of_import_id = %(import)s AND row > 0"
_REPEATED = f"""
SELECT id, first::text AS row, '' AS value FROM (
    SELECT id, min(row) OVER same AS first, row_number() OVER (same ORDER BY sheet, row, id) AS turn
    FROM registers_change WHERE {_READ} AND kind <> 'refused'
    WINDOW same AS (PARTITION BY CASE WHEN kind IN ('read', 'new') THEN key ELSE chr(30) || subject_id END)
) AS read WHERE turn > 1
"""
_UNKNOWN = f"""
SELECT c.id, '' AS row, c.values->>'{{name}}' AS value FROM registers_change AS c
WHERE {_READ} AND kind IN ('new', 'changed') AND c.values->>'{{name}}' <> '' AND NOT EXISTS ({{known}}) {{or_in_file}}
"""
_NEW = f"SELECT id, '' AS row, '' AS value FROM registers_change WHERE {_READ} AND kind = 'new'"
_NEW_WITHOUT = f"{_NEW} AND NOT values ?& %(needed)s::text[]"
_OTHERWISE = f"SELECT id, '' AS row, '' AS value FROM registers_change WHERE {_READ} AND kind = 'changed'"


# What a row that was read means, beside the row of the register that has its key.
_MEANING = """
current.id,
CASE WHEN r.kind = 'refused' THEN 'refused' WHEN current.id IS NULL THEN 'new'
     WHEN current.v @> (r.values - %(opening)s::text[]) THEN 'unchanged' ELSE 'changed' END AS kind,
CASE WHEN r.kind = 'refused' OR current.id IS NULL OR current.v @> (r.values - %(opening)s::text[]) THEN '{}'::jsonb
     ELSE (SELECT jsonb_object_agg(name, current.v->name) FROM jsonb_object_keys(r.values - %(opening)s::text[]) AS name
           WHERE current.v->name IS DISTINCT FROM r.values->name) END AS before
"""
# The lines of a file as changes; those of the same key are told afterwards.
_INCOMING = """
INSERT INTO registers_change
    (of_import_id, sheet, row, key, kind, values, before, subject_id, is_left_out, "column", reason, was, yearly_effect, is_proposed)
SELECT %(import)s, d.sheet, d.row, d.key, d.kind,
       CASE d.kind WHEN 'changed' THEN d.values - %(opening)s::text[] ELSE d.values END, d.before,
       CASE d.kind WHEN 'new' THEN nextval('{ids}') WHEN 'refused' THEN NULL ELSE d.id END,
       false, d."column", d.reason, {measured.was}, {measured.yearly_effect}, {measured.is_proposed}
FROM (
    SELECT r.sheet, r.row, r.key, r.values, r."column", r.reason, r.was, {measured.number} AS number, {meaning}
    FROM ({incoming}) AS r {measured.joined} LEFT JOIN ({rows}) AS current (id, key, v) ON current.key = r.key AND r.kind <> 'refused'
    ORDER BY r.sheet, r.row
) AS d
"""
# What is said once already, word for word.
_SAID_ALREADY = """
DELETE FROM registers_change AS c USING (
    SELECT id, row_number() OVER (PARTITION BY key, values ORDER BY sheet, row, id) AS turn
    FROM registers_change WHERE of_import_id = %(import)s AND row > 0 AND kind <> 'refused'
) AS said WHERE said.id = c.id AND said.turn > 1
"""
# What each row that was read means now; a new one keeps the id that it has taken.
_COMPARED = """
UPDATE registers_change AS c SET kind = d.kind, subject_id = d.id, before = d.before
FROM (
    SELECT r.id AS change_id, {meaning}
    FROM registers_change AS r LEFT JOIN ({rows}) AS current (id, key, v) ON current.key = r.key
    WHERE r.of_import_id = %(import)s AND r.row > 0 AND r.kind <> 'refused'
) AS d
WHERE c.id = d.change_id AND (c.kind, CASE WHEN c.kind = 'new' THEN NULL ELSE c.subject_id END, c.before)
      IS DISTINCT FROM (d.kind, d.id, d.before)
"""
# What the register holds and a complete file does not; what has ended already stays as it is.
_ENDED = """
INSERT INTO registers_change
    (of_import_id, sheet, row, key, kind, values, before, subject_id, is_left_out, "column", reason)
SELECT %(import)s, '', 0, current.key, %(kind)s, '{{}}', current.v, current.id, false, '', ''
FROM ({rows}) AS current (id, key, v)
WHERE {is_open} AND NOT EXISTS (
    SELECT FROM registers_change AS r WHERE r.of_import_id = %(import)s AND r.key = current.key)
AND NOT EXISTS (
    SELECT FROM registers_change AS r WHERE r.of_import_id = %(import)s AND r.row > 0 AND r.subject_id = current.id)
"""
# What would have ended, and has done so or has been changed since.
_NO_LONGER_ENDED = """
DELETE FROM registers_change AS c WHERE c.of_import_id = %(import)s AND c.kind = %(kind)s AND NOT EXISTS (
    SELECT FROM ({rows}) AS current (id, key, v)
    WHERE current.id = c.subject_id AND current.v = c.before AND {is_open})
"""
# What cannot be taken away, because something refers to it.
_REFERRED_TO = """
SELECT c.id, '' AS row, '' AS value FROM registers_change AS c
WHERE c.of_import_id = %(import)s AND c.kind = 'removed' AND EXISTS (
    SELECT FROM {table} AS referring WHERE referring.{column} = c.subject_id)
"""


def _reference(of_import: Import, column: BoundColumn, kind: Reference, *, with_file: bool) -> dict[str, str]:
    value = f"c.values->>'{column.name}'"
    in_file = ""
    for each in _parts_so_far(of_import) if with_file else []:
        if each.register.model is kind.model and len(each.register.keys) == 1:
            in_file += (
                f"AND NOT EXISTS (SELECT FROM registers_change AS other WHERE other.of_import_id = {each.pk:d}"
                f" AND other.kind <> 'refused' AND other.key = {value})"
            )
    return {"name": column.name, "known": kind.select(value), "or_in_file": in_file}


def _parts_so_far(of_import: Import) -> list[Import]:
    """The import itself, and those of the earlier parts of its bundle."""
    return [each for each in of_import.lead.with_followers() if each.pk <= of_import.pk]


def _refuse(rows: str, refusal: DomainError, facts: dict[str, Any], column: str = "") -> int:
    """Refuse the rows of a query; what the refusal says of each stands in ``row`` and ``value``."""
    return execute(
        f"""
        UPDATE registers_change AS c SET kind = 'refused', "column" = %(column)s, before = '{{}}', reason =
               replace(replace(%(reason)s, '§row§', bad.row), '§value§', substr(to_json(bad.value)::text, 2, length(to_json(bad.value)::text) - 2))
        FROM ({rows}) AS bad WHERE c.id = bad.id
        """,
        facts | {"column": column, "reason": stored(refusal)},
    )
