"""
Who is to decide under an agreement: whoever answers for it or its category that day; about new prices, one who did not
register them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from agreements.models import Agreement
from catalog.models import PriceProposal
from categories.models import CategoryAssignment
from categories.responsibility import posts_on
from core.compiled import compiled_once
from organizations.models import Absence, Membership, Role, User


@dataclass(frozen=True, slots=True)
class Deciders:
    """Everybody who may be the one, read once for any number of proposals."""

    posts: Mapping[int, CategoryAssignment]
    heads: Sequence[User]
    away: frozenset[int]

    @classmethod
    def on(cls, day: date) -> "Deciders":
        """Read them: two queries."""
        people = _heads_and_absent(day)
        return cls(
            posts_on(day),
            [each for each in people if each.is_head],  # type: ignore[attr-defined]
            frozenset(each.pk for each in people if each.is_away),  # type: ignore[attr-defined]
        )

    def of(self, proposal: PriceProposal) -> list[User]:
        """Who decides about new prices: who acts under the agreement, but whoever registered them."""
        return self.under(proposal.agreement, but=proposal.registered_by_id)

    def under(self, agreement: Agreement, *, but: int | None = None) -> list[User]:
        """
        The agreement's owner, else the manager of the nearest post, the deputy, those above; the heads when nobody is left.

        Whoever is away or has left is passed over, and one who may not be the one.
        """
        nearest = [self.posts.get(category_id) for category_id in reversed(agreement.category.lineage)]
        answering = [
            agreement.owner,
            *(each for post in nearest if post for each in (post.manager, post.deputy)),
        ]
        for person in answering:
            if person is not None and self._can_decide(person, but):
                return [person]
        return [head for head in self.heads if self._can_decide(head, but)]

    def _can_decide(self, person: User, but: int | None) -> bool:
        return person.is_active and person.pk not in self.away and person.pk != but


def waiting_for(user: User, day: date) -> list[PriceProposal]:
    """The proposals that wait for the person's decision that day, the soonest first."""
    waiting = _undecided()
    if not waiting:
        return []
    deciders = Deciders.on(day)
    return [each for each in waiting if user in deciders.of(each)]


@compiled_once
def _heads_and_absent(day: date) -> QuerySet[User]:
    head = Membership.objects.on(day).filter(user=OuterRef("pk"), role=Role.HEAD_OF_PROCUREMENT)
    absences = Absence.objects.on(day).filter(user=OuterRef("pk"))
    people = User.objects.annotate(is_head=Exists(head), is_away=Exists(absences))
    return people.filter(Q(is_head=True) | Q(is_away=True)).order_by("pk")


@compiled_once
def _undecided() -> QuerySet[PriceProposal]:
    return PriceProposal.objects.undecided().for_display().soonest_first()
