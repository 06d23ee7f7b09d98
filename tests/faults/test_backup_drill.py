"""The drill: a backup is taken while people order, and everything comes back in a new place."""

import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from devservers.servers import Servers
from tests.faults.conftest import begin, finish
from tests.faults.people import orderers, submitted
from tests.faults.program import Program, wait_until
from tests.long import LONG

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]

TRAIL = "SELECT id, md5(t::text) FROM audit_entry t ORDER BY id"
UNRECORDED = """
SELECT count(*) FROM procurement_requisition r WHERE submitted_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM audit_entry e
    WHERE e.event = 'requisition.submitted' AND e.subject_id = r.id)
"""

ORDER_WHAT_IS_DUE = """
from django.utils import timezone
from procurement.operations import orders, sending
orders.consolidate(at=timezone.now())
sending.send_due(at=timezone.now())
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Program]:
    """Servers of their own with nothing on them."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    servers = Servers(folder / "servers", durable=False)
    begin(servers)
    program = Program(servers, "rauk", folder)
    yield program
    program.end()
    finish(servers)


def every_rule_holds(program: Program) -> None:
    """Ask them as the operator does."""
    assert json.loads(program.manage("check_rules", "--output", "json"))["hold"]


def test_everything_comes_back_from_a_backup_that_was_taken_under_load(
    program: Program, elsewhere: Program, tmp_path: Path
) -> None:
    program.act(
        ORDER_WHAT_IS_DUE
    )  # no clock runs here, and the order time may have passed since the region was loaded
    every_rule_holds(program)
    outbox = program.folder / "var" / "outbox"
    outbox.mkdir(parents=True)
    (outbox / "2021-00417.eml").write_bytes(b"From: inkop@localhost\r\n\r\nHej \xe5")
    program.start("web")
    people = orderers(program, 3)
    over = threading.Event()
    threads = [threading.Thread(target=person.keep_ordering, args=[over]) for person in people]
    before = submitted(program)
    for thread in threads:
        thread.start()
    wait_until(lambda: submitted(program) > before + 3)
    initial_count = submitted(program)
    backup = json.loads(program.manage("backup", str(tmp_path), "--output", "json"))
    wait_until(lambda: submitted(program) > initial_count + 3)
    over.set()
    for thread in threads:
        thread.join(60)
    file = Path(backup["file"])
    assert file.parent == tmp_path
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.stat().st_size > backup["bytes"] > 1_000_000
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    restoration = json.loads(elsewhere.manage("restore", str(file), "--output", "json"))
    assert {name: restoration[name] for name in ("rows", "trail", "files", "made_at")} == {
        name: backup[name] for name in ("rows", "trail", "files", "made_at")
    }
    assert restoration["files"] == 1
    assert (elsewhere.folder / "var" / "outbox" / "2021-00417.eml").read_bytes().endswith(b"Hej \xe5")
    assert before < submitted(elsewhere) < submitted(program)
    every_rule_holds(elsewhere)
    trail, source = elsewhere.query(TRAIL), dict(program.query(TRAIL))
    assert len(trail) == restoration["trail"] > 0
    assert [row for row in trail if source.get(row[0]) != row[1]] == []
    assert elsewhere.value(UNRECORDED) == 0
    with pytest.raises(psycopg2.Error, match="append-only"):
        elsewhere.query("UPDATE audit_entry SET by_name = 'x'")
    assert elsewhere.query("SELECT relname FROM pg_class WHERE relowner = 'rauk_app'::regrole") == []
    assert elsewhere.value("SELECT has_table_privilege('rauk_app', 'audit_entry', 'insert')")
    assert not elsewhere.value("SELECT has_table_privilege('rauk_app', 'audit_entry', 'delete')")

    elsewhere.start("web")
    (somebody,) = orderers(elsewhere, 1)
    again = submitted(elsewhere)
    assert somebody.order()
    assert submitted(elsewhere) == again + 1
    every_rule_holds(elsewhere)


