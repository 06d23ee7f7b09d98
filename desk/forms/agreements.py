"""Forms of categories."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import SearchInput


class AgreementSearchForm(forms.Form):
    """Words to look for in the agreement register."""

    q = forms.CharField(required=False, max_length=100, label=_("Sök avtal"), widget=SearchInput)
