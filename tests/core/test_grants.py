"""The role that web and workers connect as: the whole chain works with it, and no fact can be changed."""

import io
from collections.abc import Iterator
from decimal import Decimal
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from core.append_only import append_only_tables, taken_back_tables
from procurement.models import Allocation, Deviation, Receipt
from procurement.operations import receipts, sending
from procurement.operations.receipts import ReceiptEntry
from registers.operations import applying
from reporting.operations import reports, savings
from tests import worlds
from tests.api.clients import Program
from tests.cast import NOW, Cast
from tests.history.scms_files import brought_in, table
from tests.pages import signed_in
from tests.reporting import follow_ups

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def role(cast: Cast) -> Iterator[str]:
    """Be the program's role for the rest of the test, one of this database's own."""
    name = f"app_of_{connection.settings_dict['NAME']}"
    call_command("grant_rights", "--role", name, stdout=io.StringIO())
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{name}"')
    yield name
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f'DROP OWNED BY "{name}"')
        cursor.execute(f'DROP ROLE "{name}"')


def is_denied(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return getattr(error.__cause__, "pgcode", "") == "42501"
    return False


def test_whole_chain_works_as_the_programs_role(cast: Cast, role: str) -> None:
    (order,) = worlds.ordered(cast, (cast.gloves, 20))
    assert sending.send_order(order=order, at=NOW).sent_at
    entry = ReceiptEntry(Allocation.objects.get().pk, Decimal(12), Deviation.SHORT, Decimal(8))
    receipts.receive(key=uuid4(), department=cast.ward, entries=[entry], by=cast.colleague, at=NOW)
    assert Receipt.objects.count() == 1
    imported = brought_in(table({}).encode())
    assert applying.take_back_import(of_import=imported, by=None, at=NOW).taken_back_at
    savings.compute_savings(run=savings.request_savings_run(by=None, at=NOW), at=NOW)
    report = follow_ups.files_made(reports.build_report(report=follow_ups.requested(cast), at=NOW))
    assert {file.status for file in report.files.all()} == {"done"}
    assert signed_in(cast.requester).get("/korg/").status_code == 200
    assert Program(cast.requester).get("items/").status_code == 200


def test_facts_are_neither_changed_nor_emptied_by_the_programs_role(cast: Cast, role: str) -> None:
    tables = append_only_tables()
    models_by_table = {model._meta.db_table: model for model in apps.get_models()}
    assert "audit_entry" in tables
    for name in tables:
        column = models_by_table[name]._meta.pk.column
        assert is_denied(f"UPDATE {name} SET {column} = {column}"), name
        assert is_denied(f"DELETE FROM {name}") or name in taken_back_tables(), name
        assert is_denied(f"TRUNCATE {name}"), name


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE procurement_requisitionline CASCADE",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_append_only ON audit_entry",
        "DROP TABLE audit_entry",
        "SET session_replication_role = replica",
        "CREATE TABLE something (id bigint)",
        "UPDATE django_migrations SET applied = now()",
        "CREATE ROLE somebody",
    ],
)
def test_programs_role_owns_nothing(cast: Cast, role: str, statement: str) -> None:
    assert is_denied(statement)


def test_programs_role_is_no_owner_in_the_catalogue(cast: Cast, role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolcanlogin, rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid) FROM pg_roles r WHERE rolname = %s",
            [role],
        )
        assert cursor.fetchone() == (True, False, 0)
