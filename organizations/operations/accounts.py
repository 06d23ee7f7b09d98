"""What a person says about herself: her name, and the language that she is written to in."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from organizations import permissions
from organizations.events import Event
from organizations.models import User

LONGEST_NAME = 60


class NameMissing(InvalidInput):
    """A person has a first and a last name."""

    code = "name_missing"
    sentence = _("Skriv både förnamn och efternamn, högst 60 tecken var.")


class UnknownLanguage(InvalidInput):
    """The program speaks Swedish and English."""

    code = "unknown_language"
    sentence = _("Välj svenska eller engelska.")


@operation
def choose_language(*, user: User, language: str, by: User, at: datetime) -> User:
    """
    Choose which language a person is written to in, on pages and in messages.

    :raises NotPermitted: for somebody else.
    :raises UnknownLanguage: the program does not speak it.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(permissions.can_keep_account_of(by, user))
    if language not in dict(settings.LANGUAGES):
        raise UnknownLanguage
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
        trail.record(Event.LANGUAGE_CHOSEN, subject=user, by=by, at=at, language=language)
    return user


@operation
def change_name(*, user: User, first_name: str, last_name: str, by: User, at: datetime) -> User:
    """
    Change one's own name.

    :raises NotPermitted: for somebody else, or where a directory keeps it up to date.
    :raises NameMissing: one of them is empty or too long.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(permissions.can_change_name_of(by, user))
    names = checked_names(first_name, last_name)
    if names != (user.first_name, user.last_name):
        before = user.full_name
        user.first_name, user.last_name = names
        user.save(update_fields=["first_name", "last_name"])
        trail.record(Event.NAME_CHANGED, subject=user, by=by, at=at, before=before)
    return user


def checked_names(first_name: str, last_name: str) -> tuple[str, str]:
    """
    A first and a last name as they are kept.

    :raises NameMissing: one of them is empty or too long.
    """
    names = (first_name.strip(), last_name.strip())
    if not all(0 < len(each) <= LONGEST_NAME for each in names):
        raise NameMissing
    return names
