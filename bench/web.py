"""The program served by gunicorn, for as long as a bench asks it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def served(application: str, name_of_port: str) -> Iterator[int]:
    """Serve an application by two workers on a free port, which the environment has by a name."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = os.environ[name_of_port] = str(probe.getsockname()[1])
    gunicorn = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", application],
        cwd=ROOT,
        env={**os.environ, "WEB_WORKERS": "2", "PORT": port},
    )
    try:
        _await(port)
        yield int(port)
    finally:
        gunicorn.send_signal(signal.SIGTERM)
        gunicorn.wait(timeout=20)


def _await(port: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    sys.exit("gunicorn did not start")
