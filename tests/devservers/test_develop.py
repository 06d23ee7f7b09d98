"""`make run`: everything starts together and ends together."""

import socket
import subprocess
from pathlib import Path

import pytest

from devservers import processes
from devservers.environment import completed, keep_port
from devservers.servers import Servers
from tests.devservers.conftest import FirstStart
from tests.devservers.program import (
    SMALL,
    alive,
    develop,
    free_port,
    until_it_says,
    wait_until_it_answers,
)

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


def test_develop_stops_all_when_told_twice(first_start: FirstStart) -> None:
    assert first_start.code == 0
    assert f"Rauk is running: http://127.0.0.1:{first_start.port}/" in first_start.said
    assert "Traceback" not in first_start.said
    assert alive(first_start.var) == []


def test_develop_runs_as_who_owns_nothing_outlives_its_servers_and_stops_when_a_part_dies(var: Path) -> None:
    port = free_port()
    process = develop(var, port, **SMALL)
    wait_until_it_answers(port, process)
    servers = Servers(var)
    with servers.postgres.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'rauk' AND datname = 'rauk'"
        )
        roles = {role for (role,) in cursor.fetchall()}
    connection.close()
    assert roles == {"rauk_app"}
    for each in (servers.valkey, servers.postgres):
        victim = each.running()
        assert victim
        victim.kill()
        until_it_says(process, f"{each.name} had died, and was started again.")
        wait_until_it_answers(port, process)
    beat = next(each for each in alive(var) if "beat" in each.cmdline())
    beat.kill()
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Rauk stopped, because a process ended: " in output
    assert "beat (exit code -9)" in output
    assert "Traceback" not in output
    assert alive(var) == []


def test_develop_on_a_taken_port(var: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        output, _ = (process := develop(var, listener.getsockname()[1], **SMALL)).communicate(timeout=120)
    assert process.returncode == 1
    assert "is taken" in output
    assert "Traceback" not in output
    assert alive(var) == []


def test_orphans_are_those_of_a_dead_starter_for_this_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAUK_VAR", str(tmp_path))
    ours = processes.mark()
    pid, started_at, var = ours.split(" ", 2)
    marks = {
        "alive": ours,
        "dead": f"{pid} {int(started_at) - 3600} {var}",
        "elsewhere": f"{pid} {int(started_at) - 3600} {var}/other",
        "unreadable": f"x y {var}",
        "short": "17",
    }
    sleepers = {
        name: subprocess.Popen(["/bin/sleep", "60"], env={processes.MARK: mark})
        for name, mark in marks.items()
    }
    try:
        assert [process.pid for process in processes.orphans()] == [sleepers["dead"].pid]
        assert processes.stop_orphans() == 1
        assert sleepers["dead"].poll() is not None
        assert all(sleeper.poll() is None for name, sleeper in sleepers.items() if name != "dead")
        assert processes.stop_orphans() == 0
    finally:
        for sleeper in sleepers.values():
            sleeper.kill()
            sleeper.wait()


def test_links_lead_to_the_port_that_the_program_listens_on(tmp_path: Path) -> None:
    """A command in another terminal does not know PORT, and writes links all the same."""
    assert completed({}, tmp_path)["PUBLIC_URL"] == "http://127.0.0.1:8000"
    keep_port(tmp_path, "8123")
    assert completed({}, tmp_path)["PUBLIC_URL"] == "http://127.0.0.1:8123"
    assert completed({"PORT": "9000"}, tmp_path)["PUBLIC_URL"] == "http://127.0.0.1:9000"
