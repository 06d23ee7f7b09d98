"""
The processes of `Procfile`, run together: they start together, and when one ends all do.

Each carries the mark of whoever started it in its environment. A starter that was killed could stop nothing, so the
next one finds what bears a dead starter's mark and stops it; nothing else can be mistaken for it.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path

import psutil
from honcho.environ import parse_procfile
from honcho.manager import Manager

from config.local import BASE_DIR, var_dir

MARK = "RAUK_STARTED_BY"
STOP_SECONDS = 8
SAME_SECONDS = 5
"""How far apart two readings of when a process began may be, since the clock may have been set."""


class Processes(Manager):  # type: ignore[misc]
    """Honcho's manager, which may also be told to stop twice, or while it is still starting."""

    stop_when_started = False

    def terminate(self) -> None:
        """Stop everything, as soon as everything has a number to be stopped by."""
        if super()._all_started():
            super().terminate()
        else:
            self.stop_when_started = True

    def _all_started(self) -> bool:
        started = bool(super()._all_started())
        if started and self.stop_when_started:
            self.stop_when_started = False
            super().terminate()
        return started

    def _system_print(self, data: str) -> None:
        """Say nothing: it is called while a signal is handled, when the output may be half written."""

    def broken(self) -> dict[str, int]:
        """Return the processes that ended with an error, and how."""
        codes = {name: process.get("returncode") for name, process in self._processes.items()}
        return {name: code for name, code in codes.items() if code}


def commands() -> dict[str, str]:
    """Return what Procfile says: name and command."""
    return dict(parse_procfile((BASE_DIR / "Procfile").read_text()).processes)


def run(environment: dict[str, str]) -> dict[str, int]:
    """
    Run all processes until one of them ends or we are told to stop.

    :return: the processes that broke down, with their exit codes; empty when we were told to stop.
    """
    env = {**os.environ, **environment, "PYTHONUNBUFFERED": "1", MARK: mark()}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    processes = Processes()
    for name, command in commands().items():
        processes.add_process(name, f"exec {command}", env=env, cwd=str(BASE_DIR))
    # A terminal window that is closed means the same as Ctrl-C in it, unless nohup said otherwise.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    try:
        processes.loop()
    except BaseException:
        processes.kill()
        raise
    told_to_stop = processes.returncode in (130, 143)
    return {} if told_to_stop else processes.broken()


def mark() -> str:
    """Say who starts: this process, when it began, and for which directory."""
    this = psutil.Process()
    return f"{this.pid} {this.create_time():.0f} {var_dir()}"


def orphans() -> list[psutil.Process]:
    """Find what an earlier start for this directory left behind when it was killed."""
    found = []
    for process in psutil.process_iter():
        try:
            pid, began, var = (process.environ().get(MARK) or "0 0 ").split(" ", 2)
            if var == str(var_dir()) and not runs(int(pid), float(began)):
                found.append(process)
        except (psutil.Error, OSError, ValueError):
            continue  # somebody else's, or gone
    return found


def runs(pid: int, began: float) -> bool:
    """Say whether the process of this number is still the one that began then."""
    try:
        process = psutil.Process(pid)
        is_same = abs(process.create_time() - began) < SAME_SECONDS
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def stop_orphans() -> int:
    """
    Stop what a killed start left behind, those that started the others first, and insist when they linger.

    :return: how many there were.
    """
    left = orphans()
    numbers = {process.pid for process in left}
    for process in left:
        with contextlib.suppress(psutil.Error):
            if process.ppid() not in numbers:
                process.terminate()
    _gone, lingering = psutil.wait_procs(left, timeout=STOP_SECONDS)
    for process in lingering:
        with contextlib.suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(lingering, timeout=STOP_SECONDS)
    return len(left)
