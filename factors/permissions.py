"""Who may do what with whose factors."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Role, User
from organizations.permissions import can_keep_account_of, roles_on
from organizations.signing_in.strength import can_have_factors


class NoFactorsHere(NotPermitted):
    """Who signs in through the directory shows there what it asks for."""

    code = "no_factors_here"
    sentence = _("Du loggar in genom katalogen, som själv sköter det andra steget.")


def can_add_factors_to(by: User, person: User) -> Verdict:
    """Whether ``by`` may add factors to ``person``: she herself, where they are asked for."""
    verdict = can_keep_account_of(by, person)
    if verdict and not can_have_factors(person):
        return refused(NoFactorsHere())
    return verdict


class OnlyAdministratorsRemoveFactors(NotPermitted):
    """Another's factors are removed by the administrator, and her own on her own page."""

    code = "only_administrators_remove_factors"
    sentence = _("Bara systemadministratören tar bort någon annans andra steg.")


def can_remove_factors_of(by: User, person: User, *, at: datetime) -> Verdict:
    """Whether ``by`` may remove all factors of ``person``: an administrator, of somebody else."""
    is_administrator = Role.ADMINISTRATOR in roles_on(by, timezone.localdate(at)).everywhere
    return (
        PERMITTED if is_administrator and by.pk != person.pk else refused(OnlyAdministratorsRemoveFactors())
    )
