"""Which column of a register each heading of a file stands for."""

from collections.abc import Collection, Iterable, Mapping

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from registers.kinds import Joined
from registers.register import Register

LANGUAGES = ("sv", "en")


class UnclearHeadings(InvalidInput):
    """It is not clear which column each heading stands for; a person can say."""

    code = "register_unclear_headings"


class RepeatedHeadings(UnclearHeadings):
    """Two columns of the file have the same heading, or stand for the same column."""

    code = "register_repeated_headings"
    sentence = _("Filen har flera kolumner för %(names)s. Ta bort eller byt namn på dem som inte gäller.")


class MissingKey(UnclearHeadings):
    """The file does not have the columns that tell rows apart."""

    code = "register_missing_key"
    sentence = _(
        "Filen saknar %(columns)s, som behövs för att känna igen raderna. Ange vilka kolumner det är."
    )


def matched(
    register: Register,
    headings: Iterable[str],
    *,
    column_by_heading: Mapping[str, str],
    constant_columns: Collection[str] = (),
    in_full: Collection[str] = (),
) -> list[tuple[str, str]]:
    """
    Give each heading with the name of its column, or nothing where it stands for none.

    :param column_by_heading: what somebody has said of a heading, also that it stands for nothing (an empty name).
    :param constant_columns: the columns that are said of all rows.
    :param in_full: the columns that are known only by the register's name and their own.
    :raises RepeatedHeadings: two headings stand for the same column, and it is none that is put together of several.
    :raises MissingKey: a key column has no heading.
    """
    name_by_text = _names(register)
    columns: list[tuple[str, str]] = []
    for heading in headings:
        name = (
            column_by_heading[heading]
            if heading in column_by_heading
            else name_by_text.get(_folded(heading), "")
        )
        if (
            name in in_full
            and heading not in column_by_heading
            and _folded(heading) != _folded(f"{register.name}.{name}")
        ):
            name = ""
        if name and any(_is_repeated(register, heading, name, other) for other in columns):
            raise RepeatedHeadings(names=str(register.bound[name].heading))
        columns.append((heading, name))
    names = {name for _heading, name in columns}
    constant_columns = (
        {register.ledger.source, *register.ledger.completed, *constant_columns}
        if register.ledger
        else constant_columns
    )
    key_columns = [column for column in register.keys if not column.may_be_unsaid]
    missing = [
        str(column.heading) for column in key_columns if column.name not in {*names, *constant_columns}
    ]
    if missing:
        raise MissingKey(columns=", ".join(missing))
    return columns


def _is_repeated(register: Register, heading: str, name: str, other: tuple[str, str]) -> bool:
    """Whether a heading says once more what another one says."""
    is_joined = isinstance(register.bound[name].kind, Joined)
    return name == other[1] and (not is_joined or _folded(heading) == _folded(other[0]))


def _names(register: Register) -> dict[str, str]:
    """Each column by everything that it is called, in both languages."""
    names: dict[str, str] = {}
    for column in register.bound.values():
        for text in (column.name, f"{register.name}.{column.name}", *column.others):
            names[_folded(text)] = column.name
        for language in LANGUAGES:
            with translation.override(language):
                names.setdefault(_folded(str(column.heading)), column.name)
    return names


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
