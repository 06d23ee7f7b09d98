"""What the environment of a laptop is: whatever is not set there has a value that needs nothing else to be installed."""

from collections.abc import Mapping
from pathlib import Path

from devservers.postgres import DATABASE
from devservers.secret import local_secret
from devservers.servers import Servers


def local_servers(environ: Mapping[str, str], var: Path) -> Servers | None:
    """Return the embedded servers, unless the environment names others."""
    return None if environ.get("DATABASE_URL") else Servers(var)


ROLE = "rauk_app"
"""What web and workers connect as, on a laptop as in production; commands connect as the owner."""


def keep_port(var: Path, port: str) -> None:
    """Keep on which port the program listens, so that links which commands write lead there."""
    var.mkdir(parents=True, exist_ok=True)
    (var / "port").write_text(port)


def last_port(var: Path) -> str:
    """The port on which the program listens, or listened when it last ran."""
    try:
        return (var / "port").read_text() or "8000"
    except OSError:
        return "8000"


def completed(environ: Mapping[str, str], var: Path, *, role: str = DATABASE) -> dict[str, str]:
    """
    Return the environment with a laptop's value for everything that is missing or empty.

    :param role: who connects to the database; its owner unless something else is said.
    """
    servers = Servers(var)
    return {
        "DATABASE_URL": servers.database_url(role),
        "REDIS_URL": servers.redis_url,
        "SECRET_KEY": environ.get("SECRET_KEY") or local_secret(var),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "PUBLIC_URL": f"http://127.0.0.1:{environ.get('PORT') or last_port(var)}",
        "DEMO": "1",
        "HASHED_STATIC": "0",
        "HTTPS": "0",
        "LOG_FORMAT": "text",
        **{name: value for name, value in environ.items() if value},
    }
