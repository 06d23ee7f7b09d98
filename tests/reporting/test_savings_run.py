"""Computing the savings register: what counts, once, whatever happens."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.errors import NotPermitted
from core.work import WorkStatus
from reporting import tasks
from reporting.effects import effects
from reporting.models import Saving, SavingsRun, UncountedMonth
from reporting.operations import baselines, savings
from tests import worlds
from tests.cast import NOW, Cast
from tests.races import open_transaction, race
from tests.reporting import initiatives


def test_compute_savings_of_example_b(cast: Cast) -> None:
    initiative = initiatives.example_b(cast)
    lines = list(Saving.objects.order_by("delivered_date"))
    assert [line.amount for line in lines] == [
        Decimal("1560.00"),
        Decimal("5200.00"),
        Decimal("0.00"),
        Decimal("1040.00"),
    ]
    assert Saving.objects.all().total() == Decimal("7800.00")
    line = lines[0]
    assert line.baseline == initiative.baselines.get()
    assert (line.baseline_price, line.paid_price, line.quantity) == (
        Decimal("63.2"),
        Decimal(58),
        Decimal(300),
    )
    assert (line.category, line.department, line.supplier) == (cast.gloves_category, cast.ward, cast.supplier)
    run = SavingsRun.objects.get()
    assert (run.status, run.added_count) == (WorkStatus.DONE, 4)
    assert run.done == run.total > 0, "it says how many months it has come through"
    assert [entry.event for entry in Entry.objects.about(run)] == ["savings.requested", "savings.computed"]


def test_compute_savings_a_second_time_adds_nothing(cast: Cast) -> None:
    initiatives.example_b(cast)
    assert not savings.is_due()
    run = initiatives.computed()
    assert (run.status, run.added_count) == (WorkStatus.DONE, 0)
    assert Saving.objects.count() == 4


def test_compute_savings_counts_what_is_received_in_the_chain(cast: Cast) -> None:
    initiatives.delivered(cast, date(2020, 12, 1), "100", "63.20")
    initiatives.confirmed(cast, effective=date(2021, 1, 1))
    receipt = worlds.received(cast, (cast.gloves, 10))
    assert savings.is_due()
    initiatives.computed()
    saving = Saving.objects.get()
    assert saving.receipt_line == receipt.lines.get()
    assert saving.amount == Decimal("52.00")
    assert (saving.department, saving.delivered_date) == (cast.ward, date(2021, 5, 18))


def test_compute_savings_counts_increases_with_their_minus(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 9, 2), "10.5", "70.001")
    initiatives.computed()
    assert Saving.objects.get().amount == Decimal("-71.41")


def test_what_an_earlier_baseline_counted_meanwhile_is_corrected_by_a_new_row(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    first = initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2021, 2, 15), "10", "58.00")
    initiatives.delivered(cast, date(2021, 3, 15), "10", "55.00")
    initiatives.computed()
    assert Saving.objects.current().total() == Decimal("134.00")
    second = initiatives.confirmed(cast, effective=date(2021, 3, 1))
    assert savings.is_due()
    assert initiatives.computed().added_count == 1
    old, new = Saving.objects.filter(delivered_date=date(2021, 3, 15)).order_by("calculation_version")
    assert (old.baseline.initiative, old.amount, old.calculation_version) == (first, Decimal("82.00"), 1)
    assert (new.baseline.initiative, new.replaces, new.calculation_version) == (second, old, 2)
    assert new.delivered_date in new.baseline.counts_during
    assert new.amount == Decimal("89.32")  # 63.9315, the average of the year before, less 55.00
    assert Saving.objects.current().total() == Decimal("52.00") + new.amount
    assert effects(year=2021, through=date(2021, 12, 31)).net.realised == Saving.objects.current().total()
    assert not savings.is_due()
    assert initiatives.computed().added_count == 0


def test_a_row_is_corrected_once_and_versions_follow(cast: Cast) -> None:
    initiatives.example_b(cast)
    saving = Saving.objects.earliest("pk")
    saving.pk, saving.replaces_id, saving.calculation_version = None, saving.pk, 2
    saving.save(force_insert=True)
    saving.pk, saving.calculation_version = None, 3
    with pytest.raises(IntegrityError), transaction.atomic():
        saving.save(force_insert=True)
    saving.replaces = None
    with pytest.raises(IntegrityError), transaction.atomic():
        saving.save(force_insert=True)


def test_compute_savings_waits_for_finance(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    baselines.freeze_baselines(initiative=initiative, at=NOW, by=cast.head)
    initiatives.delivered(cast, date(2020, 9, 2), "1", "58.00")
    assert initiatives.computed().added_count == 0
    baselines.confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=NOW)
    assert initiatives.computed().added_count == 1


def test_compute_savings_counts_twelve_months_in_kronor_of_known_departments(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 8, 31), "1", "58.00")
    initiatives.delivered(cast, date(2021, 9, 1), "1", "58.00")
    initiatives.delivered(cast, date(2020, 9, 2), "1", "58.00", currency="USD")
    initiatives.delivered(cast, date(2020, 9, 2), "1", "58.00", item=cast.chair)
    initiatives.delivered(cast, date(2020, 9, 2), "1", "58.00", is_ours=False)
    initiatives.delivered(cast, date(2021, 8, 31), "1", "58.00")
    initiatives.computed()
    assert Saving.objects.get().delivered_date == date(2021, 8, 31)


def test_compute_savings_goes_on_after_a_crash(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    for month in (9, 10, 11):
        initiatives.delivered(cast, date(2020, month, 2), "1", "58.00")
    run = savings.request_savings_run(by=None, at=NOW)
    compute = savings._compute_month

    def die(run: SavingsRun, month: date) -> None:
        if month.month == 11:
            raise MemoryError
        compute(run, month)

    monkeypatch.setattr(savings, "_compute_month", die)
    savings.compute_savings(run=run, at=NOW)
    run.refresh_from_db()
    assert (run.status, run.added_count) == (WorkStatus.QUEUED, 2)
    monkeypatch.setattr(savings, "_compute_month", compute)
    tasks.compute_savings(run_id=run.pk)
    run.refresh_from_db()
    assert (run.status, run.added_count) == (WorkStatus.DONE, 3)
    assert Saving.objects.count() == 3


def test_the_register_is_never_edited(cast: Cast) -> None:
    initiatives.example_b(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Saving.objects.update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Saving.objects.all().delete()


def test_request_savings_run_uses_the_one_that_waits(cast: Cast) -> None:
    first = savings.request_savings_run(by=cast.controller, at=NOW)
    assert savings.request_savings_run(by=cast.head, at=NOW) == first
    assert Entry.objects.about(first).count() == 1


@pytest.mark.parametrize("who", ["requester", "manager", "auditor", "administrator"])
def test_request_savings_run_is_for_finance_and_head(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        savings.request_savings_run(by=getattr(cast, who), at=NOW)
    assert not SavingsRun.objects.exists()


def test_the_clock_asks_only_when_something_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []

    def wake(*, run_id: int) -> None:
        woken.append(run_id)

    monkeypatch.setattr(tasks.compute_savings, "wake", wake)
    tasks.compute_due_savings()
    assert not SavingsRun.objects.exists()
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 9, 2), "1", "58.00")
    tasks.compute_due_savings()
    assert woken == [SavingsRun.objects.get().pk]
    tasks.resume_savings()
    assert len(woken) == 2


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_count_each_line_once(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    for day in range(1, 29):
        initiatives.delivered(cast, date(2020, 9, day), "1", "58.00")
    runs = [SavingsRun.objects.create(requested_at=NOW) for _ in range(2)]
    results = race(*[lambda run=run: savings.compute_savings(run=run, at=NOW) for run in runs])
    assert not [result for result in results if isinstance(result, Exception)]
    assert Saving.objects.count() == 28
    assert sum(run.added_count for run in SavingsRun.objects.all()) == 28
    assert {run.status for run in SavingsRun.objects.all()} == {WorkStatus.DONE}


def test_a_note_that_says_nothing_is_taken_away(cast: Cast) -> None:
    initiatives.example_b(cast)
    initiatives.delivered(cast, date(2021, 2, 15), "10", "58.00", item=cast.chair)
    assert UncountedMonth.objects.filter(month=date(2021, 2, 1)).exists()
    assert not savings.is_due()
    assert not UncountedMonth.objects.exists()
    with CaptureQueriesContext(connection) as queries:
        assert not savings.is_due()
    assert not [each for each in queries.captured_queries if "deliveredline" in each["sql"]]


def test_only_noted_months_are_looked_through(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 9, 2), "10", "70.00")
    UncountedMonth.objects.exclude(month=date(2020, 9, 1)).delete()
    with CaptureQueriesContext(connection) as queries:
        assert savings.is_due()
    assert sum("deliveredline" in each["sql"] for each in queries.captured_queries) == 1


def test_what_comes_while_the_register_is_computed_waits(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2020, 9, 2), "10", "70.00")
    run = savings.request_savings_run(by=None, at=NOW)
    original = savings._withdraw

    def something_comes(run: SavingsRun, month: date) -> None:
        original(run, month)
        if month == date(2020, 9, 1):
            initiatives.delivered(cast, date(2020, 9, 3), "10", "70.00")

    monkeypatch.setattr(savings, "_withdraw", something_comes)
    savings.compute_savings(run=run, at=NOW)
    assert Saving.objects.get().delivered_date == date(2020, 9, 2)
    assert set(savings.noted_months()) == {date(2020, 9, 1)}
    assert savings.is_due()


@pytest.mark.django_db(transaction=True)
def test_a_line_that_is_not_committed_yet_keeps_its_note(cast: Cast) -> None:
    initiatives.example_b(cast)
    with open_transaction(lambda: initiatives.delivered(cast, date(2020, 9, 2), "10", "70.00")):
        assert not savings.is_due()
    assert savings.is_due()
