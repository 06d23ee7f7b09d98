"""One question to the registers: which rows have a hole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

SOON_DAYS = 30
"""What closes within so many days is a hole already."""


@dataclass(frozen=True, slots=True)
class Check:
    """
    One question.

    :param register: the name of the register in which the hole is mended.
    :param sentence: what is wrong with each of the rows.
    :param rows: the rows that have the hole on a day.
    """

    code: str
    register: str
    sentence: str | Promise
    rows: Callable[[date], QuerySet[Any]]
