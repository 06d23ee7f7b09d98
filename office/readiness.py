"""
Are we ready? Every hole that would stop an order or lead it to the wrong person (är vi redo).

Each check is a question to the registers, and answers with the rows that have the hole. An empty register is a hole too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.utils.translation import gettext as _

from office.checks import assortment, indices, labels, organisation, plans, waiting
from office.checks.check import Check
from registers.register import REGISTERS, Register

MOST_SHOWN = 20
"""So many rows of a hole are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Hole:
    """What a check found: how many rows, and the first of them; none where it is rows that are missing."""

    code: str
    register: str
    sentence: str
    count: int
    rows: Sequence[Model] = ()

    @property
    def more(self) -> int:
        """How many rows are not named."""
        return self.count - len(self.rows)


def holes_on(day: date, *, registers: Sequence[str] | None = None) -> list[Hole]:
    """
    Find every hole on a day.

    :param registers: only those that are mended in these.
    """
    found = [_empty(register) for register in NEEDED if not register.model._default_manager.exists()]
    found += [hole for check in CHECKS for hole in _found(check, day)]
    found += _missing_thresholds(day)
    return [hole for hole in found if registers is None or hole.register in registers]


def _empty(register: Register) -> Hole:
    sentence = _("Registret %(register)s är tomt.") % {"register": register.title}
    return Hole("empty", register.name, sentence, 0)


def _found(check: Check, day: date) -> list[Hole]:
    rows = check.rows(day).order_by("pk")
    count = rows.count()
    if not count:
        return []
    return [Hole(check.code, check.register, str(check.sentence), count, list(rows[:MOST_SHOWN]))]


def _missing_thresholds(day: date) -> list[Hole]:
    missing = assortment.missing_thresholds(day)
    if not missing:
        return []
    names = ", ".join(f"”{kind.label}”" for kind in missing)
    sentence = _("Registret Gränser har i dag inget värde för %(kinds)s.") % {"kinds": names}
    return [Hole("threshold_missing", "thresholds", sentence, len(missing))]


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
