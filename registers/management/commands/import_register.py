"""Compare a file with a register, and apply it."""

import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from core.errors import DomainError
from core.work import WorkStatus
from registers.kinds import Conventions
from registers.models import ChangeKind, Import
from registers.operations import applying, imports
from registers.register import REGISTERS

REFUSED_ROWS = 3
"""How the command ends when it did what was asked, and rows were refused."""


class Command(BaseCommand):
    """`manage.py import_register departments FILE [--complete] [--apply] [--output json]`."""

    help = (
        "Compare a file with a register, and with --apply write what it says."
        " Ends with 0; with 1 when nothing could be read or written; with 3 when rows were refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the register, the file, and how it is to be read."""
        parser.add_argument("register", choices=sorted(REGISTERS), metavar="register", help="its name")
        parser.add_argument("file", type=Path, help="XLSX, ODS, XLS, CSV or SIE")
        parser.add_argument("--source", default="", help="the system that a file of purchases comes from")
        parser.add_argument("--complete", action="store_true", help="what the file does not have ends")
        parser.add_argument("--apply", action="store_true", help="write what the file says")
        parser.add_argument(
            "--decimal-sign", choices=[",", "."], default="", help="how the file writes numbers"
        )
        parser.add_argument(
            "--day-order", choices=["dmy", "mdy"], default="", help="what stands first in its days"
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="HEADING=NAME",
            help="which column a heading stands for; remembered",
        )
        parser.add_argument(
            "--output", choices=["text", "json"], default="text", help="text for people (default)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, apply when that is asked for, and say what became of the rows."""
        with translation.override("en"):
            try:
                this = _compared(options)
                if options["apply"]:
                    this = applying.apply_import(of_import=this, by=None, at=timezone.now())
            except DomainError as error:
                raise CommandError(str(error)) from None
            answer = _answer(this)
            if options["output"] == "json":
                self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            else:
                self._say(answer)
        if answer["counts"][ChangeKind.REFUSED]:
            sys.exit(REFUSED_ROWS)

    def _say(self, answer: dict[str, Any]) -> None:
        self.stdout.write(f"{answer['file']}: {'applied' if answer['applied'] else 'compared'}")
        for kind, count in answer["counts"].items():
            self.stdout.write(f"{kind}: {count}")
        for sentence in answer["not_read"]:
            self.stdout.write(sentence)
        for row in answer["refused"]:
            where = " ".join(part for part in (row["sheet"], f"row {row['row']}", row["column"]) if part)
            self.stdout.write(f"{where}: {row['reason']}")


def _compared(options: dict[str, Any]) -> Import:
    """
    Have the file read and compared.

    :raises CommandError: it could not be.
    """
    at = timezone.now()
    with _opened(options["file"]) as content:
        made = imports.request_import(
            register=REGISTERS[options["register"]],
            file_name=options["file"].name,
            content=content,
            by=None,
            at=at,
            source=options["source"],
            is_complete=options["complete"],
            said=_said(options["column"]),
            conventions=Conventions(options["decimal_sign"], options["day_order"]),
        )
    done = imports.run_import(of_import=made, at=at)
    if done.status != WorkStatus.DONE:
        raise CommandError(done.reason or "Another process is reading the file already.")
    return done


def _said(columns: list[str]) -> dict[str, str]:
    """
    What was said of headings, as ``HEADING=NAME``.

    :raises CommandError: it was said in another way.
    """
    if wrong := [text for text in columns if "=" not in text]:
        raise CommandError(f"Write --column as HEADING=NAME, not {wrong[0]}")
    return {heading.strip(): name.strip() for heading, _equals, name in (t.rpartition("=") for t in columns)}


def _answer(this: Import) -> dict[str, Any]:
    refused = this.changes.filter(kind=ChangeKind.REFUSED).in_order()
    return {
        "id": this.pk,
        "register": this.register_name,
        "source": this.source,
        "file": this.file_name,
        "applied": this.applied_at is not None,
        "counts": this.counts(),
        "not_read": this.not_read,
        "refused": [
            {
                "sheet": change.sheet,
                "row": change.row,
                "column": change.column,
                "reason": change.sentence,
                "values": change.values or change.before,
            }
            for change in refused
        ],
    }


def _opened(path: Path) -> BinaryIO:
    """
    Open the file.

    :raises CommandError: it cannot be read.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"The file {path} cannot be read: {error.strerror}") from None
