"""Forms of agreements."""

from django import forms
from django.utils.translation import gettext_lazy as _

from attachments.forms import FilesField
from core.forms import DayField, SearchInput

REQUIRED = {"required": _("Ange varför")}


class AgreementSearchForm(forms.Form):
    """Words to look for in the agreement register."""

    q = forms.CharField(required=False, max_length=100, label=_("Sök avtal"), widget=SearchInput)


class AgreementReasonForm(forms.Form):
    """Why something is decided of an agreement."""

    reason = forms.CharField(
        max_length=300,
        label=_("Skäl"),
        help_text=_("Sparas på avtalet."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=REQUIRED,
    )


class AgreementNoticeForm(AgreementReasonForm):
    """When an agreement that is terminated ends, and why."""

    last_date = DayField(
        label=_("Sista dag"), help_text=_("Avtalet går att beställa från till och med den dagen.")
    )

    field_order = ("last_date", "reason")


class DocumentsForm(forms.Form):
    """Documents to lay to an agreement."""

    documents = FilesField(label=_("Lägg till dokument"))
