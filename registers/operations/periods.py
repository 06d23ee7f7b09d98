"""Let rows that have been read mean what is there: periods that go on as they are, and what a row says nothing of."""

from datetime import date

from registers.models import Import
from registers.operations import staging
from registers.operations.aliases import key_again
from registers.operations.current_rows import current_of, execute, values_of
from registers.operations.plain_lines import names_of


def expand_unsaid_keys(of_import: Import, day: date) -> None:
    """
    Let a row that leaves a key unsaid mean every row that goes on and has its other keys.

    Who says that an item is no longer sold says it of all its quantities. Where nothing goes on, the key is what it is by default.
    """
    register = of_import.register
    goes_on = (
        f"held.v->>'{register.ends}' = '' OR held.v->>'{register.ends}' >= %(day)s"
        if register.ends
        else "true"
    )
    for column in register.keys:
        is_given = column.name in of_import.columns and column.name not in of_import.constants
        if not (column.may_be_unsaid and is_given and staging.LINES.has_unsaid(column.name)):
            continue
        current = current_of(of_import, day, staging.LINES)
        others = [
            each.name for each in register.keys if each is not column and each.name in of_import.columns
        ]
        names = names_of(of_import)
        facts = {
            "rows": current.sql,
            "text": staging.text_in(column.name),
            "texts": ", ".join(staging.text_in(name) for name in names),
            "told": ", ".join(
                f"held.v->>'{name}'" if name == column.name else f"r.{staging.text_in(name)}"
                for name in names
            ),
            "read": ", ".join(f"coalesce(r.{staging.text_in(name)}, '')" for name in others),
            "held": values_of(others, "held.v"),
            "goes_on": goes_on,
        }
        parameters = current.parameters | {"day": day.isoformat(), "default": column.default}
        for sql in (_EVERY_ONE, _NO_LONGER_UNSAID, _BY_DEFAULT):
            execute(sql.format(**facts), parameters)
        key_again(of_import)


def leave_as_it_is(of_import: Import, day: date) -> None:
    """Let a row that says nothing of a column that the file has mean what the register says there, and a new one what new ones do."""
    current = current_of(of_import, day, staging.LINES)
    first = of_import.register.first
    columns = [
        name
        for name in names_of(of_import)
        if name not in of_import.opening and (first is None or name != first.name)
    ]
    texts = {name: staging.text_in(name) for name in columns}
    execute(
        _AS_IT_IS.format(
            rows=current.sql,
            texts=", ".join(f"{text} = coalesce({text}, held.v->>'{name}')" for name, text in texts.items()),
            unsaid=" OR ".join(f"{text} IS NULL" for text in texts.values()),
        ),
        current.parameters,
    )
    column_by_name = {name: of_import.register.bound[name] for name in columns}
    defaults = {name: column.default for name, column in column_by_name.items() if not column.is_required}
    if not defaults:
        return
    execute(
        "UPDATE incoming_change SET "
        + ", ".join(f"{texts[name]} = coalesce({texts[name]}, %(of_{name})s)" for name in defaults)
        + f" WHERE kind <> 'refused' AND ({' OR '.join(f'{texts[name]} IS NULL' for name in defaults)})",
        {f"of_{name}": text for name, text in defaults.items()},
    )


def go_on_with_periods(of_import: Import, day: date) -> None:
    """
    Let rows that say the same as a period that goes on at their first day mean that period.

    A list with new prices from a day has the unchanged ones too. Whatever the file has twice, as two periods of the same thing, is left as it says.
    """
    register = of_import.register
    if register.first is None or register.first.name not in of_import.columns:
        return
    current = current_of(of_import, day, staging.LINES, is_by_period=True)
    keys = [column.name for column in register.keys]
    names = {column.name for column in register.keys if column.name in of_import.columns}
    texts = [f"coalesce({staging.text_in(name)}, '')" if name in names else "''" for name in keys]
    sql = _GOES_ON.format(
        rows=current.sql,
        first=register.first.name,
        last=register.ends,
        begins=staging.text_in(register.first.name),
        values=staging.values_in(of_import, is_unsaid=True),
        held=values_of(keys, "held.v"),
        read=", ".join(texts),
    )
    execute(sql, {"opening": sorted(of_import.opening), **current.parameters})


_EVERY_ONE = """
INSERT INTO incoming_change (sheet, row, key, kind, "column", reason, {texts})
SELECT DISTINCT r.sheet, r.row, r.key, r.kind, r."column", r.reason, {told}
FROM incoming_change AS r JOIN ({rows}) AS held (id, key, v) ON ({held}) = ({read})
WHERE r.kind <> 'refused' AND r.{text} IS NULL AND ({goes_on})
"""
_NO_LONGER_UNSAID = """
DELETE FROM incoming_change AS r USING ({rows}) AS held (id, key, v)
WHERE ({held}) = ({read}) AND r.kind <> 'refused' AND r.{text} IS NULL AND ({goes_on})
"""
_BY_DEFAULT = (
    "UPDATE incoming_change AS r SET {text} = %(default)s WHERE r.kind <> 'refused' AND r.{text} IS NULL"
)
_AS_IT_IS = """
UPDATE incoming_change AS r SET {texts}
FROM ({rows}) AS held (id, key, v)
WHERE r.kind <> 'refused' AND r.key = held.key AND ({unsaid})
"""
_GOES_ON = """
UPDATE incoming_change SET key = held.key, {begins} = held.v->>'{first}'
FROM ({rows}) AS held (id, key, v)
WHERE kind <> 'refused' AND {begins} <> '' AND ({held}) = ({read})
AND held.v->>'{first}' < {begins} AND (held.v->>'{last}' = '' OR held.v->>'{last}' >= {begins})
AND held.v @> ({values} - '{first}' - %(opening)s::text[])
AND ({read}) IN (SELECT {read} FROM incoming_change GROUP BY {read} HAVING count(*) = 1)
"""
