"""A table is changed while a program has statements prepared: they are prepared anew, and nobody meets a fault."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from core.compiled import compiled_once
from core.transactions import PlanIsOutdated, is_busy, operation
from organizations.models import AccountingCode, Dimension


@compiled_once
def code_named(name: str) -> QuerySet[AccountingCode]:
    """Give the codes of a name."""
    return AccountingCode.objects.filter(name=name)


def change(table: str, column: str, kind: str) -> None:
    """Change the type of a column, as a migration does."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}")


@pytest.fixture
def codes(transactional_db: None) -> Iterator[AccountingCode]:
    """A code, of a table that is changed back afterwards."""
    code = AccountingCode.objects.create(dimension=Dimension.ACCOUNT, code="4610", name="Konto")
    yield code
    change(AccountingCode._meta.db_table, "name", "varchar(100)")


def test_question_is_prepared_anew(codes: AccountingCode) -> None:
    assert code_named("Konto") == [codes]
    change(AccountingCode._meta.db_table, "name", "text")
    assert code_named("Konto") == [codes]
    assert code_named("Annat") == []


def test_operation_is_tried_again(codes: AccountingCode) -> None:
    attempts = []

    @operation
    def act() -> list[AccountingCode]:
        attempts.append(1)
        return code_named("Konto")

    assert act() == [codes]
    change(AccountingCode._meta.db_table, "name", "text")
    assert (act(), len(attempts)) == ([codes], 3)


def test_what_cannot_be_tried_again_is_said_in_words(codes: AccountingCode) -> None:
    assert code_named("Konto") == [codes]
    change(AccountingCode._meta.db_table, "name", "text")
    with pytest.raises(PlanIsOutdated) as fault, transaction.atomic():
        code_named("Konto")
    assert is_busy(fault.value)
    with transaction.atomic():
        assert code_named("Konto") == [codes]
