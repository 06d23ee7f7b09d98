"""Load as much as a big region has, to measure on."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from core.errors import DomainError, in_english
from demo.volume.loading import Size, load_volume
from history.operations.comparing import keep_comparisons
from reporting.operations.months import sum_up_months


class Command(BaseCommand):
    """`manage.py load_volume [--scale 1] [--items N] [--requisitions N] [--history N]`."""

    help = "Writes a volume to measure on upon the demo region: items, requisitions with orders, purchase history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size, whole or a part of it."""
        parser.add_argument("--scale", type=float, default=1.0, help="A part of the whole, such as 0.05.")
        for name in ("items", "requisitions", "history"):
            parser.add_argument(f"--{name}", type=int, default=None, help="How many, whatever the scale.")

    def handle(self, *args: Any, scale: float, **options: Any) -> None:
        """Load, let the planner know, and say how long it took."""
        part = Size().scaled(scale)
        size = Size(
            *(
                getattr(part, name) if options[name] is None else options[name]
                for name in ("items", "requisitions", "history")
            )
        )
        start = time.monotonic()
        try:
            load_volume(size)
        except DomainError as error:
            raise CommandError(in_english(error)) from error
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
        keep_comparisons()
        sum_up_months()
        self.stdout.write(
            f"{size.items} items, {size.requisitions} requisitions, {size.history} lines of history"
            f" in {time.monotonic() - start:.0f} s."
        )
