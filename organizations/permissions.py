"""What roles a person has, where and up to which amount: one query, asked once per person and day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.compiled import compiled_once
from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Delegation, Department, Membership, ProvisionedPerson, Role, User
from organizations.models.roles import DELEGABLE


@dataclass(frozen=True, slots=True)
class Roles:
    """A person's roles on one day; departments map to the amount limit, None meaning no limit."""

    everywhere: frozenset[Role] = frozenset()
    orders_for: dict[int, Decimal | None] = field(default_factory=dict)
    attests_for: dict[int, Decimal | None] = field(default_factory=dict)
    receives_for: frozenset[int] = frozenset()
    """Departments whose goods she takes at their delivery places, without ordering for them."""
    departments: dict[int, Department] = field(default_factory=dict)
    """The departments of all three, by id."""

    @property
    def is_controller(self) -> bool:
        """Finance."""
        return Role.CONTROLLER in self.everywhere

    @property
    def is_head(self) -> bool:
        """Head of procurement."""
        return Role.HEAD_OF_PROCUREMENT in self.everywhere

    @property
    def is_auditor(self) -> bool:
        """Auditor."""
        return Role.AUDITOR in self.everywhere

    @property
    def names(self) -> frozenset[Role]:
        """All of them, wherever she has them."""
        local = {
            Role.REQUESTER: self.orders_for,
            Role.BUDGET_HOLDER: self.attests_for,
            Role.GOODS_RECEIVER: self.receives_for,
        }
        return self.everywhere | {role for role, departments in local.items() if departments}

    @property
    def sees_region(self) -> bool:
        """Sees everything in the region."""
        return self.is_controller or self.is_head or self.is_auditor


def roles_on(user: User, day: date) -> Roles:
    """Roles on that day; kept on the person object, which lives no longer than a request or a task."""
    if (Roles, day) not in user.remembered:
        user.remembered[Roles, day] = _roles_of(_memberships(user.pk, day))
    roles: Roles = user.remembered[Roles, day]
    return roles


def ordering_administrations(user: User, day: date) -> list[int] | None:
    """The administrations whose departments she orders for that day, by id; None when she orders for nobody."""
    roles = roles_on(user, day)
    return sorted({roles.departments[pk].administration_id for pk in roles.orders_for}) or None


def memberships_on(day: date) -> FilteredRelation:
    """What to annotate people with as ``held``, to read them with their roles of the day: a row for each role."""
    return FilteredRelation("memberships", condition=Q(memberships__valid_during__contains=day))


HELD = "held__department__activity"
"""What goes with it into ``select_related``."""


def remember_roles(rows: Sequence[User], day: date) -> User:
    """The person whose rows these are, and what she ``held`` kept on her."""
    user = rows[0]
    user.remembered[Roles, day] = _roles_of([row.held for row in rows if hasattr(row, "held")])
    return user


def preload_roles(user: User, day: date, roles: Roles) -> None:
    """Let the person have these roles that day without asking the database, to ask what somebody like her may do."""
    user.remembered[Roles, day] = roles


def _roles_of(memberships: Sequence[Membership]) -> Roles:
    return Roles(
        everywhere=frozenset(Role(row.role) for row in memberships if row.department_id is None),
        orders_for=_limits(memberships, Role.REQUESTER),
        attests_for=_limits(memberships, Role.BUDGET_HOLDER),
        receives_for=frozenset(_limits(memberships, Role.GOODS_RECEIVER)),
        departments={row.department.pk: row.department for row in memberships if row.department is not None},
    )


@compiled_once
def _memberships(user: int, day: date) -> QuerySet[Membership]:
    return Membership.objects.on(day).filter(user=user).select_related("department__activity")


def _limits(rows: Sequence[Membership], role: Role) -> dict[int, Decimal | None]:
    return {row.department_id: row.amount_limit for row in rows if row.role == role and row.department_id}


EVERYBODY = "everybody"
"""In the setting SECOND_FACTOR_ROLES: whoever has an account."""


class SecondFactorNeeded(NotPermitted):
    """A role needs a second factor, and none has been shown."""

    code = "second_factor_needed"
    sentence = _(
        "Din roll kräver inloggning i två steg. Logga in i webbläsaren och ställ in det andra steget."
    )


