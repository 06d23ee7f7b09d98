"""Valkey is away while people submit; PostgreSQL is restarted while they do."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from tests.faults.people import orderers, submitted
from tests.faults.program import ALL_IN_ONE, OWNER, Program, wait_until
from tests.faults.test_killed_workers import ASK_FOR_REPORT, ORDER
from tests.long import takes_long

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

REPORT_STATUS = "SELECT status FROM reporting_followupreport WHERE id = %s"
SENT = "SELECT count(*) FROM procurement_purchaseorder WHERE id = ANY(%s) AND status = 'sent'"


@takes_long
def test_valkey_away_while_people_submit(program: Program) -> None:
    program.start("web", ALL_IN_ONE, "beat")
    people = orderers(program, 3)
    before = submitted(program)
    program.stop_valkey()
    for person in people * 3:
        start = time.monotonic()
        assert person.order(), person.answers
        assert time.monotonic() - start < 10
    assert submitted(program) == before + 9
    status, text = program.browser().request("/healthz")
    assert (status, '"broker": "down"' in text) == (200, True)
    orders = [int(number) for number in program.act(ORDER).split(",")]
    report = int(program.act(ASK_FOR_REPORT))
    assert program.value(SENT, orders) == 0
    program.start_valkey()
    wait_until(lambda: program.value(SENT, orders) == len(orders))
    wait_until(lambda: program.value(REPORT_STATUS, report) == "done")
    assert all(process.poll() is None for process in program.running.values())


def test_postgres_restarted_under_load(program: Program) -> None:
    """Whoever orders is told to try again, and a worker that is in the midst of a report makes it anew afterwards."""
    program.start("web", ALL_IN_ONE, "beat")
    people = orderers(program, 4)
    before, entries_before = submitted(program), program.audit_entries("requisition.submitted")
    over = threading.Event()
    threads = [threading.Thread(target=person.keep_ordering, args=[over]) for person in people]
    with report_in_the_making(program) as report:
        for thread in threads:
            thread.start()
        wait_until(lambda: submitted(program) > before + 3)
        program.stop_postgres()
    status, page = program.browser().request("/logga-in/")
    api_status, answer = people[0].browser.post("/api/v1/baskets/", department=people[0].department)
    time.sleep(1)
    program.start_postgres()
    again = submitted(program)
    wait_until(lambda: submitted(program) > again + 3)
    over.set()
    for thread in threads:
        thread.join(60)

    page_while_away = people[1].browser
    assert page_while_away.status("/healthz") == 200
    assert (api_status, answer["code"]) == (503, "unavailable")
    assert status in (200, 503)
    assert "Traceback" not in page
    answers = sum((person.answers for person in people), Counter())
    assert {code for _act, code in answers} <= {200, 201, 503}, answers
    assert sum(count for (_act, code), count in answers.items() if code == 503) > 0
    accepted_count, doubtful = answers["submit", 200], answers["submit", 503]
    submitted_count = submitted(program) - before
    assert accepted_count <= submitted_count <= accepted_count + doubtful
    assert program.audit_entries("requisition.submitted") - entries_before == submitted_count
    assert program.query(
        "SELECT count(*) FROM procurement_requisition r WHERE submitted_at IS NOT NULL"
        " AND NOT EXISTS (SELECT FROM procurement_requisitionline l WHERE l.requisition_id = r.id)"
    ) == [(0,)]
    wait_until(lambda: program.value(REPORT_STATUS, report) == "done")
    finished = "SELECT count(*) FROM audit_entry WHERE event = 'report.finished' AND subject_id = %s"
    wait_until(lambda: program.value(finished, report))
    assert program.value(finished, report) == 1
    assert all(process.poll() is None for process in program.running.values())


@contextmanager
def report_in_the_making(program: Program) -> Iterator[int]:
    """A report that a worker cannot finish meanwhile, since somebody holds the table of its files."""
    holder = psycopg2.connect(host=str(program.servers.socket_dir), user=OWNER, dbname=program.database)
    holder.cursor().execute("LOCK TABLE reporting_reportfile IN EXCLUSIVE MODE")
    report = int(program.act(ASK_FOR_REPORT))
    wait_until(program.somebody_waits_for_a_lock)
    assert program.value(REPORT_STATUS, report) == "running"
    yield report
    holder.close()


def test_page_while_postgres_is_away(program: Program) -> None:
    program.start("web")
    person = orderers(program, 1)[0]
    assert person.browser.status("/") == 200
    program.stop_postgres()
    status, page = person.browser.request("/")
    assert status == 503
    assert "<h1" in page
    assert "inget är halvgjort" in page
    assert "Traceback" not in page
    assert person.browser.request("/healthz")[0] == 503
    program.start_postgres()
    assert person.browser.status("/") == 200
