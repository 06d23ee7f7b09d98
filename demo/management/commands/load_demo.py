"""Load the demo region."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.errors import DomainError
from demo import data
from demo.operations.loading import AlreadyLoaded, load_demo
from demo.operations.region import PASSWORD
from demo.operations.results import compute_and_report


class Command(BaseCommand):
    """`manage.py load_demo [--today YYYY-MM-DD]`."""

    help = "Läser in demoregionen i en tom demodatabas. Samma dag ger samma innehåll."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day that the present is counted from."""
        parser.add_argument(
            "--today",
            type=date.fromisoformat,
            default=None,
            help="Dagen som nutiden räknas från, ÅÅÅÅ-MM-DD.",
        )

    def handle(self, *args: Any, today: date | None, **options: Any) -> None:
        """Load, or say why not. That it is loaded already is no error, so that every start may ask for it."""
        try:
            loading = load_demo(today=today or timezone.localdate(), at=timezone.now())
        except AlreadyLoaded as answer:
            self.stdout.write(str(answer))
            compute_and_report(at=timezone.now())
            return
        except DomainError as error:
            raise CommandError(str(error)) from error
        compute_and_report(at=timezone.now())
        names = ", ".join(
            f"{person.first_name} {person.last_name}" for person in data.people() if person.is_demo_login
        )
        self.stdout.write(
            f"Demoregionen är inläst, räknad från {loading.today:%Y-%m-%d}. Lösenordet är {PASSWORD}."
        )
        self.stdout.write(f"Logga in som {names}.")
