"""A worker is killed with -9 in the middle of something: after a restart it is done, once."""

import pytest

from reporting.operations.savings import COMPUTE_SQL, FACTS
from tests.faults.mail import MailServer
from tests.faults.program import ALL_IN_ONE, WORKERS, Program, wait_until
from tests.long import takes_long

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]

ASK_FOR_REPORT = """
from datetime import date
from django.utils import timezone
from organizations.models import User
from reporting.operations.reports import request_report
from reporting.tasks import build_report
head = User.objects.get(email="helena.stenmark@gotland.example")
report = request_report(year=2020, through_date=date(2020, 10, 31), title="Prov", by=head, at=timezone.now())
build_report.wake(report_id=report.pk)
print(report.pk)
"""

ASK_FOR_SAVINGS = """
from django.utils import timezone
from reporting.operations.savings import request_savings_run
from reporting.tasks import compute_savings
run = request_savings_run(by=None, at=timezone.now())
compute_savings.wake(run_id=run.pk)
print(run.pk)
"""

ORDER = """
from django.utils import timezone
from organizations.models import User
from procurement.models import RequisitionLine
from procurement.operations.decisions import approve
from procurement.operations.orders import consolidate
karin = User.objects.get(email="karin.sundblad@gotland.example")
waiting = RequisitionLine.objects.awaiting(karin, timezone.localdate()).filter(item__isnull=False)
assert approve(lines=list(waiting), by=karin, at=timezone.now()).done
print(",".join(str(order.pk) for order in consolidate(at=timezone.now(), due_only=False)))
"""


def restart(program: Program) -> None:
    """Bring worker and clock back, as a restarted computer does."""
    for name in list(program.running):
        program.kill(name)
    program.start(ALL_IN_ONE, "beat")


@takes_long
def test_report_interrupted_while_its_files_are_made(program: Program) -> None:
    with program.transaction() as connection:
        connection.cursor().execute("LOCK TABLE core_storedpart IN EXCLUSIVE MODE")
        number = int(program.act(ASK_FOR_REPORT))
        program.start("worker-long")
        wait_until(program.somebody_waits_for_a_lock)
        program.kill("worker-long")
    restart(program)
    wait_until(lambda: statuses(program, number) == ["done"] * 4)
    frozen = program.value("SELECT count(*) FROM reporting_frozenlines WHERE report_id = %s", number)
    kinds = program.query("SELECT kind FROM reporting_reportfile WHERE report_id = %s ORDER BY kind", number)
    finished = program.value(
        "SELECT count(*) FROM audit_entry WHERE event = 'report.finished' AND subject_id = %s", number
    )
    assert frozen == 1
    assert kinds == [("docx",), ("pdf",), ("xlsx",)]
    assert finished == 1


@takes_long
def test_report_interrupted_while_one_file_is_made_goes_on_with_that_one(program: Program) -> None:
    number = int(program.act(ASK_FOR_REPORT))
    program.start("worker-long")
    wait_until(lambda: statuses(program, number)[:1] == ["done"])
    program.kill("worker-long")
    first_files = program.query(
        "SELECT kind, file_id FROM reporting_reportfile WHERE report_id = %s AND status = 'done'", number
    )
    digest = program.value("SELECT snapshot_sha256 FROM reporting_followupreport WHERE id = %s", number)
    restart(program)
    wait_until(lambda: statuses(program, number) == ["done"] * 4)
    again = program.query("SELECT kind, file_id FROM reporting_reportfile WHERE report_id = %s", number)
    assert set(first_files) <= set(again)
    assert (
        program.value("SELECT snapshot_sha256 FROM reporting_followupreport WHERE id = %s", number) == digest
    )


def statuses(program: Program, number: int) -> list[str]:
    """That of the figures, then those of the files."""
    rows = program.query("SELECT status FROM reporting_followupreport WHERE id = %s", number)
    rows += program.query("SELECT status FROM reporting_reportfile WHERE report_id = %s ORDER BY id", number)
    return [status for (status,) in rows]


