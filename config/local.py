"""Where this copy of the program keeps its own files, and whether it brings its own servers."""

import os
from pathlib import Path

from config.servers import Servers

BASE_DIR = Path(__file__).resolve().parent.parent


def var_dir() -> Path:
    """Return the directory of everything that the program writes."""
    return Path(os.environ.get("RAUK_VAR") or BASE_DIR / "var").absolute()


def local_servers() -> Servers | None:
    """Return the embedded servers, unless the environment names others."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return None
    return Servers(var_dir())
