"""What `make run` does: migrate, fill the demo region the first time, and run what Procfile says until Ctrl-C."""

import hashlib
import io
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection

from core.schema import schema_difference
from demo import data
from demo.models import Loading
from demo.operations.region import PASSWORD
from devservers import processes


def prepare() -> None:
    """
    Bring the database and the static files in step with the code, from wherever an interrupted start left them.

    :raises CommandError: the database is not this code's.
    """
    migrate()
    call_command("grant_rights", stdout=io.StringIO())
    collect_static()
    if settings.DEMO:
        load_demo()
    connection.close()


def run(port: str, environment: Mapping[str, str]) -> None:
    """
    Run what Procfile says until told to stop.

    :param environment: what it finds there beside our own.
    :raises CommandError: one of the processes ended by itself.
    """
    threading.Thread(target=announce, args=[port], daemon=True).start()
    broken = processes.run({**environment, "PORT": port, "HASHED_STATIC": "0" if settings.DEBUG else "1"})
    if broken:
        ended = ", ".join(f"{name} (exit code {code})" for name, code in broken.items())
        raise CommandError(f"Rauk stopped, because a process ended: {ended}.")


def migrate() -> None:
    """
    Apply what the database lacks.

    :raises CommandError: the database comes from other code than this.
    """
    unknown = schema_difference().breaking
    if unknown:
        raise CommandError(
            f"The database has migrations that this code does not know: {', '.join(unknown)}. "
            f"Check out the code that made them, or move {settings.VAR_DIR} away to begin with an empty database."
        )
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise CommandError(
            f"The database could not be migrated: {str(error).strip()}. "
            f"Move {settings.VAR_DIR} away to begin with an empty database."
        ) from error


def load_demo() -> None:
    """Load the demo region into an empty database, or go on where a start that was killed left it."""
    if Loading.objects.exists():
        call_command("load_demo", stdout=io.StringIO())
    elif not get_user_model().objects.exists():
        say("Loading the demo region, which takes a minute …")
        call_command("load_demo", stdout=io.StringIO())


def check_port(port: str) -> None:
    """
    Make sure that the web server will get its port.

    :raises CommandError: it is no port, or somebody has it.
    """
    if not port.isdigit() or not 1 <= int(port) <= 65535:
        raise CommandError(f"PORT={port} is not a port number. Write for instance PORT=8123 make run.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken or not allowed. Choose another, for instance PORT=8123 make run."
            ) from error


def collect_static() -> None:
    """Collect the static files with hashed names, unless they are as they were the last time."""
    if settings.DEBUG:
        return
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = Path(storage.path(path)).stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
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
    while not answers(f"{address}healthz"):
        time.sleep(0.2)
    say("\n".join(["", f"Rauk is running: {address}", *people(), "Ctrl-C stops everything.", ""]))


def answers(address: str) -> bool:
    """Tell whether there is a page at the address."""
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310
            return True
    except (urllib.error.URLError, OSError):
        return False


def people() -> list[str]:
    """Return a line for each person of the demo region who can log in."""
    if not settings.DEMO:
        return []
    logins = [person for person in data.people() if person.is_demo_login]
    lines = [
        f"  {person.first_name} {person.last_name}, {person.title.lower()}: {person.email}"
        for person in logins
    ]
    return [*lines, f"The password is {PASSWORD} for all."]


def say(words: str) -> None:
    """Print at once, also into a pipe."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
