"""Hold the trail against its seals."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import heads
from audit.verification import Finding, FindingKind, Verified, verify_trail

MOST_SHOWN = 100


class Command(BaseCommand):
    """`manage.py verify_trail [--heads FILE] [--output json]`."""

    help = "Compute every seal of the trail anew and hold it against the heads that were kept. Ends with 1 on any finding."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file of heads and the form of the answer."""
        parser.add_argument(
            "--heads",
            type=Path,
            help="the heads that were kept elsewhere; lines of time, number and digest (default: TRAIL_HEADS where it is)",
        )
        parser.add_argument(
            "--output", choices=["text", "json"], default="text", help="text for people (default)"
        )

    def handle(self, *args: Any, heads: Path | None, output: str, **options: Any) -> None:
        """Verify."""
        verified = verify_trail(_heads(heads), are_all=heads is None)
        if output == "json":
            self.stdout.write(json.dumps(_plain(verified), indent=2))
        else:
            for finding in verified.findings[:MOST_SHOWN]:
                self.stdout.write(_line(finding))
            if len(verified.findings) > MOST_SHOWN:
                self.stdout.write(f"and {len(verified.findings) - MOST_SHOWN} more findings")
            self.stdout.write(_summary(verified))
            self.stdout.write(_outside(verified))
        if verified.findings:
            sys.exit(1)


def _heads(path: Path | None) -> list[heads.Head]:
    try:
        return heads.heads_in_file() if path is None else list(heads.read(path))
    except (OSError, ValueError) as error:
        raise CommandError(f"The heads cannot be read: {error}") from error


def _line(finding: Finding) -> str:
    where = [f"seal {finding.seal}"] if finding.seal else []
    where += [f"entry {finding.entry}"] if finding.entry else []
    return f"{FindingKind(finding.kind).label}: {', '.join(where)}"


def _summary(verified: Verified) -> str:
    sealed = f"{verified.entries} entries in {verified.seals} seals, {verified.waiting} waiting to be sealed"
    head = f" Head: {verified.last.number} {verified.last.digest}" if verified.last else ""
    return f"{'Not as sealed' if verified.findings else 'As sealed'}: {sealed}.{head}"


def _outside(verified: Verified) -> str:
    if not verified.heads:
        return (
            "No head outside the database was there to hold it against: whoever owns the database could have written"
            " all of it anew."
        )
    return f"Held against the heads of {verified.heads} seals outside the database, the last of seal {verified.last_head}."


def _plain(verified: Verified) -> dict[str, object]:
    return {
        "as_sealed": not verified.findings,
        "seals": verified.seals,
        "entries": verified.entries,
        "waiting": verified.waiting,
        "head": {"number": verified.last.number, "digest": verified.last.digest} if verified.last else None,
        "heads": {"count": verified.heads, "last": verified.last_head},
        "findings": [
            {"kind": each.kind, "seal": each.seal, "entry": each.entry} for each in verified.findings
        ],
    }
