"""
The PostgreSQL and the Valkey of one directory, shared by every process that needs them.

Both run under one directory (`var/` unless RAUK_VAR says otherwise) and speak over Unix sockets, so nothing clashes
with what else a machine runs. Every process that needs them holds a shared lock on `servers.lock`; the last one out
stops them. Whatever a crash left behind, stale files or a server without an owner, is taken over by the next one in.
"""

import atexit
import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil
import psycopg2

from devservers import programs, unprivileged
from devservers.postgres import DATABASE, Postgres
from devservers.programs import ServersError
from devservers.valkey import Valkey

LEAST_FREE_BYTES = 150 * 1024 * 1024
LONGEST_SOCKET_PATH = 100
LOOK_SECONDS = 1
LOOK_AFTER_FAILURE_SECONDS = 10


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
    def postgres(self) -> Postgres:
        """The database."""
        return Postgres(self.var, self.socket_dir, self.durable)

    @property
    def valkey(self) -> Valkey:
        """The broker."""
        return Valkey(self.var, self.socket_dir)

    @property
    def socket_dir(self) -> Path:
        """Where the sockets are: in `var/`, or in a short directory under the temporary one when the path is long."""
        inside = self.var / "run"
        if len(os.fsencode(inside / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
            return inside
        name = hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"rauk-{os.geteuid()}-{name}"

    def database_url(self, role: str = DATABASE) -> str:
        """The address of the database, as DATABASE_URL has it, for its owner or another role."""
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.socket_dir), safe='')}"

    @property
    def redis_url(self) -> str:
        """The address of the broker, as REDIS_URL has it."""
        return f"redis+socket://{self.valkey.socket}?virtual_host=0"

    def join(self) -> None:
        """
        Start what is not running, and keep it running until this process has left or ended.

        :raises ServersError: they cannot be started; the sentence says why.
        """
        with _errors_in_words(self.var):
            self._make_directories()
            lock = (self.var / "servers.lock").open("w")
            fcntl.flock(lock, fcntl.LOCK_SH)
            try:
                self.start()
            except BaseException:
                self.leave(lock)
                raise
        atexit.register(self.leave, lock, os.getpid())

    def start(self) -> None:
        """Start what is not running; of several processes that do so at once, one at a time."""
        with (self.var / "starting.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.valkey.start()
            self.postgres.start()

    def stop(self) -> None:
        """Stop both."""
        self.valkey.stop()
        self.postgres.stop()

    def leave(self, lock: IO[str], owner: int | None = None) -> None:
        """Let go of the servers, and stop them when nobody else holds them. A forked child leaves nothing."""
        if owner not in (None, os.getpid()) or lock.closed:
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return
            with _interrupts_ignored():
                self.stop()

    @contextlib.contextmanager
    def watched(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Start a server again when it dies, until the block is left."""
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=[tell, over])
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()

    def _watch(self, tell: Callable[[str], None], over: threading.Event) -> None:
        alive: dict[str, psutil.Process | None] = {}
        seconds = LOOK_SECONDS
        while not over.wait(seconds):
            seconds = LOOK_SECONDS
            for server in (self.valkey, self.postgres):
                process = alive.get(server.name) or server.running()
                is_dead = process is None or programs.has_ended(process)
                alive[server.name] = None if is_dead else process
                if is_dead and not over.is_set():
                    try:
                        with _errors_in_words(self.var):
                            self.start()
                        tell(f"{server.name} had died, and was started again.")
                    except ServersError as error:
                        tell(f"{server.name} has died. {error}")
                        seconds = LOOK_AFTER_FAILURE_SECONDS

    def _make_directories(self) -> None:
        self.var.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.var).free
        if free < LEAST_FREE_BYTES:
            raise ServersError(
                f"The disk is full: {free // 2**20} MB is free for {self.var}, "
                f"at least {LEAST_FREE_BYTES // 2**20} MB is needed."
            )
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        if self.socket_dir.stat().st_uid not in unprivileged.trusted_uids():
            raise ServersError(
                f"The directory {self.socket_dir} belongs to somebody else. Remove it and try again."
            )


@contextlib.contextmanager
def _errors_in_words(var: Path) -> Iterator[None]:
    """Turn what a disk can do wrong into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ServersError(f"The disk is full: nothing can be written in {var}.") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise ServersError(f"Nothing can be written in {var}: {error.strerror}.") from error
        raise ServersError(f"The database cannot be started in {var}: {error}.") from error
    except psycopg2.Error as error:
        raise ServersError(f"The database does not answer as it should: {str(error).strip()}") from error


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
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
