"""The form of an examination of a proposed supplier."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from procurement.models import Answer, Check, ExaminationOutcome, SupplierProposal
from procurement.operations.examining import Finding

LONGEST_NOTE, LONGEST_REASON = 300, 500


class ExaminationForm(forms.Form):
    """An answer and a note to each thing on the list, and how it ended."""

    hides_optional = True

    outcome = forms.ChoiceField(
        label=_("Vad blev utfallet?"),
        choices=ExaminationOutcome.choices,
        error_messages={"required": _("Välj om leverantören godkänns")},
    )
    order_email = forms.EmailField(
        max_length=254,
        label=_("E-post för beställningar"),
        required=False,
    )
    reason = forms.CharField(
        label=_("Varför inte?"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Den som föreslog leverantören får texten."),
    )

    def __init__(self, *args: Any, proposal: SupplierProposal, **kwargs: Any) -> None:
        """Ask each thing on the list, and fill in the address when it was given with the proposal."""
        super().__init__(*args, **kwargs)
        for check in Check:
            self.fields[check.value] = forms.ChoiceField(
                label=check.label,
                choices=Answer.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Välj ja, nej eller gäller inte")},
            )
            self.fields[_note_field(check)] = forms.CharField(
                label=_("Notering"), required=False, max_length=LONGEST_NOTE
            )
        if "@" in proposal.contact:
            self.initial["order_email"] = proposal.contact

    @property
    def is_acceptance(self) -> bool:
        """Whether accepting is chosen."""
        return bool(self["outcome"].value() == ExaminationOutcome.ACCEPTED)

    @property
    def is_refusal(self) -> bool:
        """Whether refusing is chosen."""
        return bool(self["outcome"].value() == ExaminationOutcome.REFUSED)

    @property
    def checks(self) -> Iterator[tuple[BoundField, BoundField]]:
        """The fields of each thing on the list: the answer, and the note."""
        return ((self[check.value], self[_note_field(check)]) for check in Check)

    @property
    def findings(self) -> list[Finding]:
        """What was answered, as the operation takes it."""
        values = self.cleaned_data
        return [Finding(check, Answer(values[check.value]), values[_note_field(check)]) for check in Check]


def _note_field(check: Check) -> str:
    return f"{check.value}_note"
