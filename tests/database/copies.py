"""
Databases made by copying.

The tables are made by the migrations once, and the cast is built in a copy of them once; both stay on the server under a
name that tells from which code they come. Every process tests in copies of the two. What a test commits is undone by
putting the rows back that were there.
"""

import hashlib
import os
import pickle
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from config.local import BASE_DIR
from tests import cast as cast_module

SOURCES = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/states.py", "core/*.py", "tests/cast.py")
"""What the tables and the cast come from."""

WITHOUT_CAST, WITH_CAST = "tables", "cast"
A_TEMPLATE = "rauk_template_"
LOCK = 731204
LARGE = 1_000_000
USED = """
SELECT relname, pg_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
"""The tables that have ever had a row, and their sizes in bytes."""


def fingerprint(*sources: str) -> str:
    """Tell what is made from these files, and in this environment, from what is made of others."""
    digest = hashlib.sha256(f"{django.VERSION} {sys.version_info[:2]} {sources}".encode())
    for pattern in sources:
        for path in sorted(BASE_DIR.glob(pattern)):
            digest.update(path.relative_to(BASE_DIR).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


class Copies:
    """The two databases of this process; the connection is to one of them."""

    def __init__(self) -> None:
        self.chosen = WITHOUT_CAST
        self.name = ""
        self.code = ""
        self.pickled_cast = b""
        self.rows: dict[str, dict[str, bytes]] = {}

    def prepare(self, *, anew: bool) -> None:
        """Make the templates unless they are there, and the copies."""
        self.name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
        self.code = fingerprint(*SOURCES) + (_run_id() if anew else "")
        with _server() as cursor:
            cursor.execute(
                "SET lock_timeout = 0; SET statement_timeout = 0"
            )  # another process may be making them
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            self._drop_templates(cursor)
            self._make_template(cursor, WITHOUT_CAST, "template1", _migrate)
            self._make_template(cursor, WITH_CAST, self._template(WITHOUT_CAST), _build_cast)
            self.pickled_cast = b64decode(_database_comment(cursor, self._template(WITH_CAST)))
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        for which in (WITHOUT_CAST, WITH_CAST):
            self._copy(which)
        self._connect()

    def _drop_templates(self, cursor: CursorWrapper) -> None:
        """Drop those of other code, and of runs that wanted their own."""
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [A_TEMPLATE])
        for (name,) in cursor.fetchall():
            if not name.startswith(f"{A_TEMPLATE}{self.code}_"):
                _drop(cursor, name)

    def _make_template(self, cursor: CursorWrapper, which: str, origin: str, fill: Callable[[], str]) -> None:
        """Fill a database and say in its remark what came of it; it has its name when it is complete."""
        template = self._template(which)
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", [template])
        if cursor.fetchone() is not None:
            return
        unfinished = f"{template}_unfinished"
        _drop(cursor, unfinished)
        cursor.execute(f'CREATE DATABASE "{unfinished}" TEMPLATE "{origin}"')
        _connect_to(unfinished)
        remark = fill()
        connection.close()
        cursor.execute(f"COMMENT ON DATABASE \"{unfinished}\" IS '{remark}'")
        cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')

    def choose(self, which: str) -> None:
        """Let the next test work in one of the two, unless its module has begun in the other."""
        if which != self.chosen and not connection.in_atomic_block:
            self.chosen = which
            self._connect()

    def restore(self) -> None:
        """
        Undo what was committed: every table that has ever had a row gets the rows of its template.

        Triggers and foreign keys rest meanwhile, which only a superuser can ask for.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(USED)
            size_by_table = dict(cursor.fetchall())
            cursor.execute(";".join(f'DELETE FROM "{table}"' for table in size_by_table))
            for table, rows in self.rows[self.chosen].items():
                cursor.copy_expert(f'COPY "{table}" FROM STDIN', BytesIO(rows))
        with connection.cursor() as cursor:
            for table, size in size_by_table.items():
                if size > LARGE:
                    cursor.execute(f'VACUUM "{table}"')

    def cast(self) -> cast_module.Cast:
        """The people and things that are in the database with the cast."""
        stored_cast: cast_module.Cast = pickle.loads(self.pickled_cast)
        return stored_cast

    def drop(self) -> None:
        """Leave only the templates."""
        with _server() as cursor:
            for which in (WITHOUT_CAST, WITH_CAST):
                _drop(cursor, self._name_of(which))

    def _template(self, which: str) -> str:
        return f"{A_TEMPLATE}{self.code}_{which}"

    def _name_of(self, which: str) -> str:
        return f"{self.name}_{which}"

    def _connect(self) -> None:
        if self.name:
            _connect_to(self._name_of(self.chosen))

    def _copy(self, which: str) -> None:
        with _server() as cursor:
            _drop(cursor, self._name_of(which))
            names = f'"{self._name_of(which)}" TEMPLATE "{self._template(which)}"'
            cursor.execute(f"CREATE DATABASE {names} STRATEGY FILE_COPY")
        _connect_to(self._name_of(which))
        with connection.cursor() as cursor:
            cursor.execute(USED)
            self.rows[which] = {table: _rows(cursor, table) for table, _size in cursor.fetchall()}


copies = Copies()


@contextmanager
def _server() -> Iterator[CursorWrapper]:
    """A session that is in none of the databases."""
    connection.close()
    with connection._nodb_cursor() as cursor:
        yield cursor


def _run_id() -> str:
    """A mark that all processes of a run of the tests share, and no other run has."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid():08}")[:8]


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _database_comment(cursor: CursorWrapper, name: str) -> str:
    cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name])
    return str(cursor.fetchall()[0][0])


def _rows(cursor: CursorWrapper, table: str) -> bytes:
    buffer = BytesIO()
    cursor.copy_expert(f'COPY "{table}" TO STDOUT', buffer)
    return buffer.getvalue()


def _drop(cursor: CursorWrapper, name: str) -> None:
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate() -> str:
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    return ""


def _build_cast() -> str:
    return b64encode(pickle.dumps(cast_module.build())).decode()


def url() -> str:
    """The address of the database that the test is in, for a program of its own."""
    settings = connection.settings_dict
    return f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}"
