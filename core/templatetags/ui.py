"""
The components of the interface, one tag each. The gallery at ``/komponenter/`` shows them all.

Small parts are written here, larger ones in ``templates/components``. A component never queries: it
draws what it is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import charts, formatting
from core.components import Link, Measure, Month, Step, Term

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

PICTOGRAMS = frozenset(
    [
        "gloves-box",
        "glove",
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
    ]
)

BUTTON_KINDS = {
    "filled": "",
    "outline": "button--outline",
    "refuse": "button--refuse",
    "quiet": "button--quiet",
}
BUTTON_SIZES = {"": "", "dense": "button--dense", "row": "button--row", "large": "button--large"}


def _language() -> str:
    return get_language() or "sv"


# Pictures


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon from the sprite; silent to screen readers unless it has a label."""
    href = f"{static('icons.svg')}#{name}"
    spoken = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="icon{}" width="20" height="20" focusable="false" {}><use href="{}"></use></svg>',
        f" {css}" if css else "",
        spoken,
        href,
    )


@register.simple_tag
def pictogram(name: str | None = "box", size: str = "") -> SafeString:
    """Draw an item as a line picture on limestone; an unknown name becomes a box."""
    known = name if name in PICTOGRAMS else "box"
    return format_html(
        '<span class="pictogram{}"><svg width="40" height="40" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg></span>',
        " pictogram--large" if size == "large" else "",
        static("pictograms.svg"),
        known,
    )


@register.simple_tag
def mark(size: int = 34) -> SafeString:
    """Draw the mark: four slabs, one wave, a lichen corner."""
    return format_html(
        '<svg class="mark" width="{}" height="{}" aria-hidden="true" focusable="false"><use href="{}#mark"></use></svg>',
        round(size * 30 / 40),
        size,
        static("mark.svg"),
    )


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Draw a person's initials in a circle; the name is expected to stand beside it."""
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', formatting.initials(str(name)))


# Words with a colour


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


@register.simple_block_tag
def note(content: str, kind: str = "info", icon: str = "") -> str:
    """Write one or two sentences on a tinted ground: ok, info, warn, error or quiet."""
    return render_to_string(
        "components/note.html",
        {"content": content, "kind": kind, "icon_name": icon or NOTE_ICONS.get(kind, "info")},
    )


# Papers


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


# Acts


@register.inclusion_tag("components/act.html", takes_context=True)
def act(
    context: Context,
    label: str,
    url: str,
    kind: str = "outline",
    size: str = "",
    icon: str = "",
    name: str = "",
    value: Any = "",
    describe: str = "",
    target: str = "",
    swap: str = "outerHTML",
) -> dict[str, Any]:
    """Draw a button that is a whole POST form; with ``target`` HTMX swaps only that part."""
    return {
        "label": label,
        "url": url,
        "css": " ".join(part for part in (BUTTON_KINDS[kind], BUTTON_SIZES[size]) if part),
        "icon_name": icon,
        "name": name,
        "value": value,
        "describe": describe,
        "target": target,
        "swap": swap,
        "csrf_token": context.get("csrf_token", ""),
    }


