"""
Rises that somebody decides about.

A register's measure, such as a price, falls by whatever is written in it. Where it says so, it does not rise by a file alone: the
rows that raise it become proposals.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.components import Link
from organizations.models import User
from registers.models import Import


@dataclass(frozen=True, slots=True)
class Raises:
    """
    Rises of the measure that a person does not write: they are proposed, and somebody decides about them.

    What the command line hands in is written. Each of these works on all marked rows of an import at once.

    :param within: the column that says under what a rise is proposed; a row that leaves it empty is written.
    :param refuse: refuses the rows that may not rise or are not hers to propose, and tells what the others come to in a year.
    :param differing: how many rows rise that are not marked, or are marked and do not rise, as the register is now.
    :param propose: makes the proposals, in the transaction that writes the other rows.
    :param take_back: withdraws them, as long as none is approved.
    :param links: the proposals that came of an import.
    """

    within: str
    refuse: Callable[[Import, User | None, datetime], None]
    differing: Callable[[Import, datetime], int]
    propose: Callable[[Import, User, datetime], None]
    take_back: Callable[[Import, User | None, datetime], None]
    links: Callable[[Import], Sequence[Link]]
