"""Who may do what with notices and letters."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import Role, User
from organizations.permissions import roles_on


class OnlyYourOwnNotices(NotPermitted):
    """Nobody reads or chooses for another person."""

    code = "only_your_own_notices"
    sentence = _("Du kan bara läsa och ställa in dina egna notiser.")


class LettersAreForTheAdministrator(NotPermitted):
    """Letters that did not leave are seen to by the administrator."""

    code = "letters_are_for_the_administrator"
    sentence = _("Bara systemadministratören ser brev som inte gick att skicka.")


def can_read_notices_of(by: User, person_id: int) -> Verdict:
    """Whether ``by`` may mark notices of this person as read, or choose for her: she herself."""
    return PERMITTED if by.pk == person_id else refused(OnlyYourOwnNotices())


def can_see_letters(by: User, *, at: datetime) -> Verdict:
    """Whether ``by`` may see letters that could not be sent, and have them tried again; what they say is not shown."""
    is_administrator = Role.ADMINISTRATOR in roles_on(by, timezone.localdate(at)).everywhere
    return PERMITTED if is_administrator else refused(LettersAreForTheAdministrator())
