"""Load the demo region."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError, in_english
from demo import data
from demo.operations.loading import AlreadyLoaded, load_demo
from demo.operations.region import PASSWORD
from demo.operations.results import compute_and_report


class Command(BaseCommand):
    """`manage.py load_demo [--today YYYY-MM-DD]`."""

    help = "Load the demo region into an empty demo database. The same day gives the same content."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day that the present is counted from."""
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=None,
            help="The day that the present is counted from, YYYY-MM-DD.",
        )

    def handle(self, *args: Any, today: date | None, **options: Any) -> None:
        """Load, or say why not. That it is loaded already is no error, so that every start may ask for it."""
        try:
            loading = load_demo(today=today or timezone.localdate(), at=timezone.now())
        except AlreadyLoaded as answer:
            self.stdout.write(in_english(answer))
            compute_and_report(at=timezone.now())
            return
        except DomainError as error:
            raise CommandError(in_english(error)) from error
        compute_and_report(at=timezone.now())
        names = ", ".join(
            f"{person.first_name} {person.last_name}" for person in data.people() if person.is_demo_login
        )
        self.stdout.write(
            f"The demo region is loaded, counted from {loading.today:%Y-%m-%d}. The password is {PASSWORD}."
        )
        self.stdout.write(f"Sign in as {names}.")
