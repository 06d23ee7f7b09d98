"""Who may see and change which registers."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from categories.models import CategoryAssignment
from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Role, User
from organizations.permissions import AccountsAreForAdministrators, Roles, roles_on


class RegisterIsForTheAdministrator(NotPermitted):
    """The organisation, people and the technical registers are kept by the administrator."""

    code = "register_is_for_the_administrator"
    sentence = _("Bara systemadministratören ändrar i det här registret.")


class RegisterIsForTheHead(NotPermitted):
    """Categories, posts, policies and suppliers are kept by the head of procurement."""

    code = "register_is_for_the_head"
    sentence = _("Bara inköpschefen ändrar i det här registret.")


class RegisterIsForFinance(NotPermitted):
    """The coding string and the costs are kept by finance."""

    code = "register_is_for_finance"
    sentence = _("Bara ekonomen ändrar i det här registret.")


class RegisterIsForManagers(NotPermitted):
    """Agreements, items and prices are kept by whoever answers for their category."""

    code = "register_is_for_managers"
    sentence = _("Bara den som ansvarar för en kategori ändrar i det här registret.")


class RegistersAreForTheOffice(NotPermitted):
    """Registers are shown to those who keep one, and to those who see the whole region."""

    code = "registers_are_for_the_office"
    sentence = _("Registren visas för den som sköter något av dem, och för den som ser hela regionen.")


def can_see_registers(by: User, at: datetime) -> Verdict:
    """Whether the person may see the registers: administrator, head, finance, auditor, or who answers for a category."""
    roles = _roles(by, at)
    is_inside = roles.sees_region or Role.ADMINISTRATOR in roles.everywhere or bool(is_manager(by, at))
    return PERMITTED if is_inside else refused(RegistersAreForTheOffice())


def is_administrator(by: User, at: datetime) -> Verdict:
    """Whether the person may change the organisation and people."""
    is_one = Role.ADMINISTRATOR in _roles(by, at).everywhere
    return PERMITTED if is_one else refused(RegisterIsForTheAdministrator())


def keeps_accounts(by: User, at: datetime) -> Verdict:
    """Whether the person may plan that somebody leaves: the administrator or the head of procurement."""
    roles = _roles(by, at)
    is_allowed = roles.is_head or Role.ADMINISTRATOR in roles.everywhere
    return PERMITTED if is_allowed else refused(AccountsAreForAdministrators())


def is_head(by: User, at: datetime) -> Verdict:
    """Whether the person may change categories, posts, policies and suppliers."""
    return PERMITTED if _roles(by, at).is_head else refused(RegisterIsForTheHead())


def is_finance(by: User, at: datetime) -> Verdict:
    """Whether the person may change the coding string and the costs."""
    return PERMITTED if _roles(by, at).is_controller else refused(RegisterIsForFinance())


def is_manager(by: User, at: datetime) -> Verdict:
    """Whether the person may change agreements, items and prices: of the categories that she answers for; kept on her."""
    day = timezone.localdate(at)
    if (CategoryAssignment, day) not in by.remembered:
        by.remembered[CategoryAssignment, day] = CategoryAssignment.objects.held_by(by, day).exists()
    return PERMITTED if by.remembered[CategoryAssignment, day] else refused(RegisterIsForManagers())


def _roles(by: User, at: datetime) -> Roles:
    return roles_on(by, timezone.localdate(at))
