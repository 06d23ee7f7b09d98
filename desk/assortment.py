"""The three views of what could be otherwise in the assortment."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.components import Link


def views(current: str) -> list[Link]:
    """The tabs over proposals, searches that found nothing, and what could be one choice."""
    labels = {
        "proposals": _("Förslag"),
        "searches": _("Sökningar utan träff"),
        "candidates": _("Standardisering"),
    }
    return [
        Link(label, reverse(f"desk:{name}"), is_current=name == current) for name, label in labels.items()
    ]
