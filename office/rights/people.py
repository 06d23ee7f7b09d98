"""Somebody of each role, supposed: what she is, without a row in the database."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from organizations.models import Administration, DelegationScope, Department, Role, User
from organizations.permissions import Roles, preload_roles
from procurement.standing import remember_standing

AT = datetime(2021, 5, 18, 9, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
DAY = AT.date()
CATEGORY, OTHER_CATEGORY = 1, 2
LIMIT = Decimal(200_000)

OWN_DEPARTMENT = Department(pk=1, name="Enheten", administration=Administration(pk=1))
OTHER_DEPARTMENT = Department(pk=2, name="En annan enhet", administration=Administration(pk=1))


@dataclass(frozen=True, slots=True)
class Persona:
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


def _requester_roles(department: Department) -> Roles:
    return Roles(orders_for={department.pk: LIMIT}, departments={department.pk: department})


def _region_roles(role: Role) -> Roles:
    return Roles(everywhere=frozenset({role}))


PEOPLE: dict[str, Persona] = {
    each.key: each
    for each in (
        Persona("requester", "who asked for it", 1, _requester_roles(OWN_DEPARTMENT)),
        Persona("colleague", "orders for the same department", 2, _requester_roles(OWN_DEPARTMENT)),
        Persona("stranger", "orders for another department", 3, _requester_roles(OTHER_DEPARTMENT)),
        Persona(
            "budget_holder",
            "attests for the department",
            4,
            Roles(attests_for={OWN_DEPARTMENT.pk: LIMIT}, departments={OWN_DEPARTMENT.pk: OWN_DEPARTMENT}),
        ),
        Persona("manager", "answers for the category", 5, manages=(CATEGORY,)),
        Persona("deputy", "deputy, the manager is at work", 6, deputy_where=(CATEGORY,)),
        Persona("stand_in", "deputy, the manager is away", 7, deputy_where=(CATEGORY,), is_manager_away=True),
        Persona("other_manager", "answers for another category", 8, manages=(OTHER_CATEGORY,)),
        Persona("delegate", "acts for the manager by delegation", 9, acts_for="manager"),
        Persona("attest_delegate", "acts for the budget holder by delegation", 10, acts_for="budget_holder"),
        Persona("head", "head of procurement", 11, _region_roles(Role.HEAD_OF_PROCUREMENT)),
        Persona(
            "requesters_stand_in",
            "head of procurement, with a delegation from who asked for it",
            12,
            _region_roles(Role.HEAD_OF_PROCUREMENT),
            acts_for="requester",
        ),
        Persona("controller", "finance", 13, _region_roles(Role.CONTROLLER)),
        Persona("auditor", "auditor", 14, _region_roles(Role.AUDITOR)),
        Persona("administrator", "runs the system", 15, _region_roles(Role.ADMINISTRATOR)),
        Persona(
            "goods_receiver",
            "receives the department's goods",
            16,
            Roles(
                receives_for=frozenset({OWN_DEPARTMENT.pk}), departments={OWN_DEPARTMENT.pk: OWN_DEPARTMENT}
            ),
        ),
        Persona("nobody", "has an account and no role", 17),
    )
}
"""The rows of the table."""


def suppose(key: str, *, day: date = DAY) -> User:
    """A person of the role, who knows what she is without asking the database."""
    who = PEOPLE[key]
    user = _user(who)
    preload_roles(user, day, who.roles)
    people = [_with_facts(user, posts=who.manages)]
    if who.deputy_where:
        people.append(
            _with_facts(_user(PEOPLE["manager"]), posts=who.deputy_where, is_away=who.is_manager_away)
        )
    if who.acts_for:
        delegator = suppose(who.acts_for, day=day)
        people.append(
            _with_facts(delegator, posts=PEOPLE[who.acts_for].manages, delegated=(DelegationScope.ALL,))
        )
    remember_standing(user, day, people)
    return user


def _user(who: Persona) -> User:
    return User(
        pk=who.pk, first_name=who.words, last_name="", email=f"{who.key}@rauk.example", is_active=True
    )


def _with_facts(
    person: User,
    *,
    posts: tuple[int, ...] = (),
    delegated: tuple[DelegationScope, ...] = (),
    is_away: bool = False,
) -> User:
    for name, value in (("posts", list(posts)), ("delegated", delegated), ("is_away", is_away)):
        setattr(person, name, value)
    return person
