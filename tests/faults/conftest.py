"""The demo region on servers of its own, and a fresh copy of it for each test."""

import itertools
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.servers import (
    Servers,
    connect,
    end,
    running_postgres,
    running_valkey,
    start_postgres,
    start_valkey,
    started,
)
from tests.faults.program import Program

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The demo region, loaded once."""
    folder = tmp_path_factory.mktemp("region")
    servers = Servers(folder / "servers", durable=False)
    servers.var.mkdir()
    servers.socket_dir.mkdir(mode=0o700, exist_ok=True)
    start_valkey(servers)
    start_postgres(servers)
    program = Program(servers, "rauk", folder)
    program.manage("migrate", "--verbosity", "0")
    program.manage("load_demo")
    yield program
    for process in (running_postgres(servers), running_valkey(servers)):
        if process:
            end(process, signal.SIGINT)
    for child in started:
        child.poll()
    shutil.rmtree(servers.socket_dir, ignore_errors=True)


@pytest.fixture
def program(region: Program, tmp_path: Path) -> Iterator[Program]:
    """A program on a copy of the demo region; whatever it started is killed afterwards."""
    start_valkey(region.servers)
    start_postgres(region.servers)
    number = next(numbers)
    database = f"copy_{number}"
    copy = Program(region.servers, database, tmp_path, queue=number)
    run_apart(region.servers, f'CREATE DATABASE "{database}" TEMPLATE rauk')
    yield copy
    copy.end()
    start_valkey(region.servers)
    start_postgres(region.servers)
    run_apart(region.servers, f'DROP DATABASE "{database}" WITH (FORCE)')


def run_apart(servers: Servers, sql: str) -> None:
    """Run what PostgreSQL does in no transaction."""
    connection = connect(servers, "postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
    finally:
        connection.close()
