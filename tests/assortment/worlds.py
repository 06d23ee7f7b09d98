"""States to start a test from, each reached by the real operations."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from assortment.models import Proposal, Stance
from assortment.operations import answers, proposals, votes
from assortment.operations.proposals import Wish
from organizations.models import User
from tests.cast import NOW, TODAY, Cast


def proposed(
    cast: Cast, *, by: User | None = None, at: datetime = NOW, key: UUID | None = None, **wish: Any
) -> Proposal:
    """Elin proposes softer gloves instead of those of the agreement, unless something else is said."""
    facts = {
        "kind": "replacement",
        "title": "Undersökningshandske nitril, mjukare",
        "reason": "Flera hos oss får eksem av de blå.",
        "items": [cast.gloves],
    } | wish
    return proposals.propose(
        wish=Wish(**facts), department=cast.ward, by=by or cast.requester, at=at, key=key
    )


def at_council(cast: Cast, *, at: datetime = NOW, days: int = 7, **wish: Any) -> Proposal:
    """The proposal put to the council of the category by Karin, for a week."""
    proposal = proposed(cast, at=at, **wish)
    return answers.put_to_council(
        proposal=proposal, vote_through_date=TODAY + timedelta(days=days), by=cast.manager, at=at
    )


def voted(cast: Cast, council: list[User], *stances: Stance, at: datetime = NOW, **wish: Any) -> Proposal:
    """The proposal when the members have voted in order; for, where nothing is said."""
    proposal = at_council(cast, at=at, **wish)
    for member, stance in zip(council, stances or [Stance.FOR] * len(council), strict=True):
        votes.vote(proposal=proposal, stance=stance, note="", by=member, at=at)
    return proposal


def decided(
    cast: Cast, council: list[User], *, is_yes: bool = True, at: datetime = NOW, **wish: Any
) -> Proposal:
    """The proposal when Karin has said yes, as the council did."""
    proposal = voted(cast, council, at=at, **wish)
    return answers.decide(proposal=proposal, is_yes=is_yes, reason="Rådet är enigt.", by=cast.manager, at=at)
