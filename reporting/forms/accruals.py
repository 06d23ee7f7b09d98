"""The form that says which deliveries are accrued, and against which account."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from core.ordering import swedish
from organizations.models import Authority


class AccrualForm(forms.Form):
    """Whose deliveries, of which days, and where the debt is booked."""

    authority = forms.ModelChoiceField(
        label=_("Myndighet"), queryset=Authority.objects.order_by(swedish("name")), empty_label=None
    )
    starts = DayField(
        label=_("Mottaget från och med"),
        help_text=_("Den första dag vars leveranser inte är fakturerade."),
    )
    ends = DayField(label=_("Mottaget till och med"), help_text=_("Verifikationens dag."))
    credit = forms.RegexField(
        r"^[0-9]{3,10}$",
        max_length=10,
        label=_("Konto för upplupna kostnader"),
        help_text=_("Skulden bokas här, i kredit."),
        error_messages={"required": _("Ange ett konto"), "invalid": _("Ange kontot med siffror, som 2990")},
    )
    is_reversed = forms.BooleanField(label=_("Återför dagen efter"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if isinstance(starts, date) and isinstance(ends, date) and ends < starts:
            self.add_error("ends", _("Perioden slutar innan den börjar"))
        return cleaned
