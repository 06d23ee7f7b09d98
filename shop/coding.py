"""The coding string: find what a typed code means, or the nearest one that exists."""

from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher

from organizations.models import AccountingCode, Department, Dimension

NEAR_ENOUGH = 0.6


def department_with(cost_center: str) -> Department | None:
    """The department with this ansvar code."""
    return Department.objects.filter(cost_center=cost_center.strip()).first()


def code_with(dimension: Dimension, code: str, *, day: date) -> AccountingCode | None:
    """The code of this dimension that may be booked on that day."""
    return AccountingCode.objects.open(day).filter(dimension=dimension, code=code.strip()).first()


def nearest(text: str, codes: Iterable[str], *, own: Iterable[str] = ()) -> str | None:
    """The code most like what was typed; among equals one of the person's own, then the lowest."""
    own_codes = set(own)
    ranked = [(SequenceMatcher(None, text, code).ratio(), code in own_codes, code) for code in codes]
    close = [each for each in ranked if each[0] >= NEAR_ENOUGH]
    if not close:
        return None
    return min(close, key=lambda each: (-each[0], not each[1], each[2]))[2]
