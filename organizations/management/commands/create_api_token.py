"""Make an API key for a person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.errors import DomainError, in_english
from organizations.models import KeyScope, User
from organizations.operations.api_tokens import LONGEST_LIFE_DAYS, create_token


class Command(BaseCommand):
    """Make a key that acts for a person, and print it this once."""

    help = "Make an API key for a person and print it. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose key it is, what it is called and how long it lives."""
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--name", default="command line", help="what the key is called (command line)")
        parser.add_argument(
            "--scope", choices=KeyScope.values, default=KeyScope.READ, help="what it may do (read)"
        )
        parser.add_argument(
            "--days", type=int, default=90, help=f"how many days it lives, at most {LONGEST_LIFE_DAYS} (90)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key."""
        person = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if person is None:
            raise CommandError(f"There is no active person with the address {options['email']}.")
        try:
            _token, text = create_token(
                user=person,
                name=options["name"],
                days=options["days"],
                scope=KeyScope(options["scope"]),
                by=person,
                at=timezone.now(),
                has_second_factor=True,  # whoever may run this can do more than any key
            )
        except DomainError as refusal:
            raise CommandError(in_english(refusal)) from refusal
        self.stdout.write(text)
