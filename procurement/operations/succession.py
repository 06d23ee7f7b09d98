"""
Who takes over what a person held: a successor who is named, else whoever the rules find.

A directory or a file says that somebody has gone, and not who takes over. When her leaving was planned, the successor of the plan
does. Else her posts go to their deputy, or to the nearest post above; her baskets to somebody else who orders for the same
department, who is told; and what waits, to whoever routing finds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agreements.events import Event as AgreementEvent
from agreements.models import Agreement
from agreements.operations.calendars import take_back_feeds_of_leavers
from audit import trail
from audit.trail import Actor
from categories.events import Event
from categories.models import CategoryAssignment
from categories.notices import delegation_news
from categories.responsibility import posts_on
from core.addresses import place
from governance.operations.leaving import answers_for_something, hand_over_governance
from notices.operations.telling import News, tell
from organizations.models import Delegation, Departure, Membership, Role, User
from organizations.operations.leaving import release_leavers
from organizations.permissions import roles_on
from organizations.states import PlanStatus
from organizations.succession import person_going_on
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.notices import BASKET
from procurement.operations.rerouting import move_waiting
from procurement.operations.unadministered import telling_when_none_is_left
from procurement.states import AttestStatus


@dataclass(frozen=True, slots=True)
class UnplacedWork:
    """What nobody could take, in numbers; the categories by name."""

    categories: Sequence[str]
    lines: int
    attests: int
    baskets: int

    def __bool__(self) -> bool:
        return bool(self.categories or self.lines or self.attests or self.baskets)


@dataclass(frozen=True, slots=True)
class SuccessionResult:
    """What became of a person's posts and baskets: what nobody could take, and who is told of a basket."""

    stranded_categories: Sequence[str] = ()
    stranded_baskets: int = 0
    news: Sequence[News] = ()


def settle_people(by: User | None, at: datetime) -> None:
    """Place what closed accounts hold, and move what waits, inside the operation that changed accounts or roles."""
    place_work_of_leavers(by=by, at=at)


def settle_roles(by: User | None, at: datetime) -> None:
    """
    The same when roles were written, which close no account.

    A role that a closed account was given is left, for the register to refuse.
    """
    _place_all(by=by, at=at, follows_plans=True)


def place_work_of_leavers(
    *, by: Actor | None, at: datetime, follows_plans: bool = True
) -> Mapping[int, SuccessionResult]:
    """
    End what closed accounts still hold, place their posts and baskets by the rules above, and move what waits.

    A post that nobody can take keeps her name, so that `check_ready` shows it; its lines go to the head of procurement.

    :param follows_plans: False for the clock, which has itself done what was planned.
    :returns: what became of it, by person.
    """
    with telling_when_none_is_left(by=by, at=at):
        ended = release_leavers(by=by, at=at)
    return _place_all(ended, by=by, at=at, follows_plans=follows_plans)


def _place_all(
    ended: Sequence[Delegation] = (), *, by: Actor | None, at: datetime, follows_plans: bool
) -> Mapping[int, SuccessionResult]:
    day = timezone.localdate(at)
    take_back_feeds_of_leavers(by=by, at=at)
    placed = {user.pk: _place(user, day, by=by, at=at, follows_plans=follows_plans) for user in _holders(day)}
    news = [news for each in placed.values() for news in each.news]
    tell([*news, *map(_ended_news, ended)], by=by, at=at)
    move_waiting(by=by, at=at)
    return placed


def _ended_news(delegation: Delegation) -> News:
    """Tell the one who is left that the other of a delegation has gone."""
    if delegation.delegate.is_active:
        return delegation_news("left", delegation, who=delegation.delegator, to=delegation.delegate)
    return delegation_news("declined", delegation, who=delegation.delegate, to=delegation.delegator)


def succeed(user: User, *, by: Actor | None, at: datetime) -> UnplacedWork:
    """Place the work of a person whose account has been closed, inside the operation that closed it; what nobody could take."""
    placed = place_work_of_leavers(by=by, at=at).get(user.pk, SuccessionResult())
    return UnplacedWork(
        categories=placed.stranded_categories,
        lines=RequisitionLine.objects.undecided().filter(responsible=user).count(),
        attests=BudgetAttest.objects.filter(status=AttestStatus.PENDING, responsible=user).count(),
        baskets=placed.stranded_baskets,
    )


