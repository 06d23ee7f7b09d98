"""Say whether the region can begin, and what is missing."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone, translation

from core.addresses import absolute
from office.readiness import Hole, holes_on


class Command(BaseCommand):
    """`manage.py check_ready [--output json]`."""

    help = "List every hole that would stop or misroute an order. Ends with 1 when there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument(
            "--output", choices=["text", "json"], default="text", help="text for people (default)"
        )

    def handle(self, *args: Any, output: str, **options: Any) -> None:
        """List the holes."""
        with translation.override("en"):
            holes = holes_on(timezone.localdate())
            if output == "json":
                answer = {"ready": not holes, "holes": [_plain(hole) for hole in holes]}
                self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            else:
                for hole in holes:
                    self.stdout.write(_line(hole))
                self.stdout.write("Not ready." if holes else "Ready.")
        if holes:
            sys.exit(1)


def _plain(hole: Hole) -> dict[str, object]:
    return {
        "code": hole.code,
        "register": hole.register,
        "sentence": hole.sentence,
        "count": hole.count,
        "address": absolute(hole.address(may_write=True)),
        "rows": [
            {"id": each.row.pk, "name": str(each), "address": absolute(each.address(may_write=True))}
            for each in hole.rows
        ],
    }


def _line(hole: Hole) -> str:
    if not hole.rows:
        return hole.sentence
    names = ", ".join(str(row) for row in hole.rows)
    more = f", and {hole.more} more" if hole.more else ""
    return f"{hole.sentence} {hole.count}: {names}{more}"
