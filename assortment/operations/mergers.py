"""Merge categories: what waits in assortment goes along with what procurement has there."""

from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assortment.events import Event
from assortment.models import Candidate, CouncilSeat, MissedSearch, Proposal, ProposalKind
from assortment.states import UNDECIDED, ProposalStatus
from audit import trail
from categories.models import Category
from core.bulk import insert_rows, update_rows
from core.transactions import operation
from organizations.models import User
from procurement.operations import categories


@operation
def merge_categories(*, category: Category, into: Category, by: User, at: datetime) -> Category:
    """
    Merge a category into another from today on (``procurement.operations.categories``), with its proposals, searches and candidates.

    Proposals that nobody has decided go along, as do those whose item is still to be taken in. A council that has been
    asked votes on, in the category that goes on, where its members take their seats; what has been decided keeps its category.

    :raises NotPermitted: she is not head of procurement.
    :raises InvalidInput: it is the same category, or one below it.
    :raises CategoryIsMerged: one of them has been merged already.
    """
    merged = categories.merge_categories(category=category, into=into, by=by, at=at)
    is_to_be_taken_in = Q(status=ProposalStatus.ACCEPTED, new_item=None) & ~Q(kind=ProposalKind.REMOVAL)
    waiting = Proposal.objects.filter(Q(status__in=UNDECIDED) | is_to_be_taken_in, category=category)
    moved = list(waiting.locked().order_by("pk"))
    Proposal.objects.filter(pk__in=[each.pk for each in moved]).update(category=into)
    _move_council(category, into=into, day=timezone.localdate(at))
    MissedSearch.objects.open().filter(category=category).update(category=into)
    Candidate.objects.filter(category=category).update(category=into)
    trail.record_entries(
        trail.entry(Event.MOVED, subject=each, by=by, at=at, before=category.name, category=into.name)
        for each in moved
    )
    return merged


def _move_council(category: Category, *, into: Category, day: date) -> None:
    """Let those who sit in the council from that day on sit in the other, unless they do already, with what it votes on."""
    sits_there = CouncilSeat.objects.filter(
        category=into, user=OuterRef("user"), valid_during__overlap=OuterRef("valid_during")
    )
    held = CouncilSeat.objects.filter(category=category, valid_during__overlap=DateRange(day, None))
    seats = list(held.annotate(sits_there=Exists(sits_there)).order_by("pk"))
    moved, ended = [], []
    for seat in seats:
        first, last = seat.valid_during.lower, seat.valid_during.upper
        if not seat.sits_there:
            begins = day if first is None else max(first, day)
            moved.append(
                CouncilSeat(category=into, user_id=seat.user_id, valid_during=DateRange(begins, last))
            )
        if first is None or first < day:
            seat.valid_during = DateRange(first, day)
            ended.append(seat)
    update_rows(ended, ["valid_during"])
    held.delete()
    insert_rows(moved)
    Proposal.objects.filter(status__in=UNDECIDED, council=category).update(council=into)
