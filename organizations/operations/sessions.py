"""The end of a person's sessions."""

from datetime import datetime

from audit import trail
from core.transactions import operation
from core.verdicts import require
from organizations import permissions
from organizations.events import Event
from organizations.models import User


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
