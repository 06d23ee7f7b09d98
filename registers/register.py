"""The declaration of a register, and the register itself: a model, its columns, who may see and change it, and its rules."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Model, Q, QuerySet, TextChoices, TextField, Value
from django.db.models.functions import Concat, JSONObject
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.components import Link
from core.errors import DomainError, WrongState
from core.verdicts import Verdict, refused
from registers.cells import Cell
from registers.columns import Column, kind_of
from registers.kinds import PLAIN, Conventions, First, Kind, Reference

if TYPE_CHECKING:
    from organizations.models import User
    from registers.ledgers import Ledger
    from registers.raises import Raises

KEY_JOINT = "\x1f"
"""What stands between the parts of a key of several columns; no text that is let in holds it."""


class Group(TextChoices):
    """What a register is about, in the order of the page that lists them."""

    ORGANISATION = "organisation", _("Organisation")
    PEOPLE = "people", _("Personer")
    CATEGORIES = "categories", _("Kategorier")
    AGREEMENTS = "agreements", _("Leverantörer och avtal")
    ASSORTMENT = "assortment", _("Sortiment")
    MONEY = "money", _("Pengar")
    GOVERNANCE = "governance", _("Styrning")


class WrittenByFiles(WrongState):
    """What has happened comes in files, and is not written nor changed by hand."""

    code = "register_written_by_files"
    sentence = _("Raderna är vad som har hänt. De kommer ur filer, och ändras inte för hand.")


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    A change that somebody is about to make of one row.

    ``before`` and ``after`` are the whole row as plain text by column; before a new row and after one that is taken
    away there is nothing.
    """

    row_id: int | None
    before: Mapping[str, str]
    after: Mapping[str, str]
    by: "User"
    at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """
    What must hold of every row, beside what the database itself holds.

    :param holds: the condition, asked of the rows when they are written; of the day when it depends on it.
    :param refusal: why a row for which it does not hold is refused.
    :param column: the column that a person would change.
    :param is_kept: a change may not break it, and one that does not touch what was broken before is let through.
    """

    holds: Q | Callable[[date], Q]
    refusal: type[DomainError]
    column: str = ""
    is_kept: bool = False

    def on(self, day: date) -> Q:
        """The condition on a day."""
        return self.holds if isinstance(self.holds, Q) else self.holds(day)


@dataclass(frozen=True, slots=True)
class Settled:
    """
    What has been decided elsewhere of a row, and is therefore not written here.

    :param when: the condition, asked of the rows as they stand before they are written; of the day when it depends on it.
    :param refusal: why they are not written then.
    :param columns: those that stay as they are; none for the whole row, which is then neither added nor taken away.
    """

    when: Q | Callable[[date], Q]
    refusal: type[DomainError]
    columns: Collection[str] = ()

    def on(self, day: date) -> Q:
        """The condition on a day."""
        return self.when if isinstance(self.when, Q) else self.when(day)


@dataclass(frozen=True, slots=True)
class Moves:
    """
    A column whose value is the state of a life cycle: it changes as a table of transitions lets it.

    :param refusal: why it may not change from one value to another.
    """

    column: str
    transitions: Mapping[Any, Collection[Any]]
    refusal: Callable[[str, str], DomainError]

    @property
    def pairs(self) -> list[str]:
        """What it may change from and to, each pair as one text."""
        return [f"{before} {after}" for before, targets in self.transitions.items() for after in targets]


@dataclass(frozen=True, slots=True)
class Measure:
    """
    The number whose rises and falls a difference tells, such as a price.

    :param column: it stands there.
    :param of: the column that says what it is of.
    :param yearly: how much of that there is in a year, by its key, where it is known.
    """

    column: str
    of: str
    yearly: Callable[[], QuerySet[Any, tuple[str, Any]]]


