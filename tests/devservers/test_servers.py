"""The embedded servers, with real processes in directories of their own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg2
import pytest

from config.local import BASE_DIR
from devservers.programs import ServersError
from devservers.servers import Servers

pytestmark = [pytest.mark.processes]

USER = """
import sys
from pathlib import Path
from devservers import unprivileged
from devservers.programs import ServersError
from devservers.servers import Servers
if "really" in sys.argv:
    unprivileged.namespaces_work = lambda: False
try:
    Servers(Path(sys.argv[1])).join()
except ServersError as error:
    sys.exit(str(error))
print("up", flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the servers of one directory until told to leave."""

    error = ""

    def __init__(self, var: Path, *words: str, account: str | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USER, str(var), *words],
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            user=account,
            env={**os.environ, "PYTHONPATH": str(BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"},
        )

    def is_up(self) -> bool:
        assert self.process.stdout
        if self.process.stdout.readline() == "up\n":
            return True
        self.error = self.process.communicate()[1]
        return False

    def leave(self) -> str:
        return self.process.communicate(timeout=30)[1]

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    """Servers of a directory of their own, killed afterwards whatever happened."""
    servers = Servers(tmp_path / "var")
    yield servers
    kill_all(servers)
    shutil.rmtree(servers.socket_dir, ignore_errors=True)


def processes_of(servers: Servers) -> list[psutil.Process]:
    processes = []
    for process in psutil.process_iter():
        try:
            words = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if str(servers.var) in words and ("postgres" in process.name() or "valkey" in process.name()):
            processes.extend([process, *process.children(recursive=True)])
    return processes


def kill_all(servers: Servers) -> None:
    for process in processes_of(servers):
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


def query(servers: Servers, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(host=str(servers.socket_dir), user="rauk", dbname="rauk")
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_join_two_at_once_and_the_last_one_out_stops_them(servers: Servers) -> None:
    users = [User(servers.var), User(servers.var)]
    assert all(user.is_up() for user in users)
    users[0].leave()
    assert servers.postgres.answers()
    assert servers.valkey.answers()
    users[1].leave()
    assert processes_of(servers) == []


def test_join_after_everything_was_killed_keeps_the_data(servers: Servers) -> None:
    user = User(servers.var)
    assert user.is_up()
    query(servers, "CREATE TABLE kept (word text)")
    query(servers, "INSERT INTO kept VALUES ('rauk')")
    user.kill()
    kill_all(servers)
    again = User(servers.var)
    assert again.is_up(), again.error
    assert query(servers, "SELECT word FROM kept") == [("rauk",)]
    again.leave()
    assert processes_of(servers) == []


def test_join_takes_over_servers_without_an_owner(servers: Servers) -> None:
    user = User(servers.var)
    assert user.is_up()
    user.kill()
    orphan = servers.postgres.running()
    assert orphan
    heir = User(servers.var)
    assert heir.is_up()
    assert servers.postgres.running() == orphan
    heir.leave()
    assert processes_of(servers) == []


def test_join_is_not_fooled_by_numbers_that_others_have_now(servers: Servers) -> None:
    user = User(servers.var)
    assert user.is_up()
    user.leave()
    (servers.postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{servers.postgres.data}\n")
    (servers.var / "valkey.pid").write_text(str(os.getpid()))
    again = User(servers.var)
    assert again.is_up(), again.error
    again.leave()


def test_join_after_an_interrupted_preparation(servers: Servers) -> None:
    half = servers.var / "postgres.new-1"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    user = User(servers.var)
    assert user.is_up()
    user.leave()
    assert not half.exists()


def test_join_in_a_directory_with_a_long_name(tmp_path: Path) -> None:
    servers = Servers(tmp_path / ("lång katalog " * 8))
    try:
        user = User(servers.var)
        assert user.is_up()
        assert len(os.fsencode(servers.postgres.socket)) < 107
        user.leave()
        assert processes_of(servers) == []
    finally:
        kill_all(servers)
        shutil.rmtree(servers.socket_dir, ignore_errors=True)


def test_join_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServersError, match="The database cannot be started in"):
        Servers(tmp_path / "file" / "var").join()


def test_join_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=20 * 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(ServersError, match="The disk is full: 20 MB is free"):
        Servers(tmp_path / "var").join()


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@needs_root
def test_join_as_an_ordinary_user(servers: Servers) -> None:
    with_room = Servers(Path("/tmp") / f"rauk-test-{os.getpid()}")
    with_room.var.mkdir()
    shutil.chown(with_room.var, "nobody")
    try:
        try:
            user = User(with_room.var, account="nobody")
        except PermissionError:
            pytest.skip("the program is where only root can read it")
        assert user.is_up(), user.error
        assert with_room.postgres.answers()
        user.leave()
        assert processes_of(with_room) == []
    finally:
        kill_all(with_room)
        shutil.rmtree(with_room.var)


@needs_root
def test_join_as_root_without_namespaces(servers: Servers) -> None:
    with_room = Servers(Path("/tmp") / f"rauk-test-{os.getpid()}")
    try:
        user = User(with_room.var, "really")
        if not user.is_up():
            assert "nobody cannot reach" in user.error
        else:
            assert (with_room.postgres.data).stat().st_uid != 0
            user.leave()
            again = User(with_room.var)
            assert again.is_up(), again.error
            again.leave()
        assert processes_of(with_room) == []
    finally:
        kill_all(with_room)
        shutil.rmtree(with_room.var)


@needs_root
def test_join_as_root_without_namespaces_in_a_private_directory(servers: Servers) -> None:
    servers.var.parent.chmod(0o700)
    user = User(servers.var, "really")
    assert not user.is_up()
    assert "nobody cannot reach" in user.error
    assert processes_of(servers) == []


def test_terminated_command_stops_the_servers(servers: Servers) -> None:
    command = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-c", "print('up', flush=True); import time; time.sleep(60)"],
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "RAUK_VAR": str(servers.var), "DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    assert command.stdout
    while command.stdout.readline() not in ("up\n", ""):
        time.sleep(0)
    command.send_signal(signal.SIGTERM)
    assert command.wait(20) == 143
    command.stdout.close()
    assert processes_of(servers) == []
