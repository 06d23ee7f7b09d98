"""
How long a database session waits, works and rests inside a transaction, by what kind of process it serves.

A web thread that waits for somebody's forgotten transaction serves nobody, so it gives up soon and says so. A worker
has time. Commands at the keyboard, migrations among them, have no limit.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class Limits(NamedTuple):
    """Seconds; 0 is no limit."""

    lock: int
    statement: int
    idle: int


WEB = Limits(lock=2, statement=30, idle=60)
WORKER = Limits(lock=30, statement=3600, idle=600)
COMMAND = Limits(0, 0, 0)
BY_PROGRAM = {"celery": WORKER, "manage.py": COMMAND, "devservers": COMMAND}


def limits(environ: Mapping[str, str], program: str) -> Limits:
    """
    The limits of a process: those of its kind, unless the environment says otherwise.

    :param program: what was started, as ``sys.argv[0]`` has it.
    """
    path = Path(program)
    kind = BY_PROGRAM.get(path.parent.name if path.name == "__main__.py" else path.name, WEB)
    return Limits(
        lock=int(environ.get("LOCK_SECONDS") or kind.lock),
        statement=int(environ.get("STATEMENT_SECONDS") or kind.statement),
        idle=int(environ.get("IDLE_SECONDS") or kind.idle),
    )


def as_options(limits: Limits) -> str:
    """Write limits as PostgreSQL reads them while a session is opened."""
    return (
        f"-c lock_timeout={limits.lock}s -c statement_timeout={limits.statement}s"
        f" -c idle_in_transaction_session_timeout={limits.idle}s"
    )
