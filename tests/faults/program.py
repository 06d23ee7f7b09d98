"""A whole program of its own, whose parts can be killed: web, worker and beat on servers that no other test uses."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

import psycopg2

from config.celery import queues
from config.local import BASE_DIR
from devservers.processes import commands
from devservers.servers import Servers
from tests.long import LONG

PATIENCE = 60.0
OWNER, PROGRAM = "rauk", "rauk_app"
"""Who connects to the database: commands as its owner, web and workers as a role that owns nothing."""
WORKERS = ("worker", "worker-mail", "worker-long")
ALL_IN_ONE = "worker-of-all"
"""One worker that takes from all queues, as a small region may run it: a third of what three cost to start."""


def wait_until(happened: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait for something to be true, and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        result = happened()
        if result:
            return result
        time.sleep(0.1)
    raise AssertionError(f"nothing happened in {seconds:.0f} s")


def started_by() -> dict[str, str]:
    """The command of each process: those of Procfile, and the worker that takes from all queues."""
    command_by_name = commands()
    return command_by_name | {
        ALL_IN_ONE: command_by_name["worker"].replace("=short", f"={','.join(sorted(queues()))}", 1)
    }


@dataclass
class Program:
    """One database on the servers, and the processes that were started on it."""

    servers: Servers
    database: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    port: int = 0
    queue: int = 0

    def env(self, role: str) -> dict[str, str]:
        """What a process finds that connects as this role."""
        host = str(self.servers.socket_dir)
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_"))
        }
        return environment | {
            "DATABASE_URL": f"postgresql://{role}@/{self.database}?host={host}",
            "REDIS_URL": self.servers.redis_url.replace("virtual_host=0", f"virtual_host={self.queue}"),
            "RAUK_VAR": str(self.folder / "var"),
            "SECRET_KEY": "of-one-test-only-0123456789-abcdefghijklmnopqrstuvw",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "HTTPS": "0",
            "DEMO": "1",
            "HASHED_STATIC": "0",
            "DEBUG": "0",
            "WEB_WORKERS": "2" if LONG else "1",
            "WEB_THREADS": "4",
            "HEARTBEAT_SECONDS": "1",
            "SKIP_CHECKS": "1",  # of the code, by Celery; `make check` has seen to that
            "PORT": str(self.port),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
            **self.environment,
        }

    def start(self, *names: str) -> None:
        """Start processes of Procfile, as `make run` does."""
        self.begin(*names)
        if "web" in names:
            wait_until(lambda: self.browser().status("/healthz") in (200, 503))

    def begin(self, *names: str) -> None:
        """Start processes of Procfile, and do not wait for them to answer."""
        if "web" in names and not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        for name in names:
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    ["/bin/sh", "-c", f"exec {started_by()[name]}"],
                    cwd=BASE_DIR,
                    env=self.env(PROGRAM),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def kill(self, name: str) -> None:
        """Kill a process and all its children at once, as the power going would."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def end(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def manage(self, *words: str) -> str:
        """Run a manage.py command."""
        answer = self.run(*words)
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    def run(
        self, *words: str, stdout: IO[bytes] | int = subprocess.PIPE
    ) -> "subprocess.CompletedProcess[str]":
        """Run a manage.py command, however it ends."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=BASE_DIR,
            env=self.env(OWNER),
            check=False,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
        )

    def act(self, code: str) -> str:
        """Run a few lines of Python in the program."""
        return self.manage("shell", "--verbosity", "0", "--no-imports", "--command", code).strip()

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.transaction() as connection, connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, sql: str, *values: Any) -> Any:
        return self.query(sql, *values)[0][0]

    @contextmanager
    def transaction(self) -> Iterator["psycopg2.extensions.connection"]:
        """A connection of the test's own, in one transaction."""
        connection = psycopg2.connect(host=str(self.servers.socket_dir), user="rauk", dbname=self.database)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def somebody_waits_for_a_lock(self) -> bool:
        return bool(
            self.value(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'",
                self.database,
            )
        )

    def audit_entries(self, event: str) -> int:
        return int(self.value("SELECT count(*) FROM audit_entry WHERE event = %s", event))

    def browser(self) -> "Browser":
        return Browser(f"http://127.0.0.1:{self.port}")

    def stop_postgres(self) -> None:
        assert self.servers.postgres.running()
        self.servers.postgres.stop()

    def start_postgres(self) -> None:
        self.servers.postgres.start()

    def stop_valkey(self) -> None:
        assert self.servers.valkey.running()
        self.servers.valkey.stop()

    def start_valkey(self) -> None:
        self.servers.valkey.start()


class Browser:
    """A person's session with the program, over HTTP."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def request(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Return the status and the text of an answer; 0 when there was none."""
        request = urllib.request.Request(self.address + path, data=data, headers=headers)
        try:
            with self.opener.open(request, timeout=30) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def status(self, path: str) -> int:
        return self.request(path)[0]

    def log_in(self, email: str, password: str) -> None:
        self.request("/logga-in/")
        form = {"username": email, "password": password, "csrfmiddlewaretoken": self.csrf()}
        status, text = self.request("/logga-in/", urlencode(form).encode(), Referer=self.address)
        assert status == 200 or "sessionid" in self.names(), (status, text[:500])
        assert "sessionid" in self.names()

    def names(self) -> set[str]:
        return {cookie.name for cookie in self.cookies}

    def csrf(self) -> str:
        return next(cookie.value or "" for cookie in self.cookies if cookie.name == "csrftoken")

    def post(self, path: str, **content: Any) -> tuple[int, Any]:
        """Do something through the API, in the person's session."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.csrf(), "Referer": self.address}
        status, text = self.request(path, json.dumps(content).encode(), **headers)
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text
