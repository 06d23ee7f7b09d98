"""The form that asks for a follow-up report."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField

LONGEST_TEXT = 10_000


def _words(label: Any, help_text: Any, rows: int) -> forms.CharField:
    """Make a field for what only a person can write."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class ReportForm(forms.Form):
    """Which period, under which name, and what only a person can write."""

    title = forms.CharField(
        label=_("Rubrik"), max_length=150, error_messages={"required": _("Ange en rubrik")}
    )
    diary_number = forms.CharField(
        label=_("Diarienummer"), required=False, max_length=30, help_text=_("Till exempel RS 2020/1154")
    )
    through_date = DayField(
        label=_("Till och med"),
        help_text=_("Rapporten börjar den 1 januari samma år och slutar den här dagen."),
    )
    proposal = _words(
        _("Förslag till beslut"),
        _("En punkt per rad, skriven så att den kan bli regionstyrelsens beslut."),
        rows=3,
    )
    assessment = _words(_("Bedömning"), _("Vad betyder resultatet, och vad bör göras härnäst?"), rows=6)
    children_perspective = _words(
        _("Barn- och genusperspektiv"), _("Hur påverkar inköpen barn, och kvinnor och män?"), rows=4
    )
    rural_perspective = _words(
        _("Landsbygdsperspektiv"), _("Hur påverkar inköpen landsbygden och de lokala leverantörerna?"), rows=4
    )
