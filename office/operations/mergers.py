"""Merge categories: all that the region has in one goes to another, whichever part of the program keeps it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils import timezone

from assortment.models import Candidate, CouncilSeat, MissedSearch, Proposal
from assortment.operations import mergers
from categories.models import Category
from core.transactions import operation
from organizations.models import User
from procurement.operations.categories import MergingCategories, merging_of_category
from reporting.operations.initiatives import going_along, move_initiatives


@dataclass(frozen=True, slots=True)
class MovingCategory(MergingCategories):
    """What a merger of a category moves, in numbers."""

    proposals: int
    searches: int
    members: int
    initiatives: int


def moving_of_category(category: Category, *, day: date) -> MovingCategory:
    """Say what a merger of the category would move, to be shown before it is done."""
    return MovingCategory(
        **asdict(merging_of_category(category, day=day)),
        proposals=Proposal.objects.undecided().filter(category=category).count(),
        searches=MissedSearch.objects.open().filter(category=category).count()
        + Candidate.objects.filter(category=category).count(),
        members=CouncilSeat.objects.on(day).filter(category=category).count(),
        initiatives=going_along(category, day).count(),
    )


@operation
def merge_categories(*, category: Category, into: Category, by: User | None, at: datetime) -> Category:
    """
    Merge a category into another from today on, with what procurement, assortment and reporting have there.

    :param by: None for the clock, which does what was planned by somebody who might.
    :raises NotPermitted: she is not head of procurement.
    :raises InvalidInput: it is the same category, or one below it.
    :raises CategoryIsMerged: one of them has been merged already.
    """
    merged = mergers.merge_categories(category=category, into=into, by=by, at=at)
    move_initiatives(category, into, day=timezone.localdate(at))
    return merged
