"""Bring in order lines from a file."""

from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.errors import DomainError, in_english
from core.work import WorkStatus
from history.importing.formats import READERS
from history.models import PurchaseImport
from history.operations import imports


class Command(BaseCommand):
    """Read a file into the purchase history and say what became of every row."""

    help = "Import order lines from a file. May be run again: each row is imported once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and its format."""
        parser.add_argument("file", type=Path, help="the file, plain or packed with gzip")
        parser.add_argument(
            "--format", choices=sorted(READERS), default="scms", help="the format of the file (scms)"
        )

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
            raise CommandError(in_english(error)) from None
        if purchase_import.status != WorkStatus.DONE:
            raise CommandError(purchase_import.error or "Another process is importing the file already.")
        self._say(purchase_import)

    def _say(self, purchase_import: PurchaseImport) -> None:
        """Print what became of the rows."""
        self.stdout.write(f"{purchase_import.file_name}: {purchase_import.total} rows")
        self.stdout.write(f"imported: {purchase_import.imported_count}")
        self.stdout.write(f"already there: {purchase_import.already_present_count}")
        self.stdout.write(f"refused: {purchase_import.refused_count}")
        for refusal in purchase_import.refusals.order_by("row").iterator():
            where = f" {refusal.field}:" if refusal.field else ""
            self.stdout.write(f"row {refusal.row}:{where} {refusal.reason}")


def _opened(path: Path) -> BinaryIO:
    """
    Open the file.

    :raises CommandError: it cannot be read.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"The file {path} cannot be read: {error.strerror}") from None
