"""A field of a form for one file or several, which knows what it is handed."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from attachments.detection import AcceptedFile, inspect_file
from attachments.kinds import (
    ACCEPT_DOCUMENTS,
    ACCEPT_PICTURES,
    ANY,
    DOCUMENTS,
    LARGEST_FILE,
    LARGEST_FORM,
    MOST_FILES,
    PICTURES,
    MediaType,
)
from attachments.refusals import FileRefused, FormIsTooLarge, TooManyFiles

HINTS = {
    PICTURES: _("JPEG, PNG, WebP eller HEIC. Högst %(limit)s MB."),
    DOCUMENTS: _("PDF, Word, Excel eller OpenDocument, utan makron. Högst %(limit)s MB."),
    ANY: _("Bilder, PDF, Word, Excel eller OpenDocument, utan makron. Högst %(limit)s MB var."),
}
ACCEPT = {
    PICTURES: ACCEPT_PICTURES,
    DOCUMENTS: ACCEPT_DOCUMENTS,
    ANY: f"{ACCEPT_PICTURES},{ACCEPT_DOCUMENTS}",
}


class FilesInput(forms.FileInput):
    """The browser's own choice of files, several at a time."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """
    Files that are looked at as they come in: the value is a list of ``AcceptedFile``, ready for ``operations.attach``.

    The page that has it lets them in with ``core.request_cleaning.takes_files(LARGEST_FORM)``, and its form is sent as
    ``multipart/form-data``.
    """

    def __init__(self, *, kinds: Collection[MediaType] = ANY, most: int = MOST_FILES, **kwargs: Any) -> None:
        """Say what is taken, unless the form says it in words of its own."""
        self.kinds, self.most = frozenset(kinds), most
        kwargs.setdefault("help_text", HINTS[self.kinds] % {"limit": LARGEST_FILE // 1_000_000})
        kwargs.setdefault("error_messages", {"required": _("Välj en fil")})
        kwargs.setdefault("widget", FilesInput if most > 1 else forms.FileInput)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Offer what is taken."""
        return {"accept": ACCEPT[self.kinds]}

    def clean(self, value: Any, initial: Any = None) -> list[AcceptedFile]:
        """Look at each file; each that is refused has its own sentence."""
        files: Sequence[Any] = value if isinstance(value, list) else [value] if value else []
        if not files:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        if len(files) > self.most:
            raise _as_error(TooManyFiles(most=self.most))
        if sum(file.size for file in files) > LARGEST_FORM:
            raise _as_error(FormIsTooLarge(limit=LARGEST_FORM // 1_000_000))
        accepted, errors = [], []
        for file in files:
            try:
                accepted.append(inspect_file(file.name, file, kinds=self.kinds))
            except FileRefused as refusal:
                errors.append(_as_error(refusal))
        if errors:
            raise forms.ValidationError(errors)
        return accepted


def _as_error(refusal: FileRefused) -> forms.ValidationError:
    return forms.ValidationError(str(refusal), code=refusal.code)
