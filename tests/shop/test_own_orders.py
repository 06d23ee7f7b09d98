"""A person looks for her own requisitions: words, days, department, order, pages and files."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from catalog.models import Item, Price
from procurement.models import PurchaseOrder
from procurement.operations.line_deliveries import Delivery
from procurement.operations.price_questions import ask_about_prices
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.procurement.part_deliveries import IN_JUNE, placed

pytestmark = pytest.mark.usefixtures("at_nine")

PAGE = "/bestallningar/"


def numbers(client: Client, **query: str) -> list[str]:
    """What the list shows, in its order."""
    return [each.number for each in client.get(PAGE, {"flik": "alla", **query}).context["requisitions"]]


def test_words_are_looked_for_in_number_item_supplier_and_order(cast: Cast) -> None:
    gloves = worlds.ordered(cast, (cast.gloves, 2)) and cast.requester.requisitions.latest("pk").number
    chair = worlds.submitted(cast, (cast.chair, 1)).number
    client, order = signed_in(cast.requester), PurchaseOrder.objects.get().number
    for words, number in (
        (gloves, gloves),
        (order, gloves),
        ("nitril", gloves),
        (cast.chair.number, chair),
        (str(cast.paper_supplier), chair),
    ):
        assert numbers(client, sok=str(words)) == [number], words
    assert numbers(client, sok="xylofon") == []
    assert "Inget stämmer med sökningen" in text_of(client.get(PAGE, {"sok": "xylofon"}))


def test_days_and_order(cast: Cast) -> None:
    old = worlds.submitted(cast, at=NOW - timedelta(days=9)).number
    new = worlds.submitted(cast, needed_by_date=(NOW + timedelta(days=30)).date()).number
    client = signed_in(cast.requester)
    assert numbers(client) == [new, old]
    assert numbers(client, ordning="aldst") == numbers(client, ordning="behovs") == [old, new]
    day = (NOW - timedelta(days=5)).date().isoformat()
    assert numbers(client, fran=day) == [new]
    assert numbers(client, till=day) == [old]
    response = client.get(PAGE, {"fran": "i går"})
    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


def test_pages_keep_the_filter(cast: Cast) -> None:
    order_numbers = [worlds.submitted(cast).number for _number in range(21)][::-1]
    client = signed_in(cast.requester)
    assert numbers(client, sok="nitril") == order_numbers[:20]
    assert numbers(client, sok="nitril", sida="2") == order_numbers[20:]
    first = client.get(PAGE, {"sok": "nitril", "flik": "alla"})
    assert "sok=nitril" in first.context["older_url"]
    assert "sida=2" in first.context["older_url"]


def test_others_orders_are_not_hers(cast: Cast) -> None:
    worlds.submitted(cast)
    assert numbers(signed_in(cast.colleague)) == []
    assert len(numbers(signed_in(cast.colleague), vilka="enheten")) == 1
    assert numbers(signed_in(cast.stranger), vilka="enheten") == []


def test_files_hold_what_the_list_shows(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 10), (cast.chair, 1))
    worlds.submitted(cast, (cast.gown, 1))
    client = signed_in(cast.requester)
    query = {"flik": "alla", "sok": str(requisition.number)}
    csv = b"".join(client.get(f"{PAGE}mina.csv", query).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert len(csv.splitlines()) == 3
    assert str(requisition.number) in csv
    book = b"".join(client.get(f"{PAGE}mina.xlsx", query).streaming_content)  # type: ignore[attr-defined]
    (sheet,) = CalamineWorkbook.from_filelike(BytesIO(book)).sheet_names[:1]
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name(sheet).to_python()
    assert sum(str(requisition.number) in map(str, row) for row in rows) == 2


def test_a_price_that_is_asked_about_waits_for_her_in_the_list_as_on_the_start_page(cast: Cast) -> None:
    made = worlds.submitted(cast)
    Price.objects.filter(item=cast.gloves).update(unit_price=66)
    client = signed_in(cast.requester)
    assert numbers(client, flik="vantar") == []
    ask_about_prices(at=NOW)
    assert "Priset på" in text_of(client.get("/start/"))
    assert numbers(client, flik="vantar") == [made.number]
    assert "Väntar på ditt svar" in text_of(client.get(PAGE, {"flik": "vantar"}))


def test_each_line_of_the_file_says_its_own_day(cast: Cast) -> None:
    """An order that comes in several deliveries is needed on several days."""
    made = placed(cast, (cast.gloves, 10, Delivery()), (cast.gown, 1, Delivery(needed_by_date=IN_JUNE)))
    client = signed_in(cast.requester)
    csv = b"".join(client.get(f"{PAGE}mina.csv", {"flik": "alla"}).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    days = [row.split(";")[2] for row in csv.splitlines()[1:]]
    assert days == ["2021-05-25", "2021-06-01"], made.number


def test_what_is_needed_first_stands_first_whichever_line_of_it_that_is(cast: Cast) -> None:
    soon = Delivery(needed_by_date=date(2021, 5, 20))
    parted = placed(cast, (cast.gloves, 10, soon), (cast.gown, 1, Delivery(needed_by_date=IN_JUNE))).number
    whole = worlds.submitted(cast, needed_by_date=date(2021, 5, 21)).number
    assert numbers(signed_in(cast.requester), ordning="behovs") == [parted, whole]


def test_what_the_list_shows_in_english_is_found_in_english(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gloves.pk).update(name_en="Examination glove, nitrile")
    made = worlds.submitted(cast)
    worlds.submitted(cast, (cast.chair, 1))
    client = signed_in(cast.requester)
    client.cookies["django_language"] = "en"
    assert numbers(client, sok="Examination glove") == [made.number]
