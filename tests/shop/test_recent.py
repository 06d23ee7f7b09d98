"""What was ordered lately, on the first page and in an empty catalogue: by the person, and by others of her department."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from catalog.models import Item, Price, Substitution, Trial
from catalog.states import ItemStatus
from procurement.models import RequisitionLine
from procurement.operations import amendments, requisitions
from shop.recent import MOST_SHOWN, recent_lines
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, item
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

START, CATALOGUE = "/start/", "/katalog/"


def part(page: str) -> str:
    """What the page says under the heading, to the end of its part."""
    begins = page.index('id="recent"')
    return page[begins : page.index("</section>", begins)]


def test_recent_is_hers_first_and_then_what_others_ordered(cast: Cast) -> None:
    worlds.submitted(cast, (cast.chair, 1), by=cast.colleague, at=NOW - timedelta(days=2))
    worlds.submitted(cast, (cast.gloves, 3), (cast.gown, 2), at=NOW - timedelta(days=1))
    worlds.submitted(cast, (cast.gloves, 6), by=cast.colleague)
    client = signed_in(cast.requester)
    for address in (START, CATALOGUE, "/katalog/?q=finnsinte"):
        text = part(text_of(client.get(address)))
        own_text, others = text.split("Av andra på enheten")
        assert "Lägg till 3" in own_text, address
        assert "3 askar, i går" in own_text
        assert "Lägg till 2" in own_text
        assert "Lägg till 1" in others
        assert "Undersökningshandske" not in others, "she has ordered it herself"
    assert 'id="recent"' not in text_of(client.get("/katalog/?q=handske"))
    other_text = part(text_of(signed_in(cast.colleague).get(START)))
    assert "Lägg till 6" in other_text.split("Av andra på enheten")[0]
    assert 'id="recent"' not in text_of(signed_in(cast.stranger).get(START)), "another department's"


def test_recent_is_ordered_again_in_the_same_number_and_unit(cast: Cast) -> None:
    Price.objects.create(
        item=cast.gloves,
        agreement=cast.agreement,
        supplier=cast.supplier,
        order_unit="kartong",
        units_per_order_unit=1000,
        unit_price=Decimal(500),
        valid_during=ALWAYS,
    )
    basket = worlds.basket(cast, (cast.gown, 1))
    client = signed_in(cast.requester)
    client.post("/korg/lagg-till/", {"item": cast.gloves.number, "quantity": "2", "unit": "kartong"})
    requisitions.submit(basket=basket, by=cast.requester, at=NOW)
    text = part(text_of(client.get(START)))
    assert "2 kartonger, i dag" in text
    assert "500,00 kr / kartong" in text
    value = "2;kartong;" + cast.gloves.number
    assert f'name="put" value="{value}"' in text
    client.post("/korg/lagg-till/", {"put": value})
    line = RequisitionLine.objects.get(requisition__submitted_at=None)
    assert (line.quantity, line.unit, line.unit_price) == (2, "kartong", 500)
    Price.objects.filter(order_unit="kartong").delete()
    text = part(text_of(client.get(START)))
    assert "Säljs numera per ask." in text
    assert "kartong;" not in text


def replaced(cast: Cast) -> None:
    """The gloves are replaced by the gown, two for each."""
    Substitution.objects.create(
        from_item=cast.gloves, to_item=cast.gown, factor=2, valid_during=DateRange(date(2021, 1, 1), None)
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": ItemStatus.RETIRED}, "Har utgått"),
        (
            {"status": ItemStatus.BLOCKED, "blocked_reason": "Återkallad av tillverkaren"},
            "är spärrad: Återkallad",
        ),
        ({"status": ItemStatus.TRIAL}, "är på prov. Den kan bara beställas av enheterna"),
        ({"status": ItemStatus.PHASING_OUT, "last_order_date": TODAY}, "Kan beställas till och med i dag"),
        ({"status": ItemStatus.PHASING_OUT, "last_order_date": TODAY - timedelta(days=1)}, "går inte längre"),
    ],
)
def test_recent_says_what_replaces_what_leaves(cast: Cast, change: dict[str, object], sentence: str) -> None:
    replaced(cast)
    worlds.submitted(cast, (cast.gloves, 3))
    Trial.objects.create(
        item=cast.gloves, department=cast.home, valid_during=DateRange(TODAY, date(2021, 9, 1))
    )
    Item.objects.filter(pk=cast.gloves.pk).update(**change)
    text = part(text_of(signed_in(cast.requester).get(START)))
    assert sentence in text
    may_be_ordered = "last_order_date" in change and change["last_order_date"] == TODAY
    assert (f';{cast.gloves.number}"' in text) is may_be_ordered
    is_replaced = change["status"] != ItemStatus.TRIAL
    assert (f'value="6;förp;{cast.gown.number}"' in text) is is_replaced
    assert ("Lägg till 6 förpackningar" in text) is is_replaced


def test_recent_without_a_price_says_so(cast: Cast) -> None:
    worlds.submitted(cast, (cast.gloves, 3))
    Price.objects.filter(item=cast.gloves).delete()
    text = part(text_of(signed_in(cast.requester).get(START)))
    assert "Saknar pris i dag" in text
    assert "Lägg till" not in text


def test_recent_asks_one_question_and_shows_few(cast: Cast) -> None:
    items = [item(f"20{number}", f"Sak {number}", cast.medical, unit="ask") for number in range(12)]
    for each in items:
        Price.objects.create(
            item=each, agreement=cast.agreement, supplier=cast.supplier, unit_price=1, valid_during=ALWAYS
        )
        worlds.submitted(cast, (each, 1))
    with CaptureQueriesContext(connection) as queries:
        lines = recent_lines(cast.requester, cast.ward, day=TODAY)
    assert len(queries) == 1
    assert [line.item for line in lines] == items[: -MOST_SHOWN - 1 : -1]
    assert recent_lines(cast.requester, None, day=TODAY) == []


def test_withdrawn_is_not_ordered(cast: Cast) -> None:
    amendments.withdraw_line(line=worlds.line(cast, (cast.gown, 1)), by=cast.requester, at=NOW)
    assert recent_lines(cast.requester, cast.ward, day=TODAY) == []
