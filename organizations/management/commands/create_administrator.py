"""Create the first person: the administrator of an empty region."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from core.errors import DomainError, in_english
from organizations.operations.administrators import create_administrator, link_for
from organizations.signing_in.links import address_of


class Command(BaseCommand):
    """Let a person be administrator; the same again changes nothing."""

    help = (
        "Let a person be administrator of the system, and print a link by which she sets her password. The same again "
        "changes nothing. Without arguments ADMINISTRATOR_EMAIL, ADMINISTRATOR_NAME and ADMINISTRATOR_PASSWORD in "
        "the environment say who; without them nothing is done."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who it is; a password is never an argument, since arguments are seen by all on the machine."""
        parser.add_argument("email", nargs="?", help="the person's e-mail address")
        parser.add_argument("--name", help="first and last name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the person and the link."""
        email = options["email"] or settings.ADMINISTRATOR_EMAIL
        name = options["name"] or settings.ADMINISTRATOR_NAME or "System Administrator"
        password = settings.ADMINISTRATOR_PASSWORD
        if not email:
            self.stdout.write("No administrator named: give an address, or set ADMINISTRATOR_EMAIL.")
            return
        first_name, _space, last_name = name.strip().partition(" ")
        at = timezone.now()
        try:
            validate_email(email)
            user, is_changed = create_administrator(
                email=email, first_name=first_name, last_name=last_name, password=password, at=at
            )
            is_asked = is_changed or options["email"]
            secret = link_for(user=user, at=at) if is_asked else None
        except ValidationError as wrong:
            raise CommandError(f"{email} is not an e-mail address.") from wrong
        except DomainError as refusal:
            raise CommandError(in_english(refusal)) from refusal
        self.stdout.write(f"{user.email} is administrator{'' if is_changed else ' already'}.")
        if not settings.PASSWORDS:
            self.stdout.write(
                "She signs in through the region's directory: passwords are switched off (PASSWORDS)."
            )
        if secret:
            self.stdout.write("Her password is set here, within seven days:")
            self.stdout.write(address_of(secret))
