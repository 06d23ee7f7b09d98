"""
Questions that are compiled once.

Django builds a queryset and compiles it to SQL each time it is asked. For a row of forty columns that takes longer
than PostgreSQL takes to answer. What every order asks is therefore compiled at its first use, with places for its
values, and from then on only asked. PostgreSQL plans it once too, for each connection. See docs/adr/0012.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import update_wrapper
from inspect import Parameter, Signature, signature
from itertools import count
from types import NoneType, UnionType
from typing import Any, Generic, ParamSpec, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
from django.db import DEFAULT_DB_ALIAS, NotSupportedError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from core.objects import Objects, Values, reader_of
from core.transactions import PlanIsOutdated, sqlstate

P = ParamSpec("P")
R = TypeVar("R")


class CompiledOnce(Generic[P, R]):
    """
    A function that gives a queryset, asked without building the queryset again: it gives the list of its objects, or
    of the dicts that ``values`` asks for.

    The function is run once, with places instead of values, so the shape of the question must not depend on them:
    what it compares with must come as parameters, an object stands for its id, and a list is compared by ``__among``.
    Whatever else it reads, such as the clock, would be frozen.
    """

    def __init__(self, ask: Callable[P, QuerySet[Any, R]], takes: Mapping[str, Any] | None = None) -> None:
        """
        Keep the function.

        :param takes: the names of its values and their types, for one that takes them as ``**values``.
        """
        self.ask = ask
        self.takes = takes
        self.signature = signature(ask) if takes is None else _keywords(takes)
        self.is_planned_once = True
        self.reader: Objects[Any] | Values | None = None
        self.sql = ""
        self.hinted: dict[str, str | None] = {}
        self.parameters: tuple[Any, ...] = ()
        update_wrapper(self, ask)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """
        Ask with these values.

        What was prepared on the connection before a table was changed is prepared anew.

        :raises PlanIsOutdated: it was so in a transaction, which PostgreSQL has ended; ``operation`` tries it again.
        """
        reader = self.reader or self._compile()
        values = self.signature.bind(*args, **kwargs).arguments
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            try:
                cursor.execute(*self.statement(connection, values))
            except NotSupportedError as error:
                if sqlstate(error) != OUTDATED_PLAN:
                    raise
                _prepared.pop(connection.connection, None)
                if connection.in_atomic_block:
                    raise PlanIsOutdated from error
                cursor.execute(*self.statement(connection, values))
            return reader.of(cursor.fetchall())

    def asking(self, *args: P.args, **kwargs: P.kwargs) -> "Asking":
        """The question with these values, to be asked in one statement with others (``core/counting.py``)."""
        if self.reader is None:
            self._compile()
        values = self._place_values(self.signature.bind(*args, **kwargs).arguments)
        return Asking(self.sql, self._parameters_with(values))

    def statement(
        self, connection: BaseDatabaseWrapper, values: dict[str, Any]
    ) -> tuple[str, tuple[Any, ...]]:
        """
        What to execute with these values: what is prepared on the connection; all of it where a type is unknown, from
        the value and from the function's annotation, or where it is planned each time.

        Used with a cursor of the connection open, which has replaced one that the server closed since the last request.
        """
        arguments = self._place_values(values)
        types = tuple(_type_of(value) or self.hinted[name] for name, value in arguments.items())
        if None in types or not self.is_planned_once:
            return self.sql, self._parameters_with(arguments)
        prepared = _prepared.setdefault(connection.connection, {})
        statement = prepared.get((self, types))
        if statement is None:
            name = f"{self.ask.__name__.strip('_')}_{next(_numbers)}"
            self._prepare(connection, name, dict(zip(arguments, types, strict=True)))
            places = f"({', '.join(['%s'] * len(arguments))})" if arguments else ""
            statement = prepared[self, types] = f"EXECUTE {name}{places}"
        return statement, tuple(arguments.values())

    def _place_values(self, values: dict[str, Any]) -> dict[str, Any]:
        """What there are places for, an object as its id."""
        names = {each.name for each in self.parameters if isinstance(each, Place)}
        return {
            name: value.pk if isinstance(value, Model) else value
            for name, value in values.items()
            if name in names
        }

    def _parameters_with(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters, with what is given in its places."""
        return tuple(values[each.name] if isinstance(each, Place) else each for each in self.parameters)

    def _prepare(self, connection: BaseDatabaseWrapper, name: str, types: dict[str, str | None]) -> None:
        numbers = {place: f"${number}::{kind}" for number, (place, kind) in enumerate(types.items(), start=1)}
        texts = tuple(numbers[each.name] if isinstance(each, Place) else "%s" for each in self.parameters)
        constants = tuple(each for each in self.parameters if not isinstance(each, Place))
        sql = self.sql.replace("%%", "%%%%") % texts
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name} AS {sql}", constants)

    def _compile(self) -> Objects[Any] | Values:
        ask: Callable[..., QuerySet[Any, R]] = self.ask
        places = {name: Place(name) for name in self.signature.parameters}
        queryset = ask(**places)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = compiler.as_sql()
        hints = get_type_hints(ask) if self.takes is None else self.takes
        self.hinted = {name: _type_of_hint(hint) for name, hint in hints.items()}
        self.reader = reader_of(queryset, compiler)
        return self.reader


