"""Where this copy of the program is, and where it keeps its own files."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def var_dir() -> Path:
    """Return the directory of everything that the program writes."""
    return Path(os.environ.get("RAUK_VAR") or BASE_DIR / "var").absolute()
