"""Merge categories: what waits in assortment goes along with what procurement has there."""

from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assortment.answering import council_of
from assortment.events import Event
from assortment.models import Candidate, CouncilSeat, MissedSearch, Proposal, ProposalKind
from assortment.notices import COUNCIL
from assortment.operations.answers import put_facts
from assortment.states import UNDECIDED, ProposalStatus
from audit import trail
from categories.models import Category
from core.addresses import place
from core.transactions import operation
from notices.operations.telling import News, tell
from organizations.models import User
from procurement.operations import categories
from procurement.operations.categories import end_before, not_over


@operation
def merge_categories(*, category: Category, into: Category, by: User | None, at: datetime) -> Category:
    """
    Merge a category into another from today on (``procurement.operations.categories``), with its proposals, searches,
    candidates and council.

    Proposals that nobody has decided go along, as do those whose item is still to be taken in. Whoever sits in its council gets a seat
    in the one that votes on what is bought there from now on, and what has been put to the vote is put to that one. What has
    been decided keeps its category.

    :param by: None for what was planned by somebody who might.
    :raises NotPermitted: she is not head of procurement.
    :raises InvalidInput: it is the same category, or one below it.
    :raises CategoryIsMerged: one of them has been merged already.
    """
    merged = categories.merge_categories(category=category, into=into, by=by, at=at)
    _move_council(category, into, by, at)
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


def _move_council(category: Category, into: Category, by: User | None, at: datetime) -> None:
    """Give its members seats where there is a council, there or above, for the days that they have none; theirs here end."""
    day = timezone.localdate(at)
    seats = not_over(CouncilSeat.objects.filter(category=category), day)
    if not seats.exists():
        return
    voting = council_of(into, day)
    council, members = voting if voting else (into, [])
    there = CouncilSeat.objects.filter(
        category=council, user=OuterRef("user"), valid_during__overlap=OuterRef("valid_during")
    )
    CouncilSeat.objects.bulk_create(
        CouncilSeat(
            category=council,
            user_id=seat.user_id,
            valid_during=DateRange(max(seat.valid_during.lower or day, day), seat.valid_during.upper),
        )
        for seat in seats.filter(~Exists(there)).order_by("pk")
    )
    put = list(Proposal.objects.filter(council=category, status=ProposalStatus.ASSESSED).order_by("pk"))
    Proposal.objects.filter(pk__in=[each.pk for each in put]).update(council=council)
    sat = set(seats.values_list("user", flat=True))
    end_before(seats, day)
    tell(
        [
            News(member.pk, COUNCIL, place("proposal", each.pk), put_facts(each))
            for each in put
            for member in members
            if member.pk not in sat and member.pk != each.proposer_id
        ],
        by=by,
        at=at,
    )
