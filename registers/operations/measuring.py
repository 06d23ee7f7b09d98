"""Tell the rises and falls of a register's measure in a difference: what it was, and what that comes to in a year."""

from datetime import date
from typing import Any, NamedTuple

from registers.models import Import
from registers.operations import staging
from registers.operations.current_rows import current_of, execute, values_of


class Measured(NamedTuple):
    """SQL of what the measure was, and of what the difference comes to in a year, for a line ``d``; and what is joined to tell it."""

    was: str = "NULL::numeric"
    yearly_effect: str = "NULL::numeric"
    joined: str = ""
    is_proposed: str = "false"
    """Whether it becomes a proposal."""
    number: str = "NULL::numeric"
    """How much of it there is in a year."""
    parameters: dict[str, Any] = {}


def measured(of_import: Import, day: date) -> Measured:
    """
    Tell of each line what the measure was: that of the row that changes, or of the period that a new one follows at once.

    The latter is kept with the lines; what they are joined with tells how much of each thing there is in a year.
    """
    register, measure = of_import.register, of_import.register.measure
    if measure is None or measure.column not in of_import.columns:
        return Measured()
    if register.first is not None and register.first.name in of_import.columns:
        _measure_periods(of_import, measure.column, day)
    yearly, parameters = measure.yearly().query.sql_with_params()
    parameter_by_name = {f"yearly_{number}": value for number, value in enumerate(parameters)}
    yearly %= tuple(f"%({name})s" for name in parameter_by_name)
    was = f"CASE d.kind WHEN 'new' THEN d.was WHEN 'changed' THEN nullif(d.before->>'{measure.column}', '')::numeric END"
    becomes = f"(d.values->>'{measure.column}')::numeric"
    return Measured(
        was,
        f"CASE WHEN d.kind IN ('new', 'changed') THEN round(({becomes} - {was}) * d.number, 2) END",
        f"LEFT JOIN ({yearly}) AS yearly (key, number) ON r.kind <> 'refused' AND yearly.key = r.{staging.text_in(measure.of)}",
        _is_proposed(of_import, becomes, was),
        "yearly.number",
        parameter_by_name,
    )


def _is_proposed(of_import: Import, becomes: str, was: str) -> str:
    """SQL of whether a line ``d`` raises what somebody decides about; what the command line says is written."""
    raises = of_import.register.raises
    if raises is None or of_import.requested_by_id is None:
        return "false"
    is_within = f"coalesce(d.values->>'{raises.within}', '') <> ''"
    return f"coalesce(d.kind IN ('new', 'changed') AND {is_within} AND {becomes} > {was}, false)"


def _measure_periods(of_import: Import, measure: str, day: date) -> None:
    """A new period is held against the one that it follows at once."""
    register = of_import.register
    current = current_of(of_import, day, staging.LINES, is_by_period=True)
    keys = [column.name for column in register.keys if column.name in of_import.columns]
    assert register.first is not None  # noqa: S101, asked before
    sql = _FOLLOWED.format(
        rows=current.sql,
        measure=measure,
        first=register.first.name,
        last=register.ends,
        begins=f"coalesce(nullif(c.{staging.text_in(register.first.name)}, ''), %(day)s)",
        held=values_of(keys, "held.v"),
        read=", ".join(f"coalesce(c.{staging.text_in(name)}, '')" for name in keys),
    )
    execute(sql, current.parameters)


_FOLLOWED = """
WITH held (id, key, v) AS MATERIALIZED ({rows})
UPDATE incoming_change SET was = followed.was FROM (
    SELECT DISTINCT ON (c.ctid) c.ctid AS place, nullif(held.v->>'{measure}', '')::numeric AS was
    FROM incoming_change AS c JOIN held ON ({held}) = ({read})
    WHERE c.kind <> 'refused' AND held.v->>'{first}' < {begins}
    AND (held.v->>'{last}' = '' OR held.v->>'{last}' >= ({begins}::date - 1)::text)
    ORDER BY c.ctid, held.v->>'{first}' DESC
) AS followed WHERE followed.place = incoming_change.ctid
"""
