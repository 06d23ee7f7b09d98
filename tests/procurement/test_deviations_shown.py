"""What was wrong with a delivery is told to the one who ordered and to the one who answers for the order."""

from decimal import Decimal
from uuid import uuid4

import pytest

from core.addresses import address_of
from procurement.models import Allocation, Complaint, PurchaseOrder, SettlementOutcome
from procurement.operations.complaints import settle_complaint
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import Answer, signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def told(cast: Cast, quantity: str, **said: str) -> Answer:
    """Ten boxes were ordered; the requester says what came."""
    worlds.ordered(cast)
    allocation = Allocation.objects.get()
    fields = {f"{allocation.pk}-{name}": value for name, value in said.items()}
    return signed_in(cast.requester).post(
        "/ta-emot/kvittera/",
        {"key": str(uuid4()), "allocation": allocation.pk, f"{allocation.pk}-quantity": quantity, **fields},
        follow=True,
    )


def test_deviation_is_told_where_the_orderer_and_the_manager_look(cast: Cast) -> None:
    page = text_of(
        told(cast, "8", deviation="damaged", deviation_quantity="2", comment="Två askar var blöta.")
    )
    assert "Du tog emot 8 askar från Nordmedica AB. Det som var fel står på ordern" in page
    assert "(skadad: 2)" in page
    order = PurchaseOrder.objects.get()
    requisition = Allocation.objects.get().line.requisition
    for reader, address in (
        (cast.requester, address_of(requisition)),
        (cast.manager, address_of(order)),
    ):
        page = text_of(signed_in(reader).get(address))
        assert "Skadad" in page
        assert "2 askar. ”Två askar var blöta.”" in page
        assert f"Anmält av {cast.requester.full_name}" in page


def test_nothing_usable_came(cast: Cast) -> None:
    page = text_of(told(cast, "0", deviation="wrong", deviation_quantity="10"))
    assert "Inget är mottaget från Nordmedica AB. Det som var fel står på ordern" in page
    assert Allocation.objects.get().received_quantity == Decimal(0)


def test_orders_with_a_deviation_are_gathered(cast: Cast) -> None:
    told(cast, "8", deviation="short")
    client = signed_in(cast.manager)
    number = PurchaseOrder.objects.get().number.replace("-", "\u2011")
    assert number in text_of(client.get("/inkopsordrar/?visa=avvikelser"))
    assert "Med öppen reklamation" not in text_of(client.get("/inkopsordrar/")), "nothing is owed"


def test_orders_with_an_open_complaint_are_counted_until_it_has_ended(cast: Cast) -> None:
    told(cast, "8", deviation="damaged", deviation_quantity="2", expects="credit")
    complaint = Complaint.objects.get()
    client = signed_in(cast.manager)
    number = PurchaseOrder.objects.get().number.replace("-", "\u2011")
    assert 'Med öppen reklamation<span class="chip__count">1</span>' in text_of(client.get("/inkopsordrar/"))
    assert number in text_of(client.get("/inkopsordrar/?visa=reklamationer"))
    assert "Med öppen reklamation" not in text_of(signed_in(cast.office_deputy).get("/inkopsordrar/")), "hers"
    settle_complaint(
        complaint=complaint, outcome=SettlementOutcome.DONE, reference="K 17", by=cast.requester, at=NOW
    )
    assert "Med öppen reklamation" not in text_of(client.get("/inkopsordrar/"))
    assert number in text_of(client.get("/inkopsordrar/?visa=avvikelser")), "what was wrong stays"


def test_without_a_deviation_nothing_is_said(cast: Cast) -> None:
    page = text_of(told(cast, "10"))
    assert "Det som var fel" not in page
    number = PurchaseOrder.objects.get().number.replace("-", "\u2011")
    assert number not in text_of(signed_in(cast.manager).get("/inkopsordrar/?visa=avvikelser"))
