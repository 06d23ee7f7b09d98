"""
Place what a person held when she leaves and nobody has named a successor.

A directory says that somebody has gone, and not who takes over. When her leaving was planned, the successor of the plan does. Else her
posts go to their deputy, or to the nearest post above; her baskets to somebody else who orders for the same department; and
what waits, to whoever routing finds.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from audit.trail import Actor
from categories.models import CategoryAssignment
from categories.responsibility import posts_on
from organizations.models import Departure, Membership, Role, User
from organizations.succession import person_going_on
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.operations.responsibility import (
    hand_over_baskets,
    hand_over_posts,
    keep_departure,
    posts_of,
    replace_post,
    settle_people,
)
from procurement.states import AttestStatus


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What nobody could take, in numbers; the categories by name."""

    categories: Sequence[str]
    lines: int
    attests: int
    baskets: int

    def __bool__(self) -> bool:
        return bool(self.categories or self.lines or self.attests or self.baskets)


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket that has got a new owner: who has it, and for which department."""

    owner_id: int
    department: str


@dataclass(frozen=True, slots=True)
class Succession:
    """Who got the baskets, and what nobody could take."""

    baskets: Sequence[Basket]
    left: LeftBehind


def succeed(user: User, *, by: Actor | None, at: datetime) -> Succession:
    """
    End all that a closed account held and place her work by the rules above, inside the operation that closed it.

    A post that nobody can take keeps her name, so that `check_ready` shows it; its lines go to the head of procurement.
    """
    day = timezone.localdate(at)
    _follow_plan(user, by=by, at=at)
    categories = _hand_over_posts(user, day, by=by, at=at)
    baskets, stranded = _hand_over_baskets(user, day)
    settle_people(by, at)
    left = LeftBehind(
        categories=categories,
        lines=RequisitionLine.objects.undecided().filter(responsible=user).count(),
        attests=BudgetAttest.objects.filter(status=AttestStatus.PENDING, responsible=user).count(),
        baskets=stranded,
    )
    return Succession(baskets, left)


def _follow_plan(user: User, *, by: Actor | None, at: datetime) -> None:
    """Let whoever was to take over on another day do so now."""
    plan = Departure.objects.to_come().filter(person=user).select_related("successor").first()
    successor = person_going_on(plan.successor) if plan else None
    if successor is not None and successor.pk != user.pk:
        hand_over_posts(user, successor, by=by, at=at)
        hand_over_baskets(user, successor, at=at)
        keep_departure(user, successor, at=at)


def _hand_over_posts(user: User, day: date, *, by: Actor | None, at: datetime) -> list[str]:
    """Let deputies and the posts above answer where she did; returns the categories where there is neither."""
    stranded = []
    held = posts_of(user, day).select_related("category", "manager", "deputy").order_by("pk")
    for post in held:
        if post.manager_id != user.pk:
            replace_post(post, post.manager, None, instead_of=user, by=by, at=at)
        elif post.deputy is not None and post.deputy.is_active:
            replace_post(post, post.deputy, None, instead_of=user, by=by, at=at)
        elif above := _above(post, user, day):
            replace_post(post, None, None, instead_of=user, by=by, at=at, inherited_by=above.full_name)
        else:
            stranded.append(str(post.category))
    return stranded


def _above(post: CategoryAssignment, user: User, day: date) -> User | None:
    """Who has the nearest post above the category when its own ends; herself and those who have left do not count."""
    begins = max(post.valid_during.lower or day, day)
    ancestors = post.category.lineage[:-1]
    posts = posts_on(begins, ancestors)
    for ancestor in reversed(ancestors):
        above = posts.get(ancestor)
        if above is None:
            continue
        for person in (above.manager, above.deputy):
            if person is not None and person.is_active and person.pk != user.pk:
                return person
    return None


def _hand_over_baskets(user: User, day: date) -> tuple[list[Basket], int]:
    """
    Let others who order for the departments have her baskets: whoever attests there too first, then who has done so longest.

    :returns: the baskets, and how many nobody could have; nobody has two for one department.
    """
    lines = RequisitionLine.objects.filter(requisition=OuterRef("pk"))
    baskets = list(
        Requisition.objects.filter(Exists(lines), requester=user, submitted_at=None)
        .select_related("department")
        .order_by("pk")
    )
    takers = _takers([basket.department_id for basket in baskets], user, day)
    placed = []
    for basket in baskets:
        if taker := takers.get(basket.department_id):
            basket.requester_id = taker
            basket.save(update_fields=["requester"])
            placed.append(Basket(taker, basket.department.name))
    return placed, len(baskets) - len(placed)


def _takers(departments: Iterable[int], user: User, day: date) -> dict[int, int]:
    """Who takes a basket of each department; those who have one of their own there do not."""
    own = Requisition.objects.filter(
        requester=OuterRef("user"), department=OuterRef("department"), submitted_at=None
    )
    attests = Membership.objects.on(day).filter(
        user=OuterRef("user"), department=OuterRef("department"), role=Role.BUDGET_HOLDER
    )
    order_there = (
        Membership.objects.on(day)
        .filter(~Exists(own), role=Role.REQUESTER, department__in=list(departments), user__is_active=True)
        .exclude(user=user)
        .annotate(is_budget_holder=Exists(attests))
        .order_by("-is_budget_holder", "pk")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for department, person in order_there.values_list("department", "user"):
        found[department].append(person)
    return {department: people[0] for department, people in found.items()}
