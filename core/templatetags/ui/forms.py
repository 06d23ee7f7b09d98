"""What a person acts with: buttons, steppers, radio cards, and what she has to put right."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import formatting
from core.languages import current_language

register = template.Library()

BUTTON_KINDS = {
    "filled": "",
    "outline": "button--outline",
    "refuse": "button--refuse",
    "quiet": "button--quiet",
}
BUTTON_SIZES = {"": "", "dense": "button--dense", "row": "button--row", "large": "button--large"}


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
    """Write a number for the script: a point, no idle zeros, nothing for nothing."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _typed(value: Any) -> str:
    """Write a number as the reader types it; what she has typed stays as it is."""
    return (
        formatting.number_as_typed(value, language=current_language())
        if isinstance(value, Decimal)
        else _plain(value)
    )


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
    """Draw minus, number and plus in one frame; a text field without script."""
    return {
        "name": name,
        "value": _typed(value),
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
    problems: list[tuple[str, str, str]] = []
    for form in _flatten(forms):
        problems.extend(("", str(error), str(error)) for error in form.non_field_errors())
        for field in form:
            target = f"#{field.id_for_label or field.auto_id}"
            problems.extend(
                (target, _labelled(str(field.label or ""), str(error)), str(error)) for error in field.errors
            )
    for formset in forms:
        if isinstance(formset, BaseFormSet):
            problems.extend(("", str(error), str(error)) for error in formset.non_form_errors())
    return {"problems": problems}


def _labelled(label: str, text: str) -> str:
    """Say of which field something is said, unless the sentence does."""
    if not label or text.casefold().startswith(label.casefold()):
        return text
    return f"{label} {text}" if label.endswith("?") else f"{label}: {text}"


def _flatten(forms: Iterable[BaseForm | BaseFormSet[Any] | None]) -> Iterable[BaseForm]:
    """Take forms and the forms of formsets, those that were filled in."""
    for form in forms:
        if isinstance(form, BaseFormSet):
            yield from (inner for inner in form.forms if inner.is_bound)
        elif form is not None and form.is_bound:
            yield form
