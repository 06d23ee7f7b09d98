"""The processes of `Procfile`, run together: they start together, and when one ends all do."""

import os
import sys
from pathlib import Path

from honcho.environ import parse_procfile
from honcho.manager import Manager

from config.local import BASE_DIR


class Processes(Manager):  # type: ignore[misc]
    """Honcho's manager, which may also be told to stop while it is still starting."""

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


def commands() -> dict[str, str]:
    """Return what Procfile says: name and command."""
    return dict(parse_procfile((BASE_DIR / "Procfile").read_text()).processes)


def run(environment: dict[str, str]) -> int:
    """Run all processes until one of them ends or we are told to stop; return the exit code."""
    env = {**os.environ, **environment, "PYTHONUNBUFFERED": "1"}
    env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    processes = Processes()
    for name, command in commands().items():
        processes.add_process(name, f"exec {command}", env=env, cwd=str(BASE_DIR))
    processes.loop()
    return int(processes.returncode or 0)
