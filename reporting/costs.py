"""
What the purchasing organisation cost, with the days that have no registered cost named.

A registered period that is cut is counted by day. A cost is never given for a period without saying which of its days
nothing is registered for, and days without a cost never hide what is registered before them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.money import ZERO, to_amount
from reporting.models import OrganisationCost
from reporting.periods import first_and_last
from reporting.savings import PeriodAmount


@dataclass(frozen=True, slots=True)
class Hole:
    """Days without a registered cost, both ends included."""

    starts: date
    ends: date

    @property
    def days(self) -> int:
        """Count the days."""
        return (self.ends - self.starts).days + 1


@dataclass(frozen=True, slots=True)
class OrganisationCostOf:
    """Organisation cost of a period, and the days of it that have none registered."""

    of: PeriodAmount
    holes: tuple[Hole, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every day has a registered cost."""
        return not self.holes

    @property
    def covered_days(self) -> int:
        """Count the days that have a registered cost."""
        return self.of.days - sum(hole.days for hole in self.holes)


def cost(*, starts: date, ends: date) -> OrganisationCostOf:
    """Add the organisation cost from one day through another, in one query."""
    registered = OrganisationCost.objects.filter(during__overlap=(starts, ends + timedelta(days=1)))
    return _cost_of(registered.order_by("during"), starts, ends)


def _cost_of(registered: Iterable[OrganisationCost], starts: date, ends: date) -> OrganisationCostOf:
    amount, holes, uncovered = ZERO, [], starts
    for each in registered:
        first, last = first_and_last(each.during)
        part_starts, part_ends = max(first, starts), min(last, ends)
        if part_starts > uncovered:
            holes.append(Hole(uncovered, part_starts - timedelta(days=1)))
        days, all_days = (part_ends - part_starts).days + 1, (last - first).days + 1
        amount += to_amount(each.amount * days / all_days)
        uncovered = part_ends + timedelta(days=1)
    if uncovered <= ends:
        holes.append(Hole(uncovered, ends))
    is_known = [(hole.starts, hole.ends) for hole in holes] != [(starts, ends)]
    return OrganisationCostOf(PeriodAmount(amount, starts, ends, is_known), tuple(holes))


def cost_so_far(*, through: date) -> OrganisationCostOf | None:
    """
    Add all organisation cost that is registered through a day, from the first registered day on.

    None when nothing is registered up to that day.
    """
    registered = list(OrganisationCost.objects.filter(during__startswith__lte=through).order_by("during"))
    return _cost_of(registered, first_and_last(registered[0].during)[0], through) if registered else None
