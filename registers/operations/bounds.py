"""What a number may be, as the model's constraints have it: said in a sentence that names the register's column (pure)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput
from registers.register import Register

_LOOKUPS = ("gt", "gte", "lte", "range")


class NotAbove(InvalidInput):
    """The number is to be larger."""

    code = "register_number_not_above"
    sentence = _("%(column)s ska vara större än %(least)s.")


class TooSmall(InvalidInput):
    """The number is to be as large, or larger."""

    code = "register_number_too_small"
    sentence = _("%(column)s ska vara minst %(least)s.")


class OutOfRange(InvalidInput):
    """The number is to be one of those between two others, themselves included."""

    code = "register_number_out_of_range"
    sentence = _("%(column)s ska vara mellan %(least)s och %(most)s.")


def beyond_bounds(register: Register, constraint: str) -> DomainError | None:
    """What a constraint asks of one column's number; None for one that asks for something else."""
    for each in register.model._meta.constraints:
        if isinstance(each, CheckConstraint) and each.name == constraint:
            field, bounds = _bounds(each.condition)
            names = [column.heading for column in register.columns if (column.field or column.name) == field]
            return _refusal(names[0], bounds) if names else None
    return None


def _bounds(condition: Any) -> tuple[str, Mapping[str, Any]]:
    """The field that a condition bounds, and how; nothing when it says something else, or of several."""
    limits: dict[str, Any] = {}
    fields = set()
    parts: Sequence[Any] = (
        condition.children if isinstance(condition, Q) and condition.connector == Q.AND else ()
    )
    for part in parts:
        name, _separator, lookup = part[0].rpartition("__") if isinstance(part, tuple) else ("", "", "")
        if lookup not in _LOOKUPS or not _is_number(part[1]):
            return "", {}
        fields.add(name)
        limits[lookup] = part[1]
    return (fields.pop(), limits) if len(fields) == 1 and not condition.negated else ("", {})


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) or (
        isinstance(value, tuple) and all(isinstance(each, (int, Decimal)) for each in value)
    )


def _refusal(column: Any, bounds: Mapping[str, Any]) -> DomainError | None:
    if "range" in bounds:
        least, most = bounds["range"]
        return OutOfRange(column=column, least=Decimal(least), most=Decimal(most))
    if "lte" in bounds and "gte" in bounds:
        return OutOfRange(column=column, least=Decimal(bounds["gte"]), most=Decimal(bounds["lte"]))
    if set(bounds) == {"gt"}:
        return NotAbove(column=column, least=Decimal(bounds["gt"]))
    if set(bounds) == {"gte"}:
        return TooSmall(column=column, least=Decimal(bounds["gte"]))
    return None
