"""`make run` once from nothing, and a copy of what it left for each test."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devservers.program import alive, develop, free_port, wait_until_it_answers


@pytest.fixture(scope="package")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a program that was started in an empty one, and stopped."""
    var = tmp_path_factory.mktemp("prepared") / "var"
    port = free_port()
    process = develop(var, port)
    wait_until_it_answers(port, process)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return var


@pytest.fixture
def var(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    """A directory of its own; whatever still runs there afterwards is killed."""
    shutil.copytree(prepared, tmp_path / "var", ignore=shutil.ignore_patterns("run", "*.lock", "*.log"))
    yield tmp_path / "var"
    for process in alive(tmp_path / "var"):
        process.kill()
