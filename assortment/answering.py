"""
Who answers for each proposal on a day: whoever answers for its category then, as for a line that the same person asked for.

Nothing of it is kept. When a post, an absence, an account or a delegation changes, so does the answer, at once and for all
proposals: the nearest category up the tree, the deputy when the manager is away, has left, is the one who proposed or has
declared a conflict of interest, at last the head of procurement. So no proposal can wait for somebody who cannot act, and
nothing has to be moved.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assortment.models import CouncilSeat, Proposal, Stance, Vote
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
    """
    The posts of the proposals' categories on a day, and who may not answer for which: one query, one more where some that have been
    put to a council were not read ``for_display``, and one more when a head has to answer.
    """

    posts: Posts
    declared: Mapping[int, frozenset[int]]
    """Ids of those who have declared a conflict of interest (jäv), by the proposal's id."""

    @classmethod
    def read(cls, proposals: Sequence[Proposal], day: date) -> "Answering":
        """Read what is so that day for these proposals, which have their categories with them."""
        proposers = [each.proposer_id for each in proposals]
        posts = Posts.read(proposers, [each.category for each in proposals if each.category], day=day)
        return cls(posts, declared_conflicts(proposals))

    def in_conflict(self, proposal: Proposal) -> frozenset[int]:
        """Ids of those who may not answer it: who proposed, who acts for her, and who has declared a conflict of interest."""
        return self.posts.conflicts[proposal.proposer_id] | self.declared.get(proposal.pk, frozenset())

    def route_of(self, proposal: Proposal) -> Route | None:
        """Who answers for it, and by which rule; None when nobody could but those who may not."""
        return self.posts.route_for(
            proposal.category,
            requester_id=proposal.proposer_id,
            also_in_conflict=self.declared.get(proposal.pk, frozenset()),
        )

    def without_vote(self, proposal: Proposal) -> frozenset[int]:
        """Ids of those who decide by a post, and so have no vote: managers, deputies of who is away, and whoever answers for it."""
        ids = set()
        for category_id in proposal.category.lineage if proposal.category else ():
            post = self.posts.posts.get(category_id)
            if post is not None:
                ids.add(post.manager.pk)
                if post.deputy is not None and not post.manager.is_at_work:
                    ids.add(post.deputy.pk)
        route = self.route_of(proposal)
        if route is not None and not route.is_of_a_head:
            ids.add(route.responsible.pk)
        return frozenset(ids)


def declared_conflicts(proposals: Iterable[Proposal]) -> Mapping[int, frozenset[int]]:
    """Who has declared a conflict of interest, by the proposal's id: one query of those that were not read ``for_display``."""
    conflicts: dict[int, set[int]] = defaultdict(set)
    unread = []
    for each in proposals:
        if each.council_id is not None and not hasattr(each, "declared"):
            unread.append(each.pk)
        conflicts[each.pk].update(getattr(each, "declared", ()))
    if unread:
        votes = Vote.objects.filter(proposal__in=unread, stance=Stance.CONFLICT)
        for proposal, user in votes.values_list("proposal", "user"):
            conflicts[proposal].add(user)
    return {proposal: frozenset(people) for proposal, people in conflicts.items()}


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
        and user.pk not in answering.in_conflict(each)
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