def compiled_once(ask: Callable[P, QuerySet[Any, R]]) -> CompiledOnce[P, R]:
    """Compile the queryset that this function gives once; calling it then asks, and gives a list."""
    return CompiledOnce(ask)


def planned_each_time(question: CompiledOnce[P, R]) -> CompiledOnce[P, R]:
    """Let PostgreSQL plan this question for its values, where one plan for all of them would be a worse one."""
    question.is_planned_once = False
    return question


@dataclass(frozen=True, slots=True)
class Asking:
    """A compiled question and its values; like a queryset's query it says what to execute."""

    sql: str
    parameters: tuple[Any, ...]

    def sql_with_params(self) -> tuple[str, tuple[Any, ...]]:
        """The statement, and its parameters."""
        return self.sql, self.parameters


class Place(Expression):
    """Where a value goes."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """Leave a place for the value."""
        return "%s", [self]


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup[Any]):
    """``__among``: one of a list that is one value, ``= ANY(…)``, however long."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """Compare with each."""
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*of_left, *of_right]


@ArrayField.register_lookup
class Sharing(Lookup[Any]):
    """``__sharing``: the array of ids has one of a list that is one value."""

    lookup_name = "sharing"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """Ask whether they have one in common."""
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        return f"{left} && {right}::bigint[]", [*of_left, *of_right]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """The list goes as it is."""
        return "%s", [value]


_TYPES = {
    bool: "boolean",
    int: "bigint",
    str: "text",
    Decimal: "numeric",
    date: "date",
    datetime: "timestamptz",
    UUID: "uuid",
}
OUTDATED_PLAN = "0A000"
"""PostgreSQL's code for "cached plan must not change result type"."""

_numbers = count()
"""What is prepared has a name of its own, also when an earlier one is forgotten."""
_prepared: "WeakKeyDictionary[Any, dict[Any, str]]" = WeakKeyDictionary()
"""What is prepared on each connection to the server, and how it is executed."""


def _keywords(names: Iterable[str]) -> Signature:
    return Signature([Parameter(name, Parameter.KEYWORD_ONLY) for name in names])


def _type_of(value: Any) -> str | None:
    """What PostgreSQL calls the type of a value; None when the value does not tell, as nothing and an empty list do not."""
    if isinstance(value, list):
        inner = {_TYPES.get(type(each)) for each in value}
        return f"{inner.pop()}[]" if len(inner) == 1 and None not in inner else None
    return _TYPES.get(type(value))


def _type_of_hint(hint: Any) -> str | None:
    """What PostgreSQL calls what a function says that it takes; an object is its id. None when that does not tell."""
    if isinstance(hint, UnionType):
        kinds = [each for each in get_args(hint) if each is not NoneType]
        return _type_of_hint(kinds[0]) if len(kinds) == 1 else None
    if get_origin(hint) is list:
        inner = _type_of_hint(*get_args(hint))
        return inner and f"{inner}[]"
    if isinstance(hint, type) and issubclass(hint, Model):
        return _TYPES[int]
    return _TYPES.get(hint)
