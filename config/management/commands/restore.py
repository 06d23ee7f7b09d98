"""Bring everything back from a backup: `manage.py restore FILE`, into an empty database."""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.backups import archive, restoring
from config.management.telling import EXIT_CODES, tell, write_refusal
from core.errors import DomainError


class Command(BaseCommand):
    """Read one file into an empty database."""

    help = "Bring everything back from a backup into an empty database; run as the owner, not as the program's role."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and how to tell."""
        parser.add_argument("file", type=Path, help="a backup that manage.py backup made")
        parser.add_argument("--older", action="store_true", help="take one of older code; then run migrate")
        parser.add_argument("--role", default="rauk_app", help="what web and workers connect as (rauk_app)")
        parser.add_argument("--output", choices=("json", "text"), default="text", help="json or text")

    def handle(self, *args: Any, file: Path, older: bool, role: str, output: str, **options: Any) -> None:
        """Do it, and tell what came back."""
        start = time.monotonic()
        try:
            manifest = self.restored(file, older=older, role=role)
        except DomainError as error:
            write_refusal(self.stderr if output == "text" else self.stdout, output, error)
            sys.exit(EXIT_CODES.get(error.code, 1))
        facts = {
            "file": str(file),
            "made_at": manifest.made_at,
            "rows": sum(manifest.rows.values()),
            "trail": manifest.rows.get("audit_entry", 0),
            "files": len(manifest.members) - 1,
            "seconds": int(time.monotonic() - start),
        }
        sentence = "{rows} rows, {trail} of them of the trail, and {files} files are back as they were {made_at}; it took {seconds} s."
        tell(self.stdout, output, facts, sentence)

    def restored(self, file: Path, *, older: bool, role: str) -> archive.Manifest:
        """Read the file; one that cannot be opened is no backup either."""
        try:
            stream = file.open("rb")
        except OSError as error:
            raise archive.Damaged(what=f"{file}: {error.strerror}") from error
        with stream:
            return restoring.restore(stream, role=role, allow_older=older)
