"""Who is to decide about new prices: whoever answers for the agreement or its category that day, and did not register them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.models import PriceProposal
from categories.models import CategoryAssignment
from categories.responsibility import posts_on
from organizations.models import Absence, Membership, Role, User


@dataclass(frozen=True, slots=True)
class Deciders:
    """Everybody who may be the one, read once for any number of proposals."""

    posts: Mapping[int, CategoryAssignment]
    heads: Sequence[User]
    away: frozenset[int]

    @classmethod
    def on(cls, day: date) -> "Deciders":
        """Read them: three queries."""
        heads = Membership.objects.on(day).filter(role=Role.HEAD_OF_PROCUREMENT).select_related("user")
        return cls(
            posts_on(day),
            [each.user for each in heads.order_by("user", "pk")],
            frozenset(Absence.objects.on(day).values_list("user", flat=True)),
        )

    def of(self, proposal: PriceProposal) -> list[User]:
        """
        The agreement's owner, else the manager of the nearest post, the deputy, those above; the heads when nobody is left.

        Whoever is away, has left or registered the proposal is passed over.
        """
        agreement = proposal.agreement
        nearest = [self.posts.get(category_id) for category_id in reversed(agreement.category.lineage)]
        answering = [
            agreement.owner,
            *(each for post in nearest if post for each in (post.manager, post.deputy)),
        ]
        for person in answering:
            if person is not None and self._can(person, proposal):
                return [person]
        return [head for head in self.heads if self._can(head, proposal)]

    def _can(self, person: User, proposal: PriceProposal) -> bool:
        is_there = person.is_active and person.pk not in self.away
        return is_there and person.pk != proposal.registered_by_id


def waiting_for(user: User, day: date) -> list[PriceProposal]:
    """The proposals that wait for the person's decision that day, the soonest first."""
    waiting = list(PriceProposal.objects.undecided().for_display().soonest_first())
    if not waiting:
        return []
    deciders = Deciders.on(day)
    return [each for each in waiting if user in deciders.of(each)]
