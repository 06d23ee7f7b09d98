"""Run the whole program on this computer."""

import hashlib
import io
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config import processes
from demo import data
from demo.operations.region import PASSWORD

READY_SECONDS = 60


class Command(BaseCommand):
    """Migrate, fill the demo region the first time, and run what Procfile says until Ctrl-C."""

    help = "Startar webb, arbetare och klocka på den här datorn. Används av make run."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the port."""
        parser.add_argument("--port", default=os.environ.get("PORT") or "8000")

    def handle(self, *args: Any, port: str, **options: Any) -> None:
        """Run until told to stop."""
        if processes.stop_orphans():
            self.stdout.write("En tidigare start dödades, och det som den lämnade efter sig är avstängt.")
            self.stdout.flush()
        check_port(port)
        call_command("migrate", interactive=False, verbosity=0)
        collect_static()
        if settings.DEMO:
            self.load_demo()
        threading.Thread(target=announce, args=[port], daemon=True).start()
        broken = processes.run({"PORT": port, "HASHED_STATIC": "0" if settings.DEBUG else "1"})
        if broken:
            ended = ", ".join(f"{name} (kod {code})" for name, code in broken.items())
            raise CommandError(f"Rauk stannade, för att en process avslutades: {ended}.")

    def load_demo(self) -> None:
        """Load the demo region into an empty database."""
        if get_user_model().objects.exists():
            return
        self.stdout.write("Läser in demoregionen, det tar någon minut …")
        self.stdout.flush()
        call_command("load_demo", stdout=io.StringIO())


def check_port(port: str) -> None:
    """
    Make sure that the web server will get its port.

    :raises CommandError: it is no port, or somebody has it.
    """
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise CommandError(f"PORT={port} är inget portnummer. Skriv till exempel PORT=8123 make run.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            raise CommandError(
                f"Porten {port} är upptagen eller otillåten. Välj en annan, till exempel PORT=8123 make run."
            ) from error


def collect_static() -> None:
    """Collect the static files with hashed names, unless they are as they were the last time."""
    if settings.DEBUG:
        return
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / "collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    storages = settings.STORAGES
    settings.STORAGES = storages | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    settings.STORAGES = storages
    stamp.write_text(digest.hexdigest())


def announce(port: str) -> None:
    """Say where the program is, once it answers."""
    address = f"http://127.0.0.1:{port}/"
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=5):  # noqa: S310
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    else:
        return
    lines = ["", f"Rauk är igång: {address}", *people(), "Ctrl-C stänger av allt.", ""]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def people() -> list[str]:
    """Return a line for each person of the demo region who can log in."""
    if not settings.DEMO:
        return []
    logins = [person for person in data.people() if person.is_demo_login]
    lines = [
        f"  {person.first_name} {person.last_name}, {person.title.lower()}: {person.email}"
        for person in logins
    ]
    return [*lines, f"Lösenordet är {PASSWORD} för alla."]
