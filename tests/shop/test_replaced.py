"""An item that has left for another that has left: every door of hers leads to what she can order, and says on what condition."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Item, Price, Substitution
from catalog.operations import favourites
from catalog.states import ItemStatus
from procurement.operations import templates
from procurement.operations.filling import Wish
from procurement.operations.templates import TemplateFacts
from tests import worlds
from tests.cast import ALWAYS, NOW, Cast, item
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

LINK = '<a href="/katalog/104701/">'
HOW = "1 förpackning motsvarar 6 askar."
CONDITION = "<strong>Villkor:</strong> Inte steril"


def test_every_door_leads_to_what_can_be_ordered(cast: Cast) -> None:
    middle = item("104700", "Skyddsrock, andra", cast.medical, unit="förp")
    last = item("104701", "Skyddsrock, tredje", cast.medical, unit="ask")
    Price.objects.create(
        item=last,
        agreement=cast.agreement,
        supplier=cast.supplier,
        unit_price=Decimal(9),
        valid_during=ALWAYS,
    )
    client = signed_in(cast.requester)
    requisition = worlds.submitted(cast, (cast.gown, 2))
    worlds.basket(cast, (cast.gown, 2))
    favourites.add(item=cast.gown, by=cast.requester, at=NOW)
    template = templates.make_template(
        department=cast.ward,
        facts=TemplateFacts("Vecka"),
        wishes=[Wish(cast.gown, Decimal(2))],
        by=cast.requester,
        at=NOW,
    )
    for old, new, factor, more in (
        (cast.gown, middle, 2, {"equivalence": "with_condition", "note": "Inte steril"}),
        (middle, last, 3, {}),
    ):
        Substitution.objects.create(from_item=old, to_item=new, factor=factor, valid_during=ALWAYS, **more)
    Item.objects.filter(pk__in=[cast.gown.pk, middle.pk]).update(status=ItemStatus.RETIRED)
    again = reverse("shop:requisition_copy", args=[requisition.number])
    pages = {
        "basket": text_of(client.get("/korg/")),
        "favourites": text_of(client.get("/favoriter/")),
        "beside the catalogue": text_of(client.get("/katalog/")),
        "template": text_of(client.get(f"/mallar/{template.pk}/")),
        "old link": text_of(client.get("/katalog/104600/")),
        "again": text_of(client.post(again, follow=True)),
    }
    for door, page in pages.items():
        assert LINK in page, door
        assert HOW in page, door
        assert CONDITION in page, door
        assert "104700" not in page, door