def _plain(value: Any) -> str:
    """Write a number for the browser: a point, no idle zeros, nothing for nothing."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@register.inclusion_tag("components/stepper.html")
def stepper(
    name: str,
    value: Any,
    min: Any = 0,
    max: Any = None,
    step: Any = 1,
    label: str = "",
    unit: str = "",
    form: str = "",
    size: str = "",
    id: str = "",
    describedby: str = "",
) -> dict[str, Any]:
    """Draw minus, number and plus in one frame; a number field without script."""
    return {
        "name": name,
        "value": _plain(value),
        "min": _plain(min),
        "max": _plain(max),
        "step": _plain(step),
        "label": label or _("Antal"),
        "unit": unit,
        "form": form,
        "size": size,
        "id": id,
        "describedby": describedby,
    }


@register.simple_block_tag
def choice(
    content: str,
    name: str,
    value: Any,
    label: str,
    button: str = "",
    key: str = "",
    checked: bool = False,
    id: str = "",
    hint: str = "",
) -> str:
    """Draw a radio card; what stands inside opens when it is chosen."""
    return render_to_string(
        "components/choice.html",
        {
            "content": SafeString(content.strip()),
            "name": name,
            "value": value,
            "label": label,
            "button": button,
            "key": key,
            "checked": checked,
            "id": id or f"id_{name}_{value}",
            "hint": hint,
        },
    )


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet[Any] | None) -> dict[str, Any]:
    """Gather what has to be put right, each with a link to its field; takes focus when the page opens."""
    problems: list[tuple[str, str]] = []
    for form in _flatten(forms):
        problems.extend(("", str(error)) for error in form.non_field_errors())
        for field in form:
            problems.extend((f"#{field.id_for_label or field.auto_id}", str(error)) for error in field.errors)
    for formset in forms:
        if isinstance(formset, BaseFormSet):
            problems.extend(("", str(error)) for error in formset.non_form_errors())
    return {"problems": problems}


def _flatten(forms: Iterable[BaseForm | BaseFormSet[Any] | None]) -> Iterable[BaseForm]:
    """Take forms and the forms of formsets, those that were filled in."""
    for form in forms:
        if isinstance(form, BaseFormSet):
            yield from (inner for inner in form.forms if inner.is_bound)
        elif form is not None and form.is_bound:
            yield form


# Ways around


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

    shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
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
            for number in shown
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
            (("A",), _("ändra antal")),
            (("E",), _("ersätt")),
            (("F",), _("fråga")),
        )
    }


# Figures


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


@register.inclusion_tag("components/bar.html")
def bar(
    percent: Decimal | float,
    text: str = "",
    label: str = "",
    tone: str = "",
    runs_out: bool = False,
    show_percent: bool = True,
    word: str = "",
) -> dict[str, Any]:
    """Draw how much of a ceiling is used, with marks at 70, 85 and 95 per cent."""
    used = percent or 0
    spoken = formatting.percent(used, language=_language())
    return {
        "label": label,
        "word": word,
        "spoken": _("%(percent)s använt") % {"percent": spoken},
        "percent": spoken if show_percent else "",
        "text": text,
        "tone": tone or charts.ceiling_tone(used, runs_out=runs_out),
        "width": charts.position(used, 100),
        "ticks": [f"{tick}%" for tick in charts.CEILING_TICKS],
    }


@register.inclusion_tag("components/meter.html")
def meter(
    done: Decimal | float, total: Decimal | float = 100, tone: str = "blue", label: str = ""
) -> dict[str, Any]:
    """Draw a plain bar: how much of something."""
    ratio = Decimal(str(done or 0)) / Decimal(str(total)) * 100 if total else Decimal(0)
    return {
        "width": charts.position(done or 0, total),
        "tone": tone,
        "label": label or formatting.percent(ratio, 0, language=_language()),
    }


@register.inclusion_tag("components/sparkline.html")
def sparkline(
    prices: Sequence[Decimal | float],
    agreement: Decimal | float | None = None,
    tone: str = "",
    label: str = "",
) -> dict[str, Any]:
    """Draw how a price has moved, in steps, with the agreement's price dotted."""
    drawn = charts.sparkline(prices, agreement)
    if not label and prices:
        label = _("Priset har gått från %(first)s till %(last)s") % {
            "first": formatting.unit_price(prices[0], language=_language()),
            "last": formatting.unit_price(prices[-1], language=_language()),
        }
    return {"drawn": drawn, "tone": tone or drawn.tone, "label": label}


@register.inclusion_tag("components/month_columns.html")
def month_columns(months: Sequence[Month], unit: str = "") -> dict[str, Any]:
    """Draw a year of months: realised solid, plan dashed, and the figures in words."""
    said = [month for month in months if month.value is not None]
    return {
        "columns": charts.columns(months),
        "unit": unit,
        "said": said,
        "labels": [m.label for m in months],
    }


@register.inclusion_tag("components/ladder.html")
def ladder(measures: Sequence[Measure]) -> dict[str, Any]:
    """Draw the three measures of saving as a ladder on one scale."""
    return {"rungs": charts.ladder(measures)}


@register.inclusion_tag("components/growth.html")
def growth(
    actual: Sequence[Decimal | float],
    plan: Sequence[Decimal | float] = (),
    label: str = "",
    actual_label: str = "",
    plan_label: str = "",
    labels: Sequence[str] = (),
) -> dict[str, Any]:
    """Draw a cumulative year: what has come home as a line, the plan dashed."""
    names = labels or [formatting.short_month(number, language=_language()) for number in (1, 4, 8, 12)]
    return {
        "drawn": charts.growth(actual, plan),
        "label": label,
        "actual_label": actual_label,
        "plan_label": plan_label,
        "labels": names,
    }


@register.inclusion_tag("components/runway.html")
def runway(terms: Sequence[Term], start: date, end: date, today: date, caption: str = "") -> dict[str, Any]:
    """Draw when agreements end and when the next procurement has to start."""
    return {"drawn": charts.runway(terms, starts=start, ends=end, today=today), "caption": caption}


@register.inclusion_tag("components/work.html")
def work_progress(work: Any, url: str, title: str = "", unit: str = "") -> dict[str, Any]:
    """Draw how far a background job has come; asks again every other second until it is finished."""
    return work_context(work, url=url, title=title, unit=unit)


def work_context(work: Any, *, url: str, title: str = "", unit: str = "") -> dict[str, Any]:
    """Gather what ``components/work.html`` draws, for the view that answers with it alone."""
    total, done = work.total or 0, work.done or 0
    language = _language()
    return {
        "work": work,
        "url": url,
        "title": title,
        "unit": unit,
        "is_running": work.status in ("queued", "running"),
        "done": formatting.number(done, language=language),
        "total": formatting.number(total, language=language),
        "has_total": bool(total),
        "now": str(done),
        "maximum": str(total or 1),
        "width": charts.position(done, total) if total else "0%",
    }
