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
        [sys.executable, "manage.py", "develop", "--port", str(port)],
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
    assert f"Rauk är igång: http://127.0.0.1:{port}/" in said
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
    assert "Rauk stannade, för att en process avslutades: " in said
    assert "beat (kod -9)" in said
    assert "Traceback" not in said
    assert alive(var) == []


def test_develop_on_a_taken_port(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said, _ = (process := develop(var, taken.getsockname()[1])).communicate(timeout=120)
    assert process.returncode == 1
    assert "är upptagen" in said
    assert "Traceback" not in said
    assert alive(var) == []
