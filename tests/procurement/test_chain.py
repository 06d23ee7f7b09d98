"""The whole chain in process, once."""

from decimal import Decimal

from procurement.models import RequisitionLine
from procurement.states import LineStatus
from tests import worlds
from tests.cast import Cast


def test_chain_from_need_to_receipt(cast: Cast) -> None:
    receipt = worlds.received(cast, (cast.gloves, 20), (cast.gown, 10))
    lines = RequisitionLine.objects.filter(requisition__requester=cast.requester)
    assert {line.status for line in lines} == {LineStatus.RECEIVED}
    cast.agreement.refresh_from_db()
    assert cast.agreement.committed_amount == Decimal("2650.00")
    assert sum(line.amount for line in receipt.lines.all()) == Decimal("2650.00")
