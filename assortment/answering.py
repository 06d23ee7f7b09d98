"""
Who answers for each proposal on a day: whoever answers for its category then, as for a line that the same person asked for.

Nothing of it is kept. When a post, an absence, an account or a delegation changes, so does the answer, at once and for all
proposals: the nearest category up the tree, the deputy when the manager is away, has left or is the one who proposed, at
last the head of procurement. So no proposal can wait for somebody who cannot act, and nothing has to be moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assortment.models import CouncilSeat, Proposal
from categories.models import Category, CategoryPolicy
from core.compiled import compiled_once
from core.working_days import add_working_days
from organizations.models import User
from procurement.posts import Posts
from procurement.routing import Route
from procurement.standing import standing_on

RESPONSE_DAYS = 10
"""Working days for an answer where no policy says otherwise."""


@dataclass(frozen=True, slots=True)
class Answering:
    """The posts of the proposals' categories on a day: one query, and one more when a head has to answer."""

    posts: Posts

    @classmethod
    def read(cls, proposals: Sequence[Proposal], day: date) -> "Answering":
        """Read what is so that day for these proposals, which have their categories with them."""
        proposers = [each.proposer_id for each in proposals]
        return cls(Posts.read(proposers, [each.category for each in proposals if each.category], day=day))

    def route_of(self, proposal: Proposal) -> Route | None:
        """Who answers for it, and by which rule; None when nobody but the one who proposed could."""
        return self.posts.route_for(proposal.category, requester_id=proposal.proposer_id)


def route_of(proposal: Proposal, day: date) -> Route | None:
    """Who answers for one proposal that day."""
    return Answering.read([proposal], day).route_of(proposal)


def waiting_for(user: User, day: date) -> list[Proposal]:
    """What waits for the person's answer that day, by herself or for whom she acts; the soonest first."""
    standing = standing_on(user, day)
    acts = standing.manages or standing.deputy_of or standing.decides_for or standing.roles.is_head
    proposals = _with_managers(user, day) if acts else []
    if not proposals:
        return []
    answering = Answering.read(proposals, day)
    people = {user.pk, *standing.decides_for}
    return [
        each
        for each in proposals
        if (route := answering.route_of(each)) is not None
        and route.responsible.pk in people
        and user.pk not in answering.posts.conflicts[each.proposer_id]
    ]


@compiled_once
def _with_managers(user: User, day: date) -> QuerySet[Proposal]:
    return Proposal.objects.visible_to(user, day).with_manager().for_display().soonest_first()


def answered_by(proposals: Sequence[Proposal], day: date) -> dict[int, Route]:
    """Who answers for each of the proposals, by the proposal's id."""
    if not proposals:
        return {}
    answering = Answering.read(proposals, day)
    return {each.pk: route for each in proposals if (route := answering.route_of(each)) is not None}


def response_day(category: Category | None, *, proposer_id: int, day: date) -> date:
    """The day that an answer is promised for, by the policy of the category or of the nearest above it."""
    policy = Posts.read([proposer_id], [category] if category else [], day=day).policy_for(category)
    return add_working_days(day, days_of(policy))


def days_of(policy: CategoryPolicy | None) -> int:
    """The response time of proposals in working days."""
    return policy.proposal_response_days if policy else RESPONSE_DAYS


def council_of(category: Category | None, day: date) -> tuple[Category, list[User]] | None:
    """The council that votes in a category: the nearest up the tree that anybody sits in that day, with its members."""
    if category is None:
        return None
    seats = CouncilSeat.objects.on(day).filter(category__in=category.lineage)
    members: dict[int, list[User]] = {}
    for seat in seats.select_related("user", "category").order_by("pk"):
        members.setdefault(seat.category_id, []).append(seat.user)
    nearest = next((pk for pk in reversed(category.lineage) if pk in members), None)
    if nearest is None:
        return None
    return Category.objects.get(pk=nearest), members[nearest]
