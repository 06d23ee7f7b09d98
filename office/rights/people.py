"""Somebody of each role, supposed: what she is, without a row in the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from organizations.models import Administration, DelegationScope, Department, Role, User
from organizations.permissions import Roles, suppose_roles
from procurement.standing import remember_standing

AT = datetime(2021, 5, 18, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
DAY = AT.date()
CATEGORY, OTHER_CATEGORY = 1, 2
LIMIT = Decimal(200_000)

OWN_DEPARTMENT = Department(pk=1, name="Enheten", administration=Administration(pk=1))
OTHER_DEPARTMENT = Department(pk=2, name="En annan enhet", administration=Administration(pk=1))


@dataclass(frozen=True, slots=True)
class Somebody:
    """A role as a person has it: her name in the table and her id, her roles, her posts, and for whom she acts."""

    key: str
    words: str
    pk: int
    roles: Roles = field(default_factory=Roles)
    manages: tuple[int, ...] = ()
    deputy_where: tuple[int, ...] = ()
    """Categories that the manager answers for and she is deputy in."""
    is_manager_away: bool = False
    acts_for: str = ""


def _orders(department: Department) -> Roles:
    return Roles(orders_for={department.pk: LIMIT}, departments={department.pk: department})


def _everywhere(role: Role) -> Roles:
    return Roles(everywhere=frozenset({role}))


PEOPLE: dict[str, Somebody] = {
    each.key: each
    for each in (
        Somebody("requester", "who asked for it", 1, _orders(OWN_DEPARTMENT)),
        Somebody("colleague", "orders for the same department", 2, _orders(OWN_DEPARTMENT)),
        Somebody("stranger", "orders for another department", 3, _orders(OTHER_DEPARTMENT)),
        Somebody(
            "budget_holder",
            "attests for the department",
            4,
            Roles(attests_for={OWN_DEPARTMENT.pk: LIMIT}, departments={OWN_DEPARTMENT.pk: OWN_DEPARTMENT}),
        ),
        Somebody("manager", "answers for the category", 5, manages=(CATEGORY,)),
        Somebody("deputy", "deputy, the manager is at work", 6, deputy_where=(CATEGORY,)),
        Somebody(
            "stand_in", "deputy, the manager is away", 7, deputy_where=(CATEGORY,), is_manager_away=True
        ),
        Somebody("other_manager", "answers for another category", 8, manages=(OTHER_CATEGORY,)),
        Somebody("delegate", "acts for the manager by delegation", 9, acts_for="manager"),
        Somebody("attest_delegate", "acts for the budget holder by delegation", 10, acts_for="budget_holder"),
        Somebody("head", "head of procurement", 11, _everywhere(Role.HEAD_OF_PROCUREMENT)),
        Somebody(
            "requesters_stand_in",
            "head of procurement, with a delegation from who asked for it",
            12,
            _everywhere(Role.HEAD_OF_PROCUREMENT),
            acts_for="requester",
        ),
        Somebody("controller", "finance", 13, _everywhere(Role.CONTROLLER)),
        Somebody("auditor", "auditor", 14, _everywhere(Role.AUDITOR)),
        Somebody("administrator", "runs the system", 15, _everywhere(Role.ADMINISTRATOR)),
        Somebody(
            "goods_receiver",
            "receives the department's goods",
            16,
            Roles(
                receives_for=frozenset({OWN_DEPARTMENT.pk}), departments={OWN_DEPARTMENT.pk: OWN_DEPARTMENT}
            ),
        ),
        Somebody("nobody", "has an account and no role", 17),
    )
}
"""The rows of the table."""


def suppose(key: str, *, day: date = DAY) -> User:
    """A person of the role, who knows what she is without asking the database."""
    who = PEOPLE[key]
    user = _user(who)
    suppose_roles(user, day, who.roles)
    people = [_standing(user, posts=who.manages)]
    if who.deputy_where:
        people.append(
            _standing(_user(PEOPLE["manager"]), posts=who.deputy_where, is_away=who.is_manager_away)
        )
    if who.acts_for:
        delegator = suppose(who.acts_for, day=day)
        people.append(
            _standing(delegator, posts=PEOPLE[who.acts_for].manages, delegated=(DelegationScope.ALL,))
        )
    remember_standing(user, day, people)
    return user


def _user(who: Somebody) -> User:
    return User(
        pk=who.pk, first_name=who.words, last_name="", email=f"{who.key}@rauk.example", is_active=True
    )


def _standing(
    person: User,
    *,
    posts: tuple[int, ...] = (),
    delegated: tuple[DelegationScope, ...] = (),
    is_away: bool = False,
) -> User:
    for name, value in (("posts", list(posts)), ("delegated", delegated), ("is_away", is_away)):
        setattr(person, name, value)
    return person
