"""`make run` in a directory of its own, as a process."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

from config.local import BASE_DIR


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SMALL = {"WEB_WORKERS": "1", "WORKERS": "1", "SKIP_CHECKS": "1"}
"""One process of each kind, whose code Celery does not check; the first start of all is as on any laptop."""


def develop(var: Path, port: int, **settings: str) -> "subprocess.Popen[str]":
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    env |= {"RAUK_VAR": str(var), "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings", **settings}
    return subprocess.Popen(
        [sys.executable, "-m", "devservers", "--port", str(port)],
        cwd=BASE_DIR,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def health(port: int) -> str:
    """What /healthz says of database and broker, or nothing."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, OSError):
        return ""


def answers(port: int) -> bool:
    return health(port).startswith('{"status": "ok"')


def alive(var: Path) -> list[psutil.Process]:
    """Every process that has the directory in its environment or its command, but the test itself."""
    processes = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and (
                process.environ().get("RAUK_VAR") == str(var) or str(var) in " ".join(process.cmdline())
            ):
                processes.append(process)
        except psutil.Error:
            continue
    return processes


def wait_until_it_answers(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 120
    while not answers(port):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline, health(port)
        time.sleep(0.1)


def until_it_says(process: "subprocess.Popen[str]", words: str) -> str:
    """Everything that it says, up to the line with the words."""
    output = ""
    while words not in output:
        assert process.stdout
        line = process.stdout.readline()
        assert line, output
        output += line
    return output
