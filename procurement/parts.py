"""The parts of an order: what one department pays and gets in one delivery (pure)."""

from datetime import date
from typing import NamedTuple


class Part(NamedTuple):
    """
    A part of an order, which is attested by itself.

    An order that charges several departments has several, and so has one that is to come on several days or to several
    places. A limit is judged on all that the order asks of a department, so that parting it gains nothing.
    """

    department: int
    place: int | None
    day: date | None
