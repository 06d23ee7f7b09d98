"""Ask every rule of the database."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from office.rules import Breach, breaches, rules


class Command(BaseCommand):
    """`manage.py check_rules [--output json]`."""

    help = (
        "Ask every rule that must always hold, as a query. Ends with 1 when one is broken; changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the form of the answer."""
        parser.add_argument(
            "--output", choices=["text", "json"], default="text", help="text for people (default)"
        )

    def handle(self, *args: Any, output: str, **options: Any) -> None:
        """Ask."""
        broken_rules = breaches(timezone.now())
        if output == "json":
            answer = {
                "hold": not broken_rules,
                "rules": len(rules()),
                "broken": [_plain(each) for each in broken_rules],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2, default=str))
        else:
            for each in broken_rules:
                what = "could not be asked" if each.failure else "does not hold"
                self.stdout.write(f"{each.rule.number} {what}: {each.failure or each.rule.sentence}")
                for row in each.rows:
                    self.stdout.write(f"    {', '.join(map(str, row))}")
            self.stdout.write(f"{len(rules()) - len(broken_rules)} of {len(rules())} rules hold.")
        if broken_rules:
            sys.exit(1)


def _plain(breach: Breach) -> dict[str, object]:
    facts: dict[str, object] = {
        "rule": breach.rule.number,
        "sentence": breach.rule.sentence,
        "rows": breach.rows,
    }
    return {**facts, "failure": breach.failure} if breach.failure else facts
