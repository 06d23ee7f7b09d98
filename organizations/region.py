"""Whose program it is: what the setting says, else the authority of the register."""

from functools import lru_cache
from time import monotonic

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from organizations.models import Authority

ASKED_EVERY = 60.0
"""Seconds for which what the register says is remembered: it stands on every page."""


def region_name() -> str:
    """The region's name, in the report, in letters and on every page; "regionen" where nobody has said it yet."""
    return settings.REGION_NAME or authority_name(int(monotonic() // ASKED_EVERY)) or _("regionen")


@lru_cache(maxsize=1)
def authority_name(_minute: int) -> str:
    """The name of the first authority; nothing where there is none, or nobody to ask."""
    try:
        return Authority.objects.order_by("pk").values_list("name", flat=True).first() or ""
    except DatabaseError:
        return ""
