"""
Change who answers: a category's post, the end of a role, the end of an account.

What waits for somebody who answers no longer is moved in the same transaction, so no line, attest or queue is ever left
with her.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from audit.trail import Actor
from categories.events import Event as CategoryEvent
from categories.models import Category, CategoryAssignment
from categories.permissions import can_assign_category
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.events import Event as OrganizationEvent
from organizations.models import Departure, Membership, User
from organizations.operations.leaving import release_leavers
from organizations.permissions import can_arrange_accounts, roles_on
from organizations.states import PlanStatus
from procurement.models import BudgetAttest, Requisition, RequisitionLine
from procurement.operations.rerouting import move_waiting
from procurement.states import AttestStatus


class AssignmentInThePast(InvalidInput):
    """Who answered on days that have been is not changed."""

    code = "assignment_in_the_past"
    sentence = _("Ansvaret kan bytas från och med i dag, inte bakåt i tiden.")


class DeputyIsManager(InvalidInput):
    """The deputy is somebody else than the manager."""

    code = "deputy_is_manager"
    sentence = _("Ersättaren måste vara någon annan än den som ansvarar.")


class PersonHasLeft(InvalidInput):
    """A closed account answers for nothing."""

    code = "person_has_left"
    sentence = _("%(person)s har inget konto längre.")


class SucceededByHerself(InvalidInput):
    """Whoever leaves is succeeded by somebody else."""

    code = "succeeded_by_herself"
    sentence = _("Välj någon annan än den som slutar.")


class NothingToEnd(WrongState):
    """It is over already."""

    code = "nothing_to_end"
    sentence = _("Det är redan avslutat.")


@operation
def assign_category(
    *, category: Category, manager: User, deputy: User | None, from_date: date, by: User, at: datetime
) -> CategoryAssignment:
    """
    Let somebody answer for a category from a day on, until further notice; what waits moves with it.

    :raises NotPermitted: she is not head of procurement.
    :raises InvalidInput: the day has been, the two are the same person, or one of them has left.
    """
    category = Category.objects.select_for_update(no_key=True, of=("self",)).get(pk=category.pk)
    require(can_assign_category(by, at=at))
    if from_date < timezone.localdate(at):
        raise AssignmentInThePast
    if deputy is not None and deputy.pk == manager.pk:
        raise DeputyIsManager
    for person in User.objects.filter(pk__in=[manager.pk, deputy.pk if deputy else None], is_active=False):
        raise PersonHasLeft(person=person.full_name)
    before = _end_assignments(category, from_date)
    assignment = CategoryAssignment.objects.create(
        category=category, manager=manager, deputy=deputy, valid_during=DateRange(from_date, None)
    )
    trail.record(
        CategoryEvent.CATEGORY_ASSIGNED,
        subject=category,
        by=by,
        at=at,
        before=before,
        manager=manager.full_name,
        deputy=deputy.full_name if deputy else "",
        from_date=from_date.isoformat(),
    )
    move_waiting(by=by, at=at)
    return assignment


@operation
def end_membership(*, membership: Membership, last_date: date, by: User, at: datetime) -> Membership:
    """
    End a person's role after a day; when that day has been, what waits for her in the role is moved now.

    :raises NotPermitted: she is neither administrator nor head of procurement.
    :raises NothingToEnd: it has ended by then, or has not begun.
    """
    membership = (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .select_related("user", "department")
        .get(pk=membership.pk)
    )
    require(can_arrange_accounts(by, membership.user, at=at))
    lower, upper = membership.valid_during.lower, membership.valid_during.upper
    end = last_date + timedelta(days=1)
    if (upper is not None and upper <= end) or (lower is not None and lower >= end):
        raise NothingToEnd
    membership.valid_during = DateRange(lower, end)
    membership.save(update_fields=["valid_during"])
    trail.record(
        OrganizationEvent.MEMBERSHIP_ENDED,
        subject=membership,
        by=by,
        at=at,
        role=membership.role,
        department=membership.department.name if membership.department else "",
        last_date=last_date.isoformat(),
    )
    move_waiting(by=by, at=at)
    return membership


@operation
def close_account(*, user: User, by: User, at: datetime) -> User:
    """
    Close a person's account: she can do nothing more, and what waited for her is moved.

    :raises NotPermitted: it is her own, or she is neither administrator nor head of procurement.
    :raises NothingToEnd: it is closed already.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(can_arrange_accounts(by, user, at=at))
    if not user.is_active:
        raise NothingToEnd
    user.is_active = False
    user.save(update_fields=["is_active"])
    trail.record(OrganizationEvent.ACCOUNT_CLOSED, subject=user, by=by, at=at)
    settle_people(by, at)
    return user


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a person holds that goes to others when she leaves, in numbers."""

    posts: int
    waiting: int
    attests: int
    baskets: int
    roles: int


def leaving_of(user: User, *, day: date) -> Leaving:
    """Say what would move if the person left, to be shown before it is done."""
    return Leaving(
        posts=posts_of(user, day).count(),
        waiting=RequisitionLine.objects.undecided().filter(responsible=user).count(),
        attests=BudgetAttest.objects.filter(status=AttestStatus.PENDING, responsible=user).count(),
        baskets=Requisition.objects.filter(requester=user, submitted_at=None, lines__isnull=False)
        .distinct()
        .count(),
        roles=Membership.objects.on(day).filter(user=user).count(),
    )


def posts_of(user: User, day: date) -> QuerySet[CategoryAssignment]:
    """Where she is manager or deputy, from the day on."""
    return CategoryAssignment.objects.filter(Q(manager=user) | Q(deputy=user)).filter(
        Q(valid_during__endswith__gt=day) | Q(valid_during__upper_inf=True)
    )


@operation
def leave(*, user: User, successor: User | None, by: User | None, at: datetime) -> User:
    """
    Let a person leave: her posts and baskets go to a successor, her account is closed, and with it all that it held.

    What waits for her to decide or attest goes to whoever answers then: the successor in her posts, and for attests
    whoever has the right. The successor gets no role by it.

    :param successor: None when nobody of those who were named is left: her posts stay with her for the caller to place, and
        what waits goes to the deputy or the head.
    :param by: None for the clock, which does what was planned by somebody who might.
    :raises NotPermitted: it is her own account, or she is neither administrator nor head of procurement.
    :raises NothingToEnd: it is closed already.
    :raises InvalidInput: the successor has left, or is herself the one who leaves.
    """
    wanted = [user.pk, *([successor.pk] if successor else [])]
    people = User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk").in_bulk()
    user = people[user.pk]
    if by is not None:
        require(can_arrange_accounts(by, user, at=at))
    if by is not None and not user.is_active:
        raise NothingToEnd
    posts = baskets = 0
    if successor is not None:
        successor = people[successor.pk]
        if successor.pk == user.pk:
            raise SucceededByHerself
        if not successor.is_active:
            raise PersonHasLeft(person=successor.full_name)
        posts = hand_over_posts(user, successor, by=by, at=at)
        baskets = hand_over_baskets(user, successor, at=at)
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        trail.record(
            OrganizationEvent.ACCOUNT_CLOSED,
            subject=user,
            by=by,
            at=at,
            successor=successor.full_name if successor else "",
            posts=posts,
            baskets=baskets,
        )
    if by is not None and successor is not None:
        keep_departure(user, successor, at=at)
    settle_people(by, at)
    return user


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


def hand_over_posts(user: User, successor: User, *, by: Actor | None, at: datetime) -> int:
    """Let the successor answer where the person does, from today on; nobody is deputy where she was."""
    day = timezone.localdate(at)
    posts = list(posts_of(user, day).select_related("category", "manager", "deputy").order_by("pk"))
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
        CategoryEvent.CATEGORY_ASSIGNED,
        subject=post.category,
        by=by,
        at=at,
        before=instead_of.full_name,
        manager=manager.full_name if manager else inherited_by,
        deputy=deputy.full_name if deputy else "",
        from_date=begins.isoformat(),
    )


def hand_over_baskets(user: User, successor: User, *, at: datetime) -> int:
    """Let the successor have the baskets of departments that she orders for, unless she has one of her own there."""
    orders_for = roles_on(successor, timezone.localdate(at)).orders_for
    own = Requisition.objects.filter(requester=successor, submitted_at=None).values("department")
    baskets = Requisition.objects.filter(requester=user, submitted_at=None, department__in=list(orders_for))
    return baskets.exclude(department__in=own).update(requester=successor)


def settle_people(by: Actor | None, at: datetime) -> None:
    """End what closed accounts hold, and move what waits, inside the operation that changed accounts or roles."""
    release_leavers(by=by, at=at)
    move_waiting(by=by, at=at)


def _end_assignments(category: Category, day: date) -> str:
    """End the category's posts before the day, and give the name of who had the one in force."""
    before = ""
    later = CategoryAssignment.objects.filter(category=category, valid_during__overlap=DateRange(day, None))
    for post in later.select_related("manager").order_by("valid_during", "pk"):
        if post.valid_during.lower is None or post.valid_during.lower < day:
            before = post.manager.full_name
            post.valid_during = DateRange(post.valid_during.lower, day)
            post.save(update_fields=["valid_during"])
        else:
            before = before or post.manager.full_name
            post.delete()
    return before
