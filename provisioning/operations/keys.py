"""Keys of directories: make, take back."""

import secrets
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import place
from core.errors import DomainError, InvalidInput
from core.transactions import operation
from core.verdicts import require
from notices.operations.telling import News, tell
from organizations.events import Event
from organizations.models import DirectoryKey, User
from organizations.models.links import digest_of
from provisioning.notices import KEY_ENDS
from provisioning.permissions import administrators_on, can_arrange_provisioning

LONGEST_LIFE_DAYS = 730
HEARD_EVERY = timedelta(minutes=1)
"""When a directory was last heard is written down this often."""
TOLD_BEFORE = timedelta(days=14)
"""So long before a directory's last key ends the administrators are told."""


class KeyNameMissing(InvalidInput):
    """A key is called something, so that one knows which to take back."""

    code = "directory_key_name_missing"
    sentence = _("Ge nyckeln ett namn på högst 60 tecken.")


class KeyNameTaken(InvalidInput):
    """There is a key of that name, or has been."""

    code = "directory_key_name_taken"
    sentence = _("Det finns redan en nyckel som heter %(name)s.")


class DirectoryMissing(InvalidInput):
    """A key belongs to a directory, whose group rules hold for what is told with it."""

    code = "directory_missing"
    sentence = _("Ange vilken katalog nyckeln är för, med högst 40 tecken.")


class KeyLifeNotPossible(InvalidInput):
    """A key lives at least a day and at most two years."""

    code = "directory_key_life"
    sentence = _("En katalognyckel gäller minst en dag och högst två år.")


class KeyIsOver(DomainError):
    """It has been taken back already."""

    code = "directory_key_is_over"
    sentence = _("Nyckeln är redan indragen.")


@operation
def create_directory_key(
    *, name: str, directory: str, days: int, by: User | None, at: datetime
) -> tuple[DirectoryKey, str]:
    """
    Make a key with which a directory tells about its people during so many days.

    :param by: None for whoever runs the program and acts from a command.
    :returns: the key as it is kept, and its text, which is kept nowhere and can be shown this once.
    :raises NotPermitted: she is not the administrator.
    :raises InvalidInput: the name is missing or taken, the directory is missing, or the life is too long.
    """
    if by is not None:
        require(can_arrange_provisioning(by, at=at))
    name, directory = name.strip(), directory.strip()
    if not 0 < len(name) <= 60:
        raise KeyNameMissing
    if not 0 < len(directory) <= 40:
        raise DirectoryMissing
    if not 0 < days <= LONGEST_LIFE_DAYS:
        raise KeyLifeNotPossible
    if DirectoryKey.objects.filter(name=name).exists():
        raise KeyNameTaken(name=name)
    text = secrets.token_hex(32)
    key = DirectoryKey.objects.create(
        name=name,
        directory=directory,
        digest=digest_of(text),
        beginning=text[:8],
        created_at=at,
        created_by=by,
        expires_at=at + timedelta(days=days),
    )
    trail.record(Event.DIRECTORY_KEY_CREATED, subject=key, by=by, at=at, days=days, directory=directory)
    return key, text


@operation
def revoke_directory_key(*, key: DirectoryKey, by: User, at: datetime) -> DirectoryKey:
    """
    Make a key worthless at once.

    :raises NotPermitted: she is not the administrator.
    :raises KeyIsOver: it has been taken back already.
    """
    key = DirectoryKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    require(can_arrange_provisioning(by, at=at))
    if key.revoked_at is not None:
        raise KeyIsOver
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    trail.record(Event.DIRECTORY_KEY_REVOKED, subject=key, by=by, at=at)
    return key


@operation
def tell_of_ending_keys(*, at: datetime) -> int:
    """
    Tell the administrators, once, of each key that ends soon and leaves its directory without any; returns how many.

    A directory that falls silent is noticed by nobody: those who leave are merely not told of. Without an administrator it is kept until
    there is one.
    """
    administrators = administrators_on(timezone.localdate(at))
    if not administrators:
        return 0
    ending = list(
        DirectoryKey.objects.select_for_update(no_key=True, of=("self",))
        .last_to_end(at, by=at + TOLD_BEFORE)
        .filter(end_told_at=None)
        .order_by("pk")
    )
    tell(
        [
            News(person, KEY_ENDS, place("directory"), {"name": key.name, "day": _day(key).isoformat()})
            for key in ending
            for person in administrators
        ],
        by=None,
        at=at,
    )
    DirectoryKey.objects.filter(pk__in=[key.pk for key in ending]).update(end_told_at=at)
    return len(ending)


def _day(key: DirectoryKey) -> date:
    return timezone.localdate(key.expires_at)


def is_to_be_noted(key: DirectoryKey, *, at: datetime) -> bool:
    """Whether it is a while since it was written down that the directory was heard."""
    return key.heard_at is None or key.heard_at < at - HEARD_EVERY


@operation
def note_heard(*, key: DirectoryKey, at: datetime) -> None:
    """Write down that the directory was heard."""
    DirectoryKey.objects.filter(Q(heard_at=None) | Q(heard_at__lt=at), pk=key.pk).update(heard_at=at)
