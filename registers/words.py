"""Rows of a register as people read them: names beside keys, choices by their labels, numbers with their decimals."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import reader
from registers.clock_times import ClockTime
from registers.kinds import Choice, Day, First, Flag, Last, Number, Reference, Text, Whole
from registers.listing import MOST_COUNTED
from registers.months import Month
from registers.register import BoundColumn, Register, register_of

QUANTITY_PLACES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """What a column of a row says; ``key`` is what stands beside it, a key or a meaning, ``url`` the page of what it refers to."""

    column: BoundColumn
    text: str
    key: str = ""
    url: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return is_number(self.column)

    @property
    def is_unbroken(self) -> bool:
        """Whether it stands on one line."""
        return isinstance(self.column.kind, Day)

    def __str__(self) -> str:
        return f"{self.text} ({self.key})" if self.key else self.text


def is_number(column: BoundColumn) -> bool:
    """Whether a column holds numbers."""
    return isinstance(column.kind, Number)


def as_read(column: BoundColumn, text: str) -> str:
    """Write plain text as people read it."""
    kind = column.kind
    if isinstance(kind, Flag):
        return _("Ja") if text == "true" else _("Nej")
    if isinstance(kind, Last) and not text:
        return pgettext("register", "Tills vidare")
    if not text:
        return ""
    if isinstance(kind, Choice):
        return str(kind.labels.get(text, text))
    if isinstance(kind, Whole):
        return reader.number(Decimal(text))
    if isinstance(kind, Number):
        number = Decimal(text)
        is_bare = kind.is_bare or kind.places == QUANTITY_PLACES
        return reader.quantity(number) if is_bare else reader.unit_price(number)
    return text.replace(":", ".") if isinstance(kind, ClockTime) else text


def plain_of(row: Any, column: BoundColumn) -> str:
    """What ``Register.with_text`` says of a column."""
    text: str = getattr(row, f"column_{column.name}")
    return text


def cell_text(row: Any, column: BoundColumn) -> Shown:
    """What a column of a row says; what it refers to comes with the row."""
    text = plain_of(row, column)
    if isinstance(column.kind, Choice):
        return Shown(column, as_read(column, text), key=str(column.kind.meanings.get(text, "")))
    if not isinstance(column.kind, Reference) or not text:
        return Shown(column, as_read(column, text))
    referred = getattr(row, column.field)
    name, target = str(referred), register_of(column.kind.model)
    url = reverse("registers:row", args=[target.name, referred.pk]) if target else ""
    if "@" in text:
        return Shown(column, name, key=text, url=url)
    return Shown(column, name if text in name else f"{text} {name}", url=url)


def label_of(register: Register, row: Any) -> str:
    """What a row is called: its key, and its name where it has one."""
    if any(isinstance(column.kind, Reference) for column in register.keys):
        parts = (cell_text(row, column).text for column in register.keys)
        return " · ".join(part for part in parts if part)
    if any(isinstance(column.kind, First) for column in register.keys):
        return " ".join(plain_of(row, column) for column in register.keys)
    name = str(row)
    keys = [as_read(column, plain_of(row, column)) for column in register.keys]
    return " ".join([*(key for key in keys if key and key not in name and "@" not in key), name])


def allowed(column: BoundColumn) -> str:
    """Say what a column may hold, for whoever fills in a file."""
    kind = column.kind
    if isinstance(kind, Flag):
        return _("Ja eller nej.")
    if isinstance(kind, Choice):
        return _("Något av %(choices)s.") % {"choices": ", ".join(map(str, kind.labels.values()))}
    if isinstance(kind, Reference):
        target = register_of(kind.model)
        key = (
            next((each.heading for each in target.bound.values() if each.field == kind.by), "")
            if target
            else ""
        )
        return (
            _("%(key)s ur registret %(register)s.") % {"key": key, "register": target.title} if target else ""
        )
    if isinstance(kind, Whole):
        return _("Ett heltal.")
    if isinstance(kind, Number):
        return _("Ett tal med högst %(places)s decimaler.") % {"places": kind.places}
    if isinstance(kind, Last):
        return _("Sista dagen, som 2026-11-25. Tomt är tills vidare.")
    if isinstance(kind, Day):
        return _("Ett datum som 2026-11-25.")
    if isinstance(kind, Month):
        return _("En månad som 2026-11.")
    if isinstance(kind, ClockTime):
        return _("Ett klockslag som 15.00.")
    if isinstance(kind, Text) and kind.most:
        return _("Text, högst %(most)s tecken.") % {"most": kind.most}
    return _("Text.")


def meanings(column: BoundColumn) -> list[tuple[str, str]]:
    """What each of the choices of a column means, where there is more to say of it than its label."""
    kind = column.kind
    if not isinstance(kind, Choice):
        return []
    return [(str(kind.labels[value]), str(meaning)) for value, meaning in kind.meanings.items()]


def requirement(column: BoundColumn) -> str:
    """Say whether a column must be filled in, and whether it is what tells rows apart."""
    if column.is_key:
        return _("Nyckel")
    if column.is_required:
        return _("Behövs")
    return _("Bara för nya rader") if column.is_opening else _("Frivillig")


def count_in_words(count: int) -> str:
    """Write a count that stopped."""
    if count > MOST_COUNTED:
        return _("Över %(count)s") % {"count": reader.number(MOST_COUNTED)}
    return reader.number(count)
