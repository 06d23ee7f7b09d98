"""Tell a new period that says the same as the one that goes on: then nothing has changed, and the one that is there goes on."""

from datetime import date

from registers.models import Import
from registers.operations.held import current_rows, execute, values_of


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
