"""Forms of the questions about purchases: which period, and what was found out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import DayField
from procurement.forms import LONGEST_REASON
from procurement.models import ObservationOutcome
from procurement.observing.observation import ObservedPeriod


class ObservedPeriodForm(forms.Form):
    """The days that are asked about."""

    fran = DayField(label=_("Från och med"))
    till = DayField(label=_("Till och med"))

    def clean(self) -> dict[str, Any]:
        """Refuse what is no period."""
        cleaned = super().clean() or {}
        if cleaned.get("fran") and cleaned.get("till"):
            try:
                cleaned["period"] = ObservedPeriod(cleaned["fran"], cleaned["till"])
            except DomainError as refusal:
                self.add_error("till", str(refusal))
        return cleaned

    @property
    def period(self) -> ObservedPeriod:
        """What is asked for."""
        period: ObservedPeriod = self.cleaned_data["period"]
        return period


class ObservationAnswerForm(forms.Form):
    """What was found out; ``digest`` says which lines she has read of, and is written by the page."""

    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        choices=ObservationOutcome.choices,
        label=_("Vad blev svaret?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj vad svaret blev")},
    )
    text = forms.CharField(
        label=_("Vad fick du veta?"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Svaret läses av inköpschefer och revisorer, och kan inte ändras."),
        error_messages={"required": _("Skriv vad du fick veta")},
    )
