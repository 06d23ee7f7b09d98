"""
Devices on which people have signed in before, known by a signed cookie.

A guesser has no such cookie, so what she does from the same address never shuts out the people whose devices are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from organizations.models import User

COOKIE = "rauk_device"
SALT = "organizations.signing_in.devices"
LIFE_SECONDS = 365 * 24 * 3600
MOST_PEOPLE = 12
"""So many people are remembered on a device that they share."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device, and who has signed in on it, latest first."""

    name: str
    people: Sequence[tuple[int, str]] = ()

    def knows(self, user: User) -> bool:
        """Whether the person has signed in here since she last changed her password or ended her sessions."""
        return (user.pk, _mark(user)) in self.people

    def remembering(self, user: User) -> "Device":
        """The same device when the person has signed in on it."""
        others = [each for each in self.people if each[0] != user.pk]
        return Device(self.name, [(user.pk, _mark(user)), *others][:MOST_PEOPLE])


def device_of(request: HttpRequest) -> Device | None:
    """Read which device this is; None for one that nobody has signed in on."""
    try:
        content: Any = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFE_SECONDS)
        return Device(content["name"], [(int(pk), str(mark)) for pk, mark in content["people"]])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def remember(response: HttpResponse, device: Device | None, user: User) -> None:
    """Let the device be known as the person's the next time."""
    new_device = (device or Device(get_random_string(16))).remembering(user)
    response.set_cookie(
        COOKIE,
        signing.dumps({"name": new_device.name, "people": new_device.people}, salt=SALT, compress=True),
        max_age=LIFE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _mark(user: User) -> str:
    return user.get_session_auth_hash()[:10]
