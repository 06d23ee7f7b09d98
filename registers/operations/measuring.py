"""Tell the rises and falls of a register's measure in a difference: what it was, and what that comes to in a year."""

from datetime import date

from registers.models import Import
from registers.operations.held import current_rows, execute, values_of
from registers.register import Measure, Register


def measure(of_import: Import, day: date) -> None:
    """Keep with each row of a difference what the measure was, and what the difference comes to in a year."""
    register = of_import.register
    if register.measure is None or register.measure.column not in of_import.columns:
        return
    facts = {"import": of_import.pk}
    execute(_CHANGED.format(measure=register.measure.column), facts)
    if register.first is not None and register.first.name in of_import.columns:
        _measure_new_periods(of_import, register, register.measure, day)
    yearly, parameters = register.measure.yearly().query.sql_with_params()
    named = {f"yearly_{number}": value for number, value in enumerate(parameters)}
    yearly %= tuple(f"%({name})s" for name in named)
    execute(
        _YEARLY.format(measure=register.measure.column, of=register.measure.of, yearly=yearly), facts | named
    )


def _measure_new_periods(of_import: Import, register: Register, measured: Measure, day: date) -> None:
    """A new period is held against the one that it follows at once."""
    if register.first is None:
        return
    held = current_rows(register, of_import.columns, day)
    keys = [column.name for column in register.keys]
    sql = _NEW.format(
        rows=held.sql,
        measure=measured.column,
        first=register.first.name,
        last=register.ends,
        same=f"({values_of(keys, 'held.v')}) = ({values_of(keys, 'c.values')})",
    )
    execute(sql, {"import": of_import.pk, **held.parameters})


_CHANGED = """
UPDATE registers_change SET was = (before->>'{measure}')::numeric
WHERE of_import_id = %(import)s AND kind = 'changed' AND before->>'{measure}' <> ''
"""
_NEW = """
WITH held (id, key, v) AS MATERIALIZED ({rows})
UPDATE registers_change AS c SET was = followed.was FROM (
    SELECT DISTINCT ON (c.id) c.id, nullif(held.v->>'{measure}', '')::numeric AS was
    FROM registers_change AS c JOIN held ON {same}
    WHERE c.of_import_id = %(import)s AND c.kind = 'new'
    AND held.v->>'{first}' < coalesce(nullif(c.values->>'{first}', ''), %(day)s)
    AND (held.v->>'{last}' = '' OR held.v->>'{last}' >= (coalesce(nullif(c.values->>'{first}', ''), %(day)s)::date - 1)::text)
    ORDER BY c.id, held.v->>'{first}' DESC
) AS followed WHERE followed.id = c.id
"""
_YEARLY = """
UPDATE registers_change AS c SET yearly_effect = round(((c.values->>'{measure}')::numeric - c.was) * known.number, 2)
FROM ({yearly}) AS known (key, number)
WHERE c.of_import_id = %(import)s AND c.was IS NOT NULL AND c.kind IN ('new', 'changed') AND c.values->>'{of}' = known.key
"""
