"""Write the files that the demo region is made of, to try an empty region with."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from demo.operations.files import files, later_files
from demo.operations.region import file_of


class Command(BaseCommand):
    """`manage.py write_demo_files DIRECTORY [--today YYYY-MM-DD]`."""

    help = (
        "Write the demo region's registers as the files that a region hands in, numbered in their order."
        " Nothing in the database is read or written."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to, and the day that the present is counted from."""
        parser.add_argument("directory", type=Path)
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="YYYY-MM-DD")

    def handle(self, *args: Any, directory: Path, today: date | None, **options: Any) -> None:
        """Write one file for each register."""
        directory.mkdir(parents=True, exist_ok=True)
        day = today or timezone.localdate()
        registers = [*files(day).items(), *later_files(day).items()]
        for place, (name, rows) in enumerate(registers, start=1):
            (directory / f"{place:02}-{name}.csv").write_bytes(file_of(rows))
        self.stdout.write(f"{len(registers)} files are in {directory}.")
