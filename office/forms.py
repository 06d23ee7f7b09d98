"""Forms of the office."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import Department, User


class SuccessorForm(forms.Form):
    """Who takes over from a person who leaves."""

    successor = forms.CharField(
        max_length=254,
        label=gettext_lazy("Vem tar över?"),
        help_text=gettext_lazy("E-postadressen till den som får kategorierna och korgarna."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Skriv vem som tar över.")},
    )

    def clean_successor(self) -> User:
        """Find the person."""
        typed = self.cleaned_data["successor"].strip()
        found = User.objects.filter(email__iexact=typed, is_active=True).first()
        if found is None:
            raise ValidationError(_("Det finns inget öppet konto med adressen %(typed)s.") % {"typed": typed})
        return found


class MergeForm(forms.Form):
    """Which department goes on in another's place."""

    into = forms.CharField(
        max_length=10,
        label=gettext_lazy("Vilken enhet går vidare?"),
        help_text=gettext_lazy("Ansvarskoden för den enhet som tar över."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Skriv vilken enhet som går vidare.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = timezone.localdate()

    def clean_into(self) -> Department:
        """Find the department."""
        typed = self.cleaned_data["into"].strip()
        found = Department.objects.open(self.day).filter(cost_center=typed).first()
        if found is None:
            raise ValidationError(_("Det finns ingen öppen enhet med ansvar %(typed)s.") % {"typed": typed})
        return found