@takes_long
def test_savings_run_interrupted_between_two_months(program: Program) -> None:
    register = "SELECT count(*), sum(amount) FROM reporting_saving"
    before = program.query(register)
    with program.transaction() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica"
        )  # the register only grows; a test may empty it
        cursor.execute(
            "INSERT INTO reporting_uncountedmonth (month)"
            " SELECT DISTINCT date_trunc('month', delivered_date)::date FROM reporting_saving"
        )
        cursor.execute("TRUNCATE reporting_saving")
    program.start("worker-long")
    with program.transaction() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT month FROM reporting_uncountedmonth ORDER BY month")
        months = [month for (month,) in cursor.fetchall()]
        earlier = program.value("SELECT max(id) FROM reporting_savingsrun")
        cursor.execute(COMPUTE_SQL, {**FACTS, "run": earlier, "month": months[len(months) // 2]})
        run = int(program.act(ASK_FOR_SAVINGS))
        wait_until(program.somebody_waits_for_a_lock)
        status, done, total = program.query(
            "SELECT status, done, total FROM reporting_savingsrun WHERE id = %s", run
        )[0]
        assert status == "running"
        assert 0 < done < total
        program.kill("worker-long")
        connection.rollback()
    restart(program)
    wait_until(lambda: program.value("SELECT status FROM reporting_savingsrun WHERE id = %s", run) == "done")
    assert program.query(register) == before
    assert (
        program.value(
            "SELECT count(*) FROM audit_entry WHERE event = 'savings.computed' AND subject_id = %s", run
        )
        == 1
    )


def end_leases(program: Program) -> None:
    """Let the time pass that a claim holds."""
    program.query("UPDATE procurement_purchaseorder SET next_attempt_at = now() WHERE status = 'ready'")


def test_order_interrupted_between_claim_and_mark(program: Program) -> None:
    mail = MailServer()
    program.environment["EMAIL_URL"] = mail.url
    program.start("worker-mail")
    orders = [int(number) for number in program.act(ORDER).split(",")]
    assert mail.has_message.wait(60)
    program.kill("worker-mail")
    assert program.query(
        "SELECT DISTINCT status FROM procurement_purchaseorder WHERE id = ANY(%s)", orders
    ) == [("ready",)]
    under_way = "SELECT count(*) FROM procurement_sendattempt WHERE outcome = 'under_way'"
    assert program.value(under_way) > 0, "the claim is written, and nobody knows what became of it"
    mail.may_answer.set()
    end_leases(program)
    restart(program)
    query = "SELECT count(*) FROM procurement_purchaseorder WHERE id = ANY(%s) AND status = 'sent'"
    wait_until(lambda: program.value(query, orders) == len(orders))
    entries = program.query(
        "SELECT subject_id, count(*) FROM audit_entry WHERE event = 'order.sent' AND subject_id = ANY(%s) GROUP BY 1",
        orders,
    )
    assert dict(entries) == dict.fromkeys(orders, 1)
    names = [line for text in mail.received for line in text.splitlines() if line.startswith("Message-ID:")]
    assert len(names) > len(orders), "the first message was sent again"
    assert len(set(names)) == len(orders), "and is recognised as the same"
    assert program.value(under_way) == 0
    mail.end()


CANCEL = """
import time
from django.utils import timezone
from organizations.models import User
from procurement.models import PurchaseOrder
from procurement.operations.orders import cancel_order
order = PurchaseOrder.objects.filter(attempts__outcome="under_way").order_by("pk").first()
head = User.objects.get(email="helena.stenmark@gotland.example")
began = time.monotonic()
cancel_order(order=order, reason="Prov", by=head, at=timezone.now())
print(time.monotonic() - began)
"""


def test_a_mail_server_that_holds_its_breath_keeps_nobody_waiting(program: Program) -> None:
    mail = MailServer()
    program.environment |= {"EMAIL_URL": f"{mail.url}?timeout=90", "WORKERS": "1"}
    program.start(*WORKERS, "beat")
    program.act(ORDER)
    assert mail.has_message.wait(60)
    seconds = float(program.act(CANCEL))
    assert seconds < 30, "a cancellation waited for the mail server, which holds a message for 90 s"
    report = int(program.act(ASK_FOR_REPORT))
    wait_until(
        lambda: program.value("SELECT status FROM reporting_followupreport WHERE id = %s", report) == "done"
    )
    assert not mail.may_answer.is_set()
    mail.may_answer.set()
    wait_until(lambda: any(".makulering@" in text for text in mail.received))
    mail.end()


TELL = """
from django.utils import timezone
from notices.operations.telling import News, tell
from organizations.models import User
from procurement.notices import QUESTION
people = User.objects.filter(is_active=True).order_by("pk")[:5]
tell([News(person.pk, QUESTION, "/x/") for person in people], by=None, at=timezone.now())
print(len(people))
"""


@takes_long
def test_letters_interrupted_between_claim_and_mark(program: Program) -> None:
    mail = MailServer()
    program.environment["EMAIL_URL"] = mail.url
    program.start("worker-mail")
    count = int(program.act(TELL))
    assert mail.has_message.wait(60)
    program.kill("worker-mail")
    assert program.value("SELECT count(*) FROM notices_letter WHERE is_under_way") == 1
    mail.may_answer.set()
    program.query("UPDATE notices_letter SET next_attempt_at = now() WHERE status = 'ready'")
    restart(program)
    # The region's own work may tell somebody meanwhile, so only these are looked at.
    of_these = "FROM notices_letter l JOIN notices_notice n ON n.letter_id = l.id AND n.address = '/x/'"
    query = f"SELECT count(*) {of_these} WHERE l.status = 'sent' AND NOT l.is_under_way"
    wait_until(lambda: program.value(query) == count)
    ours = {
        f"Message-ID: <notis-{number}@localhost>" for (number,) in program.query(f"SELECT l.id {of_these}")
    }
    names = [line for text in mail.received for line in text.splitlines() if line in ours]
    assert len(names) == count + 1, "the one that was interrupted was sent again"
    assert set(names) == ours, "and is recognised as the same"
    mail.end()
