"""Remove the second factors of somebody who has lost them, where no administrator can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from factors.operations.keeping import remove_all_factors
from organizations.models import User


class Command(BaseCommand):
    """For the only administrator, who has lost her telephone."""

    help = "Remove a person's second factors and end her sessions. She is told, and it stands in the trail."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is."""
        parser.add_argument("email", help="the person's e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them."""
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"There is no person with the address {options['email']}.")
        is_removed = remove_all_factors(user=person, by=None, at=timezone.now())
        self.stdout.write("Her second factors are removed." if is_removed else "She has no second factors.")
