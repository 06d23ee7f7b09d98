"""Operations that meet each other: tried once more, then said in words; and what a failing database means."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)

from core.transactions import Busy, is_away, is_busy, operation, sqlstate
from organizations.models import AccountingCode, Dimension
from tests.races import open_transaction, patience, race

pytestmark = pytest.mark.django_db(transaction=True)


def run_sql(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def codes() -> list[AccountingCode]:
    return [
        AccountingCode.objects.create(dimension=Dimension.ACCOUNT, code=code, name="Konto")
        for code in ("4610", "4620")
    ]


@operation
def rename(code: AccountingCode, name: str, attempts: list[str]) -> str:
    attempts.append(name)
    AccountingCode.objects.select_for_update(no_key=True).get(pk=code.pk)
    AccountingCode.objects.filter(pk=code.pk).update(name=name)
    return name


def test_deadlock_is_seen_by_nobody(codes: list[AccountingCode]) -> None:
    both_hold_one = threading.Barrier(2)
    attempts: list[str] = []

    def in_order(first: AccountingCode, second: AccountingCode, name: str) -> Callable[[], None]:
        @operation
        def act() -> None:
            attempts.append(name)
            AccountingCode.objects.select_for_update(no_key=True).get(pk=first.pk)
            if attempts.count(name) == 1:
                both_hold_one.wait(10)
            AccountingCode.objects.select_for_update(no_key=True).get(pk=second.pk)
            AccountingCode.objects.filter(pk__in=[first.pk, second.pk]).update(name=name)

        return act

    results = race(in_order(codes[0], codes[1], "up"), in_order(codes[1], codes[0], "down"))
    assert results == [None, None]
    assert sorted(map(attempts.count, ("up", "down"))) == [1, 2]
    assert len({code.name for code in AccountingCode.objects.all()}) == 1


def lock(code: AccountingCode) -> AccountingCode:
    return AccountingCode.objects.select_for_update(no_key=True).get(pk=code.pk)


def test_lock_held_too_long_is_waited_for_twice_and_then_said(codes: list[AccountingCode]) -> None:
    attempts: list[str] = []
    with open_transaction(lambda: lock(codes[0])), patience(100), pytest.raises(Busy) as refusal:
        rename(codes[0], "new", attempts)
    assert attempts == ["new", "new"]
    assert "inget är sparat" in str(refusal.value)
    assert rename(codes[0], "new", attempts) == "new"


def test_second_attempt_succeeds_when_the_lock_is_let_go(codes: list[AccountingCode]) -> None:
    attempts: list[str] = []
    with open_transaction(lambda: lock(codes[0])) as over, patience(700):
        threading.Timer(0.9, over.set).start()
        assert rename(codes[0], "new", attempts) == "new"
    assert attempts == ["new", "new"]


def test_operation_inside_a_transaction_is_not_tried_again(codes: list[AccountingCode]) -> None:
    attempts: list[str] = []
    with (
        open_transaction(lambda: lock(codes[0])),
        patience(100),
        pytest.raises(OperationalError) as error,
        transaction.atomic(),
    ):
        rename(codes[0], "new", attempts)
    assert attempts == ["new"]
    assert is_busy(error.value)


def test_other_failures_are_not_tried_again() -> None:
    attempts = []

    @operation
    def divide() -> None:
        attempts.append(1)
        run_sql("SELECT 1 / 0")

    with pytest.raises(DatabaseError):
        divide()
    assert attempts == [1]


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def ended_from_elsewhere(pid: int, after: float = 0.2) -> threading.Thread:
    def end() -> None:
        try:
            run_sql("SELECT pg_sleep(%s), pg_terminate_backend(%s)", after, pid)
        finally:
            connection.close()

    thread = threading.Thread(target=end)
    thread.start()
    return thread


def in_the_middle_of_a_statement() -> None:
    ended_from_elsewhere(backend())
    run_sql("SELECT pg_sleep(5)")


def between_statements() -> None:
    with transaction.atomic():
        ended_from_elsewhere(backend(), after=0).join()
        backend()


def while_committing() -> None:
    with transaction.atomic():
        ended_from_elsewhere(backend(), after=0).join()


def after_an_error_that_somebody_caught() -> None:
    with transaction.atomic():
        pid = backend()
        ended_from_elsewhere(pid, after=0).join()
        with pytest.raises(OperationalError), transaction.atomic():
            backend()
        backend()


@pytest.mark.parametrize(
    "die",
    [
        in_the_middle_of_a_statement,
        between_statements,
        while_committing,
        after_an_error_that_somebody_caught,
    ],
)
def test_server_that_ends_the_session_is_away(die: Callable[[], None]) -> None:
    try:
        with pytest.raises((DatabaseError, InterfaceError)) as error:
            die()
    finally:
        connection.close()
    assert is_away(error.value)
    assert not is_busy(error.value)


def caused_by(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def test_failure_of_the_connection_has_no_code_whatever_its_kind() -> None:
    """What libpq reports when a server dies while it answers is a bare DatabaseError."""
    for kind in (DatabaseError, InternalError):
        assert is_away(kind("error with status PGRES_TUPLES_OK and no message from the libpq"))
    assert is_away(caused_by(ValueError("the session could not be saved"), InterfaceError("closed")))


def test_fault_of_ours_is_not_the_database_being_away() -> None:
    with pytest.raises(ProgrammingError) as error:
        run_sql("SELECT nothing FROM nowhere")
    assert sqlstate(error.value) == "42P01"
    assert not is_away(error.value)
    assert not is_away(ValueError("a fault of ours"))
    assert not is_away(None)
