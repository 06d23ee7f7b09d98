"""
What a column may hold: how it is read, kept, compared and written.

A value on its way into a register is *plain text*: ``2026-11-25``, ``1234.5``, ``true``, the key of what is referred to, and
nothing where there is no value. What the register holds is read as plain text too, so comparing is comparing text, and it is the
same for a form with one row and a file with sixty thousand.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Func, Model, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise

from core import units
from core.fields import FIRST_YEAR, LAST_YEAR
from core.numbers import NotANumber, TwoReadings, parse_number
from registers.cells import Cell, are_clean, text_of
from registers.days import day_in
from registers.unreadable import (
    AmbiguousNumber,
    NotAChoice,
    NotADay,
    NotAnAddress,
    NotANumberHere,
    NotYesOrNo,
    NumberOutOfRange,
    TooLong,
    UnknownUnit,
)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a source writes numbers and days, where it can be taken in two ways; empty until somebody has said."""

    decimal_sign: str = ""
    """``,`` or ``.``"""
    day_order: str = ""
    """``dmy`` or ``mdy``"""


PLAIN = Conventions()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds; text without more."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        """
        Read a value that was handed in.

        :raises Unreadable: it is not of this kind.
        """
        return text_of(cell)

    def stand(self, texts: Sequence[str]) -> bool:
        """Whether all of these are plain text as they stand; a quick look at many, which says no when in doubt."""
        return False

    def current(self, path: str) -> Combinable:
        """What the register holds, as plain text."""
        return Coalesce(Cast(F(path), TextField()), Value("", output_field=TextField()))

    def stored(self, text: str) -> str:
        """SQL that makes the stored value of SQL that is plain text."""
        return text

    def words(self, text: str) -> Sequence[str]:
        """The words of what somebody searches for, as such a column would have them."""
        return text.split()

    def ended(self, day: date) -> str:
        """What a row says from a day on when it has ended, where this is the column that tells."""
        raise TypeError(f"{type(self).__name__} does not say when a row has ended.")

    def is_open(self, text: str, day: date) -> str:
        """SQL that says whether a row is open after a day, from SQL that is the plain text of the column that tells."""
        return f"({text} = '' OR {text} > '{day.isoformat()}')"


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """Text of a length."""

    most: int | None = None

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        text = text_of(cell)
        if self.most is not None and len(text) > self.most:
            raise TooLong(most=self.most)
        return text

    def stand(self, texts: Sequence[str]) -> bool:
        is_short = self.most is None or max(map(len, texts), default=0) <= self.most
        return is_short and type(self).plain in (Text.plain, Remarks.plain) and are_clean(texts)


@dataclass(frozen=True, slots=True)
class Joined(Text):
    """Text that a file may have in several columns, which are put together in their order."""

    joint: str = " / "

    def join(self, texts: Mapping[str, str]) -> str:
        """Make one text of those in several columns, by their headings."""
        return self.joint.join(filter(None, texts.values()))


@dataclass(frozen=True, slots=True)
class Remarks(Joined):
    """
    What a later reader should know, cut where there is no more room.

    Of several columns each tells its heading, and those with a number tell nothing.
    """

    joint: str = "; "

    def join(self, texts: Mapping[str, str]) -> str:
        if len(texts) == 1:
            return "".join(texts.values())
        prefixes = tuple(f"{heading}: " for heading in texts)
        return self.joint.join(
            text if text.startswith(prefixes) else f"{heading}: {text}"
            for heading, text in texts.items()
            if text and not _NUMBER.fullmatch(text)
        )

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        return text_of(cell)[: self.most]


@dataclass(frozen=True, slots=True)
class NullableText(Text):
    """Text that is NULL when there is none, such as a unique number that not everything has."""

    def stored(self, text: str) -> str:
        return f"nullif({text}, '')"


@dataclass(frozen=True, slots=True)
class Address(Text):
    """One e-mail address; letters' case does not tell them apart."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        text = Text.plain(self, cell, conventions).lower()
        if text and not _ADDRESS.fullmatch(text):
            raise NotAnAddress(value=text)
        return text


