"""What a manager says of a picture or a document that she adds to an item."""

from django import forms
from django.utils.translation import gettext_lazy as _

from attachments.detection import AcceptedFile
from attachments.forms import FilesField
from attachments.kinds import DOCUMENTS, PICTURES
from catalog.models import DocumentKind
from catalog.models.illustrations import LONGEST_DESCRIPTION
from core.forms import DayField


class OneFileForm(forms.Form):
    """A form that takes one file."""

    @property
    def accepted(self) -> AcceptedFile:
        """The file of a form that is valid."""
        file: AcceptedFile = self.cleaned_data["file"][0]
        return file


class PictureForm(OneFileForm):
    """A picture, and what it shows."""

    file = FilesField(label=_("Bild"), kinds=PICTURES, most=1, error_messages={"required": _("Välj en bild")})
    description = forms.CharField(
        label=_("Vad visar bilden?"),
        help_text=_("Läses upp för den som inte ser bilden. Till exempel: Öppen ask med blå handskar."),
        max_length=LONGEST_DESCRIPTION,
        error_messages={"required": _("Skriv vad bilden visar")},
    )


class DocumentForm(OneFileForm):
    """A document, what it is, and how long it is valid."""

    kind = forms.ChoiceField(
        label=_("Vad är det för dokument?"),
        choices=DocumentKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Välj vad det är för dokument")},
    )
    file = FilesField(
        label=_("Dokument"), kinds=DOCUMENTS, most=1, error_messages={"required": _("Välj ett dokument")}
    )
    valid_through = DayField(
        label=_("Gäller till och med"), required=False, help_text=_("Om dokumentet har en sista dag.")
    )
