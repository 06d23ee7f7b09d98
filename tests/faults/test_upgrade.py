"""Code and schema that do not match are refused in a sentence; a schema that only adds to the code's is served on."""

import threading
from collections import Counter

import pytest

from tests.faults.people import orderers, submitted
from tests.faults.program import PATIENCE, Program, wait_until
from tests.long import LONG, takes_long

pytestmark = [pytest.mark.processes, pytest.mark.timeout(300)]

LATER = "INSERT INTO django_migrations (app, name, applied) VALUES ('procurement', '9999_later', now())"
NOT_LATER = "DELETE FROM django_migrations WHERE name = '9999_later'"
MARK = "INSERT INTO core_additivemigration (app, name) VALUES ('procurement', '9999_later')"
ADDS = (
    "CREATE TABLE later (id bigint PRIMARY KEY, line_id bigint REFERENCES procurement_requisitionline)",
    "ALTER TABLE procurement_requisition ADD COLUMN later text",
    "ALTER TABLE procurement_requisitionline ADD COLUMN later integer NOT NULL DEFAULT 1",
    f"{LATER}; {MARK}",
)
"""Each in a transaction of its own: one that holds two tables in turn would meet orders that hold the other first."""
NEWER = "The database has migrations that this code cannot serve on: procurement.9999_later. Deploy the code"
OLDER = "The database lacks migrations of this code: catalog.0001_initial. Run manage.py migrate"


ALL_PARTS = ("web", "worker", "beat")


@pytest.mark.parametrize(
    ("change", "sentence", "parts"),
    [
        (LATER, NEWER, ALL_PARTS),
        (
            "DELETE FROM django_migrations WHERE (app, name) = ('catalog', '0001_initial')",
            OLDER,
            ALL_PARTS if LONG else ("web",),
        ),
    ],
    ids=["newer", "older"],
)
def test_no_part_begins_on_another_schema(
    program: Program, change: str, sentence: str, parts: tuple[str, ...]
) -> None:
    program.query(change)
    program.begin(*parts)
    for part in parts:
        assert program.running.pop(part).wait(PATIENCE) != 0, part
        assert sentence in program.log(part), program.log(part)
        assert "Traceback" not in program.log(part), program.log(part)


def test_old_code_serves_on_while_the_database_is_upgraded(program: Program) -> None:
    program.start("web", "worker")
    people = orderers(program, 3)
    over = threading.Event()
    threads = [threading.Thread(target=person.keep_ordering, args=[over]) for person in people]
    before = submitted(program)
    for thread in threads:
        thread.start()
    wait_until(lambda: submitted(program) > before + 3)
    for change in ADDS:
        program.query(change)
    upgraded = submitted(program)
    wait_until(lambda: submitted(program) > upgraded + 6)
    over.set()
    for thread in threads:
        thread.join(60)
    answers = sum((person.answers for person in people), Counter())
    assert {code for _act, code in answers} <= {200, 201}, answers
    program.kill("web")
    program.kill("worker")
    program.start("web", "worker")
    assert people[0].order()


@takes_long
def test_running_program_says_that_it_is_upgraded(program: Program) -> None:
    program.environment = {"WEB_WORKERS": "1"}  # each process asks by itself, some seconds apart
    program.start("web")
    (person,) = orderers(program, 1)
    browser = person.browser
    assert browser.status("/katalog/") == 200
    program.query(LATER)
    wait_until(lambda: browser.status("/katalog/") == 503)
    page = browser.request("/katalog/")[1]
    assert "Rauk uppgraderas just nu" in page
    assert "<h1" in page
    status, answer = person.post("/api/v1/baskets/", department=person.department)
    assert (status, answer["code"]) == (503, "unavailable")
    assert browser.status("/healthz") == 200
    assert '"schema": "unknown"' in browser.request("/readyz")[1]
    assert NEWER in program.log("web")
    program.query(NOT_LATER)
    wait_until(lambda: browser.status("/katalog/") == 200)
    assert person.order()
