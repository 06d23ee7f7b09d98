"""Take a backup of everything: `manage.py backup DIRECTORY`, `manage.py backup FILE`, or `-` for a pipe."""

import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from config.backups import taking
from config.management.telling import EXIT_CODES, tell, write_refusal
from core.errors import DomainError
from core.models import RoutineRun
from core.routines import Routine


class Command(BaseCommand):
    """Write one file with the database and the files beside it."""

    help = "Take a backup of everything into one file, while people go on working."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where to, and how to tell."""
        parser.add_argument(
            "target", help="a directory, a file that does not exist, or - for standard output"
        )
        parser.add_argument("--output", choices=("json", "text"), default="text", help="json or text")

    def handle(self, *args: Any, target: str, output: str, **options: Any) -> None:
        """Do it, and tell what the backup holds."""
        start, at = time.monotonic(), timezone.now()
        to_pipe = target == "-"
        stream = self.stderr if to_pipe else self.stdout
        try:
            if to_pipe:
                path, manifest = Path("-"), taking.take(sys.stdout.buffer, at=at)
                sys.stdout.buffer.flush()
            else:
                path, manifest = taking.take_to(Path(target), at=at)
        except DomainError as error:
            write_refusal(self.stderr if output == "text" else stream, output, error)
            sys.exit(EXIT_CODES.get(error.code, 1))
        with suppress(DatabaseError):  # from a standby, which takes no rows
            RoutineRun.objects.create(
                routine=Routine.BACKUP,
                began_at=at,
                ended_at=timezone.now(),
                counts={"rows": sum(manifest.rows.values())},
            )
        size = sum(member["bytes"] for member in manifest.members.values())
        facts = {
            "file": str(path),
            "bytes": size,
            "rows": sum(manifest.rows.values()),
            "trail": manifest.rows.get("audit_entry", 0),
            "files": len(manifest.members) - 1,
            "made_at": manifest.made_at,
            "seconds": int(time.monotonic() - start),
        }
        sentence = (
            "{file} holds {rows} rows, {trail} of them of the trail, and {files} files; it took {seconds} s."
        )
        tell(stream, output, facts, sentence)