def _holders(day: date) -> QuerySet[User]:
    """Closed accounts with posts, baskets or something else that they answer for; the ones that nobody could take are looked at again each time."""
    posts = posts_from(day).filter(Q(manager=OuterRef("pk")) | Q(deputy=OuterRef("pk")))
    baskets = Requisition.objects.held().filter(requester=OuterRef("pk"))
    agreements = Agreement.objects.filter(owner=OuterRef("pk"))
    is_holder = Exists(posts) | Exists(baskets) | Exists(agreements) | answers_for_something()
    return User.objects.filter(is_holder, is_active=False).order_by("pk")


def _place(user: User, day: date, *, by: Actor | None, at: datetime, follows_plans: bool) -> SuccessionResult:
    if follows_plans:
        _follow_plan(user, by=by, at=at)
    hand_over_agreements(user, None, by=by, at=at)
    hand_over_governance(user, None, by=by, at=at)
    categories = _hand_over_posts(user, day, by=by, at=at)
    news, stranded = hand_over_baskets_by_rule(user, day)
    return SuccessionResult(categories, stranded, news)


def posts_of(people: Collection[User], day: date) -> QuerySet[CategoryAssignment]:
    """Where one of them is manager or deputy, from the day on."""
    return posts_from(day).filter(Q(manager__in=people) | Q(deputy__in=people))


def posts_from(day: date) -> QuerySet[CategoryAssignment]:
    """Posts that are, or will be."""
    return CategoryAssignment.objects.filter(
        Q(valid_during__endswith__gt=day) | Q(valid_during__upper_inf=True)
    )


def hand_over_posts(user: User, successor: User, *, by: Actor | None, at: datetime) -> int:
    """Let the successor answer where the person does, from today on; nobody is deputy where she was."""
    day = timezone.localdate(at)
    posts = list(posts_of([user], day).select_related("category", "manager", "deputy").order_by("pk"))
    for post in posts:
        manager = successor if post.manager_id == user.pk else post.manager
        deputy = None if post.deputy_id in (user.pk, manager.pk) else post.deputy
        replace_post(post, manager, deputy, instead_of=user, by=by, at=at)
    return len(posts)


def replace_post(
    post: CategoryAssignment,
    manager: User | None,
    deputy: User | None,
    *,
    instead_of: User,
    by: Actor | None,
    at: datetime,
    inherited_by: str = "",
) -> None:
    """
    Let others have a post from today on, or from when it begins, inside an operation.

    :param manager: None where the category is to have the post above it, which ``inherited_by`` then has.
    """
    day = timezone.localdate(at)
    begins = max(post.valid_during.lower or day, day)
    after = post.valid_during.upper
    if begins == post.valid_during.lower:
        post.delete()
    else:
        post.valid_during = DateRange(post.valid_during.lower, begins)
        post.save(update_fields=["valid_during"])
    if manager is not None:
        CategoryAssignment.objects.create(
            category=post.category, manager=manager, deputy=deputy, valid_during=DateRange(begins, after)
        )
    trail.record(
        Event.CATEGORY_ASSIGNED,
        subject=post.category,
        by=by,
        at=at,
        before=instead_of.full_name,
        manager=manager.full_name if manager else inherited_by,
        deputy=deputy.full_name if deputy else "",
        from_date=begins.isoformat(),
    )


def hand_over_agreements(user: User, successor: User | None, *, by: Actor | None, at: datetime) -> int:
    """Let the successor own the agreements that name the person; without one, the category's manager answers again."""
    owned = list(Agreement.objects.filter(owner=user).order_by("pk").select_for_update(no_key=True))
    Agreement.objects.filter(pk__in=[each.pk for each in owned]).update(owner=successor)
    trail.record_many(
        AgreementEvent.OWNER_CHANGED,
        subjects=owned,
        by=by,
        at=at,
        before=user.full_name,
        to=successor.full_name if successor else "",
    )
    return len(owned)


