"""Show a second factor."""

import logging
from datetime import datetime

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from audit import trail
from core.addresses import place
from core.transactions import operation
from factors.codes import counter_of
from factors.events import Event
from factors.holdings import Type
from factors.keeping import Unreadable
from factors.notices import CHANGED
from notices.operations.telling import News, tell
from organizations.models import User

logger = logging.getLogger(__name__)


@operation
def use_code(*, user: User, code: str, at: datetime) -> Authenticator | None:
    """
    Take a code of the app, or a recovery code, which is then used; None when it is neither.

    A wrong one stands in the trail, since whoever wrote it knew the password.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for factor in Authenticator.objects.filter(user=user).exclude(type=Type.WEBAUTHN).order_by("pk"):
        try:
            is_right = (
                _is_app_code(factor, code, at)
                if factor.type == Type.TOTP
                else _is_recovery_code(factor, code)
            )
        except Unreadable:
            logger.warning("A second factor was kept under a SECRET_KEY that is gone.")
            continue
        if is_right:
            _record_use(user, factor, at)
            return factor
    trail.record(Event.FAILED, subject=user, by=None, at=at)
    return None


@operation
def use_passkey(*, factor: Authenticator, at: datetime) -> None:
    """Write down that a passkey, whose answer has been checked, was shown."""
    _record_use(User.objects.select_for_update(no_key=True).get(pk=factor.user_id), factor, at)


def _is_app_code(factor: Authenticator, code: str, at: datetime) -> bool:
    """Whether the app shows the code now; none that it showed before it is taken again."""
    secret = get_adapter().decrypt(factor.data["secret"])
    counter = counter_of(code, secret, at=at, after=factor.data["counter"])
    if counter is None:
        return False
    # Locked anew, so that it is kept under the newest key.
    factor.data = {**factor.data, "secret": get_adapter().encrypt(secret), "counter": counter}
    factor.save(update_fields=["data"])
    return True


def _is_recovery_code(factor: Authenticator, code: str) -> bool:
    return bool(factor.wrap().validate_code(code))


def _record_use(user: User, factor: Authenticator, at: datetime) -> None:
    Authenticator.objects.filter(pk=factor.pk).update(last_used_at=at)
    trail.record(Event.USED, subject=user, by=user, at=at, factor=factor.type)
    if factor.type == Type.RECOVERY_CODES:
        tell([News(user.pk, CHANGED, place("second_factors"), {"how": "code_used"})], by=None, at=at)
