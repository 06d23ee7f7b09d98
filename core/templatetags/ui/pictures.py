"""Pictures: icons, an item's pictogram, the mark, a person's initials."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import formatting

register = template.Library()

PICTOGRAMS = (
    "gloves-box",
    "glove",
    "glove-sterile",
    "glove-household",
    "glove-work",
    "glove-chemical",
    "bottle",
    "compress",
    "gown",
    "mask",
    "syringe",
    "paper-box",
    "pen",
    "chair",
    "cart",
    "food",
    "clothing",
    "shoes",
    "phone",
    "laptop",
    "suitcase",
    "document",
    "water-drop",
    "cleaning",
    "bandage",
    "tools",
    "briefcase",
    "box",
)


@register.simple_tag
@lru_cache(maxsize=1024, typed=True)
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon from the sprite; silent to screen readers unless it has a label."""
    href = f"{static('icons.svg')}#{name}"
    aria_attrs = (
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon{}" {}><use href="{}"></use></svg>',
        f" {css}" if css else "",
        aria_attrs,
        href,
    )


@register.simple_tag
def pictogram(name: str | None = "box", size: str = "") -> SafeString:
    """Draw an item as a line picture on limestone; an unknown name becomes a box."""
    picture_name = name if name in PICTOGRAMS else "box"
    return format_html(
        '<span class="pictogram{}"><svg aria-hidden="true"><use href="{}#{}"></use></svg></span>',
        " pictogram--large" if size == "large" else "",
        static("pictograms.svg"),
        picture_name,
    )


@register.simple_tag
def mark(size: int = 34) -> SafeString:
    """Draw the mark: four slabs, one wave, a lichen corner."""
    return format_html(
        '<svg class="mark" width="{}" height="{}" aria-hidden="true"><use href="{}#mark"></use></svg>',
        round(size * 30 / 40),
        size,
        static("mark.svg"),
    )


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Draw a person's initials in a circle; the name is expected to stand beside it."""
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', formatting.initials(str(name)))
