"""Words with a colour: the tag of a status, and notes."""

from __future__ import annotations

from django import template
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.citations import Citation, citation_for
from core.templatetags.ui.pictures import icon

register = template.Library()

STATUS_KINDS: dict[str, tuple[str, str]] = {
    "sent": ("circle", "plain"),
    "half": ("half", "plain"),
    "done": ("check-circle", "moss"),
    "changed": ("pencil", "plain"),
    "swapped": ("swap", "plain"),
    "truck": ("truck", "plain"),
    "received": ("box", "moss"),
    "late": ("clock", "ochre"),
    "overdue": ("clock", "rust"),
    "stopped": ("cross-circle", "plain"),
    "question": ("bubble", "rust"),
    "warning": ("warning", "ochre"),
    "news": ("bell", "plain"),
    "error": ("warning", "rust"),
    "agreement": ("check", "moss"),
    "confirmed": ("check", "plain"),
    "no-agreement": ("info", "ochre"),
    "criteria": ("leaf", "plain"),
    "flag": ("flag", "ochre"),
    "up": ("up", "rust"),
    "freetext": ("pencil", "plain"),
    "draft": ("", "plain"),
    "info": ("info", "plain"),
    "lock": ("lock", "plain"),
    "person": ("person", "plain"),
    "plain": ("", "plain"),
}
"""What a status looks like: its icon and its colour. The word is always the caller's."""

NOTE_ICONS = {
    "ok": "check-circle",
    "info": "info",
    "warn": "warning",
    "error": "cross-circle",
    "quiet": "swap",
}


@register.simple_tag
def tag(label: str, kind: str = "plain", tinted: bool = False, tone: str = "") -> SafeString:
    """Write a status: icon and word, on a tinted ground when it is the page's state or a warning."""
    symbol, own_tone = STATUS_KINDS.get(kind, STATUS_KINDS["plain"])
    picture = icon(symbol) if symbol else SafeString("")
    return format_html(
        '<span class="tag tag--{}{}">{}<span>{}</span></span>',
        tone or own_tone,
        " tag--tinted" if tinted else "",
        picture,
        label,
    )


@register.filter
def note_kind(level: str) -> str:
    """Choose the note for a message's level."""
    return {"success": "ok", "warning": "warn", "error": "error"}.get(level, "info")


@register.filter
def note_icon(kind: str) -> str:
    """Choose the icon of a note."""
    return NOTE_ICONS.get(kind, "info")


@register.filter
def undo_url(message: Message) -> str:
    """Find where "Ångra" posts: the address after ``undo:`` in the message's extra tags."""
    for word in (message.extra_tags or "").split():
        if word.startswith("undo:/"):
            return word.removeprefix("undo:")
    return ""


@register.inclusion_tag("components/citation.html")
def citation(refusal: object) -> dict[str, Citation | None]:
    """
    Cite the paragraph of the guideline that a refusal rests on, from its sentence or message; nothing for other text.

    A sentence that tells of another's refusal is cited as that is, unless it has a paragraph of its own.
    """
    return {"citation": citation_for(refusal)}


@register.simple_block_tag
def note(content: str, kind: str = "info", icon: str = "") -> str:
    """Write one or two sentences on a tinted ground: ok, info, warn, error or quiet."""
    return render_to_string(
        "components/note.html",
        {"content": content, "kind": kind, "icon_name": icon or NOTE_ICONS.get(kind, "info")},
    )
