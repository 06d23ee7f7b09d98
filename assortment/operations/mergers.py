"""Merge categories: what waits in assortment goes along with what procurement has there."""

from datetime import datetime

from django.db.models import Q

from assortment.events import Event
from assortment.models import Candidate, MissedSearch, Proposal, ProposalKind
from assortment.states import UNDECIDED, ProposalStatus
from audit import trail
from categories.models import Category
from core.transactions import operation
from organizations.models import User
from procurement.operations import categories


@operation
def merge_categories(*, category: Category, into: Category, by: User, at: datetime) -> Category:
    """
    Merge a category into another from today on (``procurement.operations.categories``), with its proposals, searches and candidates.

    Proposals that nobody has decided go along, as do those whose item is still to be taken in. A council that has been
    asked votes on; what has been decided keeps its category.

    :raises NotPermitted: she is not head of procurement.
    :raises InvalidInput: it is the same category, or one below it.
    :raises CategoryIsMerged: one of them has been merged already.
    """
    merged = categories.merge_categories(category=category, into=into, by=by, at=at)
    is_to_be_taken_in = Q(status=ProposalStatus.ACCEPTED, new_item=None) & ~Q(kind=ProposalKind.REMOVAL)
    waiting = Proposal.objects.filter(Q(status__in=UNDECIDED) | is_to_be_taken_in, category=category)
    moved = list(waiting.locked().order_by("pk"))
    Proposal.objects.filter(pk__in=[each.pk for each in moved]).update(category=into)
    MissedSearch.objects.open().filter(category=category).update(category=into)
    Candidate.objects.filter(category=category).update(category=into)
    trail.record_entries(
        trail.entry(Event.MOVED, subject=each, by=by, at=at, before=category.name, category=into.name)
        for each in moved
    )
    return merged
