"""Which files are taken, and what each kind is called (pure)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

LARGEST_FILE = 10_000_000
"""Bytes of one file."""
MOST_FILES = 5
"""So many files come in one form."""
LARGEST_FORM = 25_000_000
"""Bytes of all files of one form."""
LONGEST_NAME = 120
"""Characters of a file's name, its suffix included."""


class MediaType(models.TextChoices):
    """
    What a kept file is. A picture is always WebP, since it was made anew; a document is as it was handed in.
    """

    PICTURE = "image/webp", _("Bild")
    PDF = "application/pdf", _("PDF")
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _("Word")
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _("Excel")
    ODT = "application/vnd.oasis.opendocument.text", _("OpenDocument-text")
    ODS = "application/vnd.oasis.opendocument.spreadsheet", _("OpenDocument-kalkyl")


SUFFIXES = {
    MediaType.PICTURE: ".webp",
    MediaType.PDF: ".pdf",
    MediaType.DOCX: ".docx",
    MediaType.XLSX: ".xlsx",
    MediaType.ODT: ".odt",
    MediaType.ODS: ".ods",
}
"""How the name of each ends."""

PICTURES = frozenset({MediaType.PICTURE})
DOCUMENTS = frozenset(MediaType) - PICTURES
ANY = PICTURES | DOCUMENTS

ACCEPT_PICTURES = "image/jpeg,image/png,image/webp,image/heic,.heic"
ACCEPT_DOCUMENTS = ".pdf,.docx,.xlsx,.odt,.ods"
"""What the browser offers to choose among; it is no check."""
