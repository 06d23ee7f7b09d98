"""Give the role that web and workers connect as its rights; run by the owner after `migrate`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from core.grants import grant_rights


class Command(BaseCommand):
    """Create the program's database role and grant what it needs."""

    help = (
        "Create the role that web and workers connect as, and grant it rows to read and write, nothing else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the role."""
        parser.add_argument("--role", default="rauk_app", help="the role (rauk_app)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant; the password comes from the environment, where no list of processes shows it."""
        grant_rights(options["role"], password=settings.APP_DATABASE_PASSWORD)
        self.stdout.write(f"{options['role']} may read and write rows, and owns nothing.")
