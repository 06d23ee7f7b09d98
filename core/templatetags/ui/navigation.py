"""Ways around: tabs, filters, pages of a list, keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils.translation import gettext as _

from core import addresses
from core.components import Link

register = template.Library()


@register.simple_tag
def place(name: str) -> str:
    """The address of a place above the page, by the name in the settings' PLACES."""
    return addresses.place(name)


@register.inclusion_tag("components/tabs.html")
def tabs(links: Sequence[Link], label: str = "") -> dict[str, Any]:
    """Draw views of one thing beside each other."""
    return {"links": links, "label": label or _("Vyer")}


@register.inclusion_tag("components/chips.html")
def chips(links: Sequence[Link], label: str = "") -> dict[str, Any]:
    """Draw filters with what each holds."""
    return {"links": links, "label": label or _("Filter")}


@register.inclusion_tag("components/segmented.html")
def segmented(links: Sequence[Link], label: str = "", show_label: bool = False) -> dict[str, Any]:
    """Draw a few choices of which one holds, in one frame."""
    return {"links": links, "label": label, "show_label": show_label}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], param: str = "sida") -> dict[str, Any]:
    """Draw Förra 1 2 3 … Nästa; the rest of the address is kept."""
    query = context["request"].GET.copy() if "request" in context else None

    def url_of(number: int) -> str:
        if query is None:
            return f"?{param}={number}"
        query[param] = str(number)
        return f"?{query.urlencode()}"

    page_numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "previous_url": url_of(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url_of(page.next_page_number()) if page.has_next() else "",
        "numbers": [
            {
                "number": number,
                "url": url_of(number) if isinstance(number, int) else "",
                "is_far": isinstance(number, int) and abs(number - page.number) > 1,
            }
            for number in page_numbers
        ],
    }


@register.inclusion_tag("components/cursor.html")
def cursor(previous_url: str | None = "", next_url: str | None = "", text: str = "") -> dict[str, Any]:
    """Draw Förra and Nästa for a list that is paged by a cursor."""
    return {"previous_url": previous_url, "next_url": next_url, "text": text}


@register.inclusion_tag("components/shortcuts.html")
def shortcuts() -> dict[str, Any]:
    """Draw the strip of keys that belongs under a queue."""
    return {
        "keys": (
            (("J", "K"), _("flytta")),
            (("X",), _("välj")),
            (("G",), _("godkänn")),
            (("⇧G",), _("godkänn gruppen")),
            (("A",), _("ändra antal")),
            (("E",), _("ersätt")),
            (("F",), _("fråga")),
            (("N",), _("avslå")),
            (("L",), _("lämna över")),
            (("Å",), _("ångra")),
        )
    }
