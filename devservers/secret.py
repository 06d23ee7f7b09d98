"""The secret key of a laptop: made once, kept in `var/`, readable by its owner alone."""

import os
import secrets
from pathlib import Path


def local_secret(var: Path) -> str:
    """
    Return the key of this copy, making it the first time. Two processes that start at once get the same.

    When nothing can be written there the key is good for this process alone; whoever needs the disk says so.
    """
    path = var / "secret_key"
    fresh = secrets.token_urlsafe(50)
    try:
        var.mkdir(parents=True, exist_ok=True)
        temporary = var / f"secret_key.{os.getpid()}"
        temporary.touch(mode=0o600)
        temporary.write_text(fresh)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        return path.read_text().strip() or fresh
    except OSError:
        return fresh
