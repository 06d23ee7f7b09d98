"""How far something has come: a requisition's steps, a background job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from core import charts, formatting
from core.components import Step
from core.languages import current_language

register = template.Library()


@register.inclusion_tag("components/timeline.html")
def timeline(steps: Sequence[Step], vertical: bool = False) -> dict[str, Any]:
    """Draw up to five dots: what is done, where it is now, what is left."""
    words = {
        "done": _("klart"),
        "now": _("här är det nu"),
        "you": _("väntar på dig"),
        "todo": _("återstår"),
        "refused": _("stoppat"),
    }
    return {"steps": [(step, words[step.state]) for step in steps], "vertical": vertical}


@register.inclusion_tag("components/work.html")
def work_progress(work: Any, url: str, title: str = "", unit: str = "") -> dict[str, Any]:
    """Draw how far a background job has come; asks again every other second until it is finished."""
    total, finished_count = work.total or 0, work.done or 0
    language = current_language()
    return {
        "work": work,
        "url": url,
        "title": title,
        "unit": unit,
        "is_running": work.status in ("queued", "running"),
        "done": formatting.number(finished_count, language=language),
        "total": formatting.number(total, language=language),
        "has_total": bool(total),
        "now": str(finished_count),
        "maximum": str(total or 1),
        "width": charts.position(finished_count, total) if total else "0%",
    }
