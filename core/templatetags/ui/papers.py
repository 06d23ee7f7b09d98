"""What a page is laid on: papers, tables, help, the question before an act, and the empty place."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def paper(
    content: str,
    title: str = "",
    link_label: str = "",
    link_url: str = "",
    sub: str = "",
    needs: bool = False,
    flush: bool = False,
    level: int = 2,
    id: str = "",
    raised: bool = False,
) -> str:
    """Put a part on paper, with its question as heading and perhaps a link beside it."""
    return render_to_string(
        "components/paper.html",
        {
            "content": content,
            "title": title,
            "link_label": link_label,
            "link_url": link_url,
            "sub": sub,
            "needs": needs,
            "flush": flush,
            "level": level,
            "id": id,
            "raised": raised,
        },
    )


@register.simple_block_tag
def table(content: str, caption: str, css: str = "") -> SafeString:
    """Lay out rows that become blocks on a small screen; the caption is for those who do not see the heading."""
    return format_html(
        '<div class="table-wrap"><table class="table table--blocks{}">'
        '<caption class="visually-hidden">{}</caption>{}</table></div>',
        f" {css}" if css else "",
        caption,
        content,
    )


@register.simple_block_tag(name="help")
def help_text(content: str, summary: str) -> str:
    """Explain something to those who ask."""
    return render_to_string("components/help.html", {"content": content, "summary": summary})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    question: str,
    button: str,
    back_url: str,
    back_label: str,
    action: str = "",
    refuse: bool = False,
) -> str:
    """Ask before something that cannot be undone: a page of its own, never a modal."""
    return render_to_string(
        "components/confirm.html",
        {
            "content": content,
            "question": question,
            "button": button,
            "back_url": back_url,
            "back_label": back_label,
            "action": action,
            "refuse": refuse,
            "csrf_token": context.get("csrf_token", ""),
        },
    )


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "", level: int = 2) -> dict[str, Any]:
    """Say that there is nothing, with one line and one thing to do."""
    return {"title": title, "text": text, "url": url, "action": action, "level": level}
