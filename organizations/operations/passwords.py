"""Passwords: the first, a forgotten and a changed one."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.backoff import pause_after
from core.errors import InvalidInput, NotPermitted
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from organizations import permissions
from organizations.events import Event
from organizations.models import LinkKind, PasswordLink, User
from organizations.models.links import digest_of

LIVES = {LinkKind.INVITATION: timedelta(days=7), LinkKind.FORGOTTEN: timedelta(hours=1)}
"""How long a link opens something, from when its message was written."""
ANEW_AFTER = timedelta(minutes=5)
"""A link that was asked for more recently is not replaced: whoever asks again and again only gets one message."""
SECRET_LENGTH = 43
"""Characters of 62 kinds: 256 bits."""
SEND = "organizations.send_password_links"


class LinkOpensNothing(InvalidInput):
    """A link is used once and within its time; a newer one takes its place."""

    code = "link_opens_nothing"
    sentence = _("Länken gäller inte längre. Be om en ny, så kommer den med e-post.")


class PasswordTooWeak(InvalidInput):
    """A password is long enough, not a common one, and not like the person's own name."""

    code = "password_too_weak"
    sentence = _("Lösenordet duger inte. %(reasons)s")


class OldPasswordIsWrong(InvalidInput):
    """Whoever changes a password knows the one that she has."""

    code = "old_password_is_wrong"
    sentence = _("Det nuvarande lösenordet stämmer inte.")


class PasswordsAreOff(NotPermitted):
    """The region signs in through its directory only."""

    code = "passwords_are_off"
    sentence = _("Här loggar man in med sitt vanliga konto. Lösenordet sätts inte i Rauk.")


@operation
def invite(*, people: Sequence[User], by: User, at: datetime) -> int:
    """
    Send people who cannot sign in yet a link by which they set a password; returns how many.

    Those who have a password, whose account is closed, or who were invited a moment ago are left alone.

    :raises NotPermitted: she is neither administrator nor head of procurement, or there are no passwords here.
    """
    require(permissions.can_invite(by, at=at))
    _require_passwords_on()
    locked = list(
        User.objects.select_for_update(no_key=True)
        .filter(pk__in=[person.pk for person in people], is_active=True)
        .order_by("pk")
    )
    invited = [person for person in locked if not person.has_usable_password()]
    recipients = _create_links(invited, LinkKind.INVITATION, by=by, at=at)
    trail.record_many(Event.PERSON_INVITED, subjects=recipients, by=by, at=at)
    return len(recipients)


@operation
def take_back_invitation(*, person: User, by: User, at: datetime) -> bool:
    """
    Let the link that somebody was invited by open nothing; returns whether there was one.

    :raises NotPermitted: she is neither administrator nor head of procurement.
    """
    require(permissions.can_invite(by, at=at))
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    taken_back, _by_model = PasswordLink.objects.filter(user=person, kind=LinkKind.INVITATION).delete()
    if taken_back:
        trail.record(Event.INVITATION_TAKEN_BACK, subject=person, by=by, at=at)
    return bool(taken_back)


@operation
def forget_password(*, email: str, at: datetime) -> None:
    """
    Send a link for a new password to whoever has one with this address; nobody is told whether there is such a person.

    Who signs in through the directory only is sent nothing, so that this is no way round what it asks for.

    :raises NotPermitted: there are no passwords here.
    """
    _require_passwords_on()
    person = User.objects.select_for_update(no_key=True).filter(email__iexact=email, is_active=True).first()
    if person is None or not (
        person.has_usable_password() or PasswordLink.objects.filter(user=person).exists()
    ):
        return
    recipients = _create_links([person], LinkKind.FORGOTTEN, by=None, at=at)
    trail.record_many(Event.PASSWORD_FORGOTTEN, subjects=recipients, by=None, at=at)


@operation
def claim_link(*, link: PasswordLink, at: datetime) -> tuple[PasswordLink, str] | None:
    """Take a link that is due, and give it a new secret for the message; None when somebody else was first."""
    due = PasswordLink.objects.due(at).filter(pk=link.pk)
    claimed = (
        due.select_for_update(no_key=True, of=("self",), skip_locked=True).select_related("user").first()
    )
    if claimed is None:
        return None
    secret = get_random_string(SECRET_LENGTH)
    claimed.digest, claimed.expires_at = digest_of(secret), at + LIVES[LinkKind(claimed.kind)]
    claimed.address = claimed.user.email
    claimed.attempts += 1
    claimed.next_at = at + pause_after(claimed.attempts)
    claimed.save(update_fields=["digest", "address", "expires_at", "attempts", "next_at"])
    return claimed, secret


@operation
def mark_link(*, link: PasswordLink, failure: str, at: datetime) -> None:
    """Write down that the message with this link was sent, or why not."""
    PasswordLink.objects.filter(pk=link.pk, digest=link.digest).update(
        sent_at=None if failure else at, failure=failure
    )


@operation
def set_password(*, secret: str, password: str, at: datetime) -> User:
    """
    Set a password by a link, which then opens nothing more. Her sessions end.

    :raises LinkOpensNothing: the link is used, over, replaced, or was sent to an address that is hers no more.
    :raises PasswordTooWeak: the password will not do.
    """
    link = (
        PasswordLink.objects.opened_by(secret, at)
        .select_for_update(no_key=True, of=("self", "user"))
        .select_related("user")
        .first()
    )
    if link is None:
        raise LinkOpensNothing
    _require_passwords_on()
    user = link.user
    _set_password(user, password)
    trail.record(Event.PASSWORD_SET, subject=user, by=user, at=at)
    link.delete()
    return user


@operation
def change_password(*, user: User, old: str, new: str, by: User, at: datetime) -> User:
    """
    Change one's own password. All sessions end, and API keys made under the old one.

    :raises NotPermitted: for somebody else.
    :raises OldPasswordIsWrong: it is not hers.
    :raises PasswordTooWeak: the new one will not do.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(permissions.can_keep_account_of(by, user))
    _require_passwords_on()
    if not user.check_password(old):
        raise OldPasswordIsWrong
    _set_password(user, new)
    trail.record(Event.PASSWORD_CHANGED, subject=user, by=by, at=at)
    PasswordLink.objects.filter(user=user).delete()
    return user


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise PasswordTooWeak(reasons=" ".join(weak.messages)) from weak
    user.set_password(password)
    user.save(update_fields=["password"])


def _create_links(people: Sequence[User], kind: LinkKind, *, by: User | None, at: datetime) -> list[User]:
    """Give each a link to be sent, unless she was given one a moment ago, at the address that she has."""
    asked_lately = PasswordLink.objects.filter(user__in=people, asked_at__gt=at - ANEW_AFTER)
    recent = set(
        asked_lately.filter(Q(address="") | Q(address=F("user__email"))).values_list("user", flat=True)
    )
    recipients = [person for person in people if person.pk not in recent]
    PasswordLink.objects.filter(user__in=recipients).delete()
    PasswordLink.objects.bulk_create(
        PasswordLink(user=person, kind=kind, asked_at=at, asked_by=by, next_at=at) for person in recipients
    )
    if recipients:
        wake(SEND)
    return recipients


def _require_passwords_on() -> None:
    if not settings.PASSWORDS:
        raise PasswordsAreOff
