"""Add factors, remove them, and make recovery codes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.addresses import place
from core.errors import DomainError, InvalidInput
from core.transactions import operation
from core.verdicts import require
from factors import permissions
from factors.codes import counter_of
from factors.events import Event
from factors.holdings import MAIN, Type
from factors.notices import CHANGED
from notices.operations.telling import News, tell
from organizations.models import ApiToken, User
from organizations.permissions import can_keep_account_of, needs_second_factor

MOST_PASSKEYS = 10
LONGEST_NAME = 60


class CodeIsWrong(InvalidInput):
    """An app is added by a code that it shows now."""

    code = "code_is_wrong"
    sentence = _("Koden stämmer inte. Skriv den som appen visar just nu.")


class HasApp(DomainError):
    """A person has one app; a new telephone takes the place of the old."""

    code = "has_app"
    sentence = _("Du har redan en app. Ta bort den först om du har bytt telefon.")


class TooManyPasskeys(DomainError):
    """Nobody keeps track of so many passkeys."""

    code = "too_many_passkeys"
    sentence = _("Du har redan %(count)s lösennycklar. Ta bort en som inte används.")


class FactorIsNeeded(DomainError):
    """Whoever has to have a factor adds the new one before she removes the old."""

    code = "factor_is_needed"
    sentence = _("Din roll kräver ett andra steg. Lägg till ett nytt innan du tar bort det här.")


class NoFactorYet(DomainError):
    """Recovery codes stand in for a factor that somebody has."""

    code = "no_factor_yet"
    sentence = _("Ställ in ett andra steg först. Då får du återställningskoder.")


@operation
def add_app(*, user: User, secret: str, code: str, by: User, at: datetime) -> list[str]:
    """
    Add an app that shows one-time codes; returns her recovery codes when these are her first.

    :param secret: what the app was given, in base 32.
    :raises NotPermitted: for somebody else, or where factors are not asked for.
    :raises HasApp: she has one.
    :raises CodeIsWrong: the app does not show this code.
    """
    user = _locked(user)
    require(permissions.can_add_factors_to(by, user))
    if Authenticator.objects.filter(user=user, type=Type.TOTP).exists():
        raise HasApp
    counter = counter_of(code, secret, at=at)
    if counter is None:
        raise CodeIsWrong
    data = {"secret": get_adapter().encrypt(secret), "counter": counter}
    return _add(user, Type.TOTP, data, by=by, at=at)


@operation
def add_passkey(*, user: User, name: str, credential: Mapping[str, Any], by: User, at: datetime) -> list[str]:
    """
    Add a passkey whose answer has been checked; returns her recovery codes when these are her first.

    :raises NotPermitted: for somebody else, or where factors are not asked for.
    :raises TooManyPasskeys: she has ten.
    """
    user = _locked(user)
    require(permissions.can_add_factors_to(by, user))
    count = Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).count()
    if count >= MOST_PASSKEYS:
        raise TooManyPasskeys(count=count)
    data = {"name": name.strip()[:LONGEST_NAME] or str(_("Lösennyckel")), "credential": dict(credential)}
    return _add(user, Type.WEBAUTHN, data, by=by, at=at)


@operation
def make_recovery_codes(*, user: User, by: User, at: datetime) -> list[str]:
    """
    Make recovery codes that take the place of those she had; they are shown this once.

    :raises NotPermitted: for somebody else.
    :raises NoFactorYet: she has no factor.
    """
    user = _locked(user)
    require(can_keep_account_of(by, user))
    if not Authenticator.objects.filter(user=user, type__in=MAIN).exists():
        raise NoFactorYet
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    codes = _codes(user)
    trail.record(Event.CODES_MADE, subject=user, by=by, at=at)
    _tell(user, "codes_made", at=at)
    return codes


@operation
def remove_factor(*, user: User, factor_id: int, by: User, at: datetime) -> bool:
    """
    Remove one of one's own factors, and with the last the recovery codes; returns whether there was such a factor.

    :raises NotPermitted: for somebody else.
    :raises FactorIsNeeded: her role needs one, and it is the last.
    """
    user = _locked(user)
    require(can_keep_account_of(by, user))
    factors = list(Authenticator.objects.filter(user=user, type__in=MAIN))
    removed = [each for each in factors if each.pk == factor_id]
    if not removed:
        return False
    if len(factors) == 1:
        if needs_second_factor(user, at=at):
            raise FactorIsNeeded
        _remove_all(user)
    else:
        removed[0].delete()
    trail.record(Event.REMOVED, subject=user, by=by, at=at, factor=removed[0].type)
    _tell(user, "removed", at=at)
    return True


@operation
def remove_all_factors(*, user: User, by: User | None, at: datetime) -> bool:
    """
    Remove all factors of somebody who has lost what she showed; returns whether she had any.

    Her sessions end, since whoever has her telephone may be signed in on it. ``by`` is None for whoever runs the program.

    :raises NotPermitted: by somebody else than an administrator, or by the person herself.
    """
    user = _locked(user)
    if by is not None:
        require(permissions.can_remove_factors_of(by, user, at=at))
    if not _remove_all(user):
        return False
    user.session_round += 1
    user.save(update_fields=["session_round"])
    trail.record(Event.ALL_REMOVED, subject=user, by=by, at=at)
    _tell(user, "all_removed", at=at)
    return True


def _locked(user: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _add(user: User, kind: str, data: dict[str, Any], *, by: User, at: datetime) -> list[str]:
    Authenticator.objects.create(user=user, type=kind, data=data, created_at=at)
    has_codes = Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).exists()
    trail.record(Event.ADDED, subject=user, by=by, at=at, factor=kind)
    _tell(user, kind, at=at)
    return [] if has_codes else _codes(user)


def _codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def _remove_all(user: User) -> bool:
    """Remove them; keys that were made with one are no longer as good as that."""
    removed, _by_model = Authenticator.objects.filter(user=user).delete()
    ApiToken.objects.filter(user=user, has_second_factor=True).update(has_second_factor=False)
    return bool(removed)


def _tell(user: User, how: str, *, at: datetime) -> None:
    """Tell the person also of what she did herself: it may have been somebody at her screen."""
    tell([News(user.pk, CHANGED, place("second_factors"), {"how": str(how)})], by=None, at=at)
