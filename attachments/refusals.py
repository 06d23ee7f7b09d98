"""Why a file is not taken: each reason with what to do instead."""

from django.utils.translation import gettext_lazy as _

from attachments.kinds import LARGEST_FILE
from core.errors import InvalidInput


class FileRefused(InvalidInput):
    """A file that is not taken."""

    code = "file_refused"
    sentence = _("%(name)s går inte att ta emot.")


class FileIsEmpty(FileRefused):
    """There is nothing in it."""

    code = "file_empty"
    sentence = _("%(name)s är tom. Välj filen igen.")


class FileIsTooLarge(FileRefused):
    """It is larger than what is kept."""

    code = "attachment_too_large"
    sentence = _("%(name)s är större än %(limit)s MB. Välj en mindre fil.")

    def __init__(self, *, name: str, limit: int = LARGEST_FILE // 1_000_000) -> None:
        super().__init__(name=name, limit=limit)


class FormIsTooLarge(FileRefused):
    """The files are larger together than what is taken at once."""

    code = "files_too_large"
    sentence = _("Filerna är tillsammans större än %(limit)s MB. Skicka färre filer, eller mindre.")


class TooManyFiles(FileRefused):
    """More files at once than a form takes."""

    code = "too_many_files"
    sentence = _("Det går att skicka högst %(most)s filer på en gång.")


class UnknownType(FileRefused):
    """It is nothing of what is taken, whatever its name says."""

    code = "file_type"
    sentence = _(
        "%(name)s är inte en fil som vi kan ta emot. Det går bra med bilder (JPEG, PNG, WebP, HEIC), PDF, Word, Excel"
        " och OpenDocument."
    )


class NotAPicture(FileRefused):
    """A document where a picture was asked for."""

    code = "not_a_picture"
    sentence = _("%(name)s är ingen bild. Välj en bild i JPEG, PNG, WebP eller HEIC.")


class NotADocument(FileRefused):
    """A picture where a document was asked for."""

    code = "not_a_document"
    sentence = _("%(name)s är inget dokument. Välj en fil i PDF, Word, Excel eller OpenDocument.")


class FileIsBroken(FileRefused):
    """It begins as what it should be, and cannot be read to its end."""

    code = "file_broken"
    sentence = _("%(name)s går inte att läsa. Filen är skadad eller ofullständig.")


class TooManyPixels(FileRefused):
    """A picture that takes too much memory to open."""

    code = "too_many_pixels"
    sentence = _("%(name)s har för många bildpunkter. Välj en bild med högst %(limit)s miljoner.")


class HasMacros(FileRefused):
    """An office document that carries a program."""

    code = "file_has_macros"
    sentence = _("%(name)s innehåller makron. Spara filen utan makron och välj den igen.")


class IsLocked(FileRefused):
    """An office document that opens with a password only."""

    code = "file_is_locked"
    sentence = _("%(name)s är låst med lösenord. Spara filen utan lösenord och välj den igen.")