def test_restore_refuses_what_it_cannot_trust(program: Program, elsewhere: Program, tmp_path: Path) -> None:
    """The backup goes through a pipe, and comes back when everything that is wrong has been refused."""
    file = tmp_path / "whole.zip"
    with file.open("wb") as target:
        answer = program.run("backup", "-", "--output", "json", stdout=target)
    assert json.loads(answer.stderr)["file"] == "-"
    code, message = refused(program, "backup", str(file))
    assert (code, message) == (5, f"{file} exists already. No backup was taken.")

    code, message = refused(program, "restore", str(file))
    assert code == 5
    assert message.startswith(f"The database {program.database} is not empty: public.")
    assert message.endswith("Restore the backup into an empty database. Nothing has been changed.")

    whole = file.read_bytes()
    middle = len(whole) // 2
    copies = {
        "changed": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "text": b"PGDMP" * 1000,
    }
    if LONG:
        copies |= {"cut off": whole[:-1000], "half": whole[:middle], "empty": b""}
    for name, content in copies.items():
        (tmp_path / name).write_bytes(content)
    newer = remade(file, tmp_path / "newer", added=["core.9999_later"], left_out=[])
    older = remade(file, tmp_path / "older", added=[], left_out=["catalog.0001_initial"])
    ended = restored(elsewhere, *(tmp_path / name for name in (*copies, "absent", "newer", "older")))
    for name in copies:
        code, message = ended[name]
        assert (name, code) == (name, 3)
        assert message.startswith("The file is damaged or is no backup: "), message
    assert ended["absent"][0] == 3
    code, message = ended["newer"]
    assert (code, "core.9999_later" in message) == (4, True)
    code, message = ended["older"]
    assert (code, "catalog.0001_initial" in message, "--older" in message) == (4, True, True)
    answer = elsewhere.run("restore", str(newer), "--output", "json")
    assert (answer.returncode, json.loads(answer.stdout)["code"]) == (4, "newer_schema")
    assert elsewhere.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []

    elsewhere.manage("restore", str(older), "--older")
    assert submitted(elsewhere) == submitted(program)


def refused(program: Program, *words: str) -> tuple[int, str]:
    """How a command ended, and the sentence that it gave."""
    answer = program.run(*words)
    assert "Traceback" not in answer.stderr
    return answer.returncode, answer.stderr.strip()


RESTORE_EACH = """
import io, json
from pathlib import Path
from django.core.management import call_command
ended = {{}}
for path in {paths}:
    said = io.StringIO()
    try:
        call_command("restore", path, stderr=said)
    except SystemExit as end:
        ended[Path(path).name] = (end.code, said.getvalue().strip())
print(json.dumps(ended))
"""


def restored(program: Program, *paths: Path) -> dict[str, tuple[int, str]]:
    """How the restoring of each file is refused, tried in one process."""
    ended: dict[str, tuple[int, str]] = json.loads(
        program.act(RESTORE_EACH.format(paths=[str(path) for path in paths]))
    )
    return ended


def remade(file: Path, target: Path, *, added: list[str], left_out: list[str]) -> Path:
    """The same backup, as if code with other migrations had made it."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as copy:
        for entry in source.infolist():
            with source.open(entry) as member, copy.open(entry.filename, "w", force_zip64=True) as other:
                if entry.filename != "manifest.json":
                    shutil.copyfileobj(member, other)
                    continue
                manifest = json.load(member)
                migrations = [name for name in manifest["migrations"] if name not in left_out]
                other.write(json.dumps(manifest | {"migrations": [*migrations, *added]}).encode())
    return target


def test_backup_that_is_interrupted_leaves_no_file(program: Program, tmp_path: Path) -> None:
    program.environment = {"PG_BIN": str(tmp_path)}
    (tmp_path / "pg_dump").write_text(
        "#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 18.0' && exit\n"
        "head -c 3000000 /dev/zero; echo 'pg_dump: error: connection to server was lost' >&2; exit 1\n"
    )
    (tmp_path / "pg_dump").chmod(0o700)
    code, message = refused(program, "backup", str(tmp_path / "x.zip"))
    assert code == 1
    assert message.endswith("pg_dump: error: connection to server was lost")
    assert [path.name for path in tmp_path.glob("*x.zip*")] == []
