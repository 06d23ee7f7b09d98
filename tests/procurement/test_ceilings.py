"""Ceilings of agreements and items: what an approval commits, and what it may not pass."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from catalog.models import ItemCeiling, Price
from core.errors import DomainError
from procurement import gates
from procurement.operations import decisions
from registers.operations.rows import add_row, remove_row
from registers.register import REGISTERS
from tests import worlds
from tests.cast import NOW, TODAY, Cast
from tests.procurement.deciding import approve, committed


def test_approve_past_the_ceiling_is_refused_with_what_is_left(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 40))
    cast.agreement.committed_amount = Decimal("98600")
    cast.agreement.save()
    with pytest.raises(gates.CeilingReached) as refusal:
        approve(line, cast.manager)
    assert refusal.value.facts == {"agreement": "RA 2020-014", "remaining": Decimal("1400.00"), "fits": 24}
    assert committed(cast) == Decimal("98600")


def test_approve_up_to_the_ceiling_is_allowed(cast: Cast) -> None:
    line = worlds.line(cast, (cast.gloves, 20))
    cast.agreement.committed_amount = Decimal("98840.00")
    cast.agreement.save()
    approve(line, cast.manager)
    assert committed(cast) == Decimal("100000.00")


def test_approve_past_the_items_ceiling_is_refused(cast: Cast) -> None:
    ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=Decimal(15))
    approve(worlds.line(cast, (cast.gloves, 10)), cast.manager)
    with pytest.raises(gates.ItemCeilingReached):
        approve(worlds.line(cast, (cast.gloves, 10)), cast.manager)


def test_the_database_itself_refuses_to_pass_a_ceiling(cast: Cast) -> None:
    cast.agreement.committed_amount = Decimal("100000.01")
    with pytest.raises(IntegrityError, match="agreement_within_ceiling"), transaction.atomic():
        cast.agreement.save()


def test_approve_under_an_ended_agreement_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    cast.agreement.valid_during = DateRange(date(2020, 1, 1), TODAY)
    cast.agreement.save()
    with pytest.raises(gates.AgreementNotValid):
        approve(line, cast.manager)


def test_approve_from_a_blocked_supplier_is_refused(cast: Cast) -> None:
    line = worlds.line(cast)
    cast.supplier.blocked_reason = "Brister i uppförandekoden"
    cast.supplier.save()
    with pytest.raises(gates.SupplierBlocked):
        approve(line, cast.manager)


def test_approve_in_bulk_commits_in_order_until_the_ceiling(cast: Cast) -> None:
    cast.agreement.committed_amount = Decimal("98800")
    cast.agreement.save()
    lines = [worlds.line(cast, (cast.gloves, 10)) for _number in range(3)]
    outcome = decisions.approve(lines=lines, by=cast.manager, at=NOW)
    assert len(outcome.done) == 2
    assert isinstance(outcome.refused[0][1], gates.CeilingReached)
    assert committed(cast) == Decimal("99960.00")


def prepared_statements() -> dict[str, str]:
    """What is prepared on the connection, by how it is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 'EXECUTE ' || name, statement FROM pg_prepared_statements")
        return dict(cursor.fetchall())


def test_agreements_are_locked_before_item_ceilings_and_each_in_the_order_of_their_keys(cast: Cast) -> None:
    """Two who lock the same rows in two orders wait for each other; whoever asked first must not decide the order."""
    first = cast.agreement.pk
    cast.agreement.pk, cast.agreement.number = None, "RA 2020-099"
    cast.agreement.save()
    Price.objects.filter(item=cast.gown).update(agreement=cast.agreement)
    for item, agreement in ((cast.gown, cast.agreement.pk), (cast.gloves, first)):
        ItemCeiling.objects.create(agreement_id=agreement, item=item, ceiling_quantity=Decimal(100))
    lines = [worlds.line(cast, (item, 1)) for item in (cast.gown, cast.gloves)]
    assert [line.agreement_id for line in lines] == [cast.agreement.pk, first]
    assert first < cast.agreement.pk
    with CaptureQueriesContext(connection) as queries:
        decisions.approve(lines=lines, by=cast.manager, at=NOW)
    whole = prepared_statements()
    statements = [whole.get(query["sql"].partition("(")[0], query["sql"]) for query in queries]
    locking = [each for each in statements if "FOR NO KEY UPDATE" in each and "SKIP LOCKED" not in each]
    tables = [re.findall(r'FROM "(\w+)"', statement)[0] for statement in locking]
    assert tables == [
        "procurement_requisition",
        "agreements_agreement",
        "catalog_itemceiling",
    ]
    for statement in locking:
        table = re.findall(r'FROM "(\w+)"', statement)[0]
        assert f'ORDER BY "{table}"."id" ASC' in statement


def test_approve_up_to_the_items_ceiling_is_allowed(cast: Cast) -> None:
    ceiling = ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=10)
    approve(worlds.line(cast, (cast.gloves, 10)), cast.manager)
    ceiling.refresh_from_db()
    assert ceiling.committed_quantity == 10


def test_what_fits_is_the_least_of_both_ceilings(cast: Cast) -> None:
    """Money for 24 boxes is left, and 7 boxes of the item."""
    ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=7)
    line = worlds.line(cast, (cast.gloves, 40))
    cast.agreement.committed_amount = Decimal("98600")
    cast.agreement.save()
    with pytest.raises(gates.CeilingReached) as refusal:
        approve(line, cast.manager)
    assert refusal.value.facts["fits"] == 7


def test_a_ceiling_that_comes_while_the_agreement_runs_counts_what_is_approved(cast: Cast) -> None:
    """Else it lets through more than it says, and a line approved before it cannot be cancelled."""
    line = worlds.line(cast, (cast.gloves, 10))
    approve(line, cast.manager)
    with pytest.raises(IntegrityError, match="item_within_ceiling"), transaction.atomic():
        ItemCeiling.objects.create(agreement=cast.agreement, item=cast.gloves, ceiling_quantity=9)
    cells = {"agreement": cast.agreement.number, "item": cast.gloves.number, "ceiling_quantity": "12"}
    register = REGISTERS["item_ceilings"]
    row = add_row(register=register, cells=cells | {"committed_quantity": "1"}, by=None, at=NOW)
    ceiling = ItemCeiling.objects.get(pk=row)
    assert ceiling.committed_quantity == 11
    with pytest.raises(DomainError) as refusal:
        remove_row(register=register, row_id=row, by=None, at=NOW)
    assert refusal.value.code == "item_ceiling_is_used"
    decisions.undo(lines=[line], by=cast.head, at=NOW)
    ceiling.refresh_from_db()
    assert ceiling.committed_quantity == 1
