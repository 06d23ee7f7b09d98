"""Merge categories: what waits in assortment goes along with what procurement has there."""

from datetime import datetime

from django.db import connection
from django.db.models import Q
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

_SEATS = """
INSERT INTO assortment_councilseat (category_id, user_id, valid_during)
SELECT %(council)s, seat.user_id, days
FROM assortment_councilseat AS seat
CROSS JOIN LATERAL unnest(
    datemultirange(seat.valid_during * daterange(%(day)s, NULL)) - coalesce((
        SELECT range_agg(there.valid_during) FROM assortment_councilseat AS there
        WHERE there.category_id = %(council)s AND there.user_id = seat.user_id), '{}')
) AS days
WHERE seat.category_id = %(category)s
"""
"""The days from today on that members have a seat in the one council and none in the other."""


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
    proposals = list(waiting.locked().order_by("pk"))
    Proposal.objects.filter(pk__in=[each.pk for each in proposals]).update(category=into)
    MissedSearch.objects.open().filter(category=category).update(category=into)
    Candidate.objects.filter(category=category).update(category=into)
    trail.record_entries(
        trail.entry(Event.MOVED, subject=each, by=by, at=at, before=category.name, category=into.name)
        for each in proposals
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
    with connection.cursor() as cursor:
        cursor.execute(_SEATS, {"category": category.pk, "council": council.pk, "day": day})
    proposals = list(Proposal.objects.at_council().filter(council=category).order_by("pk"))
    Proposal.objects.filter(pk__in=[each.pk for each in proposals]).update(council=council)
    sat = set(seats.values_list("user", flat=True))
    end_before(seats, day)
    tell(
        [
            News(member.pk, COUNCIL, place("proposal", each.pk), put_facts(each))
            for each in proposals
            for member in members
            if member.pk not in sat and member.pk != each.proposer_id
        ],
        by=by,
        at=at,
    )
