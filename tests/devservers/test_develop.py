"""`make run`: everything starts together and ends together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from config.local import BASE_DIR
from devservers import processes

pytestmark = [pytest.mark.processes, pytest.mark.xdist_group("processes"), pytest.mark.timeout(240)]


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """A directory of its own; whatever still runs there afterwards is killed."""
    yield tmp_path / "var"
    for process in alive(tmp_path / "var"):
        process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def develop(var: Path, port: int) -> "subprocess.Popen[str]":
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    env |= {"RAUK_VAR": str(var), "DEMO": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.Popen(
        [sys.executable, "-m", "devservers", "--port", str(port)],
        cwd=BASE_DIR,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def alive(var: Path) -> list[psutil.Process]:
    """Every process that has the directory in its environment or its command, but the test itself."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and (
                process.environ().get("RAUK_VAR") == str(var) or str(var) in " ".join(process.cmdline())
            ):
                found.append(process)
        except psutil.Error:
            continue
    return found


def wait_until_it_answers(port: int, process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + 120
    while not answers(port):
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_develop_stops_all_when_told_twice(var: Path) -> None:
    port = free_port()
    process = develop(var, port)
    wait_until_it_answers(port, process)
    began = time.monotonic()
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=30)
    assert time.monotonic() - began < 15
    assert process.returncode == 0
    assert f"Rauk is running: http://127.0.0.1:{port}/" in said
    assert "Traceback" not in said
    assert alive(var) == []


def test_develop_stops_when_a_part_dies(var: Path) -> None:
    port = free_port()
    process = develop(var, port)
    wait_until_it_answers(port, process)
    beat = next(each for each in alive(var) if "beat" in each.cmdline())
    beat.kill()
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Rauk stopped, because a process ended: " in said
    assert "beat (exit code -9)" in said
    assert "Traceback" not in said
    assert alive(var) == []


def test_develop_on_a_taken_port(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said, _ = (process := develop(var, taken.getsockname()[1])).communicate(timeout=120)
    assert process.returncode == 1
    assert "is taken" in said
    assert "Traceback" not in said
    assert alive(var) == []


def test_develop_again_after_it_was_killed_and_after_all_was(var: Path) -> None:
    port = free_port()
    first = develop(var, port)
    wait_until_it_answers(port, first)
    first.kill()
    first.wait()
    assert answers(port), "what it started is still there"
    second = develop(var, port)
    said = until_it_says(second, "Rauk is running")
    assert "An earlier start was killed" in said
    assert "taken" not in said
    assert answers(port)
    for process in alive(var):
        process.kill()
    second.wait()
    third = develop(var, port)
    wait_until_it_answers(port, third)
    third.send_signal(signal.SIGTERM)
    said, _ = third.communicate(timeout=30)
    assert third.returncode == 0
    assert "Traceback" not in said
    assert alive(var) == []
    for killed in (first, second):
        killed.communicate()


def until_it_says(process: "subprocess.Popen[str]", words: str) -> str:
    """Everything that it says, up to the line with the words."""
    said = ""
    while words not in said:
        assert process.stdout
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def test_orphans_are_those_of_a_dead_starter_for_this_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAUK_VAR", str(tmp_path))
    ours = processes.mark()
    pid, began, var = ours.split(" ", 2)
    marks = {
        "alive": ours,
        "dead": f"{pid} {int(began) - 3600} {var}",
        "elsewhere": f"{pid} {int(began) - 3600} {var}/other",
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
