"""An order for a service tells the supplier where and when it is to be done."""

from datetime import timedelta
from decimal import Decimal

import pytest

from procurement.documents.order import order_csv, order_facts
from procurement.models import OrderLine, PurchaseOrder
from procurement.operations import baskets, decisions, orders, requisitions
from tests import worlds
from tests.cast import NOW, TODAY, Cast

pytestmark = pytest.mark.usefixtures("at_nine")


def test_supplier_reads_where_and_when(cast: Cast) -> None:
    basket = worlds.basket(cast)
    basket.lines.all().delete()
    last = TODAY + timedelta(days=30)
    baskets.add_service(
        basket=basket,
        description="Flyttstädning",
        specification="Tre rum",
        category=cast.services,
        place="Plan 2",
        start_date=last - timedelta(days=2),
        end_date=last,
        hours=Decimal(16),
        estimated_unit_price=Decimal(440),
        suggested_supplier="",
        by=cast.requester,
        at=NOW,
    )
    requisition = requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    decisions.approve(lines=list(requisition.lines.all()), by=cast.deputy, at=NOW, supplier=cast.supplier)
    orders.consolidate(at=NOW, due_only=False)
    facts = order_facts(PurchaseOrder.objects.get())
    first = last - timedelta(days=2)
    assert facts.lines[0].specification == f"Utförs: Plan 2, {first} till {last}; Tre rum"
    assert facts.requested_dates == [last]
    assert OrderLine.objects.get().expected_date == last
    assert f"Utförs: Plan 2, {first} till {last}" in order_csv(facts).decode()
