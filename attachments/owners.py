"""Who sees a file: whoever sees what it belongs to. The apps that own files say so, and the settings name them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

from attachments.models import Attachment
from organizations.models import User


@dataclass(frozen=True, slots=True)
class Owner:
    """
    A kind of thing that files belong to.

    :param shown_to: the links that the person sees at the moment: rows of a model with a foreign key ``attachment``.
    :param is_for_everybody: whether everybody who is signed in sees the same, so that her browser may keep it.
    """

    shown_to: Callable[[User, datetime], "QuerySet[Any]"]
    is_for_everybody: bool = False


@cache
def owners() -> tuple[Owner, ...]:
    """All of them, those that are for everybody first."""
    all_owners: list[Owner] = [owner for path in settings.ATTACHMENT_OWNERS for owner in import_string(path)]
    return tuple(sorted(all_owners, key=lambda owner: not owner.is_for_everybody))


def owner_showing(attachment: Attachment, *, to: User, at: datetime) -> Owner | None:
    """An owner by which the person sees the file; None when she does not see it."""
    for owner in owners():
        if owner.shown_to(to, at).filter(attachment=attachment).exists():
            return owner
    return None
