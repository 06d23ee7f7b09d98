"""
The processes of `Procfile`, run together: they start together, and when one ends all do.

Each carries the mark of whoever started it in its environment. A starter that was killed could stop nothing, so the
next one finds what bears a dead starter's mark and stops it; nothing else can be mistaken for it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

import psutil

from config.local import BASE_DIR, var_dir

MARK = "RAUK_STARTED_BY"
STOP_SECONDS = 8
LOOK_SECONDS = 0.2
SAME_SECONDS = 5
"""How far apart two readings of when a process began may be, since the clock may have been set."""


def commands() -> dict[str, str]:
    """Return what Procfile says: name and command."""
    lines = (BASE_DIR / "Procfile").read_text().splitlines()
    return {name: command.strip() for name, _, command in (line.partition(":") for line in lines if line)}


def run(environment: dict[str, str]) -> dict[str, int]:
    """
    Run all processes until one of them ends or we are told to stop.

    :return: the processes that ended by themselves, with their exit codes; empty when we were told to stop.
    """
    stop = threading.Event()
    _listen(stop)
    env = {**os.environ, **environment, "PYTHONUNBUFFERED": "1", MARK: mark()}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands().items():
            running[name] = _start(name, command, env)
        while not stop.wait(LOOK_SECONDS) and all(process.poll() is None for process in running.values()):
            pass
        codes = {name: process.poll() for name, process in running.items()}
    finally:
        _stop(list(running.values()))
    return {} if stop.is_set() else {name: code for name, code in codes.items() if code is not None}


def _listen(stop: threading.Event) -> None:
    """A terminal window that is closed means the same as Ctrl-C in it, unless nohup said otherwise."""

    def set_stop(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, set_stop)


def _start(name: str, command: str, env: dict[str, str]) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        ["/bin/sh", "-c", f"exec {command}"],
        env=env,
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    if process.stdout:
        threading.Thread(target=_relay, args=[name, process.stdout], daemon=True).start()
    return process


def _relay(name: str, output: IO[bytes]) -> None:
    """Pass on what a process writes, each line with its name before it."""
    for line in output:
        with contextlib.suppress(OSError):  # nobody reads us any more
            sys.stdout.write(f"{name:<11} | {line.decode(errors='replace')}")
            sys.stdout.flush()


def _stop(running: "list[subprocess.Popen[bytes]]") -> None:
    """Ask each to stop, which then stops what it started; kill all of it when it lingers."""
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        process.terminate()
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def mark() -> str:
    """Say who starts: this process, when it began, and for which directory."""
    this = psutil.Process()
    return f"{this.pid} {this.create_time():.0f} {var_dir()}"


def orphans() -> list[psutil.Process]:
    """Find what an earlier start for this directory left behind when it was killed."""
    processes = []
    for process in psutil.process_iter():
        try:
            pid, start, var = (process.environ().get(MARK) or "0 0 ").split(" ", 2)
            if var == str(var_dir()) and not is_running(int(pid), float(start)):
                processes.append(process)
        except (psutil.Error, OSError, ValueError):
            continue  # somebody else's, or gone
    return processes


def is_running(pid: int, start: float) -> bool:
    """Say whether the process of this number is still the one that began then."""
    try:
        process = psutil.Process(pid)
        is_same = abs(process.create_time() - start) < SAME_SECONDS
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def stop_orphans() -> int:
    """
    Stop what a killed start left behind, those that started the others first, and insist when they linger.

    :return: how many there were.
    """
    processes = orphans()
    numbers = {process.pid for process in processes}
    for process in processes:
        with contextlib.suppress(psutil.Error):
            if process.ppid() not in numbers:
                process.terminate()
    _gone, lingering = psutil.wait_procs(processes, timeout=STOP_SECONDS)
    for process in lingering:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(lingering, timeout=STOP_SECONDS)
    return len(processes)
