"""The beginning and the end of a person's sessions."""

from datetime import datetime

from audit import trail
from core.transactions import operation
from core.verdicts import require
from organizations import permissions
from organizations.events import Event
from organizations.models import Session, User


@operation
def record_sign_in(*, user: User, way: str, second_factor: str, at: datetime) -> None:
    """
    Write down that a person has signed in.

    :param way: ``password``, ``passkey``, or the directory that let her in.
    :param second_factor: which one she showed beside it; empty when none was asked for.
    """
    trail.record(Event.SIGNED_IN, subject=user, by=user, at=at, way=way, second_factor=second_factor)


@operation
def end_sessions(*, user: User, by: User, at: datetime) -> User:
    """
    Sign a person out on every device; none of them is known any longer. Her API keys stay.

    :raises NotPermitted: for somebody else.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    require(permissions.can_end_sessions_of(by, user))
    user.session_round += 1
    user.save(update_fields=["session_round"])
    trail.record(Event.SESSIONS_ENDED, subject=user, by=by, at=at)
    return user


@operation
def end_session(*, user: User, name: str, by: User, at: datetime) -> bool:
    """
    Sign a person out in one browser, by the session's ``name``; returns whether there was such a session.

    :raises NotPermitted: for somebody else.
    """
    require(permissions.can_end_sessions_of(by, user))
    keys = [each.session_key for each in Session.objects.filter(person=user) if each.name == name]
    if not keys:
        return False
    Session.objects.filter(session_key__in=keys).delete()
    trail.record(Event.SESSION_ENDED, subject=user, by=by, at=at)
    return True


@operation
def end_other_sessions(*, user: User, keep: str, by: User, at: datetime) -> int:
    """
    Sign a person out everywhere but in the browser whose session has the key ``keep``; returns how many ended.

    :raises NotPermitted: for somebody else.
    """
    require(permissions.can_end_sessions_of(by, user))
    ended, _by_model = Session.objects.filter(person=user).exclude(session_key=keep).delete()
    if ended:
        trail.record(Event.SESSIONS_ENDED, subject=user, by=by, at=at)
    return ended