class FilePreview(Protocol):
    """What it moves that a file ends rows, or opens them again when it is taken back, in sentences."""

    def __call__(self, ids: Sequence[int], at: datetime, *, is_taken_back: bool) -> Sequence[str | Promise]:
        """Say it of the rows with these ids."""


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """A column of a register, with what the model told of it."""

    name: str
    heading: str | Promise
    field: str
    kind: Kind
    is_key: bool
    is_required: bool
    is_opening: bool
    others: tuple[str, ...]
    note: str | Promise
    is_listed: bool
    may_be_unsaid: bool
    """A key that says the same of a row when it is not said."""
    default: str
    """What a row says when nothing else is said, as plain text."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        """
        Read a value that was handed in; nothing is what the column says by default.

        :raises Unreadable: it is not of the column's kind.
        """
        return self.kind.plain(cell, conventions) or self.default


@dataclass(frozen=True, kw_only=True)
class Register:
    """
    A register.

    :param name: in addresses, files and the API.
    :param title: what people call it, many.
    :param one: what they call one row, in the middle of a sentence.
    :param by: the key of what each foreign key refers to, by field.
    :param may_change: whether a person may write in it at all; ``reach`` narrows it to rows.
    :param reach: the rows that the person may write on a day; all when there is none.
    :param ends: the column that says when a row has ended; without one, rows that nothing refers to can be taken away.
    :param is_of_periods: the same thing has a row for each period, and a new one ends the one before it.
    :param settled: what has been decided of rows by acts of their own, which is not written over here.
    :param moves: the column that follows a life cycle, and its table.
    :param together: the column whose rows stand or fall together, since the database asks about all of them at once.
    :param constants: what new rows have in fields without a column.
    :param sentences: why a constraint refuses, by its name.
    :param tried_in_place: the changes of which triggers of the database ask more than a copy of the table can tell
        (`registers.operations.rehearsing`); empty for all of them.
    :param settle: what follows when rows have been written, in the same transaction.
    :param preview: what a change of a row would move, in sentences, to be confirmed before it is made.
    :param preview_file: likewise, what moves when a file ends these rows, or is taken back and opens them again.
    :param actions: what else a person may do with a row, on pages of the room that declares the register.
    :param links: what else a person may do with the register as a whole, likewise.
    :param notes: what is to come for a row, or what has become of it, in sentences on its page.
    :param acts: what else in the trail a row's page tells: acts that have changed what it says by other ways than the register.
    :param is_kept: rows are never taken away: they end, or say that they were taken back.
    :param is_ended_by_action: one of them ends a row, so that its page offers no other way.
    :param ledger: its rows are facts that come in files, and are never changed.
    :param group: what it is about.
    :param measure: the number whose rises and falls a difference tells.
    :param raises: the rises that are proposed, where others are written.
    :param searched: the columns that its search looks in.
    :param filtered: the columns that it can be narrowed by.
    """

    name: str
    title: str | Promise
    one: str | Promise
    model: type[Model]
    columns: Sequence[Column]
    may_see: Callable[["User", datetime], Verdict]
    may_change: Callable[["User", datetime], Verdict]
    reach: Callable[["User", date], Q] | None = None
    ends: str = ""
    is_of_periods: bool = False
    rules: Sequence[Rule] = ()
    settled: Sequence[Settled] = ()
    moves: Moves | None = None
    together: str = ""
    constants: Mapping[str, Callable[[], Any]] = field(default_factory=dict)
    sentences: Mapping[str, type[DomainError]] = field(default_factory=dict)
    tried_in_place: Q | None = None
    settle: Callable[["User | None", datetime], None] | None = None
    preview: Callable[[Proposal], Sequence[str | Promise]] | None = None
    preview_file: "FilePreview | None" = None
    actions: Callable[["User", Model, datetime], Sequence[Link]] | None = None
    links: Callable[["User", datetime], Sequence[Link]] | None = None
    notes: Callable[[Model, date], Sequence[Link]] | None = None
    acts: Collection[TextChoices] = ()
    is_kept: bool = False
    is_ended_by_action: bool = False
    ledger: "Ledger | None" = None
    group: Group = Group.ORGANISATION
    measure: Measure | None = None
    raises: "Raises | None" = None
    searched: Sequence[str] = ()
    filtered: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.name in REGISTERS:
            raise ValueError(f"There are two registers called {self.name}.")
        REGISTERS[self.name] = self

    def __str__(self) -> str:
        return str(self.title)

    @cached_property
    def bound(self) -> Mapping[str, BoundColumn]:
        """The columns by name, in their order."""
        return {column.name: self._bind(column) for column in self.columns}

    @cached_property
    def keys(self) -> Sequence[BoundColumn]:
        """The columns that tell rows apart."""
        return [column for column in self.bound.values() if column.is_key]

    @cached_property
    def unsaid(self) -> Mapping[str, str]:
        """What a row says in the keys that it does not name."""
        return {column.name: column.default for column in self.keys if column.may_be_unsaid}

    @cached_property
    def first(self) -> BoundColumn | None:
        """The column with the first day of a row's period, in a register of periods."""
        columns = (column for column in self.bound.values() if isinstance(column.kind, First))
        return next(columns, None) if self.is_of_periods else None

    @cached_property
    def opening(self) -> frozenset[str]:
        """The columns that are said of new rows only."""
        return frozenset(column.name for column in self.bound.values() if column.is_opening)

    def may_see_imports(self, user: "User", at: datetime) -> Verdict:
        """Whether a person sees what was handed in: those who may write; those of facts, whoever sees the facts."""
        return self.may_see(user, at) if self.ledger else self.may_change(user, at)

    def may_write_rows(self, user: "User", at: datetime) -> Verdict:
        """Whether a person may write rows by hand, at all."""
        return refused(WrittenByFiles()) if self.ledger else self.may_change(user, at)

    @property
    def ending(self) -> str:
        """What happens to a row that a complete file does not have: it ends, or is taken away where rows do not end."""
        return "ended" if self.ends else "removed"

    @cached_property
    def references(self) -> Sequence[tuple[BoundColumn, Reference]]:
        """The columns that refer to rows elsewhere, or in the register itself, each with what it refers to."""
        kinds = [(column, column.kind) for column in self.bound.values()]
        return [(column, kind) for column, kind in kinds if isinstance(kind, Reference)]

    @cached_property
    def parents(self) -> Sequence[tuple[BoundColumn, Reference]]:
        """Those that refer to rows of the register itself."""
        return [(column, kind) for column, kind in self.references if kind.model is self.model]

    def known_by(self, names: Collection[str]) -> Sequence[BoundColumn]:
        """
        The columns by which a row is known to somebody who names these columns.

        A period is known by its first day. Who does not name it means the one that is, or the next.
        """
        return [*self.keys, self.first] if self.first and self.first.name in names else self.keys

    def key_of(self, values: Mapping[str, str]) -> str:
        """The key of a row, from its plain text."""
        return KEY_JOINT.join(values.get(column.name, "") for column in self.known_by(values))

    def rows(self, names: Collection[str] = ()) -> QuerySet[Any, tuple[int, str, dict[str, str]]]:
        """
        What the register holds: id, key, and plain text by column.

        :param names: the columns that are named, which decide what the key is.
        """
        values = {column.name: column.kind.current(column.field) for column in self.bound.values()}
        manager: Any = self.model._default_manager
        rows: QuerySet[Any, tuple[int, str, dict[str, str]]] = manager.annotate(
            row_key=self._key(names), row_values=JSONObject(**values)
        ).values_list("pk", "row_key", "row_values")
        return rows

    def with_text(self) -> QuerySet[Any]:
        """The rows as objects, with ``column_<name>`` as plain text for each column, to search, sort and show by."""
        queryset: QuerySet[Any] = self.model._default_manager.all()
        rows: QuerySet[Any] = queryset.annotate(
            **{f"column_{column.name}": column.kind.current(column.field) for column in self.bound.values()}
        )
        return rows

    def _key(self, names: Collection[str]) -> Any:
        joint = Value(KEY_JOINT, output_field=TextField())
        first, *others = (column.kind.current(column.field) for column in self.known_by(names))
        parts = [part for other in others for part in (joint, other)]
        return Concat(first, *parts, output_field=TextField()) if parts else first

    def _bind(self, column: Column) -> BoundColumn:
        name = column.field or column.name
        kind = column.kind
        field: Any = self.model._meta.get_field(name)
        if kind is None:
            kind = kind_of(field)
        elif isinstance(kind, Reference) and kind.model is Model:
            kind = replace(kind, model=field.related_model)
        return BoundColumn(
            name=column.name,
            heading=column.heading,
            field=name,
            kind=kind,
            is_key=column.is_key,
            is_required=column.is_key if column.is_required is None else column.is_required,
            is_opening=column.is_opening,
            others=column.others,
            note=column.note,
            is_listed=column.is_listed,
            may_be_unsaid=column.is_key and column.is_required is False and field.has_default(),
            default=kind.plain(_default(field), Conventions(decimal_sign=".")),
        )


def _default(field: Any) -> str:
    if not field.has_default() or callable(field.default) or field.default is None:
        return ""
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


REGISTERS: dict[str, Register] = {}
"""Every register by its name, in the order in which they are declared."""


def register_of(model: type[Model]) -> Register | None:
    """The register that keeps a model's rows."""
    return next((register for register in REGISTERS.values() if register.model is model), None)