def needs_second_factor(user: User, *, at: datetime) -> bool:
    """Whether the region asks the person for a second factor, for a role that she has today, or acts in by delegation."""
    needing = settings.SECOND_FACTOR_ROLES
    if not needing:
        return False
    day = timezone.localdate(at)
    if EVERYBODY in needing or not needing.isdisjoint(roles_on(user, day).names):
        return True
    delegated = needing.intersection(DELEGABLE)
    return bool(delegated) and (
        Delegation.objects.in_force(day)
        .filter(
            delegate=user,
            delegator__memberships__role__in=delegated,
            delegator__memberships__valid_during__contains=day,
        )
        .exists()
    )


class OnlyYourOwnSessions(NotPermitted):
    """Nobody signs another person out."""

    code = "only_your_own_sessions"
    sentence = _("Du kan bara logga ut dig själv.")


def can_end_sessions_of(by: User, person: User) -> Verdict:
    """Whether ``by`` may sign ``person`` out everywhere: she herself."""
    return PERMITTED if by == person else refused(OnlyYourOwnSessions())


class OnlyYourOwnAccount(NotPermitted):
    """Password and language are a person's own."""

    code = "only_your_own_account"
    sentence = _("Du kan bara ändra ditt eget konto.")


def can_keep_account_of(by: User, person: User) -> Verdict:
    """Whether ``by`` may change the password and the language of ``person``: she herself."""
    return PERMITTED if by == person else refused(OnlyYourOwnAccount())


class NameIsTheDirectorys(NotPermitted):
    """What a directory says of a person is changed there."""

    code = "name_is_the_directorys"
    sentence = _("Ditt namn kommer från regionens katalog, och ändras där.")


def can_change_name_of(by: User, person: User) -> Verdict:
    """Whether ``by`` may change the name of ``person``: she herself, unless a directory tells it, by itself or at the door."""
    verdict = can_keep_account_of(by, person)
    is_told = (
        ProvisionedPerson.objects.filter(user=person).exists()
        or SocialAccount.objects.filter(user=person).exists()
    )
    if verdict and is_told:
        return refused(NameIsTheDirectorys())
    return verdict


class OnlyYourOwnTokens(NotPermitted):
    """A key acts with all rights of its owner, so only she makes and revokes it."""

    code = "only_your_own_tokens"
    sentence = _("Du kan bara skapa och dra in dina egna API-nycklar.")


def can_hold_tokens_of(by: User, person: User) -> Verdict:
    """Whether ``by`` may make and revoke API keys that act for ``person``: she herself."""
    return PERMITTED if by == person else refused(OnlyYourOwnTokens())


class AccountsAreForAdministrators(NotPermitted):
    """Roles and accounts are ended by the administrator or the head of procurement, never one's own account."""

    code = "accounts_are_for_administrators"
    sentence = _(
        "Bara systemadministratören och inköpschefen avslutar roller och konton, och aldrig sitt eget."
    )


def can_arrange_accounts(by: User, person: User, *, at: datetime) -> Verdict:
    """Whether ``by`` may end a role of ``person`` or close her account."""
    roles = roles_on(by, timezone.localdate(at))
    is_allowed = (roles.is_head or Role.ADMINISTRATOR in roles.everywhere) and by.pk != person.pk
    return PERMITTED if is_allowed else refused(AccountsAreForAdministrators())


class OnlyAdministratorsInvite(NotPermitted):
    """People are invited by the administrator or the head of procurement."""

    code = "only_administrators_invite"
    sentence = _("Bara systemadministratören och inköpschefen bjuder in.")


def can_invite(by: User, *, at: datetime) -> Verdict:
    """Whether ``by`` may send people who cannot sign in yet a link to do so."""
    roles = roles_on(by, timezone.localdate(at))
    is_allowed = roles.is_head or Role.ADMINISTRATOR in roles.everywhere
    return PERMITTED if is_allowed else refused(OnlyAdministratorsInvite())


class OrganisationIsForTheAdministrator(NotPermitted):
    """Departments are arranged by the administrator."""

    code = "organisation_is_for_the_administrator"
    sentence = _("Bara systemadministratören ändrar organisationen.")


def can_arrange_organisation(by: User, *, at: datetime) -> Verdict:
    """Whether ``by`` may merge and close departments: the administrator."""
    is_administrator = Role.ADMINISTRATOR in roles_on(by, timezone.localdate(at)).everywhere
    return PERMITTED if is_administrator else refused(OrganisationIsForTheAdministrator())
