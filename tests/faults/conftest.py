"""The demo region on servers of its own, and a fresh copy of it for each test."""

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from devservers.servers import Servers
from tests.faults.program import Program

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo region on servers of this process's own, copied from what the first process loaded."""
    folder = tmp_path_factory.mktemp("region")
    servers = Servers(folder / "servers", durable=False)
    shutil.copytree(loaded_once(tmp_path_factory).postgres.data, servers.postgres.data)
    begin(servers)
    yield Program(servers, "rauk", folder)
    finish(servers)


def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Servers:
    """Load the demo region, unless another of the parallel processes has; its servers rest afterwards."""
    here = tmp_path_factory.getbasetemp()
    folder = (here.parent if "PYTEST_XDIST_WORKER" in os.environ else here) / "loaded"
    folder.mkdir(exist_ok=True)
    servers = Servers(folder / "servers", durable=False)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            begin(servers)
            program = Program(servers, "rauk", folder)
            program.manage("migrate", "--verbosity", "0")
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
    """A program on a copy of the demo region; whatever it started is killed afterwards."""
    region.servers.start()
    number = next(numbers)
    database = f"copy_{number}"
    copy = Program(region.servers, database, tmp_path, queue=number)
    run_apart(region.servers, f'CREATE DATABASE "{database}" TEMPLATE rauk')
    yield copy
    copy.end()
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
