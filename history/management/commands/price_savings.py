"""Say what price changes in imported lines were worth."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from history.price_savings import BASELINES, PriceSaving, price_savings


class Command(BaseCommand):
    """Print lines, spend and savings, in all and per category, department and supplier."""

    help = "Compare each imported order line with the mean price of the same item in the year before."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to compare with and how to print it."""
        parser.add_argument(
            "--baseline", choices=BASELINES, default="previous-year", help="what the lines are compared with"
        )
        parser.add_argument("--output", choices=("json", "text"), default="text", help="json or text")
        parser.add_argument("--source", default="scms", help="the system that the lines come from (scms)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compute and print."""
        result = price_savings(source=options["source"])
        if options["output"] == "json":
            self.stdout.write(json.dumps(result.as_json(), ensure_ascii=False, indent=2))
            return
        self._row("Total", result.total)
        self.stdout.write(f"lines without baseline: {result.total.lines_without_baseline}")
        self.stdout.write(f"lines left out, quantity or price not above zero: {result.lines_left_out}")
        self._groups("By category", result.by["category"])
        self._groups("By department", result.by["department"])
        self._groups("By supplier", result.by["supplier"])
        self._groups("By year", {str(year): sums for year, sums in result.years.items()})

    def _groups(self, title: str, groups: Mapping[str, PriceSaving]) -> None:
        self.stdout.write(f"\n{title}")
        for name, sums in groups.items():
            self._row(name, sums)

    def _row(self, name: str, sums: PriceSaving) -> None:
        sizes = (f"{field.name}={getattr(sums, field.name).normalize():f}" for field in fields(sums)[1:5])
        self.stdout.write(f"{name}: lines={sums.lines} " + " ".join(sizes))
