"""On which other day what is left of an order is needed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from procurement.models import OrderLine


class OtherDaysForm(forms.Form):
    """Why another day is needed, and which version of the order was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=200,
        label=_("Skäl"),
        help_text=_("Syns för dem som väntar på leveransen, inte för leverantören."),
        error_messages={"required": _("Skriv varför en annan dag behövs")},
    )


class OtherDayForm(forms.Form):
    """The day on which one line is needed."""

    day = DayField(label=_("Ska komma"))

    def __init__(self, data: Any = None, *, line: OrderLine, wished: date | None = None) -> None:
        """Begin with the day that is wished for, else with that which is asked for, or holds."""
        self.line = line
        initial = {"day": wished or line.asked_date or line.expected_date}
        super().__init__(data, prefix=f"rad-{line.position}", initial=initial)


class DeclinedDayForm(forms.Form):
    """Why the supplier is not asked for the day that is wished for."""

    reason = forms.CharField(
        max_length=200,
        label=_("Skäl"),
        help_text=_("Syns för den som önskade dagen."),
        error_messages={"required": _("Skriv varför")},
    )


def days(forms_of_lines: Iterable[OtherDayForm]) -> dict[int, date]:
    """The days by the lines' numbers on the order."""
    return {each.line.position: each.cleaned_data["day"] for each in forms_of_lines}
