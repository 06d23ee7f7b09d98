"""A worker is killed while a file is compared with a register, or applied: after a restart that is done, once."""

import pytest

from tests.faults.program import ALL_IN_ONE, Program, wait_until
from tests.long import takes_long

pytestmark = [pytest.mark.processes, pytest.mark.timeout(400)]

HAND_IN = """
from io import BytesIO
from django.utils import timezone
from registers.operations.imports import request_import
from registers.register import REGISTERS
rows = "".join(f"person{n}@prov.example;För{n};Efter{n};Titel\\n" for n in range(5_000))
made = request_import(
    register=REGISTERS["people"],
    file_name="personer.csv",
    content=BytesIO(("E-postadress;Förnamn;Efternamn;Titel\\n" + rows).encode()),
    by=None,
    at=timezone.now(),
)
print(made.pk)
"""

APPLY = """
from django.utils import timezone
from registers.models import Import
from registers.operations.applying import request_application
print(request_application(of_import=Import.objects.latest("pk"), by=None, at=timezone.now()).pk)
"""

PEOPLE = "SELECT count(*) FROM organizations_user WHERE email LIKE 'person%%@prov.example'"
IMPORT = "SELECT status FROM registers_import WHERE id = %s"
APPLICATION = "SELECT status FROM registers_application WHERE id = %s"
KINDS = "SELECT kind, count(*) FROM registers_change WHERE of_import_id = %s GROUP BY kind"
HALF_WRITTEN = """
INSERT INTO organizations_user SELECT (jsonb_populate_record(
    known, jsonb_build_object('id', 900000000, 'email', 'person2500@prov.example'))).*
FROM organizations_user AS known ORDER BY id LIMIT 1
"""
"""Somebody writes the same person, and has not decided: whoever writes the file's people waits for that."""


@takes_long
def test_a_file_is_compared_and_applied_once_whenever_its_worker_is_killed(program: Program) -> None:
    program.start("worker-long")
    with program.transaction() as connection:
        connection.cursor().execute(HALF_WRITTEN)
        import_id = int(program.act(HAND_IN))
        wait_until(program.somebody_waits_for_a_lock)
        assert program.value(IMPORT, import_id) == "running"
        assert program.query(KINDS, import_id) == [("new", 5_000)]
        program.kill("worker-long")
        connection.rollback()
    program.start(ALL_IN_ONE, "beat")
    wait_until(lambda: program.value(IMPORT, import_id) == "done")
    assert program.query(KINDS, import_id) == [("new", 5_000)]
    assert program.value(PEOPLE) == 0

    with program.transaction() as connection:
        connection.cursor().execute(HALF_WRITTEN)
        application = int(program.act(APPLY))
        wait_until(program.somebody_waits_for_a_lock)
        assert program.value(APPLICATION, application) == "running"
        program.kill(ALL_IN_ONE)
        connection.rollback()
    assert program.value(PEOPLE) == 0
    program.start(ALL_IN_ONE)
    wait_until(lambda: program.value(APPLICATION, application) == "done")
    assert program.value(PEOPLE) == 5_000
    count_query = "SELECT count(*) FROM audit_entry WHERE event = 'register.row_added' AND details->>'file' = 'personer.csv'"
    assert program.value(count_query) == 5_000
    assert program.audit_entries("register.import_compared") >= 1
    applied = "SELECT count(*) FROM audit_entry WHERE event = 'register.import_applied' AND subject_id = %s"
    assert program.value(applied, import_id) == 1
