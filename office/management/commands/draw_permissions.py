"""Draw docs/permissions.md from the permissions, so that the page says what the program does."""

from typing import Any

from django.core.management.base import BaseCommand

from office.rights.page import PAGE, drawing


class Command(BaseCommand):
    """Write the page; a test holds it fresh."""

    help = "Draw docs/permissions.md: every operation of the chain, by role and state."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it."""
        PAGE.write_text(drawing())
