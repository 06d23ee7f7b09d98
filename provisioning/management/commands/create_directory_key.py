"""Make a key for a directory."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.errors import DomainError, in_english
from provisioning.operations.keys import LONGEST_LIFE_DAYS, create_directory_key


class Command(BaseCommand):
    """Make a key with which a directory tells about its people, and print it this once."""

    help = "Make a key with which a directory provisions people by SCIM, and print it. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what it is called, which directory it is for and how long it lives."""
        parser.add_argument("name", help="what the key is called")
        parser.add_argument(
            "--directory", required=True, help="the directory's id in SINGLE_SIGN_ON and in the group rules"
        )
        parser.add_argument(
            "--days", type=int, default=365, help=f"how many days it lives, at most {LONGEST_LIFE_DAYS} (365)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key."""
        try:
            _key, text = create_directory_key(
                name=options["name"],
                directory=options["directory"],
                days=options["days"],
                by=None,
                at=timezone.now(),
            )
        except DomainError as refusal:
            raise CommandError(in_english(refusal)) from refusal
        self.stdout.write(text)
