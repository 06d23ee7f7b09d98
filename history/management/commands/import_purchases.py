"""Bring in order lines from a file."""

from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.work import WorkStatus
from history.importing.formats import READERS
from history.models import PurchaseImport
from history.operations import imports


class Command(BaseCommand):
    """Read a file into the purchase history and say what became of every row."""

    help = "Läser in orderrader från en fil. Kan köras igen: varje rad kommer in en gång."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and its format."""
        parser.add_argument("file", type=Path, help="filen, vanlig eller packad med gzip")
        parser.add_argument("--format", choices=sorted(READERS), default="scms", help="filens format (scms)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring in the file."""
        path: Path = options["file"]
        try:
            with _opened(path) as content:
                purchase_import = imports.request_import(
                    file_name=path.name,
                    content=content,
                    file_format=options["format"],
                    by=None,
                    at=timezone.now(),
                )
            purchase_import = imports.run_import(purchase_import=purchase_import, at=timezone.now())
        except DomainError as error:
            raise CommandError(str(error)) from None
        if purchase_import.status != WorkStatus.DONE:
            raise CommandError(purchase_import.error or _("Inläsningen pågår redan i en annan process."))
        self._say(purchase_import)

    def _say(self, purchase_import: PurchaseImport) -> None:
        """Print what became of the rows."""
        self.stdout.write(
            f"{purchase_import.file_name}: " + _("%(count)s rader") % {"count": purchase_import.total}
        )
        imported, present = purchase_import.imported_count, purchase_import.already_present_count
        refused = purchase_import.refused_count
        self.stdout.write(
            ngettext("%(count)s rad lästes in", "%(count)s rader lästes in", imported) % {"count": imported}
        )
        self.stdout.write(
            ngettext("%(count)s rad fanns redan", "%(count)s rader fanns redan", present) % {"count": present}
        )
        self.stdout.write(
            ngettext("%(count)s rad avvisades", "%(count)s rader avvisades", refused) % {"count": refused}
        )
        for refusal in purchase_import.refusals.order_by("row").iterator():
            where = f" {refusal.field}:" if refusal.field else ""
            self.stdout.write(_("rad %(row)s:") % {"row": refusal.row} + f"{where} {refusal.reason}")


def _opened(path: Path) -> BinaryIO:
    """
    Open the file.

    :raises CommandError: it cannot be read.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(
            _("Filen %(path)s går inte att läsa: %(error)s") % {"path": path, "error": error.strerror}
        ) from None
