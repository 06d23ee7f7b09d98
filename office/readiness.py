"""
Are we ready? Every hole that would stop an order or lead it to the wrong person (är vi redo).

Each check is a question to the registers, and answers with the rows that have the hole. An empty register is a hole too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.addresses import address_of
from core.counting import counts_of
from office.checks import assortment, indices, labels, organisation, plans, waiting
from office.checks.check import Check
from registers.listing import MOST_COUNTED
from registers.register import REGISTERS, Register, register_of

MOST_SHOWN = 20
"""So many rows of a hole are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A row with a hole, by the check that found it."""

    check: Check
    row: Model

    def __str__(self) -> str:
        return str(self.row) if self.check.about is None else f"{self.row} ({self.check.about(self.row)})"

    def address(self, *, may_write: bool) -> str:
        """
        Where the hole is mended: the page of the row, or the form of a new row that is filled in as far as it is known.

        :param may_write: whether the reader may add rows to the register; others are shown what the row is about.
        """
        thing = self.row if self.check.about is None else self.check.about(self.row)
        if self.check.is_on_its_page:
            return address_of(thing)
        if self.check.adds is not None and may_write:
            return adding(self.check.register, self.check.adds(self.row))
        kept_in = register_of(type(thing)) or REGISTERS[self.check.register]
        return reverse("registers:row", args=[kept_in.name, thing.pk])


@dataclass(frozen=True, slots=True)
class Hole:
    """What a check found: how many rows, and the first of them; none where it is rows that are missing."""

    code: str
    register: str
    sentence: str
    count: int
    rows: Sequence[Faulty] = ()
    adds: Mapping[str, str] | None = None
    """What the row says that is missing, where it is one."""

    @property
    def more(self) -> int:
        """How many rows are not named."""
        return self.count - len(self.rows)

    def address(self, *, may_write: bool) -> str:
        """Where all of it is mended: the form of the row that is missing, or the register."""
        if self.adds is not None and may_write:
            return adding(self.register, self.adds)
        return reverse("registers:rows", args=[self.register])


def adding(register: str, cells: Mapping[str, str]) -> str:
    """The address of the form of a new row, with some of it filled in."""
    return f"{reverse('registers:add', args=[register])}?{urlencode(cells)}"


def holes_on(day: date, *, registers: Sequence[str] | None = None) -> list[Hole]:
    """
    Find every hole on a day.

    :param registers: only those that are mended in these.
    """
    rows = {register.name: register.model._default_manager.order_by().values("pk") for register in NEEDED}
    row_counts = counts_of(rows, most=0)
    holes = [_empty_hole(register) for register in NEEDED if not row_counts[register.name]]
    checks = {(each.code, each.register): each for each in CHECKS}
    rows_by_check = {key: check.rows(day).order_by().values("pk") for key, check in checks.items()}
    counts = counts_of(rows_by_check, most=MOST_COUNTED)
    holes += [_hole_of(check, day, counts[key]) for key, check in checks.items() if counts[key]]
    holes += _missing_thresholds(day)
    return [hole for hole in holes if registers is None or hole.register in registers]


def _empty_hole(register: Register) -> Hole:
    sentence = _("Registret %(register)s är tomt.") % {"register": register.title}
    return Hole("empty", register.name, sentence, 0)


def _hole_of(check: Check, day: date, count: int) -> Hole:
    rows = list(check.rows(day).order_by("pk")[: 1 if check.is_nowhere else MOST_SHOWN])
    if check.is_nowhere:
        adds = check.adds(rows[0]) if check.adds and rows else None
        return Hole(check.code, check.register, str(check.sentence), 0, adds=adds)
    examples = [Faulty(check, row) for row in rows]
    return Hole(check.code, check.register, str(check.sentence), count, examples)


def _missing_thresholds(day: date) -> list[Hole]:
    missing = assortment.missing_thresholds(day)
    if not missing:
        return []
    names = ", ".join(f"”{kind.label}”" for kind in missing)
    sentence = _("Registret Gränser har i dag inget värde för %(kinds)s.") % {"kinds": names}
    adds = {"kind": missing[0].value}
    return [Hole("threshold_missing", "thresholds", sentence, len(missing), adds=adds)]


CHECKS = (
    *organisation.CHECKS,
    *plans.CHECKS,
    *assortment.CHECKS,
    *indices.CHECKS,
    *labels.CHECKS,
    *waiting.CHECKS,
)

NEEDED = tuple(
    REGISTERS[name]
    for name in (
        "authorities",
        "administrations",
        "accounting_codes",
        "departments",
        "delivery_places",
        "people",
        "roles",
        "categories",
        "posts",
        "suppliers",
        "agreements",
        "items",
        "prices",
    )
)
"""Registers without which nobody can order."""
