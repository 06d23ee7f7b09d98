"""
Count wrong passwords and keys, so that guessing gets slow and nobody is shut out by what others do.

Wrong passwords are counted for the account from that address, and for the address whatever the account. Neither shuts
the account from other addresses. A device that the person has signed in on before has a count of its own.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.transactions import operation
from organizations.models import FailedAttempts, User

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many wrong tries within this time."""

    most: int
    within: timedelta


ACCOUNT = Limit(8, timedelta(minutes=15))
ADDRESS = Limit(30, timedelta(minutes=15))
CODES = Limit(8, timedelta(minutes=15))
CODES_OF_DAY = Limit(40, timedelta(days=1))
LINKS = Limit(3, timedelta(hours=1))
LINKS_OF_ADDRESS = Limit(20, timedelta(hours=1))
KEYS = Limit(30, timedelta(minutes=1))
CALENDARS = Limit(60, timedelta(hours=1))
LONGEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Which account somebody tries to get into, from which address, and on which device if she is known on it."""

    account: str
    address: str
    device: str = ""

    @property
    def counted(self) -> Sequence[tuple[str, Limit]]:
        """What the attempt is counted on."""
        if self.device:
            return [(_name("device", self.account, self.device), ACCOUNT)]
        return [
            (_name("account", self.account, self.address), ACCOUNT),
            (_name("address", self.address), ADDRESS),
        ]


class TooManyGuesses(NotPermitted):
    """Too many wrong passwords or keys lately."""

    code = "too_many_guesses"
    sentence = _("För många försök. Vänta en stund och försök igen.")


def count_attempt(attempt: Attempt, *, at: datetime) -> None:
    """
    Count an attempt before its password is tried, so that many at the same time are no way round.

    :raises TooManyGuesses: the password must not be tried.
    """
    _count(attempt.counted, at)


@operation
def forget_attempt(attempt: Attempt) -> None:
    """Take back what was counted when the password was right; other accounts' wrong ones stay counted."""
    (own_name, _limit), *others = attempt.counted
    FailedAttempts.objects.filter(name=own_name).delete()
    for name, _limit in others:
        FailedAttempts.objects.taken_back(name)


def count_code(user: User, *, at: datetime) -> None:
    """
    Count a code of a second factor before it is tried, whatever the address: only who knows the password comes so far.

    :raises TooManyGuesses: the code must not be tried.
    """
    _count(_code_counters(user), at)


@operation
def forget_code(user: User) -> None:
    """Take back what was counted when the code was right; the day's other tries stay counted."""
    (lately, _limit), (day, _limit) = _code_counters(user)
    FailedAttempts.objects.filter(name=lately).delete()
    FailedAttempts.objects.taken_back(day)


def _code_counters(user: User) -> Sequence[tuple[str, Limit]]:
    """A new password begins anew, so that she is not shut out by who knew the old one."""
    return [
        (_name("codes", str(user.pk), user.password_digest), CODES),
        (_name("codes of the day", str(user.pk), user.password_digest), CODES_OF_DAY),
    ]


def count_wrong_key(address: str, *, at: datetime) -> None:
    """
    Count a wrong API key.

    :raises TooManyGuesses: there have been too many from this address.
    """
    _count([(_name("keys", address), KEYS)], at)


def count_calendar(key_digest: str, *, at: datetime) -> None:
    """
    Count that a calendar is read at its private address.

    :raises TooManyGuesses: it is read more often than a calendar program does.
    """
    _count([(_name("calendar", key_digest), CALENDARS)], at)


def count_forgotten(account: str, address: str, *, at: datetime) -> None:
    """
    Count somebody who says that she has forgotten the password of an account, whether there is one or not.

    :raises TooManyGuesses: there have been too many for the account, or from this address.
    """
    _count([(_name("forgotten", account), LINKS), (_name("forgotten from", address), LINKS_OF_ADDRESS)], at)


@operation
def forget_old_attempts(*, at: datetime) -> int:
    """Remove counts that no longer matter; returns how many."""
    removed, _by_model = FailedAttempts.objects.filter(first_at__lt=at - LONGEST).delete()
    return removed


def _count(counters: Sequence[tuple[str, Limit]], at: datetime) -> None:
    """Count, and only then refuse: what is refused stays counted."""
    limits = [limit.most for _name, limit in counters]
    counts = list(zip(_counts(counters, at), limits, strict=True))
    if any(count > most for count, most in counts):
        if any(count == most + 1 for count, most in counts):
            logger.warning("Too many wrong passwords or keys from one address.")
        raise TooManyGuesses


@operation
def _counts(counters: Sequence[tuple[str, Limit]], at: datetime) -> list[int]:
    return [FailedAttempts.objects.counted(name, at=at, within=limit.within) for name, limit in counters]


def _name(*parts: str) -> str:
    """Name a count without keeping whom or what it is about."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
