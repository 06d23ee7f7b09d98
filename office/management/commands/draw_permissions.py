"""Draw docs/permissions.md from the permissions, so that the page says what the program does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from office.rights.page import PAGE, drawing


class Command(BaseCommand):
    """Write the page, or say whether it is fresh."""

    help = "Draw docs/permissions.md: every operation of the chain, by role and state."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true", help="only say whether the page is fresh")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write or check."""
        page = drawing()
        if check:
            if not PAGE.exists() or PAGE.read_text() != page:
                raise SystemExit("docs/permissions.md is out of date: run manage.py draw_permissions")
            return
        PAGE.write_text(page)
