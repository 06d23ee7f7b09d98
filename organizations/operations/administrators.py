"""The first person of an empty region."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput
from core.transactions import operation
from organizations.events import Event
from organizations.models import LinkKind, Membership, PasswordLink, Role, User
from organizations.models.links import digest_of
from organizations.operations.accounts import checked_names
from organizations.operations.passwords import LIVES, SECRET_LENGTH, PasswordTooWeak


class AccountIsClosed(InvalidInput):
    """A closed account is opened again in the register of people, by somebody who may."""

    code = "account_is_closed"
    sentence = _("Kontot är stängt. Öppna det i registret över personer.")


@operation
def create_administrator(
    *, email: str, first_name: str, last_name: str, password: str, at: datetime
) -> tuple[User, bool]:
    """
    Let a person be administrator of the system, and give her an account when she has none.

    The same again changes nothing; the password of an account that is there is never touched.

    :returns: the person, and whether anything was changed.
    :raises AccountIsClosed: her account is closed.
    :raises NameMissing: she has no account, and a first or a last name is missing or too long.
    :raises PasswordTooWeak: a password was given that will not do.
    """
    user = User.objects.select_for_update(no_key=True).filter(email__iexact=email).first()
    day = timezone.localdate(at)
    if user is not None and not user.is_active:
        raise AccountIsClosed
    is_new = user is None
    if user is None:
        first_name, last_name = checked_names(first_name, last_name)
        user = User(email=email.strip().lower(), first_name=first_name, last_name=last_name)
        user.password = make_password(_checked(password, user) if password else None)
        user.save()
    memberships = Membership.objects.on(day).filter(user=user, role=Role.ADMINISTRATOR)
    if memberships.exists():
        return user, is_new
    later = Membership.objects.filter(
        user=user, role=Role.ADMINISTRATOR, valid_during__startswith__gt=day
    ).order_by("valid_during")
    first_later = later.first()
    until = first_later.valid_during.lower if first_later else None
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR, valid_during=DateRange(day, until))
    trail.record(Event.ADMINISTRATOR_CREATED, subject=user, by=None, at=at)
    return user, True


@operation
def link_for(*, user: User, at: datetime) -> str | None:
    """
    Make a link by which a person without password sets one, for whoever runs the program to hand over.

    :returns: its secret, which is kept nowhere; None for a person who has a password, and where there are none.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.has_usable_password() or not settings.PASSWORDS:
        return None
    secret = get_random_string(SECRET_LENGTH)
    PasswordLink.objects.filter(user=user).delete()
    PasswordLink.objects.create(
        user=user,
        kind=LinkKind.INVITATION,
        asked_at=at,
        digest=digest_of(secret),
        address=user.email,
        expires_at=at + LIVES[LinkKind.INVITATION],
        next_at=at,
        sent_at=at,
    )
    trail.record(Event.PERSON_INVITED, subject=user, by=None, at=at)
    return secret


def _checked(password: str, user: User) -> str:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise PasswordTooWeak(reasons=" ".join(weak.messages)) from weak
    return password
