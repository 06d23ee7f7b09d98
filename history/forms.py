"""Forms of history."""

from django import forms
from django.utils.translation import gettext_lazy as _

from history.models import ImportFormat
from registers.reading.text import UPLOAD_LIMIT


class ImportForm(forms.Form):
    """A file of order lines."""

    file = forms.FileField(
        label=_("Fil"),
        help_text=_("CSV, gärna packad med gzip, högst %(limit)s MB") % {"limit": UPLOAD_LIMIT // 1_000_000},
        error_messages={"required": _("Välj en fil"), "empty": _("Filen är tom.")},
    )
    file_format = forms.ChoiceField(
        label=_("Format"), choices=ImportFormat.choices, initial=ImportFormat.SCMS, widget=forms.RadioSelect
    )
