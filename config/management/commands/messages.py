"""Bring the English catalogue in step with the code: extract, drop what is gone, compile. Needs gettext."""

from typing import Any

import polib
from django.core.management import call_command
from django.core.management.base import BaseCommand

from config.local import BASE_DIR

CATALOGUE = BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = "English sentences for Rauk. The sentences in the code are Swedish."
CHANGES_EACH_TIME = (
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
)


class Command(BaseCommand):
    """Extract, order, compile, and say what lacks English."""

    help = "Bring locale/en in step with the code and compile it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        ignored = [".venv/*", "var/*", "tests/*", "bench/*"]
        call_command("makemessages", locale=["en"], no_location=True, ignore_patterns=ignored, verbosity=0)
        catalogue = polib.pofile(str(CATALOGUE))
        for entry in list(catalogue):
            if entry.obsolete:
                catalogue.remove(entry)
            elif "fuzzy" in entry.flags:
                entry.flags.remove("fuzzy")
                entry.msgstr, entry.msgstr_plural = "", dict.fromkeys(entry.msgstr_plural, "")
        for name in CHANGES_EACH_TIME:
            catalogue.metadata.pop(name, None)
        catalogue.header = HEADER
        catalogue.sort(key=lambda entry: (entry.msgid.lower(), entry.msgid, entry.msgctxt or ""))
        catalogue.save()
        catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
        for entry in catalogue.untranslated_entries():
            self.stdout.write(f"lacks English: {entry.msgid}")