def hand_over_baskets(user: User, successor: User, *, at: datetime) -> int:
    """Let the successor have the baskets of departments that she orders for, unless she has one of her own there."""
    orders_for = roles_on(successor, timezone.localdate(at)).orders_for
    own_departments = Requisition.objects.filter(requester=successor, submitted_at=None).values("department")
    baskets = Requisition.objects.filter(requester=user, submitted_at=None, department__in=list(orders_for))
    return baskets.exclude(department__in=own_departments).update(requester=successor)


def keep_departure(user: User, successor: User, *, at: datetime) -> None:
    """Keep who took over from her; a day that was planned for it is no longer awaited."""
    day = timezone.localdate(at)
    of_hers = Departure.objects.filter(person=user)
    if of_hers.filter(from_date=day, status=PlanStatus.DONE).exists():
        return
    open_ones = of_hers.exclude(status=PlanStatus.DONE)
    departure = open_ones.to_come().first() or open_ones.filter(from_date=day).first()
    departure = departure or Departure(person=user, from_date=day)
    departure.successor, departure.status, departure.done_at = successor, PlanStatus.DONE, at
    departure.save()


def _follow_plan(user: User, *, by: Actor | None, at: datetime) -> None:
    """Let whoever was to take over on another day do so now."""
    plan = Departure.objects.to_come().filter(person=user).select_related("successor").first()
    successor = person_going_on(plan.successor) if plan else None
    if successor is not None and successor.pk != user.pk:
        hand_over_posts(user, successor, by=by, at=at)
        hand_over_agreements(user, successor, by=by, at=at)
        hand_over_governance(user, successor, by=by, at=at)
        hand_over_baskets(user, successor, at=at)
        keep_departure(user, successor, at=at)


def _hand_over_posts(user: User, day: date, *, by: Actor | None, at: datetime) -> list[str]:
    """Let deputies and the posts above answer where she did; returns the categories where there is neither."""
    stranded = []
    posts = posts_of([user], day).select_related("category", "manager", "deputy").order_by("pk")
    for post in posts:
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


def hand_over_baskets_by_rule(user: User, day: date, *, how: str = "left") -> tuple[list[News], int]:
    """
    Let others who order for the departments have her baskets: whoever attests there too first, then who has done so longest.

    :param how: whether she has ``left``, or ``moved`` to where she orders for nobody.
    :returns: what they are told, and how many nobody could have; nobody has two for one department.
    """
    baskets = list(
        Requisition.objects.held().filter(requester=user).select_related("department").order_by("pk")
    )
    takers = _new_owners([basket.department_id for basket in baskets], user, day)
    news = []
    for basket in baskets:
        if taker := takers.get(basket.department_id):
            basket.requester_id = taker
            basket.save(update_fields=["requester"])
            facts = {"person": user.full_name, "department": basket.department.name, "how": how}
            news.append(News(taker, BASKET, place("basket"), facts))
    return news, len(baskets) - len(news)


def _new_owners(departments: Iterable[int], user: User, day: date) -> dict[int, int]:
    """Who takes a basket of each department; those who have one of their own there do not."""
    own_baskets = Requisition.objects.filter(
        requester=OuterRef("user"), department=OuterRef("department"), submitted_at=None
    )
    attests = Membership.objects.on(day).filter(
        user=OuterRef("user"), department=OuterRef("department"), role=Role.BUDGET_HOLDER
    )
    order_there = (
        Membership.objects.on(day)
        .filter(
            ~Exists(own_baskets), role=Role.REQUESTER, department__in=list(departments), user__is_active=True
        )
        .exclude(user=user)
        .annotate(is_budget_holder=Exists(attests))
        .order_by("-is_budget_holder", "pk")
    )
    people_by_department: dict[int, list[int]] = defaultdict(list)
    for department, person in order_there.values_list("department", "user"):
        people_by_department[department].append(person)
    return {department: people[0] for department, people in people_by_department.items()}
