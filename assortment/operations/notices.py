"""What people were told of proposals goes away when it has its answer, inside the operation that gives it."""

from datetime import datetime

from django.utils import timezone

from assortment.answering import waiting_for
from assortment.models import Proposal
from assortment.notices import COUNCIL, PROPOSAL_NEWS, PROPOSALS_OVERDUE, PROPOSALS_WAITING
from core.addresses import place
from notices.models import Notice
from notices.operations.putting_away import put_away
from organizations.models import User


def put_away_voted(proposal: Proposal, *, by: User, at: datetime) -> None:
    """Whoever has voted is asked for her vote no more."""
    put_away([COUNCIL], addresses=[place("proposal", proposal.pk)], recipients=[by.pk], at=at)


def put_away_answered(proposal: Proposal, *, at: datetime) -> None:
    """What was told of a proposal that is decided or taken back, to the council and to whoever answers."""
    put_away([COUNCIL, PROPOSAL_NEWS], addresses=[place("proposal", proposal.pk)], at=at)
    put_away_nothing_left(at=at)


def put_away_nothing_left(*, at: datetime) -> None:
    """That proposals wait, for those for whom none does any more, and that their days have passed when no such day is left."""
    day = timezone.localdate(at)
    proposals = [place("proposals")]
    notices = Notice.objects.unread().filter(
        kind__in=[PROPOSALS_WAITING.name, PROPOSALS_OVERDUE.name], address__in=proposals
    )
    people = User.objects.filter(pk__in=notices.values("recipient")).order_by("pk")
    idle, on_time = [], []
    is_any_late = Proposal.objects.with_manager().filter(response_due_date__lt=day).exists()
    for person in people:
        waiting = waiting_for(person, day)
        if not waiting:
            idle.append(person.pk)
        if not is_any_late or (waiting and all(each.response_due_date >= day for each in waiting)):
            on_time.append(person.pk)
    put_away([PROPOSALS_WAITING], addresses=proposals, recipients=idle, at=at)
    put_away([PROPOSALS_OVERDUE], addresses=proposals, recipients=on_time, at=at)
