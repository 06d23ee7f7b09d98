"""The form that freezes baselines again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.operations.baselines import LONGEST_REASON


class RevisionForm(forms.Form):
    """Why what was frozen is to be frozen again; ``version`` is the one that she was shown."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Varför fryses baslinjerna om?"),
        help_text=_("Skälet sparas med den nya versionen, så att en revisor förstår ändringen."),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Skriv varför baslinjerna ska frysas om")},
    )
