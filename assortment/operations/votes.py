"""A member of the council votes, changes her vote, or says that she has an interest of her own."""

from datetime import datetime

from django.utils import timezone

from assortment import permissions
from assortment.answering import route_of
from assortment.events import Event
from assortment.models import Proposal, Stance, Vote
from assortment.notices import PROPOSAL_NEWS
from assortment.operations.answers import members_to_vote
from assortment.operations.notices import put_away_voted
from audit import trail
from core.addresses import place
from core.transactions import operation
from core.verdicts import require
from notices.operations.telling import News, tell
from organizations.models import User


@operation
def vote(*, proposal: Proposal, stance: str, note: str, by: User, at: datetime) -> Vote:
    """
    Vote for or against, abstain, or declare a conflict of interest, after which there is no voting any more.

    The vote may be changed until the proposal is decided; every time is kept. Whoever answers is told when all have voted.

    :raises NotPermitted: she does not sit in the council, proposed it, decides it, or is in conflict.
    :raises VoteIsClosed: it is not put to the vote, or its last day has passed.
    """
    proposal = Proposal.objects.locked().select_related("proposer", "category").get(pk=proposal.pk)
    require(permissions.can_vote(by, proposal, at=at))
    cast, _made = Vote.objects.update_or_create(
        proposal=proposal, user=by, defaults={"stance": stance, "note": note, "at": at}
    )
    trail.record(Event.VOTED, subject=proposal, by=by, at=at, stance=Stance(stance).value, comment=note)
    put_away_voted(proposal, by=by, at=at)
    day = timezone.localdate(at)
    route = None if members_to_vote(proposal, day) else route_of(proposal, day)
    if route is not None:
        facts = {"how": "voted", "what": proposal.title, "who": by.full_name}
        tell([News(route.responsible.pk, PROPOSAL_NEWS, place("proposal", proposal.pk), facts)], by=by, at=at)
    return cast
