"""Programs that run on when whoever started them has ended: how they are started, found again and stopped."""

import contextlib
import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

STOP_SECONDS = 8

started: list["subprocess.Popen[bytes]"] = []


class ServersError(Exception):
    """The servers cannot be had; the text is one sentence for the person at the keyboard."""


def path_of(package: str, pattern: str) -> str:
    """
    Return the path of a program that came in a wheel, without importing the package.

    :raises ServersError: there is no such program for this computer.
    """
    spec = importlib.util.find_spec(package)
    paths = sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []
    if not paths:
        raise ServersError(
            f"{package} has no {Path(pattern).name} for this computer. "
            "Run make setup, or name servers of your own in DATABASE_URL and REDIS_URL."
        )
    return str(paths[0])


def start(command: list[str], log: Path) -> "subprocess.Popen[bytes]":
    """Start a program apart from this terminal, with its output in a log."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
        )
    started.append(process)
    return process


def running_in(directory: Path, name: str) -> list[psutil.Process]:
    """Find the processes of this name that work in a directory, whoever started them."""
    processes = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.name() == name and Path(process.cwd()) == directory.resolve():
                processes.append(process)
    return [process for process in processes if not has_ended(process)]


def end(process: psutil.Process, number: signal.Signals) -> None:
    """Ask a process to end, and wait; kill it when it does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
        if not wait_for(lambda: has_ended(process), None, time.monotonic() + STOP_SECONDS):
            process.kill()
            wait_for(lambda: has_ended(process), None, time.monotonic() + STOP_SECONDS)


def has_ended(process: psutil.Process) -> bool:
    """Say whether a process has ended, also when its parent has not yet taken note of it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def reap() -> None:
    """Take note of the programs of ours that have ended."""
    for process in [process for process in started if process.poll() is not None]:
        started.remove(process)


def wait_for(ready: Callable[[], bool], process: "subprocess.Popen[bytes] | None", deadline: float) -> bool:
    """Wait until it is ready; give up when the process has ended or the time is out."""
    while time.monotonic() < deadline:
        if ready():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(0.03)
    return False


def last_line(log: Path) -> str:
    """Return the last line of a log, for a person to read."""
    with contextlib.suppress(OSError, IndexError):
        return log.read_text(errors="replace").strip().splitlines()[-1]
    return ""
