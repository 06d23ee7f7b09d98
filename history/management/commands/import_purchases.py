"""Bring in order lines from a file of a known system, as `import_register purchases` does."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from history.sources import LAYOUTS


class Command(BaseCommand):
    """Read a file into the purchase history and say what became of every row."""

    help = "Import order lines from a file. May be run again: each row is imported once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and the system that it comes from."""
        parser.add_argument("file", type=Path, help="the file, plain or packed with gzip")
        parser.add_argument(
            "--format", choices=sorted(LAYOUTS), default="scms", help="the system that it comes from (scms)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare the file, and apply it."""
        arguments = ["purchases", str(options["file"]), "--source", options["format"], "--apply"]
        call_command("import_register", *arguments, stdout=self.stdout)
