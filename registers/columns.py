"""A column of a register: what people and files call it, and where the model keeps it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.functional import Promise

from registers.clock_times import ClockTime
from registers.kinds import Address, Choice, Day, Flag, Kind, NullableText, Number, Text, Whole


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column.

    :param name: what programs call it, in the API and in files of other systems.
    :param heading: what people call it; files in Swedish and English are matched by it.
    :param field: the model's field, when it has another name.
    :param kind: what it holds, when the field does not tell.
    :param is_key: it tells rows apart, alone or with the other key columns.
    :param is_required: it may not be empty; a key may not either, unless it is told otherwise.
    :param is_opening: it is said of a new row only; what the row has later comes of what happens.
    :param others: what else files call it.
    :param is_listed: a list needs it to tell rows apart to the eye, as the size of things that have one name.
    """

    name: str
    heading: str | Promise
    field: str = ""
    kind: Kind | None = None
    is_key: bool = False
    is_required: bool | None = None
    is_opening: bool = False
    others: tuple[str, ...] = ()
    note: str | Promise = ""
    is_listed: bool = False


def kind_of(field: models.Field) -> Kind:  # type: ignore[type-arg]
    """
    What a model's field holds.

    :raises TypeError: it does not tell, as a foreign key does not say by what it is known.
    """
    match field:
        case models.EmailField():
            return Address(most=field.max_length)
        case models.CharField() if field.choices:
            return Choice(labels=dict(field.flatchoices))
        case models.CharField() | models.TextField():
            return NullableText(most=field.max_length) if field.null else Text(most=field.max_length)
        case models.DecimalField():
            return Number(digits=field.max_digits, places=field.decimal_places, least=Decimal(0))
        case models.BooleanField():
            return Flag()
        case models.IntegerField():
            return Whole(digits=9, least=Decimal(0))
        case models.DateField():
            return Day()
        case models.TimeField():
            return ClockTime()
    raise TypeError(f"{field} needs a kind of its own.")
