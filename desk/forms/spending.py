"""What is looked for among departments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import SearchInput


class DepartmentSearchForm(forms.Form):
    """Words to look for among the departments."""

    q = forms.CharField(required=False, max_length=100, label=_("Sök enhet"), widget=SearchInput)
