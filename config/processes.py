"""The processes of `Procfile`, run together: they start together, and when one ends all do."""

import os
import signal
import sys
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager

from config.local import BASE_DIR


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
    env = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
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