@dataclass(frozen=True, slots=True)
class Unit(Text):
    """A unit of the table of units, written as the table writes it."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        text = Text.plain(self, cell, conventions)
        unit = units.unit_called(text) if text else None
        if text and unit is None:
            raise UnknownUnit(value=text)
        return units.canonical(text) if text else ""


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of some values, known by the value or by what people read, in either language."""

    labels: Mapping[str, str | Promise]
    is_in_order: bool = False
    """They are sorted as they stand, as days of the week are, and not by their letters."""
    meanings: Mapping[str, str | Promise] = field(default_factory=dict)
    """What each of them means, where the label does not say it all."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        text = text_of(cell)
        if not text or text in self.labels:
            return text
        for value, label in self.labels.items():
            if text.casefold() in (value.casefold(), str(label).casefold()):
                return value
        raise NotAChoice(value=_short(text), choices=", ".join(str(label) for label in self.labels.values()))


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """A number of so many digits and decimals."""

    digits: int
    places: int
    least: Decimal | None = None
    is_bare: bool = False
    """It is shown with its decimals only where it has any, as what is no amount of money."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        if cell is None or cell == "":
            return ""
        if type(cell) is str and (plainly := self._plain_number(cell, conventions)):
            return plainly
        number = self._number(cell, conventions)
        scaled = number.normalize()
        exponent = scaled.as_tuple().exponent
        has_room = number.is_finite() and isinstance(exponent, int) and -exponent <= self.places
        if (
            not has_room
            or abs(number) >= 10 ** (self.digits - self.places)
            or (self.least is not None and number < self.least)
        ):
            raise NumberOutOfRange(value=_short(text_of(cell)))
        return f"{scaled:f}" if scaled else "0"

    def _plain_number(self, cell: str, conventions: Conventions) -> str:
        """What nearly all numbers are, digits with no more than a decimal sign, or nothing where there is more to it."""
        match = (_POINTED if conventions.decimal_sign == "." else _COMMAED).fullmatch(cell)
        if match is None or (self.least is not None and self.least > 0):
            return ""
        whole, decimals = match[1], (match[2] or "").rstrip("0")
        if len(whole) > self.digits - self.places or len(decimals) > self.places:
            return ""
        return f"{whole}.{decimals}" if decimals else whole

    def _number(self, cell: Cell, conventions: Conventions) -> Decimal:
        if isinstance(cell, bool | date):
            raise NotANumberHere(value=text_of(cell))
        if isinstance(cell, int | Decimal):
            return Decimal(cell)
        if isinstance(cell, float):
            return Decimal(repr(cell)) if cell == cell and abs(cell) < 1e30 else Decimal("NaN")
        text = text_of(cell)
        language = "en" if conventions.decimal_sign == "." else "sv"
        if conventions.decimal_sign == ",":
            text = text.replace(".", "") if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", text) else text
        try:
            return parse_number(text, language=language)
        except TwoReadings as two:
            raise AmbiguousNumber(
                value=_short(text), thousands=two.thousands, decimals=two.decimals
            ) from None
        except NotANumber:
            raise NotANumberHere(value=_short(text)) from None

    def current(self, path: str) -> Combinable:
        trimmed = Func(F(path), function="trim_scale")
        return Coalesce(Cast(trimmed, TextField()), Value("", output_field=TextField()))

    def stored(self, text: str) -> str:
        return f"nullif({text}, '')::numeric"


