"""Servers that a bench has for itself, empty each time."""

import os
import shutil
from pathlib import Path

from devservers.servers import Servers

ROOT = Path(__file__).resolve().parent.parent


def own_servers(name: str) -> None:
    """Start a database and a broker under ``var/``, and let this process and what it starts use them."""
    var = ROOT / "var" / name
    shutil.rmtree(var, ignore_errors=True)
    os.environ.update(RAUK_VAR=str(var), DJANGO_SETTINGS_MODULE="config.settings", HASHED_STATIC="0")
    for setting in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(setting, None)
    Servers(var).join()


def own_program(name: str) -> None:
    """The same, with the program set up in this process and its tables made."""
    own_servers(name)
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
