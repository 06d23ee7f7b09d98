"""
Copy the lines of a file to a table of the session's own, a column of plain text for each column of the register.

Comparing makes changes of them; nothing is written twice.
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db import connection

from registers.ledgers import UNNUMBERED
from registers.models import ChangeKind, Import
from registers.operations.current_rows import Lines
from registers.operations.plain_lines import PlainLine, Reader, names_of
from registers.reading.lines import Line
from registers.register import KEY_JOINT

MOST_PAIRS = 50
"""A function of PostgreSQL takes no more than a hundred arguments."""


def text_in(name: str) -> str:
    """SQL of a column's plain text in the table; nothing where a line does not say it."""
    return connection.ops.quote_name(f"text of {name}")


LINES = Lines("incoming_change WHERE kind <> 'refused'", text_in)
"""The lines that are not refused."""


def incoming(of_import: Import, *, is_unsaid: bool) -> str:
    """
    SQL of the lines, each with its texts in one value as a change has them.

    :param is_unsaid: there are lines that do not say their first day.
    """
    # OFFSET 0: the value is made once for each line, however often it is looked at.
    values = values_in(of_import, is_unsaid=is_unsaid)
    return f"SELECT *, {values} AS values FROM incoming_change OFFSET 0"


def values_in(of_import: Import, *, is_unsaid: bool) -> str:
    """SQL of a line's texts in one value; what is not said is left out where there may be such lines."""
    names = names_of(of_import)
    parts = [names[first : first + MOST_PAIRS] for first in range(0, len(names), MOST_PAIRS)]
    pairs = [", ".join(f"'{name}', {text_in(name)}" for name in part) for part in parts]
    values = " || ".join(f"jsonb_build_object({each})" for each in pairs)
    has_gaps = of_import.constants or of_import.bundle_name or of_import.register.ledger
    return f"jsonb_strip_nulls({values})" if is_unsaid or has_gaps else f"({values})"


def end() -> None:
    """Let go of the table."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_change")


class Stage:
    """Takes the lines of one file in, some thousand at a time, to a table that is made anew."""

    def __init__(self, of_import: Import) -> None:
        self.reader = Reader(of_import)
        self.texts = [text_in(name) for name in self.reader.names]
        self.columns = ", ".join(["sheet", "row", "key", "kind", '"column"', "reason", *self.texts])
        self.only_with = [
            self.reader.names.index(name) for name in of_import.part.only_with if name in self.reader.names
        ]
        self.keys = [
            place
            for place, name in enumerate(self.reader.names)
            if of_import.register.bound[name].is_key and of_import.register.bound[name].is_required
        ]
        self.has_any = len(self.only_with) == len(of_import.part.only_with)
        """Whether the file has what the register takes lines by."""
        ledger = of_import.register.ledger
        self.passes_by = ledger.passes_by(of_import.source) if ledger and ledger.passes_by else None
        self.passed_by = 0
        """How many lines are not to be kept."""
        end()
        with connection.cursor() as cursor:
            cursor.execute(
                'CREATE TEMPORARY TABLE incoming_change (sheet text, row integer, key text, kind text, "column" text,'
                f" reason text, {', '.join(f'{text} text' for text in self.texts)}, was numeric)"
            )

    def keep(self, step: Sequence[Line]) -> None:
        """Copy lines to the table."""
        lines = self.reader.read(step) if self.has_any else []
        if self.only_with:
            lines = [line for line in lines if self._is_of_the_register(line)]
        if self.passes_by is not None:
            lines = self._to_keep(lines, self.passes_by)
        if not lines:
            return
        columns: list[Iterable[str]] = [
            _copy_texts([line.sheet[:100] for line in lines]),
            [str(line.row) for line in lines],
            _copy_texts([line.key for line in lines]),
            [ChangeKind.REFUSED.value if line.reason else ChangeKind.READ.value for line in lines],
            _copy_texts([line.column for line in lines]),
            _copy_texts([line.reason for line in lines]),
            *(_copy_texts(texts) for texts in zip(*(line.texts for line in lines), strict=True)),
        ]
        text = io.StringIO("\n".join(map("\t".join, zip(*columns, strict=True))))
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY incoming_change ({self.columns}) FROM STDIN", text, 1_000_000)

    def _to_keep(
        self, lines: list[PlainLine], passes_by: Callable[[Mapping[str, str | None]], bool]
    ) -> list[PlainLine]:
        """The lines that are kept; the others are counted, and nothing of them is written anywhere."""
        names = self.reader.names
        own_lines = [line for line in lines if not passes_by(dict(zip(names, line.texts, strict=True)))]
        self.passed_by += len(lines) - len(own_lines)
        return own_lines

    def _is_of_the_register(self, line: PlainLine) -> bool:
        """Whether a line tells of a row of the register, where others may be told of in the same file."""
        is_known = bool(line.reason) or all(line.texts[place] is not None for place in self.keys)
        return is_known and all(line.texts[place] != "" for place in self.only_with)

    def tell_apart(self) -> None:
        """Number the lines that say the same and have no number of their source: the second, the third and so on."""
        register = self.reader.register
        if register.ledger is None or not register.ledger.number:
            return
        number = text_in(register.ledger.number)
        key = f" || '{KEY_JOINT}' || ".join(
            f"coalesce({text_in(column.name)}, '')" for column in register.keys
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE incoming_change AS c SET {number} = c.{number} || '+' || same.place FROM (SELECT ctid AS at,"
                f" row_number() OVER (PARTITION BY key ORDER BY sheet, row) AS place FROM incoming_change"
                f" WHERE kind <> 'refused' AND strpos({number}, %s) > 0) AS same WHERE c.ctid = same.at AND same.place > 1",
                [UNNUMBERED],
            )
            cursor.execute(
                f"UPDATE incoming_change SET key = {key} WHERE kind <> 'refused' AND strpos({number}, %s) > 0",
                [UNNUMBERED],
            )

    def analyze(self) -> None:
        """Let the planner know by what the lines are told apart."""
        register = self.reader.register
        key_columns = [text_in(column.name) for column in register.keys if column.name in self.reader.names]
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE incoming_change ({', '.join(['key', *key_columns])})")


def _copy_texts(texts: Sequence[str | None]) -> Iterable[str]:
    """Texts as COPY takes them."""
    copy_texts = [text or "" for text in texts]
    whole = "".join(copy_texts)
    if any(mark in whole for mark in "\\\t\n\r"):
        copy_texts = [text.translate(_ESCAPED) for text in copy_texts]
    if None in texts:
        return [
            r"\N" if text is None else copy_text for text, copy_text in zip(texts, copy_texts, strict=True)
        ]
    return copy_texts


_ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