@dataclass(frozen=True, slots=True)
class Whole(Number):
    """A whole number."""

    digits: int = 9
    places: int = 0

    def current(self, path: str) -> Combinable:
        return Kind.current(self, path)

    def stored(self, text: str) -> str:
        return f"nullif({text}, '')::bigint"


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A day."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        if cell is None or cell == "":
            return ""
        if isinstance(cell, date):
            day = cell.date() if isinstance(cell, datetime) else cell
        else:
            day = day_in(text_of(cell), order=conventions.day_order)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise NotADay(value=day.isoformat())
        return day.isoformat()

    def stored(self, text: str) -> str:
        return f"nullif({text}, '')::date"

    def ended(self, day: date) -> str:
        return day.isoformat()


@dataclass(frozen=True, slots=True)
class First(Day):
    """The first day of a period that the model keeps as a range."""

    def current(self, path: str) -> Combinable:
        first = Cast(Func(F(path), function="lower"), TextField())
        return Coalesce(first, Value("", output_field=TextField()))


@dataclass(frozen=True, slots=True)
class Last(Day):
    """The last day of a period, the day itself included; none is until further notice."""

    def current(self, path: str) -> Combinable:
        last = Cast(Func(F(path), template="(upper(%(expressions)s) - 1)"), TextField())
        return Coalesce(last, Value("", output_field=TextField()))

    def ended(self, day: date) -> str:
        return (day - timedelta(days=1)).isoformat()


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """Yes or no."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        if isinstance(cell, bool):
            return "true" if cell else "false"
        text = text_of(cell).lower()
        if text in _YES:
            return "true"
        if text in _NO:
            return "false"
        raise NotYesOrNo(value=_short(text))

    def stored(self, text: str) -> str:
        return f"({text} = 'true')"

    def ended(self, day: date) -> str:
        return "false"

    def is_open(self, text: str, day: date) -> str:
        return f"({text} = 'true')"


@dataclass(frozen=True, slots=True)
class Reference(Text):
    """The key of a row in another table, or in the same."""

    model: type[Model] = Model
    by: str = ""
    """The field that is the key."""
    among: Mapping[str, Any] = field(default_factory=dict)
    """What else is so of the rows that may be referred to."""

    def rows(self) -> QuerySet[Any]:
        """The rows that may be referred to."""
        return self.model._default_manager.filter(**self.among)

    def current(self, path: str) -> Combinable:
        return Kind.current(self, f"{path}__{self.by}")

    def stored(self, text: str) -> str:
        return f"({self.select(text)})"

    def select(self, text: str) -> str:
        """SQL that finds the id."""
        return f"SELECT referred.id FROM {self._table} referred WHERE {self._conditions('referred', text)}"

    def joined(self, alias: str, text: str) -> str:
        """SQL that joins the rows of the text by an alias."""
        return f"{self._table} AS {alias} ON {self._conditions(alias, text)}"

    @property
    def _table(self) -> str:
        return connection.ops.quote_name(self.model._meta.db_table)

    def _conditions(self, alias: str, text: str) -> str:
        meta: Any = self.model._meta
        name = connection.ops.quote_name
        conditions = [f"{alias}.{name(meta.get_field(self.by).column)} = {text}"] + [
            f"{alias}.{name(meta.get_field(field).column)} {'IS' if value is None else '='} {_literal(value)}"
            for field, value in self.among.items()
        ]
        return " AND ".join(conditions)


_ADDRESS = re.compile(r"""[a-z0-9.!#$%&'*+/=?^_`{|}~åäöéü-]+@[^\s@,;:<>()"]+\.[^\s@,;:<>()".]+""")
_YES = {"true", "ja", "yes", "1", "x", "sant"}
_NO = {"false", "nej", "no", "0", "", "falskt"}
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
_COMMAED = re.compile(r"(0|[1-9][0-9]*)(?:,([0-9]+))?")
_POINTED = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _literal(value: Any) -> str:
    """A constant of the declaration, as SQL."""
    if value is None:
        return "NULL"
    return str(value).lower() if isinstance(value, bool | int) else "'" + str(value).replace("'", "''") + "'"
