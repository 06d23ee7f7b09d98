"""How the rows of a question become objects: what Django works out at each asking, worked out once."""

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)
Row = Sequence[Any]


class Objects(Generic[M]):
    """
    The objects that the rows of a compiled question are.

    They are what ``ModelIterable`` gives, with two exceptions: no signal is sent for each, and what several rows are
    joined to, such as their category, is one object.
    """

    def __init__(self, compiler: Any) -> None:
        self.compiler: SQLCompiler = compiler
        self.converters = compiler.get_converters([expression for expression, *_ in compiler.select])
        self.whole = _Part(compiler.klass_info, compiler.select)
        self.computed: tuple[tuple[str, int], ...] = tuple(compiler.annotation_col_map.items())

    def of(self, rows: Iterable[Row]) -> list[M]:
        """Make an object of each row."""
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        joined: dict[Any, Any] = {}
        objects = []
        for row in rows:
            each = self.whole.of(row, joined)
            for name, place in self.computed:
                setattr(each, name, row[place])
            objects.append(each)
        return objects


class Values:
    """The rows of a compiled question that asks for values: what ``ValuesIterable`` gives, a dict for each."""

    def __init__(self, compiler: Any) -> None:
        self.compiler: SQLCompiler = compiler
        self.converters = compiler.get_converters([expression for expression, *_ in compiler.select])
        query = compiler.query
        self.names = list(query.selected or (*query.values_select, *query.annotation_select))

    def of(self, rows: Iterable[Row]) -> list[Any]:
        """Make a dict of each row."""
        if self.converters:
            rows = self.compiler.apply_converters(rows, self.converters)
        return [dict(zip(self.names, row, strict=True)) for row in rows]


def reader_of(queryset: QuerySet[Any, Any], compiler: Any) -> Objects[Any] | Values:
    """What makes of its rows what the queryset would give: objects, or dicts of the values that it asks for."""
    return Values(compiler) if queryset.query.values_select or queryset.query.selected else Objects(compiler)


class _Part:
    """The columns of one model in a row, with the parts that are joined to it."""

    def __init__(self, klass_info: dict[str, Any], select: list[Any]) -> None:
        places: list[int] = klass_info["select_fields"]
        self.model: type[Model] = klass_info["model"]
        self.names = [select[place][0].target.attname for place in places]
        self.first, self.end = places[0], places[-1] + 1
        self.key = places[self.names.index(self.model._meta.pk.attname)]
        self.is_shared = not klass_info.get("reverse", True)
        self.set_here: Any = klass_info.get("local_setter")
        self.set_there: Any = klass_info.get("remote_setter")
        self.joined = [_Part(each, select) for each in klass_info.get("related_klass_infos", [])]

    def of(self, row: Row, joined: dict[Any, Any]) -> Any:
        """Make the object; None where nothing is joined."""
        key = row[self.key]
        if key is None:
            return None
        if self.is_shared and (self, key) in joined:
            return joined[self, key]
        instance = self.model.__new__(self.model)
        instance.__dict__ = dict(zip(self.names, row[self.first : self.end], strict=True))
        state = instance._state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        if self.is_shared:
            joined[self, key] = instance
        for part in self.joined:
            other = part.of(row, joined)
            part.set_here(instance, other)
            if other is not None:
                part.set_there(other, instance)
        return instance
