"""Compare a file with a register, and apply it."""

import json
import sys
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from core.addresses import absolute, address_of
from core.errors import DomainError
from core.work import WorkStatus
from registers.bundles import BUNDLES
from registers.differences import moved_by
from registers.kinds import Conventions
from registers.mappings import Mapping, MappingUnreadable, read_mapping
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
        parser.add_argument(
            "register", choices=sorted([*REGISTERS, *BUNDLES]), metavar="register", help="its name"
        )
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
            help="which column a heading stands for; remembered. In a bundle REGISTER.NAME, several with a comma between",
        )
        parser.add_argument(
            "--constant",
            action="append",
            default=[],
            metavar="NAME=TEXT",
            help="what holds of all new rows, in a column that the file does not have; in a bundle REGISTER.NAME",
        )
        parser.add_argument(
            "--mapping", type=Path, help="a JSON file that says all that: see docs/price-lists.md"
        )
        parser.add_argument(
            "--output", choices=["text", "json"], default="text", help="text for people (default)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, apply when that is asked for, and say what became of the rows."""
        with translation.override("en"):
            try:
                this = _run_import(options)
                if options["apply"]:
                    this = applying.apply_import(of_import=this, by=None, at=timezone.now())
            except (DomainError, MappingUnreadable) as error:
                raise CommandError(str(error)) from None
            answer = _answer(this)
            if options["output"] == "json":
                self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            else:
                self._say(answer)
        if any(part["counts"][ChangeKind.REFUSED] for part in [answer, *answer["parts"]]):
            sys.exit(REFUSED_ROWS)

    def _say(self, answer: dict[str, Any]) -> None:
        self.stdout.write(f"{answer['file']}: {'applied' if answer['applied'] else 'compared'}")
        for part in answer["parts"] or [answer]:
            of = f"{part['register']} " if answer["parts"] else ""
            for kind, count in part["counts"].items():
                self.stdout.write(f"{of}{kind}: {count}")
            for how, value in (part["moves"] or {}).items():
                if value is not None:
                    self.stdout.write(f"{of}{how}: {value}")
            for sentence in part["not_read"]:
                self.stdout.write(sentence)
            for row in part["refused"]:
                where = " ".join(filter(None, (of.strip(), row["sheet"], f"row {row['row']}", row["column"])))
                self.stdout.write(f"{where}: {row['reason']}")
        for sentence in answer["moved"]:
            self.stdout.write(sentence)
        if not answer["applied"]:
            self.stdout.write(f"Nothing is written yet. Look through it and apply it at {answer['address']}")


def _run_import(options: dict[str, Any]) -> Import:
    """
    Have the file read and compared.

    :raises CommandError: it could not be.
    """
    at, name = timezone.now(), options["register"]
    mapping = read_mapping(options["mapping"]) if options["mapping"] else Mapping()
    with _opened(options["file"]) as content:
        new_import = imports.request_import(
            register=BUNDLES[name] if name in BUNDLES else REGISTERS[name],
            file_name=options["file"].name,
            content=content,
            by=None,
            at=at,
            source=options["source"],
            is_complete=options["complete"],
            column_by_heading=_parse_pairs(options["column"], "column"),
            conventions=Conventions(options["decimal_sign"], options["day_order"]),
            constants=_parse_pairs(options["constant"], "constant"),
            mapping=mapping,
        )
    result = imports.run_import(of_import=new_import, at=at)
    if result.status != WorkStatus.DONE:
        raise CommandError(result.reason or "Another process is reading the file already.")
    return result


def _parse_pairs(texts: list[str], option: str) -> dict[str, str]:
    """
    What was said of headings or columns, as ``NAME=TEXT``; a heading may have an equals sign of its own.

    :raises CommandError: it was said in another way.
    """
    if wrong := [text for text in texts if "=" not in text]:
        raise CommandError(f"Write --{option} as NAME=TEXT, not {wrong[0]}")
    parted = [t.rpartition("=") if option == "column" else t.partition("=") for t in texts]
    return {name.strip(): text.strip() for name, _equals, text in parted}


def _answer(this: Import) -> dict[str, Any]:
    parts = this.with_followers()
    return _of(this) | {
        "bundle": this.bundle_name,
        "parts": [_of(part) for part in parts] if parts[1:] else [],
        "moved": [] if this.applied_at else moved_by(this, timezone.now(), is_taken_back=False),
    }


def _of(this: Import) -> dict[str, Any]:
    changes = this.changes.filter(kind=ChangeKind.REFUSED).in_order()
    moves = this.moves()
    return {
        "id": this.pk,
        "register": this.register_name,
        "source": this.source,
        "file": this.file_name,
        "applied": this.applied_at is not None,
        "address": absolute(address_of(this.lead)),
        "counts": this.counts(),
        "moves": moves and {name: _plain(value) for name, value in asdict(moves).items()},
        "not_read": this.not_read,
        "refused": [
            {
                "sheet": change.sheet,
                "row": change.row,
                "column": change.column,
                "reason": change.sentence,
                "values": change.values or change.before,
            }
            for change in changes
        ],
    }


def _plain(value: int | Decimal | None) -> int | str | None:
    """A count as a number, and an amount as text, so that no program makes a binary number of it."""
    return str(value) if isinstance(value, Decimal) else value


def _opened(path: Path) -> BinaryIO:
    """
    Open the file.

    :raises CommandError: it cannot be read.
    """
    try:
        return path.open("rb")
    except OSError as error:
        raise CommandError(f"The file {path} cannot be read: {error.strerror}") from None
