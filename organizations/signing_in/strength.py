"""
How somebody came in: what she has shown in this session, and when.

django-allauth keeps a list of it in the session. Whoever a directory let in has shown what the directory asks for; whether
that is enough here stands in the directory's setting (``second_factor``).
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from organizations.models import User

RECENT = timedelta(minutes=15)
"""How long what she has shown is enough to change how she signs in."""


def methods_shown(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """What the person has shown in this session, the latest last."""
    return list(get_authentication_records(request, user))


def is_strong(request: HttpRequest, user: User) -> bool:
    """Whether she has shown a second factor, or has come in through a directory that sees to it."""
    return any(_is_strong(each) for each in methods_shown(request, user))


def is_recent(request: HttpRequest, user: User, *, strongly: bool, at: datetime) -> bool:
    """
    Whether she showed that she is herself a moment ago.

    :param strongly: only what is as good as a second factor counts.
    """
    since = (at - RECENT).timestamp()
    return any(
        each["at"] > since and (_is_strong(each) or not strongly) for each in methods_shown(request, user)
    )


def way_in(request: HttpRequest, user: User) -> tuple[str, str]:
    """How she came in, and which second factor she showed beside it."""
    way, second_factor = "", ""
    for each in methods_shown(request, user):
        if each["method"] == "mfa" and not each.get("passwordless"):
            second_factor = each["type"]
        else:
            way, second_factor = (
                each.get("provider") or ("passkey" if each["method"] == "mfa" else "password"),
                "",
            )
    return way, second_factor


def uses_password(user: User) -> bool:
    """Whether she signs in with a password here."""
    return bool(settings.PASSWORDS) and user.has_usable_password()


def can_have_factors(user: User) -> bool:
    """Whether a second factor would ever be asked for: she has a password here, or a directory leaves it to the program."""
    return uses_password(user) or is_asked_here()


def is_asked_here() -> bool:
    """Whether some directory leaves the second factor to the program."""
    return any(map(asks_second_factor, _directories()))


def asks_second_factor(directory: str) -> bool:
    """Whether who comes from this directory is asked for a second factor here too."""
    return _directories().get(directory, {}).get("second_factor") == "here"


def _directories() -> dict[str, dict[str, Any]]:
    """The settings of each directory, by its name."""
    return {
        app["provider_id"]: app["settings"]
        for provider in settings.SOCIALACCOUNT_PROVIDERS.values()
        for app in provider["APPS"]
    }


def _is_strong(record: dict[str, Any]) -> bool:
    if record["method"] == "socialaccount":
        return not asks_second_factor(record["provider"])
    return bool(record["method"] == "mfa")
