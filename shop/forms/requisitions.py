"""The shape of what a requester types about a line that is sent."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.forms import LONGEST_REASON, quantity_field
from procurement.models import RequisitionLine


class PriceAnswer(models.TextChoices):
    """What is said of a price that has risen; the value stands on the button."""

    YES = "ja"
    NO = "nej"


class PriceAnswerForm(forms.Form):
    """Yes or no, and the price that was seen."""

    answer = forms.ChoiceField(choices=PriceAnswer.choices)
    unit_price = forms.DecimalField(max_digits=16, decimal_places=4, min_value=0, localize=False)


class AnswerForm(forms.Form):
    """The answer to a question, which is named by the page that shows it."""

    question = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Ditt svar"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Skriv ett svar"),
            "max_length": _("Skriv högst %(limit_value)s tecken. Texten är nu %(show_value)s tecken."),
        },
    )


class RevisionForm(forms.Form):
    """How many instead, and what more to say."""

    quantity = quantity_field(_("Antal"))
    specification = forms.CharField(
        label=_("Mer om behovet"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Läses av den som beslutar. Skriv inga uppgifter om patienter."),
    )
    unit_price = forms.DecimalField(
        max_digits=16, decimal_places=4, min_value=0, localize=False, required=False, widget=forms.HiddenInput
    )
    """The dearer price that she has been shown."""

    def __init__(self, data: Any = None, *, line: RequisitionLine) -> None:
        """Fill in what was asked for."""
        super().__init__(data, initial={"quantity": line.quantity, "specification": line.specification})
