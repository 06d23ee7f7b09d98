"""`make run` once from nothing, and a copy of what it left for each test."""

import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.devservers.program import alive, develop, free_port, until_it_says


@dataclass(frozen=True)
class FirstStart:
    """A start in an empty directory, that was told twice to stop: what it said, and how it ended."""

    var: Path
    port: int
    said: str
    code: int


@pytest.fixture(scope="package")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    """Start the program as on any laptop."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    port = free_port()
    process = develop(var, port)
    output = until_it_says(process, "Rauk is running")
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGTERM)
    output += process.communicate(timeout=60)[0]
    return FirstStart(var, port, output, process.returncode)


@pytest.fixture(scope="package")
def prepared(first_start: FirstStart) -> Path:
    """The directory that it left."""
    assert first_start.code == 0, first_start.said
    return first_start.var


@pytest.fixture
def var(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    """A directory of its own; whatever still runs there afterwards is killed."""
    shutil.copytree(prepared, tmp_path / "var", ignore=shutil.ignore_patterns("run", "*.lock", "*.log"))
    yield tmp_path / "var"
    for process in alive(tmp_path / "var"):
        process.kill()
