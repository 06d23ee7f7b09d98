"""One question to the registers: which rows have a hole, and where it is mended."""

from collections.abc import Callable, Mapping
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
    :param adds: what a new row of the register says that mends the hole of a row; None where what is there is changed.
    :param about: what is changed, where it is not the row itself.
    :param is_on_its_page: it is mended on the row's own page, and not in a register.
    :param is_nowhere: the rows tell only that something is nowhere, and are not named.
    """

    code: str
    register: str
    sentence: str | Promise
    rows: Callable[[date], QuerySet[Any]]
    adds: Callable[[Any], Mapping[str, str]] | None = None
    about: Callable[[Any], Any] | None = None
    is_on_its_page: bool = False
    is_nowhere: bool = False
