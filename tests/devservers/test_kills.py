"""`make run` starts again after the death of any of its processes."""

import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest

from devservers import programs
from devservers.servers import Servers
from tests.devservers.program import SMALL, alive, develop, free_port, until_it_says
from tests.long import LONG, takes_long

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def named(*words: str) -> Callable[[Path], list[psutil.Process]]:
    """Find the processes of the directory that have the words in their command lines."""
    return lambda var: [
        next(each for each in alive(var) if word in " ".join(each.cmdline())) for word in words
    ]


def server(var: Path) -> psutil.Process:
    postgres = Servers(var).postgres.running()
    assert postgres
    return postgres


def checkpointer(var: Path) -> psutil.Process:
    return next(child for child in server(var).children() if "checkpointer" in child.cmdline()[0])


VICTIMS: dict[str, Callable[[Path], list[psutil.Process]]] = {"everything": alive}
if LONG:
    VICTIMS |= {
        "a process of PostgreSQL": lambda var: [checkpointer(var)],
        "web server, worker and clock": named("config.wsgi", "worker", "--pidfile="),
        "the starter": named("-m devservers"),
        "PostgreSQL": lambda var: [server(var)],
        "Valkey": lambda var: [process for process in [Servers(var).valkey.running()] if process],
    }


@takes_long
@pytest.mark.timeout(600)
def test_starts_again_after_the_death_of_each_process(var: Path) -> None:
    """The starter is killed after the victim, so that nobody puts anything in order before the next start."""
    started: list[subprocess.Popen[str]] = []
    port = free_port()
    try:
        for name, find in VICTIMS.items():
            started.append(process := develop(var, port, **SMALL))
            output = until_it_says(process, "Rauk is running")
            assert ("An earlier start was killed" in output) == (len(started) > 1), name
            victims = find(var)
            assert victims, name
            for victim in victims:
                victim.kill()
            process.kill()
            for victim in victims:
                assert programs.wait_for(partial(programs.has_ended, victim), None, time.monotonic() + 10), (
                    name
                )
        started.append(process := develop(var, port, **SMALL))
        output = until_it_says(process, "Rauk is running")
        process.send_signal(signal.SIGTERM)
        output += process.communicate(timeout=30)[0]
        assert process.returncode == 0
        assert "Traceback" not in output
        assert alive(var) == []
    finally:
        for process in started:
            process.kill()
            process.communicate()


def test_starts_again_while_the_rest_of_a_killed_postgres_still_runs(var: Path) -> None:
    """The processes of a killed server hold its memory until they notice; one that is stopped never does."""
    servers = Servers(var)
    servers.socket_dir.mkdir(mode=0o700)
    servers.postgres.start()
    lingering = checkpointer(var)
    lingering.suspend()
    server(var).kill()
    servers.postgres.start()
    assert servers.postgres.answers()
    assert programs.has_ended(lingering)
    servers.stop()
    assert alive(var) == []
