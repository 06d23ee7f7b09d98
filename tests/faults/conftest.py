"""The demo region on servers of its own, and a fresh copy of it for each test."""

import fcntl
import itertools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone

from config.local import var_dir
from devservers.servers import Servers
from tests.database.copies import fingerprint
from tests.faults.program import Program

REGION_SOURCES = ("[!.tv]*/**/*.py", "demo/data/*.csv", "*/**/*.typ", "locale/**/*.po")
"""What the demo region comes from: all the code but the tests'."""

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo region on servers of this process's own, copied from what the first process loaded."""
    folder = tmp_path_factory.mktemp("region")
    servers = Servers(folder / "servers", durable=False)
    shutil.copytree(loaded_once().postgres.data, servers.postgres.data)
    begin(servers)
    yield Program(servers, "rauk", folder)
    finish(servers)


def loaded_once() -> Servers:
    """Load the demo region of this code and this day, unless some process has; its servers rest afterwards."""
    regions = var_dir() / "regions"
    folder = regions / fingerprint(*REGION_SOURCES, str(timezone.localdate()))
    servers = Servers(folder / "servers", durable=False)
    regions.mkdir(parents=True, exist_ok=True)
    with (regions / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            for earlier in regions.iterdir():
                shutil.rmtree(earlier, ignore_errors=True)
            folder.mkdir()
            begin(servers)
            program = Program(servers, "rauk", folder)
            program.manage("migrate", "--verbosity", "0")
            program.manage("grant_rights")
            program.manage("load_demo")
            finish(servers)
            (folder / "ready").touch()
    return servers


def begin(servers: Servers) -> None:
    """Start servers that nobody else uses."""
    servers.var.mkdir(exist_ok=True)
    servers.socket_dir.mkdir(mode=0o700, exist_ok=True)
    servers.start()


def finish(servers: Servers) -> None:
    """Stop them."""
    servers.stop()
    shutil.rmtree(servers.socket_dir, ignore_errors=True)


@pytest.fixture
def program(region: Program, tmp_path: Path) -> Iterator[Program]:
    """A program on a copy of the demo region."""
    with copied(region, tmp_path) as program:
        yield program


@contextmanager
def copied(region: Program, folder: Path) -> Iterator[Program]:
    """Give a program on a copy of the region; whatever it started is killed afterwards."""
    region.servers.start()
    number = next(numbers)
    database = f"copy_{number}"
    run_apart(region.servers, f'CREATE DATABASE "{database}" TEMPLATE rauk STRATEGY FILE_COPY')
    program = Program(region.servers, database, folder, queue=number)
    try:
        yield program
    finally:
        program.end()
        region.servers.start()
        run_apart(region.servers, f'DROP DATABASE "{database}" WITH (FORCE)')


def run_apart(servers: Servers, sql: str) -> None:
    """Run what PostgreSQL does in no transaction."""
    connection = servers.postgres.connect("postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()
