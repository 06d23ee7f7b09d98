"""Let rows that have been read mean what is there: periods that go on as they are, and what a row says nothing of."""

from datetime import date

from registers.models import Import
from registers.operations.held import current_rows, execute, values_of


def leave_as_it_is(of_import: Import, day: date) -> None:
    """Let a row that says nothing of a column that the file has mean what the register says there."""
    register = of_import.register
    lines = "incoming_change WHERE kind <> 'refused'"
    held = current_rows(register, of_import.columns, day, lines=lines, with_open=True)
    first = {register.first.name} if register.first else set()
    columns = of_import.columns - of_import.opening - first
    execute(
        _AS_IT_IS.format(rows=held.sql),
        {"columns": sorted(columns), **held.parameters},
    )


def go_on_with_periods(of_import: Import, day: date) -> None:
    """
    Let rows that say the same as a period that goes on at their first day mean that period.

    A list with new prices from a day has the unchanged ones too. Whatever the file has twice, as two periods of the same thing, is left as it says.
    """
    register = of_import.register
    if register.first is None or register.first.name not in of_import.columns:
        return
    held = current_rows(register, of_import.columns, day)
    keys = [column.name for column in register.keys]
    sql = _GOES_ON.format(
        rows=held.sql,
        first=register.first.name,
        last=register.ends,
        held=values_of(keys, "held.v"),
        read=values_of(keys, "r.values"),
        others=values_of(keys, "other.values"),
    )
    execute(sql, {"opening": sorted(of_import.opening), **held.parameters})


_AS_IT_IS = """
UPDATE incoming_change AS r SET values = (
    SELECT jsonb_object_agg(name, held.v->name) FROM unnest(%(columns)s::text[]) AS name
) || r.values
FROM ({rows}) AS held (id, key, v)
WHERE r.kind <> 'refused' AND r.key = held.key AND NOT r.values ?& %(columns)s::text[]
"""
_GOES_ON = """
UPDATE incoming_change AS r
SET key = held.key, values = r.values || jsonb_build_object('{first}', held.v->'{first}')
FROM ({rows}) AS held (id, key, v)
WHERE r.kind <> 'refused' AND coalesce(r.values->>'{first}', '') <> '' AND ({held}) = ({read})
AND held.v->>'{first}' < r.values->>'{first}'
AND (held.v->>'{last}' = '' OR held.v->>'{last}' >= r.values->>'{first}')
AND held.v @> (r.values - '{first}' - %(opening)s::text[])
AND ({read}) IN (SELECT {others} FROM incoming_change AS other GROUP BY {others} HAVING count(*) = 1)
"""
