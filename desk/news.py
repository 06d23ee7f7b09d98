"""What has happened to a line since the person last saw it (pure)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class News(models.TextChoices):
    """One kind of thing that can happen to a line that waits; the word is what its row says."""

    ANSWER = "answer", _("Nytt svar")
    VERSION = "version", _("Ny version")
    PRICE = "price", _("Nytt pris")
    ACCEPTED = "accepted", _("Ja till priset")
    TAKEN_BACK = "taken_back", _("Nyss tillbaka")


Happened = Mapping[News, datetime | None]
"""When each thing last happened to a line; nothing where it has not."""


def unseen(happened: Happened, *, seen_at: datetime | None) -> tuple[News, ...]:
    """What has happened since that moment, in the order of the kinds; all of it to who has never seen the line."""
    return tuple(
        each for each in News if (at := happened.get(each)) is not None and (seen_at is None or at > seen_at)
    )


def latest(happened: Happened, came_at: datetime | None) -> datetime | None:
    """When the line last came to where it waits: when it was sent, or when something happened to it."""
    return max((at for at in (came_at, *happened.values()) if at is not None), default=None)
