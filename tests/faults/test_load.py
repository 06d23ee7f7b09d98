"""Ten minutes of a region at work: eight order, four decide, two receive, and everything of the clock runs."""

import json

import pytest

from tests.faults.crowd import crowd
from tests.faults.program import WORKERS, Program
from tests.long import takes_long

pytestmark = [pytest.mark.processes, pytest.mark.timeout(1800)]

SECONDS = 600
STRIKES = 20
"""So many times the order clock strikes meanwhile, which it does once a day: what has been approved is then there to receive."""
UNTOLD = """
SELECT count(*) FROM procurement_requisition r WHERE r.submitted_at IS NOT NULL AND NOT EXISTS (
    SELECT FROM audit_entry e WHERE e.event = 'requisition.submitted' AND e.subject_id = r.id)
"""
ORDER_ALL = """
from django.utils import timezone
from procurement.operations import orders
orders.consolidate(at=timezone.now(), due_only=False)
"""


@takes_long
def test_a_region_at_work_for_ten_minutes(program: Program) -> None:
    program.environment["WEB_WORKERS"] = "2"
    program.start("web", *WORKERS, "beat")
    people = crowd(program, ordering=8, deciding=4, receiving=2)
    before = program.audit_entries("requisition.submitted")
    received = program.audit_entries("receipt.recorded")
    for _strike in range(STRIKES):
        people.work_for(SECONDS / STRIKES)
        program.act(ORDER_ALL)
    submitted_count = sum(
        count for (path, status), count in people.answers.items() if "submit" in path and status == 200
    )
    print(dict(sorted(people.answers.items())))
    print("p95 by part, seconds:", [round(each, 3) for each in people.p95_by_part(4)])
    assert submitted_count > 0
    assert program.audit_entries("requisition.submitted") - before == submitted_count, (
        "no requisition is lost, none made twice"
    )
    assert program.value(UNTOLD) == 0
    assert [key for key in people.answers if key[1] == 0 or key[1] >= 500] == []
    assert program.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 0
    assert program.audit_entries("receipt.recorded") - received >= STRIKES
    assert json.loads(program.manage("check_rules", "--output", "json"))["hold"]
