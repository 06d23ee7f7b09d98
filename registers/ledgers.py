"""
Registers of facts: what has happened elsewhere, and is told by files.

A file adds rows. They are never changed nor ended, and go only when their file is taken back. Each row is known by the *source*
(källa), the system that it comes from, and by the number that it has there.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput
from registers.kinds import PLAIN, Conventions

if TYPE_CHECKING:
    from registers.models import Import
    from registers.reading.lines import Line, Overview

UNNUMBERED = "~"
"""Stands in the number of a row that its source has given none: what follows is made of what the row says."""


class SourceMissing(InvalidInput):
    """It is not said which system the file comes from."""

    code = "register_source_missing"
    sentence = _("Ange vilket system filen kommer från.")


class SourceUnknownHere(InvalidInput):
    """The register has no sources."""

    code = "register_without_sources"
    sentence = _("Registret skiljer inte på vilket system en fil kommer från.")


class RowsPassedBy(InvalidInput):
    """Rows of the file are not to be kept."""

    code = "register_rows_passed_by"
    sentence = _("Antal rader som inte lästes, för att de är av slag som inte tas in: %(rows)s.")


class ToldOtherwise(InvalidInput):
    """The row came in before, and said something else."""

    code = "register_told_otherwise"
    sentence = _("Raden finns redan, men med andra uppgifter.")


@dataclass(frozen=True, slots=True)
class Layout:
    """
    How the files of a known system look.

    :param title: what people call the system.
    :param headings: which column each heading stands for, where its name does not tell; several may make one column together.
    :param constants: what holds of every row, in columns that the files do not have; plain text.
    :param conventions: how it writes what can be read in two ways.
    """

    title: str | Promise
    headings: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    conventions: Conventions = PLAIN


@dataclass(frozen=True, slots=True)
class Ledger:
    """
    What a register of facts says beside its columns.

    :param source: the column with the system that a row comes from.
    :param day: the column with the day on which it happened; lists show the latest first, for which there is an index.
    :param of_import: the field that refers to the import that brought a row in.
    :param row: the field with the number of the row in its file.
    :param layouts: the known systems, by source.
    :param complete: fills in what follows of a row's own values; raises `Refused` for one that cannot be used.
    :param completed: the columns that it sees to have a value, whatever the file has.
    :param built_on: why an import cannot be taken back any more: what has been built on its rows.
    :param number: the column with the row's number, where `complete` makes one for a row that has none (`UNNUMBERED`): rows that
        say the same are then told apart by how many came before, and a file that comes again tells nothing new.
    :param of_sie: how a SIE file is read, where it is not for the codes of the coding string.
    :param passes_by: which rows of a source are not kept at all, by their plain text; asked once for a file.
    """

    source: str
    day: str
    of_import: str
    row: str
    layouts: Mapping[str, Layout]
    complete: Callable[[dict[str, str]], None]
    completed: Sequence[str]
    built_on: "Callable[[Import], DomainError | None]"
    number: str = ""
    of_sie: "Callable[[BinaryIO, Overview], Generator[Line, None, None]] | None" = None
    passes_by: Callable[[str], Callable[[Mapping[str, str | None]], bool]] | None = None

    def layout(self, source: str) -> Layout:
        """How a source's files look; one that is not known says nothing."""
        return self.layouts.get(source, _UNKNOWN)

    def constants(self, source: str) -> Mapping[str, str]:
        """What holds of every row of a file from the source."""
        return {self.source: source, **self.layout(source).constants}


class Refused(Exception):
    """The values of a row do not make a whole; ``column`` is where it is seen."""

    def __init__(self, column: str, refusal: InvalidInput) -> None:
        self.column, self.refusal = column, refusal
        super().__init__(column)


_UNKNOWN = Layout("")
